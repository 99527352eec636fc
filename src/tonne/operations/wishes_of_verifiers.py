"""What people may wish of verifiers: that one judges the reports of an account, or no more.

Whoever is to judge is independent of whose report it is: that is asked when they are appointed, and
again of every word of theirs.
"""

from dataclasses import dataclass
from typing import ClassVar

from msgspec import Struct

from tonne import people
from tonne.operations.books import Books
from tonne.operations.people import ACCOUNT, PERSON, mandates_on, people_of, person, tell_account
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.people import Person, VerifierAppointed, VerifierDismissed
from tonne.refusal import Refusal, refuse_if_any


@dataclass(frozen=True, slots=True, kw_only=True)
class NotIndependent(Refusal):
    """A verifier has nothing to do with the operator, and never acted on its account."""

    number: ClassVar[int] = 9176
    remedy: ClassVar[str] = "Let another verifier judge the report."

    person: str
    account: str

    def __str__(self) -> str:
        return f"{self.person} acts or acted for the operator of {self.account}."


class AppointVerifier(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A verifier is to see and judge an operator's reports of some years.

    Who verifies for it already does so for other years from then on.
    """

    verb: ClassVar[str] = "appoint_verifier"

    account: str
    person: str
    first_year: int
    last_year: int

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Appoint them, if they are a verifier and independent."""
        law = mandates_on(scheme, desk.day)
        books.speak_alone(ACCOUNT, self.account)
        books.speak_alone(PERSON, self.person)
        concerned = person(books, self.person)
        refuse_if_any(
            [
                *people.verifier_refusals(concerned, self.first_year, self.last_year, law),
                *independence_refusals(books, self.account, concerned, law.on_positions),
            ]
        )
        word = VerifierAppointed(
            person=self.person, first_year=self.first_year, last_year=self.last_year
        )
        tell_account(books, scheme, self.account, word, about=self.person, key=key, desk=desk)


class DismissVerifier(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A verifier is to see and judge nothing of an operator any more."""

    verb: ClassVar[str] = "dismiss_verifier"

    account: str
    person: str
    reason: str = ""

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Dismiss them; what they said stays."""
        law = mandates_on(scheme, desk.day)
        books.speak_alone(ACCOUNT, self.account)
        at_account = people_of(books, self.account)
        refuse_if_any(people.dismissal_refusals(self.person, at_account, law))
        word = VerifierDismissed(person=self.person, reason=self.reason)
        tell_account(books, scheme, self.account, word, about=self.person, key=key, desk=desk)


def independence_refusals(
    books: Books, account: str, who: Person, law: str
) -> list[NotIndependent]:
    """9176: whether a person acts or ever acted for the operator, or is of its house."""
    house = people_of(books, account).holder
    about = [people_of(books, each) for each in books.subjects(ACCOUNT, who.code)]
    acted_on = [each for each in about if who.code in each.acted]
    houses = {who.organisation, *(each.holder for each in acted_on)}
    own = any(each.account == account for each in acted_on) or (bool(house) and house in houses)
    return [NotIndependent(reference=law, person=who.code, account=account)] if own else []

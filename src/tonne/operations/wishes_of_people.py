"""What people may wish of people: whose an account is, who acts on it, whom it trusts."""

from typing import ClassVar, Literal

from msgspec import Struct

from tonne import people
from tonne.operations.accounts import the_account
from tonne.operations.books import Books
from tonne.operations.heard import moment
from tonne.operations.people import (
    ACCOUNT,
    PERSON,
    accounts_of,
    holder,
    mandates_on,
    people_of,
    person,
    say_person,
    tell,
    tell_account,
    unfreeze,
)
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.people import (
    Appointed,
    Distrusted,
    HeldBy,
    MandateTurned,
    Position,
    PositionTaken,
    RulesSet,
    TrustedFrom,
    Turned,
)
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry import SameAccount, number_refusals


class HandOver(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """An account is a holder's from now on."""

    verb: ClassVar[str] = "hand_over"

    account: str
    holder: str

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Say whose it is."""
        holder(books, self.holder)
        word = HeldBy(holder=self.holder)
        tell_account(books, scheme, self.account, word, about=self.holder, key=key, desk=desk)


class Trust(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """An account trusts another, once the delay of the law is over."""

    verb: ClassVar[str] = "trust"

    account: str
    target: str
    description: str = ""

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Put it on the list."""
        law, day = mandates_on(scheme, desk.day), scheme.on(desk.day)
        grounds: list[Refusal] = [*number_refusals(self.target, reference=day.on_accounts)]
        books.speak_alone(ACCOUNT, self.account)
        if self.target == self.account:
            grounds.append(SameAccount(reference=law.on_verbs, account=self.target))
        at_account = people_of(books, self.account)
        grounds += people.list_refusals(at_account, self.target, listed=False, law=law)
        refuse_if_any(grounds)
        active = law.time.after(moment(desk), law.delays.trust)
        word = TrustedFrom(target=self.target, description=self.description, active=active)
        tell_account(books, scheme, self.account, word, key=key, desk=desk)


class Distrust(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """An account trusts another no more."""

    verb: ClassVar[str] = "distrust"

    account: str
    target: str

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Take it off the list."""
        law = mandates_on(scheme, desk.day)
        books.speak_alone(ACCOUNT, self.account)
        at_account = people_of(books, self.account)
        refuse_if_any(people.list_refusals(at_account, self.target, listed=True, law=law))
        tell_account(
            books, scheme, self.account, Distrusted(target=self.target), key=key, desk=desk
        )


class SetRules(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """How careful an account wants to be."""

    verb: ClassVar[str] = "set_rules"

    account: str
    second_for_trusted: bool = True
    outside_list: bool = False
    second_for_duties: bool = True

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Set its rules."""
        word = RulesSet(
            second_for_trusted=self.second_for_trusted, outside_list=self.outside_list,
            second_for_duties=self.second_for_duties,
        )  # fmt: skip
        tell_account(books, scheme, self.account, word, key=key, desk=desk)


class _Mandating(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person is to have a right on an account."""

    anew: ClassVar[bool]

    account: str
    person: str
    right: str

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Give it to them."""
        law, day = mandates_on(scheme, desk.day), scheme.on(desk.day)
        kind = the_account(books, scheme, self.account, day).kind
        books.speak_alone(ACCOUNT, self.account)
        books.speak_alone(PERSON, self.person)  # Nor takes a position meanwhile.
        concerned, at_account = person(books, self.person), people_of(books, self.account)
        refuse_if_any(
            people.appointment_refusals(
                concerned, at_account, self.right, kind=kind, anew=self.anew, law=law
            )
        )
        word = Appointed(person=self.person, right=self.right)
        tell_account(books, scheme, self.account, word, about=self.person, key=key, desk=desk)


class Appoint(_Mandating, frozen=True, tag=True):
    """A person is to represent an account."""

    verb: ClassVar[str] = "appoint"
    anew: ClassVar[bool] = True


class ChangeRight(_Mandating, frozen=True, tag=True):
    """A representative is to have another right."""

    verb: ClassVar[str] = "change_right"
    anew: ClassVar[bool] = False


class _Turning(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something becomes of a representative's mandate."""

    event: ClassVar[Literal["remove", "suspend", "restore"]]

    account: str
    person: str
    reason: str = ""

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Say so of the account."""
        law = mandates_on(scheme, desk.day)
        books.speak_alone(ACCOUNT, self.account)
        at_account = people_of(books, self.account)
        refuse_if_any(people.mandate_refusals(at_account, self.person, self.event, law))
        word = MandateTurned(person=self.person, event=self.event, reason=self.reason)
        tell_account(books, scheme, self.account, word, about=self.person, key=key, desk=desk)


class Remove(_Turning, frozen=True, tag=True):
    """A representative is one no more."""

    verb: ClassVar[str] = "remove"
    event: ClassVar[Literal["remove", "suspend", "restore"]] = "remove"


class SuspendMandate(_Turning, frozen=True, tag=True):
    """A representative does nothing on the account for a while."""

    verb: ClassVar[str] = "suspend_mandate"
    event: ClassVar[Literal["remove", "suspend", "restore"]] = "suspend"


class RestoreMandate(_Turning, frozen=True, tag=True):
    """A representative acts again."""

    verb: ClassVar[str] = "restore_mandate"
    event: ClassVar[Literal["remove", "suspend", "restore"]] = "restore"


class TakePosition(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A person takes a position at the registry, or leaves it."""

    verb: ClassVar[str] = "take_position"
    account: ClassVar[str] = ""

    person: str
    position: Position | None

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Give it to them; who represents an account has none."""
        books.speak_alone(PERSON, self.person)
        concerned, law = person(books, self.person), mandates_on(scheme, desk.day)
        represented = [
            each.account for each in accounts_of(books, self.person) if self.person in each.mandates
        ]
        refuse_if_any(
            people.position_refusals(concerned, self.position, accounts=represented, law=law)
        )
        entry = tell(
            books, scheme, self.verb, key=key, asked=(self.person, self.position), desk=desk
        )
        say_person(books, entry, concerned, PositionTaken(position=self.position))


class _Becoming(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something becomes of a person that two agree on."""

    verb: ClassVar[str]
    event: ClassVar[Literal["restore", "deactivate"]]
    account: ClassVar[str] = ""

    person: str
    reason: str

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Say so of the person."""
        books.speak_alone(PERSON, self.person)
        concerned = person(books, self.person)
        refuse_if_any(people.turn_refusals(concerned, self.event, self.reason))
        entry = tell(books, scheme, self.verb, key=key, asked=(self.person, self.reason), desk=desk)
        say_person(books, entry, concerned, Turned(event=self.event, reason=self.reason))


class RestorePerson(_Becoming, frozen=True, tag=True):
    """A person who was suspended acts again."""

    verb: ClassVar[str] = "restore_person"
    event: ClassVar[Literal["restore", "deactivate"]] = "restore"


class Deactivate(_Becoming, frozen=True, tag=True):
    """A person is kept out for ever."""

    verb: ClassVar[str] = "deactivate"
    event: ClassVar[Literal["restore", "deactivate"]] = "deactivate"


class Unfreeze(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A frozen scheme goes on."""

    verb: ClassVar[str] = "unfreeze"
    account: ClassVar[str] = ""

    reason: str

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Let it go on."""
        unfreeze(books, scheme, reason=self.reason, key=key, desk=desk)

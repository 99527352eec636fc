"""What people may wish of people: whose an account is, who acts on it, whom it trusts."""

from typing import ClassVar

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

    def carry_out(self, books: Books, scheme: Scheme, *, by: str, key: str, desk: Desk) -> None:
        """Say whose it is."""
        del by
        holder(books, self.holder)
        word = HeldBy(holder=self.holder)
        tell_account(books, scheme, self.account, word, about=self.holder, key=key, desk=desk)


class Trust(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """An account trusts another, once the delay of the law is over."""

    verb: ClassVar[str] = "trust"

    account: str
    target: str
    description: str = ""

    def carry_out(self, books: Books, scheme: Scheme, *, by: str, key: str, desk: Desk) -> None:
        """Put it on the list."""
        del by
        law, day = mandates_on(scheme, desk.day), scheme.on(desk.day)
        grounds: list[Refusal] = [*number_refusals(self.target, reference=day.on_accounts)]
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

    def carry_out(self, books: Books, scheme: Scheme, *, by: str, key: str, desk: Desk) -> None:
        """Take it off the list."""
        del by
        law = mandates_on(scheme, desk.day)
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

    def carry_out(self, books: Books, scheme: Scheme, *, by: str, key: str, desk: Desk) -> None:
        """Set its rules."""
        del by
        word = RulesSet(
            second_for_trusted=self.second_for_trusted, outside_list=self.outside_list,
            second_for_duties=self.second_for_duties,
        )  # fmt: skip
        tell_account(books, scheme, self.account, word, key=key, desk=desk)


class Appoint(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A person is to represent an account."""

    verb: ClassVar[str] = "appoint"

    account: str
    person: str
    right: str

    def carry_out(self, books: Books, scheme: Scheme, *, by: str, key: str, desk: Desk) -> None:
        """Appoint them."""
        del by
        _appoint(
            self.account, self.person, self.right, books, scheme, anew=True, key=key, desk=desk
        )


class ChangeRight(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A representative is to have another right."""

    verb: ClassVar[str] = "change_right"

    account: str
    person: str
    right: str

    def carry_out(self, books: Books, scheme: Scheme, *, by: str, key: str, desk: Desk) -> None:
        """Give it to them."""
        del by
        _appoint(
            self.account, self.person, self.right, books, scheme, anew=False, key=key, desk=desk
        )


class Remove(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A representative is one no more."""

    verb: ClassVar[str] = "remove"

    account: str
    person: str
    reason: str = ""

    def carry_out(self, books: Books, scheme: Scheme, *, by: str, key: str, desk: Desk) -> None:
        """Remove them."""
        del by
        word = MandateTurned(person=self.person, event="remove", reason=self.reason)
        _turn(word, self.account, books, scheme, key=key, desk=desk)


class SuspendMandate(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A representative does nothing on the account for a while."""

    verb: ClassVar[str] = "suspend_mandate"

    account: str
    person: str
    reason: str = ""

    def carry_out(self, books: Books, scheme: Scheme, *, by: str, key: str, desk: Desk) -> None:
        """Suspend their mandate."""
        del by
        word = MandateTurned(person=self.person, event="suspend", reason=self.reason)
        _turn(word, self.account, books, scheme, key=key, desk=desk)


class RestoreMandate(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A representative acts again."""

    verb: ClassVar[str] = "restore_mandate"

    account: str
    person: str
    reason: str = ""

    def carry_out(self, books: Books, scheme: Scheme, *, by: str, key: str, desk: Desk) -> None:
        """Restore their mandate."""
        del by
        word = MandateTurned(person=self.person, event="restore", reason=self.reason)
        _turn(word, self.account, books, scheme, key=key, desk=desk)


class TakePosition(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A person takes a position at the registry, or leaves it."""

    verb: ClassVar[str] = "take_position"
    account: ClassVar[str] = ""

    person: str
    position: Position | None

    def carry_out(self, books: Books, scheme: Scheme, *, by: str, key: str, desk: Desk) -> None:
        """Give it to them; who represents an account has none."""
        del by
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


class Deactivate(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A person is kept out for ever."""

    verb: ClassVar[str] = "deactivate"
    account: ClassVar[str] = ""

    person: str
    reason: str

    def carry_out(self, books: Books, scheme: Scheme, *, by: str, key: str, desk: Desk) -> None:
        """Keep them out."""
        del by
        books.speak_alone(PERSON, self.person)
        concerned = person(books, self.person)
        refuse_if_any(people.turn_refusals(concerned, "deactivate", self.reason))
        entry = tell(books, scheme, self.verb, key=key, asked=(self.person, self.reason), desk=desk)
        say_person(books, entry, concerned, Turned(event="deactivate", reason=self.reason))


class Unfreeze(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A frozen scheme goes on."""

    verb: ClassVar[str] = "unfreeze"
    account: ClassVar[str] = ""

    reason: str

    def carry_out(self, books: Books, scheme: Scheme, *, by: str, key: str, desk: Desk) -> None:
        """Let it go on."""
        unfreeze(books, scheme, by=by, reason=self.reason, key=key, desk=desk)


def _appoint(
    account: str, code: str, right: str, books: Books, scheme: Scheme,
    *, anew: bool, key: str, desk: Desk,
) -> None:  # fmt: skip
    law, day = mandates_on(scheme, desk.day), scheme.on(desk.day)
    kind = the_account(books, scheme, account, day).kind
    books.speak_alone(ACCOUNT, account)
    refuse_if_any(
        people.appointment_refusals(
            person(books, code), people_of(books, account), right, kind=kind, anew=anew, law=law
        )
    )
    word = Appointed(person=code, right=right)
    tell_account(books, scheme, account, word, about=code, key=key, desk=desk)


def _turn(
    word: MandateTurned, account: str, books: Books, scheme: Scheme, *, key: str, desk: Desk
) -> None:
    law = mandates_on(scheme, desk.day)
    books.speak_alone(ACCOUNT, account)
    at_account = people_of(books, account)
    refuse_if_any(people.mandate_refusals(at_account, word.person, word.event, law))
    tell_account(books, scheme, account, word, about=word.person, key=key, desk=desk)

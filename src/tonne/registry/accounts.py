"""The life of an account: opened, restricted, suspended, restored, closed."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from tonne.quantity import said
from tonne.refusal import Refusal, refuse_if_any, spoken
from tonne.registry.day import DayRules
from tonne.registry.names import name_words
from tonne.registry.number import AccountNumber, number_refusals
from tonne.registry.rules import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingAccount:
    """An account of the registry, as it stands: whose it is, of what kind, and how far open."""

    number: str
    kind: str
    status: Status = "open"
    opened: date
    name: str
    registry: str
    """The letters of the state or scheme that keeps it."""

    operator: str | None = None
    """The installation or aircraft operator it belongs to, where its kind needs one."""


def account_words(account: HoldingAccount) -> tuple[str, ...]:
    """The words by which an account is found: those of its name and of its operator's."""
    return name_words(f"{account.name} {account.operator or ''}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dedication:
    """For whom units were cancelled, and what for: a flight, a year's footprint."""

    beneficiary: str
    purpose: str = ""

    def __post_init__(self) -> None:
        assert self.beneficiary.strip(), "a cancellation is dedicated to somebody"


Place = tuple[str, str]
"""Whose account of what kind one is; a government has one of each of its kinds."""


def place_of(account: HoldingAccount, day: DayRules) -> Place:
    """The place of an account: a kind that nations keep has one in the registry of each."""
    kind = day.kinds.get(account.kind)
    nations = kind is not None and "nation" in kind.kept_by
    return (account.registry if nations else day.registry_code), account.kind


def open_account(
    account: HoldingAccount,
    *,
    day: DayRules,
    taken: Container[str],
    operated: Container[str],
    standing: Container[Place] = (),
) -> HoldingAccount:
    """The account, if nothing speaks against it; all that does is refused at once.

    ``taken`` are the numbers in use, ``operated`` the operators that have an account, and
    ``standing`` the places of accounts that there are.
    """
    refuse_if_any(
        opening_refusals(account, day=day, taken=taken, operated=operated, standing=standing)
    )
    return account


def opening_refusals(
    account: HoldingAccount,
    *,
    day: DayRules,
    taken: Container[str],
    operated: Container[str],
    standing: Container[Place] = (),
) -> Iterator[Refusal]:
    """Everything that speaks against opening an account."""
    assert account.status == "open", "an account begins open"
    reference = day.on_accounts
    wrong = tuple(number_refusals(account.number, reference=reference))
    yield from wrong
    if account.number in taken:
        yield AccountAlreadyExists(reference=reference, account=account.number)
    kind = day.kinds.get(account.kind)
    if kind is None:
        yield day.unknown_kind(account.kind)
        return
    if not wrong:
        number = AccountNumber.parse(account.number, reference=reference)
        if number.number_type != kind.number_type or number.registry != account.registry:
            yield NumberOfAnotherKind(
                reference=reference,
                account=account.number,
                begins=f"{account.registry}-{kind.number_type}",
            )
    place = place_of(account, day)
    if kind.government and place in standing:
        yield AccountOfScheme(reference=reference, kind=kind.code, registry=place[0])
    if kind.needs_operator and not account.operator:
        yield OperatorMissing(reference=reference, account=account.number, kind=kind.code)
    if account.operator and not kind.needs_operator:
        yield OperatorNotForKind(reference=reference, operator=account.operator, kind=kind.code)
    if kind.needs_operator and account.operator and account.operator in operated:
        yield OperatorHasAccount(reference=reference, operator=account.operator)


def change_status(
    account: HoldingAccount, verb: str, *, day: DayRules, holdings: Mapping[str, int]
) -> HoldingAccount:
    """The account after an administrator's change; ``holdings`` are its units by code."""
    refuse_if_any(change_refusals(account, verb, day=day, holdings=holdings))
    return replace(account, status=day.changes[verb, account.status])


def change_refusals(
    account: HoldingAccount, verb: str, *, day: DayRules, holdings: Mapping[str, int]
) -> Iterator[Refusal]:
    """Everything that speaks against a change of status."""
    becomes = day.changes.get((verb, account.status))
    if becomes is None:
        yield StatusChangeNotAllowed(
            reference=day.on_changes,
            account=account.number,
            status=account.status,
            verb=verb,
            allowed=tuple(known for known, status in day.changes if status == account.status),
        )
    kind = day.kinds.get(account.kind)
    if becomes == "closed" and kind is not None and kind.government:
        yield SchemeAccountNotClosed(reference=day.on_changes, account=account.number)
    held = tuple(said(unit, count) for unit, count in sorted(holdings.items()) if count)
    if becomes == "closed" and held:
        yield AccountStillHolds(reference=day.on_changes, account=account.number, held=held)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAlreadyExists(Refusal):
    """An account number is given once."""

    number: ClassVar[int] = 1101
    remedy: ClassVar[str] = "Take another identifier; a number is never used again."

    account: str

    def __str__(self) -> str:
        return f"There is an account {self.account} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberOfAnotherKind(Refusal):
    """An account number begins with its registry and the type of its kind."""

    number: ClassVar[int] = 1103
    remedy: ClassVar[str] = "Make the number from the registry and the kind of the account."

    account: str
    begins: str

    def __str__(self) -> str:
        return f"The number of this account would begin {self.begins}, and is {self.account}."


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorMissing(Refusal):
    """An operator's account belongs to one installation or aircraft operator."""

    number: ClassVar[int] = 1104
    remedy: ClassVar[str] = "Name the installation or aircraft operator, or another kind."

    account: str
    kind: str

    def __str__(self) -> str:
        return f"Account {self.account} of the kind {spoken(self.kind)} names no operator."


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorHasAccount(Refusal):
    """An installation or aircraft operator has one account."""

    number: ClassVar[int] = 1105
    remedy: ClassVar[str] = "Use the account there is, or close it first."

    operator: str

    def __str__(self) -> str:
        return f"Operator {self.operator} has an account already."


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChangeNotAllowed(Refusal):
    """From each status only certain changes can be made, and from closed none."""

    number: ClassVar[int] = 1106
    remedy: ClassVar[str] = "Make one of the changes that are allowed from this status."

    account: str
    status: str
    verb: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        return f"One cannot {spoken(self.verb)} account {self.account}, which is {self.status}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStillHolds(Refusal):
    """An account that holds units is not closed."""

    number: ClassVar[int] = 1107
    remedy: ClassVar[str] = "Move the units away or surrender them, and close the account then."

    account: str
    held: tuple[str, ...]

    def __str__(self) -> str:
        return f"Account {self.account} still holds {' and '.join(self.held)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOfScheme(Refusal):
    """A government has one account of each kind of its own, opened when its registry is founded."""

    number: ClassVar[int] = 1108
    remedy: ClassVar[str] = "Use the account there is, or open one of another kind."

    registry: str
    kind: str

    def __str__(self) -> str:
        return (
            f"The registry {self.registry} has its account of the kind {spoken(self.kind)} already."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeAccountNotClosed(Refusal):
    """The scheme's own accounts are never closed: nothing could be done without them."""

    number: ClassVar[int] = 1109
    remedy: ClassVar[str] = "Leave it open; suspend it if nothing may move for a while."

    account: str

    def __str__(self) -> str:
        return f"Account {self.account} is one of the scheme's own."


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorNotForKind(Refusal):
    """Only an account of an operator's kind belongs to an operator."""

    number: ClassVar[int] = 1112
    remedy: ClassVar[str] = "Leave the operator out, or open an account of an operator's kind."

    operator: str
    kind: str

    def __str__(self) -> str:
        return f"An account of the kind {spoken(self.kind)} cannot belong to {self.operator}."

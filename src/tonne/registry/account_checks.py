"""The checks of the account that gives and of the account that receives."""

from collections.abc import Iterator

from tonne.refusal import Refusal
from tonne.registry.account_grounds import (
    SameAccount,
    SourceClosed,
    SourceDoesNotExist,
    SourceKindNotAllowed,
    SourceNumberInvalid,
    SourceRestricted,
    SourceSuspended,
    TargetCannotHold,
    TargetClosed,
    TargetDoesNotExist,
    TargetKindNotAllowed,
    TargetNumberInvalid,
    TargetSuspended,
)
from tonne.registry.case import Case, Step, each_movement
from tonne.registry.number import number_refusals


@each_movement
def source_number(case: Case, step: Step) -> Iterator[Refusal]:
    """1001: an account that exists has its right number; another may be a slip."""
    number = step.movement.source.number
    if step.source is None and _slipped(case, number):
        yield SourceNumberInvalid(reference=case.day.on_accounts, account=number)


@each_movement
def source_exists(case: Case, step: Step) -> Iterator[Refusal]:
    """1002: a number that is written wrongly is said so by 1001 alone."""
    number = step.movement.source.number
    if step.source is None and not _slipped(case, number):
        yield SourceDoesNotExist(reference=case.day.on_accounts, account=number)


@each_movement
def source_not_closed(case: Case, step: Step) -> Iterator[Refusal]:
    """1003, for everybody."""
    if step.source is not None and step.source.status == "closed":
        yield SourceClosed(reference=case.day.on_changes, account=step.movement.source.number)


@each_movement
def source_not_suspended(case: Case, step: Step) -> Iterator[Refusal]:
    """1004: an administrator may still act for the holder."""
    suspended = step.source is not None and step.source.status == "suspended"
    if suspended and case.by != "administrator":
        yield SourceSuspended(
            reference=case.day.on_changes, account=step.movement.source.number, verb=case.verb
        )


@each_movement
def source_not_restricted(case: Case, step: Step) -> Iterator[Refusal]:
    """1005: an administrator may act, and anybody whose type is allowed nevertheless."""
    restricted = step.source is not None and step.source.status == "restricted"
    allowed = step.type is not None and step.type.type.from_restricted
    if restricted and not allowed and case.by != "administrator":
        yield SourceRestricted(
            reference=case.day.on_changes, account=step.movement.source.number, verb=case.verb
        )


@each_movement
def source_kind(case: Case, step: Step) -> Iterator[Refusal]:
    """1007: the scheme's table of transactions says which kinds may give."""
    if step.source is None or step.type is None:
        return
    if step.source.kind not in step.type.type.from_kinds:
        yield SourceKindNotAllowed(
            reference=case.day.on_transactions,
            account=step.movement.source.number,
            kind=step.source.kind,
            verb=case.verb,
            allowed=step.type.type.from_kinds,
        )


@each_movement
def target_number(case: Case, step: Step) -> Iterator[Refusal]:
    """2001, as 1001."""
    number = step.movement.target.number
    if step.target is None and _slipped(case, number):
        yield TargetNumberInvalid(reference=case.day.on_accounts, account=number)


@each_movement
def target_exists(case: Case, step: Step) -> Iterator[Refusal]:
    """2002, as 1002."""
    number = step.movement.target.number
    if step.target is None and not _slipped(case, number):
        yield TargetDoesNotExist(reference=case.day.on_accounts, account=number)


@each_movement
def target_not_closed(case: Case, step: Step) -> Iterator[Refusal]:
    """2003, for everybody."""
    if step.target is not None and step.target.status == "closed":
        yield TargetClosed(reference=case.day.on_changes, account=step.movement.target.number)


@each_movement
def target_not_suspended(case: Case, step: Step) -> Iterator[Refusal]:
    """2004, for everybody: an administrator restores the account first."""
    if step.target is not None and step.target.status == "suspended":
        yield TargetSuspended(reference=case.day.on_changes, account=step.movement.target.number)


@each_movement
def target_may_hold(case: Case, step: Step) -> Iterator[Refusal]:
    """2006: the scheme's table of accounts says what each kind may hold."""
    if step.target is None:
        return
    kind = case.day.kinds.get(step.target.kind)
    if kind is None or step.movement.asset.kind not in kind.holds:
        yield TargetCannotHold(
            reference=case.day.on_accounts,
            account=step.movement.target.number,
            kind=step.target.kind,
            unit=step.movement.asset.code,
        )


@each_movement
def target_kind(case: Case, step: Step) -> Iterator[Refusal]:
    """2007: the scheme's table of transactions says which kinds may receive."""
    if step.target is None or step.type is None:
        return
    if step.target.kind not in step.type.type.to_kinds:
        yield TargetKindNotAllowed(
            reference=case.day.on_transactions,
            account=step.movement.target.number,
            kind=step.target.kind,
            verb=case.verb,
            allowed=step.type.type.to_kinds,
        )


def same_account(source: str, target: str, *, reference: str) -> Iterator[SameAccount]:
    """2508, asked of the two numbers before a movement is made of them."""
    if source == target:
        yield SameAccount(reference=reference, account=source)


@each_movement
def not_same_account(case: Case, step: Step) -> Iterator[Refusal]:
    """2508, once there is a movement."""
    movement = step.movement
    yield from same_account(
        movement.source.number, movement.target.number, reference=case.day.on_transactions
    )


def _slipped(case: Case, number: str) -> bool:
    return any(number_refusals(number, reference=case.day.on_accounts))

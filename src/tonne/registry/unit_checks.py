"""The checks of the units that are moved and of the transaction as a whole."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from tonne.ledger import Block, Movement, join
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry.case import Case, Step, each_movement
from tonne.registry.unit_grounds import (
    AlreadyReversed,
    IssuanceBeyondCap,
    MoreThanOneUnitKind,
    NoQuantity,
    NothingToReverse,
    NotReversible,
    NotTheMirror,
    NotWholePositive,
    RoleNotAllowed,
    TooEarlyForUnits,
    UnitsExpired,
    UnitsOfAnotherPeriod,
)

_FIGURES = re.compile(r"[0-9]{1,18}")


def counted(asked: str, *, reference: str) -> int:
    """How many units a person asked for, or 3007 or 3008.

    >>> counted("1200", reference="Example Act, s. 4")
    1200
    """
    figures = asked.strip()
    if not figures.strip("0"):
        refuse_if_any([NoQuantity(reference=reference, asked=asked)])
    if not (figures.isascii() and _FIGURES.fullmatch(figures)):
        refuse_if_any([NotWholePositive(reference=reference, asked=asked)])
    return int(figures)


@each_movement
def unit_for_type(case: Case, step: Step) -> Iterator[Refusal]:
    """3006, and 3100 where the verb is not in the table at all."""
    if step.type is None:
        yield case.day.untyped(case.verb, step.movement.asset.code)


@each_movement
def role_allowed(case: Case, step: Step) -> Iterator[Refusal]:
    """3103: the scheme's table says in whose hands a type is."""
    if step.type is not None and case.by not in step.type.by:
        yield RoleNotAllowed(
            reference=case.day.on_transactions,
            role=case.by,
            verb=case.verb,
            allowed=step.type.type.by,
        )


@each_movement
def unit_of_the_year(case: Case, step: Step) -> Iterator[Refusal]:
    """3001: asked where the transaction is for a compliance year."""
    year = case.transaction.year
    if step.type is not None and year is not None and year not in step.type.period:
        yield UnitsOfAnotherPeriod(
            reference=case.day.on_periods,
            unit=step.movement.asset.code,
            year=year,
            first_year=step.type.period.first_year,
            last_year=step.type.period.last_year,
        )


@each_movement
def not_too_early(case: Case, step: Step) -> Iterator[Refusal]:
    """3101: before the units live, or before those that expire have expired."""
    if step.type is None or step.type.timely:
        return
    period = step.type.period
    over = step.type.type.when == "over"
    starts = period.last_day + timedelta(days=1) if over else period.first_day
    if case.day.day < starts:
        yield TooEarlyForUnits(
            reference=case.day.on_periods,
            unit=step.movement.asset.code,
            verb=case.verb,
            day=case.day.day,
            starts=starts,
        )


@each_movement
def not_expired(case: Case, step: Step) -> Iterator[Refusal]:
    """3102: after their last day units can only be cancelled."""
    if step.type is None or step.type.timely or case.day.day <= step.type.period.last_day:
        return
    yield UnitsExpired(
        reference=case.day.on_periods,
        unit=step.movement.asset.code,
        day=case.day.day,
        ended=step.type.period.last_day,
    )


def one_unit_kind(case: Case) -> Iterator[Refusal]:
    """3009: asked of issuance."""
    units = tuple(sorted({step.movement.asset.code for step in _issuing(case)}))
    if len(units) > 1:
        yield MoreThanOneUnitKind(reference=case.day.on_transactions, units=units)


def within_cap(case: Case) -> Iterator[Refusal]:
    """3500: asked of issuance, which always comes with its cap."""
    asked: Counter[str] = Counter()
    for step in _issuing(case):
        asked[step.movement.asset.code] += step.movement.count
    for unit, count in asked.items():
        assert case.cap is not None, "an issuance is held against a cap"
        if case.cap.issued + count > case.cap.units:
            yield IssuanceBeyondCap(
                reference=case.cap.reference,
                unit=unit,
                asked=count,
                issued=case.cap.issued,
                cap=case.cap.units,
            )


def original_is_known(case: Case) -> Iterator[Refusal]:
    """3106: a reversal says which transaction it undoes, and that one stands."""
    number = case.transaction.reverses
    undoes = case.verb in case.day.reversals.values()
    if (undoes and number is None) or (number is not None and case.original is None):
        yield NothingToReverse(reference=case.day.on_transactions, verb=case.verb, original=number)


def original_is_reversible(case: Case) -> Iterator[Refusal]:
    """3104: each type is undone by its own reversal, or by none."""
    number, original = case.transaction.reverses, case.original
    if number is None or original is None:
        return
    if case.day.reversals.get(original.transaction.kind) != case.verb:
        yield NotReversible(
            reference=case.day.on_transactions,
            original=number,
            verb=original.transaction.kind,
            reversal=case.verb,
        )


def not_already_reversed(case: Case) -> Iterator[Refusal]:
    """3019: asked of the original."""
    number, original = case.transaction.reverses, case.original
    if number is not None and original is not None and original.reversed_by is not None:
        yield AlreadyReversed(
            reference=case.day.on_transactions, original=number, reversal=original.reversed_by
        )


def is_the_mirror(case: Case) -> Iterator[Refusal]:
    """3105: the same units, all of them, the other way."""
    number, original = case.transaction.reverses, case.original
    if number is None or original is None:
        return
    there, back = original.transaction.movements, case.transaction.movements
    turned = Counter({(b, a, unit): count for (a, b, unit), count in _moved(there).items()})
    named, returned = _blocks(there), _blocks(back)
    if named is not None:
        named = {(b, a, unit): blocks for (a, b, unit), blocks in named.items()}
    other_blocks = named is not None and returned is not None and named != returned
    if turned != _moved(back) or other_blocks:
        yield NotTheMirror(reference=case.day.on_transactions, original=number)


def _issuing(case: Case) -> Iterator[Step]:
    """The movements that make units; a conversion also has some that take them back."""
    kinds = case.day.kinds
    for step in case.steps():
        if step.type is not None and step.type.issues:
            kind = None if step.source is None else kinds.get(step.source.kind)
            if kind is None or kind.is_source:
                yield step


Way = tuple[str, str, str]
"""From where to where which units go."""


def _moved(movements: Iterable[Movement]) -> Counter[Way]:
    moved: Counter[Way] = Counter()
    for movement in movements:
        moved[_way(movement)] += movement.count
    return moved


def _blocks(movements: Iterable[Movement]) -> dict[Way, tuple[Block, ...]] | None:
    """Which numbers went which way, where every movement says so: some go two, to be converted."""
    found: dict[Way, list[Block]] = {}
    for movement in movements:
        if movement.block is None:
            return None
        found.setdefault(_way(movement), []).append(movement.block)
    return {way: join(blocks) for way, blocks in found.items()}


def _way(movement: Movement) -> Way:
    return (movement.source.number, movement.target.number, movement.asset.code)

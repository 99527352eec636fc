"""Duties: what the closing of a year says of everybody, and the end of a period's units."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from tonne import compliance
from tonne.compliance import Outcome, Position
from tonne.ledger import kind_of
from tonne.operations.books import Books, Closing
from tonne.operations.positions import positions
from tonne.operations.record import Answer, Desk, Receipt, once
from tonne.operations.scheme import NATIONS, Scheme
from tonne.operations.units import Transfer, cancel, government
from tonne.refusal import refuse_if_any
from tonne.registry import DayRules

_MANDATORY = "cancel_mandatory"
"""Cancels what nations neither retired nor carried over (decision 13/CMP.1, annex)."""


def close_year(
    books: Books, scheme: Scheme, year: int, *, key: str, desk: Desk
) -> dict[str, Outcome]:
    """Decide for every operator whether it met its duty for a year; by account number.

    Status and penalty are judged on the last day for surrender, whichever day the year is closed
    on: units that come later make good, and turn no B into an A. What is added to an earlier year
    after that day is counted with the next year.

    An outcome stands. A year is closed again only for operators whose emissions were entered since,
    where none had been, or changed by the authority since; the old outcome is kept.
    """
    digest, before = once(books, scheme, key, "close_year", year)
    books.wait_for_posts()
    decided = {
        each.account: each
        for each in books.closings(scheme.name, [year])
        if before is None or each.entry <= before
    }
    if before is not None:
        return {number: each.outcome for number, each in decided.items()}
    refuse_if_any(
        [
            *scheme.on(desk.day).act_refusals("close_year", desk.by),
            *compliance.closing_refusals(year, desk.day, scheme.compliance),
        ]
    )
    deadline = compliance.surrender_by(year, scheme.compliance)
    standings, given = positions(books, scheme, year, desk.day, judged=deadline)
    for number, closing in decided.items():
        if number in standings and not _is_open(closing, standings[number]):
            del standings[number]
    outcomes = compliance.close(year, standings.values(), scheme.compliance)
    because = dict.fromkeys(reference for each in outcomes for reference in each.because)
    entry = books.enter(
        key=key,
        digest=digest,
        kind="close_year",
        year=year,
        because=tuple(because) or (scheme.compliance.penalty.on(desk.day).reference,),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    by_account = dict(zip(standings, outcomes, strict=True))
    books.add_closings(
        entry,
        [
            (number, outcome, standings[number].verified, given.counted(number, outcome))
            for number, outcome in by_account.items()
        ],
    )
    return {number: each.outcome for number, each in decided.items()} | by_account


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is made public of a closed year, and from which day on."""

    year: int
    on: date
    closings: tuple[Closing, ...]
    """The outcome of each operator that stands, by account number."""

    named: Mapping[str, str]
    """Who surrendered too little and is published by name: the names, by account number."""


def publication(books: Books, scheme: Scheme, year: int, *, desk: Desk) -> Publication:
    """How every operator stands with a closed year; who is short is named from the law's day on."""
    last = {each.account: each for each in books.closings(scheme.name, [year])}
    on = compliance.publish_on(year, scheme.compliance)
    short = {number for number, each in last.items() if each.outcome.published}
    return Publication(
        year=year,
        on=on,
        closings=tuple(last[number] for number in sorted(last)),
        named={
            each.number: each.name
            for each in books.accounts(scheme=scheme.name, operated=True)
            if each.number in short and desk.day >= on
        },
    )


def _is_open(closing: Closing, position: Position) -> bool:
    """Whether a closed year is decided anew for an operator."""
    if closing.outcome.report_missing:
        return position.verified is not None or position.standing != "obliged"
    return position.entered == "by_authority" and position.verified != closing.verified


def end_periods(books: Books, scheme: Scheme, *, key: str, desk: Desk) -> list[Answer]:
    """Cancel, wherever they are held, the units whose last day has come.

    Of nations that is what they neither retired nor carried over; what lies with the registry
    that issues credits stays. Once all of them are cancelled, the same key gets the same answer.
    """
    digest, before = once(books, scheme, key, "end_periods", None)
    if before is not None:
        return list(_cancelled(books, scheme, key))
    day = scheme.on(desk.day)
    refuse_if_any(day.act_refusals("end_periods", desk.by))
    of_nations = NATIONS in scheme.laws
    answers: list[Answer] = []
    for left in (_left_of_nations if of_nations else _left)(books, scheme, day):
        transfers = [
            Transfer(key=_part(key, unit, number), source=number, target="", unit=unit, count=count)
            for (number, unit), count in left.items()
        ]
        answers.extend(
            cancel(books, scheme, transfers, verb=_MANDATORY if of_nations else "cancel", desk=desk)
        )
    if all(isinstance(each, Receipt) for each in answers):
        books.enter(
            key=key,
            digest=digest,
            kind="end_periods",
            year=None,
            because=(day.on_periods,),
            stamp=scheme.stamp(desk.day, desk.at),
        )
    return answers


def _left(books: Books, scheme: Scheme, day: DayRules) -> Iterator[dict[tuple[str, str], int]]:
    """What is left of periods of operators, by account and unit: one period after the other."""
    own = government(books, scheme)
    kept = {own[kind] for kind in ("surrendered", "cancelled") if kind in own}
    balances = books.balances(scheme.name)
    for end in compliance.cancel_period_units(day.day, scheme.compliance):
        yield {
            (number, unit): count
            for (number, unit), count in balances.items()
            if unit in end.units and number not in kept and unit in day.units
        }


def _left_of_nations(
    books: Books, scheme: Scheme, day: DayRules
) -> Iterator[dict[tuple[str, str], int]]:
    """What nations and persons in their registries hold of periods that are over."""
    kinds = {
        account.number: account.kind
        for account in books.accounts(scheme=scheme.name)
        if account.registry != day.registry_code
    }
    yield {
        (number, unit): count
        for (number, unit), count in books.balances(scheme.name).items()
        if count and number in kinds and (_MANDATORY, kind_of(unit)) in day.types
        if day.period_of(kind_of(unit)).last_day < day.day
        if kinds[number] in day.types[_MANDATORY, kind_of(unit)].type.from_kinds
    }


def _cancelled(books: Books, scheme: Scheme, key: str) -> Iterator[Receipt]:
    """The cancellations that were made under a key."""
    numbers = [each.number for each in books.accounts(scheme=scheme.name)]
    if NATIONS in scheme.laws:
        units = [asset.code for asset in books.assets()]
    else:
        ends = compliance.cancel_period_units(date.max, scheme.compliance)
        units = [unit for end in ends for unit in end.units]
    for unit, number in product(units, numbers):
        found = books.known(part := _part(key, unit, number))
        if found is not None:
            yield Receipt(number=found[0], key=part, repeated=True)


def _part(key: str, unit: str, number: str) -> str:
    """The key of one cancellation: of a unit in an account."""
    return f"{key}/{unit}/{number}"

"""Duties: units are surrendered, a year is closed, a period's units are cancelled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tonne import compliance, mrv, registry
from tonne.compliance import Outcome, Position, Standing, Surrender, SurrenderLaw
from tonne.ledger import Account, Block, Movement, Transaction
from tonne.mrv import Figure
from tonne.operations.books import Books
from tonne.operations.record import Answer, Desk, once, record
from tonne.operations.scheme import Scheme
from tonne.operations.units import Transfer, asset_of, cancel, government
from tonne.refusal import Refusal
from tonne.registry import DayRules, HoldingAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class SurrenderOrder:
    """Units that an account gives up for a year; which numbers, if the operator cares."""

    key: str
    account: str
    year: int
    unit: str
    count: int
    block: Block | None = None


def surrender(
    books: Books, scheme: Scheme, orders: Sequence[SurrenderOrder], *, desk: Desk
) -> list[Answer]:
    """Surrender units, each order decided on its own.

    Where no numbers are named, the units go in the order of the law: where it says so, those
    that were allocated to the operator itself before those it obtained.
    """
    day = scheme.on(desk.day)
    accounts = _accounts(books, scheme, orders)
    laws = {year: SurrenderLaw.of(year, scheme.compliance) for year in {o.year for o in orders}}
    excluded = books.exclusions(scheme.name, list(laws))
    owing = _owing(books, scheme, orders, laws, desk.day)
    pit = Account(government(books, scheme)[_pit(day)])
    chosen = _Choice(books, scheme, orders)
    answers: list[Answer | None] = []
    batch: list[Transaction] = []
    for order in orders:
        account = accounts.get(order.account)
        refusals: tuple[Refusal, ...] = tuple(
            registry.same_account(order.account, pit.number, reference=day.on_transactions)
        )
        if account is not None:
            request = _request(order, account, desk.day)
            refusals += tuple(
                compliance.surrender_refusals(
                    request,
                    obliged=(order.account, order.year) not in excluded,
                    owed=owing.get((order.account, order.year), order.count),
                    law=laws[order.year],
                )
            )
        answers.append(refusals or None)
        if not refusals:
            because = (*laws[order.year].because, day.on_transactions)
            batch.append(_transaction(order, pit, chosen, day, because))
    recorded = iter(record(books, scheme, batch, desk=desk))
    return [next(recorded) if answer is None else answer for answer in answers]


def close_year(
    books: Books, scheme: Scheme, year: int, *, key: str, desk: Desk
) -> dict[str, Outcome]:
    """Decide for every operator whether it met its duty for a year; by account number.

    What is in the books by the day of closing counts.
    """
    digest, before = once(books, key, year)
    if before is not None:
        return {each.account: each.outcome for each in books.closings(scheme.name, [year])}
    positions, own = _positions(books, scheme, year, desk.day)
    outcomes = compliance.close(year, positions.values(), scheme.compliance)
    because = dict.fromkeys(reference for each in outcomes for reference in each.because)
    entry = books.enter(
        key=key,
        digest=digest,
        kind="close_year",
        year=year,
        because=tuple(because) or (scheme.compliance.penalty.on(desk.day).reference,),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    by_account = dict(zip(positions, outcomes, strict=True))
    books.add_closings(
        entry,
        [
            (number, outcome, positions[number].verified, own.get((number, year), 0))
            for number, outcome in by_account.items()
        ],
    )
    return by_account


def end_periods(books: Books, scheme: Scheme, *, key: str, desk: Desk) -> list[Answer]:
    """Cancel, wherever they are held, the units whose last day has come."""
    own = government(books, scheme)
    day = scheme.on(desk.day)
    kept = {own[kind] for kind in ("surrendered", "cancelled") if kind in own}
    balances = books.balances(scheme.name)
    answers: list[Answer] = []
    for end in compliance.cancel_period_units(desk.day, scheme.compliance):
        transfers = [
            Transfer(key=f"{key}/{unit}/{number}", source=number, target="", unit=unit, count=count)
            for (number, unit), count in balances.items()
            if unit in end.units and number not in kept and unit in day.units
        ]
        answers.extend(cancel(books, scheme, transfers, verb="cancel", desk=desk))
    return answers


def surrendered(
    books: Books, scheme: Scheme, years: Iterable[int], *, account: str | None = None
) -> dict[tuple[str, int], int]:
    """Units surrendered and not taken back, by account and year."""
    asked = list(years)
    given = books.moved_by_account(
        "surrender", asked, scheme=scheme.name, outgoing=True, account=account
    )
    back = books.moved_by_account(
        "reverse_surrender", asked, scheme=scheme.name, outgoing=False, account=account
    )
    return {key: count - back.get(key, 0) for key, count in given.items()}


def _accounts(
    books: Books, scheme: Scheme, orders: Sequence[SurrenderOrder]
) -> dict[str, HoldingAccount]:
    if len(orders) == 1:
        found = books.accounts(scheme=scheme.name, number=orders[0].account)
    else:
        found = books.accounts(scheme=scheme.name, operated=True)
    return {each.number: each for each in found}


def _owing(
    books: Books,
    scheme: Scheme,
    orders: Sequence[SurrenderOrder],
    laws: Mapping[int, SurrenderLaw],
    day: date,
) -> dict[tuple[str, int], int]:
    """What is still owed, asked only where the law refuses more than that."""
    owing: dict[tuple[str, int], int] = {}
    for year, law in laws.items():
        if law.over.value == "allowed":
            continue
        account = orders[0].account if len(orders) == 1 else None
        positions, _ = _positions(books, scheme, year, day, account=account)
        still = compliance.still_owed(year, positions.values(), scheme.compliance)
        owing |= {(number, year): count for number, count in zip(positions, still, strict=True)}
    return owing


def _pit(day: DayRules) -> str:
    """The kind of account that receives what is surrendered."""
    return next(
        unit_type.type.to_kinds[0]
        for (verb, _), unit_type in day.types.items()
        if verb == "surrender"
    )


def _request(order: SurrenderOrder, account: HoldingAccount, on: date) -> Surrender:
    return Surrender(
        operator=account.operator or account.number,
        kind="aircraft" if account.kind == "aircraft_operator" else "installation",
        year=order.year,
        unit=order.unit,
        count=order.count,
        day=on,
    )


class _Choice:
    """Which of an operator's lots go, where the law does not simply take the first in first."""

    def __init__(self, books: Books, scheme: Scheme, orders: Sequence[SurrenderOrder]) -> None:
        self._rules = scheme.compliance
        self._lots = {
            unit: books.lots(
                [o.account for o in orders if o.unit == unit and o.block is None], unit
            )
            for unit in {o.unit for o in orders}
        }

    def blocks(self, order: SurrenderOrder) -> list[tuple[Block, int]] | None:
        """The blocks to give and how many of each; None where the books' own order is right."""
        lots = self._lots[order.unit].get(order.account, [])
        if order.block is not None:
            return [(order.block, order.count)]
        if len(lots) < 2 or sum(lot.units for lot, _ in lots) < order.count:  # noqa: PLR2004
            return None
        named = {str(lot.block): lot.block for lot, _ in lots}
        offered = [
            compliance.Lot(
                name=str(lot.block), count=lot.units, received=place, own=kind == "allocate"
            )
            for place, (lot, kind) in enumerate(lots)
        ]
        if all(each.own for each in offered):
            return None
        picked = compliance.choose(offered, order.count, year=order.year, rules=self._rules)
        return [(named[lot.name], count) for lot, count in picked]


def _transaction(
    order: SurrenderOrder, pit: Account, choice: _Choice, day: DayRules, because: tuple[str, ...]
) -> Transaction:
    source, asset = Account(order.account), asset_of(order.unit, day)
    blocks = choice.blocks(order)
    if blocks is None:
        movements: tuple[Movement, ...] = (
            Movement(source=source, target=pit, asset=asset, count=order.count),
        )
    else:
        movements = tuple(
            Movement(
                source=source,
                target=pit,
                asset=asset,
                count=count,
                block=Block(block.series, block.first, block.first + count - 1),
            )
            for block, count in blocks
        )
    return Transaction(
        key=order.key, kind="surrender", movements=movements, because=because, year=order.year
    )


def _positions(
    books: Books, scheme: Scheme, year: int, day: date, *, account: str | None = None
) -> tuple[dict[str, Position], dict[tuple[str, int], int]]:
    """How every operator stands with a year, and what each surrendered for which year."""
    years = list(range(compliance.counted_since(year, scheme.compliance), year + 1))
    given = surrendered(books, scheme, years, account=account)
    figures, added = _standing_figures(books, scheme, years, day, account)
    excluded = books.exclusions(scheme.name, [year])
    last = {
        each.account: each.outcome
        for each in books.closings(scheme.name, [year - 1], account=account)
    }
    anew = compliance.begin_anew(year, scheme.compliance)
    positions: dict[str, Position] = {}
    for holder in books.accounts(scheme=scheme.name, number=account, operated=True):
        number = holder.number
        before = None if holder.registry in anew else last.get(number)
        standing: Standing = "excluded" if (number, year) in excluded else "obliged"
        if holder.status == "closed" and (number, year) not in figures:
            standing = "closed"
        positions[number] = Position(
            operator=holder.operator or number,
            standing=standing,
            verified=figures.get((number, year)),
            verified_total=sum(figures.get((number, each), 0) for each in years),
            surrendered_total=sum(given.get((number, each), 0) for each in years),
            extra=0 if before is None else before.extra,
            carried=0 if before is None else before.carried,
            corrected=added.get(number, 0),
        )
    return positions, given


def _standing_figures(
    books: Books, scheme: Scheme, years: Sequence[int], day: date, account: str | None
) -> tuple[dict[tuple[str, int], int], dict[str, int]]:
    """The figures that stand on a day, by account and year; and by account, what was added.

    What was added are the tonnes by which earlier years' figures grew after the last closing.
    """
    found: dict[tuple[str, int], list[Figure]] = {}
    for number, figure in books.figures(scheme.name, years, account=account):
        found.setdefault((number, figure.year), []).append(figure)
    closed = compliance.surrender_by(years[-1] - 1, scheme.compliance) if len(years) > 1 else day
    standing: dict[tuple[str, int], int] = {}
    added: dict[str, int] = {}
    for (number, year), figures in found.items():
        stands = mrv.standing(figures, on=day)
        if stands is None:
            continue
        standing[number, year] = stands.tonnes
        if year < years[-1] and len(figures) > 1:
            before = mrv.standing(figures, on=closed)
            more = 0 if before is None else stands.tonnes - before.tonnes
            added[number] = added.get(number, 0) + max(0, more)
    return standing, added

"""Units are surrendered for the tonnes of a year: whether they count, and which go first."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from tonne import compliance, registry
from tonne.compliance import Surrender, SurrenderLaw
from tonne.ledger import Account, Block, Lot, Movement, Transaction, join
from tonne.linking import LinkLaw, worth
from tonne.operations.allocations import ALLOCATE, FROM_RESERVE
from tonne.operations.books import Books
from tonne.operations.own_checks import surrendered
from tonne.operations.positions import positions
from tonne.operations.recognition import Recognition
from tonne.operations.record import (
    KEYS,
    Answer,
    Desk,
    KeyUsedBefore,
    Receipt,
    explain,
    record,
)
from tonne.operations.scheme import Scheme
from tonne.operations.units import asset_of, government
from tonne.refusal import Refusal
from tonne.registry import DayRules, HoldingAccount


class SurrenderOrder(Struct, frozen=True, kw_only=True):
    """Units that an account gives up for a year; which numbers, if the operator cares."""

    key: str
    account: str
    year: int
    unit: str
    count: int
    block: Block | None = None

    def __post_init__(self) -> None:
        assert self.block is None or self.block.count == self.count, "a block is as many as it is"


def surrender(
    books: Books, scheme: Scheme, orders: Sequence[SurrenderOrder], *, desk: Desk
) -> list[Answer]:
    """Surrender units, each order decided on its own.

    Where no numbers are named, the units go in the order of the law: where it says so, those
    that were allocated to the operator itself before those it obtained.
    """
    day = scheme.on(desk.day)
    # What is owed must not be met by another meanwhile.
    books.lock(sorted({order.account for order in orders}))
    accounts = _accounts(books, scheme, orders)
    laws = {year: SurrenderLaw.of(year, scheme.compliance) for year in {o.year for o in orders}}
    excluded = books.exclusions(scheme.name, list(laws))
    owing = _owing(books, scheme, orders, laws, desk.day)
    pit = Account(government(books, scheme)[_pit(day)])
    chosen = _Choice(books, scheme, orders, set(day.reversals.values()))
    links = Recognition(books, scheme, desk.day)
    laws_used: dict[str, tuple[str, ...]] = {}
    judged: list[tuple[Refusal, ...]] = []
    batch: list[Transaction] = []
    for order in orders:
        account = accounts.get(order.account)
        refusals: tuple[Refusal, ...] = tuple(
            registry.same_account(order.account, pit.number, reference=day.on_transactions)
        )
        if account is not None:
            duty = order.account, order.year
            link = links.law(order.unit, order.year)
            request = _request(order, account, desk.day, link)
            refusals += tuple(
                compliance.surrender_refusals(
                    request,
                    obliged=duty not in excluded,
                    owed=owing.get(duty, request.count),
                    law=laws[order.year],
                )
            )
            if link is not None:
                refusals += links.refusals(order.unit, order.count, account, link)
                if not refusals:
                    links.take(order.unit, order.count, account, link)
                    laws_used[order.key] = link.because
            if not refusals and duty in owing:
                owing[duty] -= request.count
        judged.append(refusals)
        if not refusals:
            more = laws_used.get(order.key, ())
            because = (*laws[order.year].because, *more, day.on_transactions)
            batch.append(_transaction(order, pit, chosen, day, because))
    recorded = iter(record(books, scheme, batch, desk=desk))
    answers = [refusals or next(recorded) for refusals in judged]
    return [
        _answer(
            books,
            scheme,
            order,
            answer,
            refusals,
            known=order.account in accounts,
            desk=desk,
        )
        for order, answer, refusals in zip(orders, answers, judged, strict=True)
    ]


def _answer(
    books: Books,
    scheme: Scheme,
    order: SurrenderOrder,
    answer: Answer,
    refusals: Sequence[Refusal],
    *,
    known: bool,
    desk: Desk,
) -> Answer:
    """The answer to an order; if the law of duties refused it, with all else against it."""
    if not isinstance(answer, Receipt):
        before = _before(books, order)
        if before is not None:
            return before
        if refusals:
            answer = (*answer, *_more(books, scheme, order, answer, desk))
    if known and desk.told is not None and not (isinstance(answer, Receipt) and answer.repeated):
        checks = surrendered(scheme, order.unit, order.year, scheme.on(desk.day))
        desk.tell(((each.number, each.sentence) for each in checks), refusals)
    return answer


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
        found, _ = positions(books, scheme, year, day, account=account)
        still = compliance.still_owed(year, found.values(), scheme.compliance)
        owing |= {(number, year): count for number, count in zip(found, still, strict=True)}
        next_year = year + 1
        if compliance.counted_since(next_year, scheme.compliance) == next_year:
            # What is missing on the next year's last day is owed for the year after that.
            over = day > compliance.surrender_by(next_year, scheme.compliance)
            later = books.closings(scheme.name, [next_year], account=account)
            settled = found if over else [each.account for each in later]
            owing |= {(number, year): 0 for number in settled}
    return owing


def _before(books: Books, order: SurrenderOrder) -> Answer | None:
    """The answer to an order whose key stands in the journal, whatever is owed by now.

    Which numbers went was chosen then; the order asks for the same if account, year, unit and
    count are the same, and the numbers where it names them.
    """
    known = books.known(order.key)
    if known is None:
        return None
    story = books.story(known[0])
    if story is not None:
        then = story.transaction
        moved = {(each.source.number, each.asset.code) for each in then.movements}
        same = (
            (then.kind, then.year) == ("surrender", order.year)
            and moved == {(order.account, order.unit)}
            and sum(each.count for each in then.movements) == order.count
        )
        if same and order.block is not None:
            same = join(each.block for each in then.movements if each.block) == (order.block,)
        if same:
            return Receipt(number=known[0], key=order.key, repeated=True)
    return (KeyUsedBefore(reference=KEYS, key=order.key, entry=known[0]),)


def _pit(day: DayRules) -> str:
    """The kind of account that receives what is surrendered."""
    return next(
        unit_type.type.to_kinds[0]
        for (verb, _), unit_type in day.types.items()
        if verb == "surrender"
    )


def _request(
    order: SurrenderOrder, account: HoldingAccount, on: date, link: LinkLaw | None
) -> Surrender:
    """What the law of duties is asked: units of another scheme as the tonnes they count for."""
    found = None if link is None else link.of_unit(order.unit)
    count = order.count if found is None else worth(order.count, found.rate)
    return Surrender(
        operator=account.operator or account.number,
        kind="aircraft" if account.kind == "aircraft_operator" else "installation",
        year=order.year,
        unit=order.unit,
        count=count,
        day=on,
        recognised=link is not None,
    )


def _more(
    books: Books, scheme: Scheme, order: SurrenderOrder, known: Sequence[Refusal], desk: Desk
) -> Iterator[Refusal]:
    """What the registry and the books have against an order that the law of duties refuses."""
    day = scheme.on(desk.day)
    pit = Account(government(books, scheme)[_pit(day)])
    if order.count > 0 and order.account != pit.number:
        movement = Movement(
            source=Account(order.account),
            target=pit,
            asset=asset_of(order.unit, day),
            count=order.count,
            block=order.block,
        )
        because = (day.on_transactions,)
        transaction = Transaction(
            key=order.key, kind="surrender", movements=(movement,), because=because, year=order.year
        )
        said = explain(books, scheme, transaction, desk=desk)
        if desk.told is not None:
            desk.told.extend(said)
        for answer in said:
            yield from (each for each in answer.refusals if each not in known)
    else:
        desk.tell_failed(known)


class _Origin(NamedTuple):
    """The transaction by which an account first received a lot, and its kind."""

    entry: int
    kind: str


def _as_received(
    books: Books, lots: Iterable[tuple[Lot, str]], reversals: Collection[str]
) -> list[tuple[Lot, _Origin]]:
    """Lots in the order in which they first came, the lowest numbers first."""
    found = [(lot, _first_received(books, lot, kind, reversals)) for lot, kind in lots]
    return sorted(found, key=lambda each: (each[1].entry, each[0].first))


def _first_received(books: Books, lot: Lot, kind: str, reversals: Collection[str]) -> _Origin:
    """How a lot first came: units that a reversal brought back are what they were before."""
    entry = lot.since
    while kind in reversals:
        (back,) = books.steps(transaction=entry, series=lot.series, number=lot.first)
        (away,) = books.steps(transaction=back.prior, series=lot.series, number=lot.first)
        came = books.steps(transaction=away.prior)
        entry, kind = away.prior, came[0].kind
    return _Origin(entry, kind)


class _Choice:
    """Which of an operator's lots go, where the law does not simply take the first in first."""

    def __init__(
        self,
        books: Books,
        scheme: Scheme,
        orders: Sequence[SurrenderOrder],
        reversals: Collection[str],
    ) -> None:
        self._rules = scheme.compliance
        self._lots: dict[str, dict[str, list[tuple[Lot, _Origin]]]] = {}
        for unit in {o.unit for o in orders}:
            accounts = [o.account for o in orders if o.unit == unit and o.block is None]
            self._lots[unit] = {
                number: _as_received(books, lots, reversals)
                for number, lots in books.lots(accounts, unit).items()
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
                name=str(lot.block),
                count=lot.units,
                received=place,
                own=came.kind in {ALLOCATE, FROM_RESERVE},
            )
            for place, (lot, came) in enumerate(lots)
        ]
        as_they_came = all(lot.since == came.entry for lot, came in lots)
        own = all(each.own for each in offered)
        if own and as_they_came and self._first_in_first_out(order.year):
            return None
        picked = compliance.choose(offered, order.count, year=order.year, rules=self._rules)
        chosen = [(named[lot.name], count) for lot, count in picked]
        self._take(order, chosen)
        return chosen

    def _take(self, order: SurrenderOrder, chosen: Sequence[tuple[Block, int]]) -> None:
        """Leave what was not chosen for the account's next order."""
        taken = dict(chosen)
        self._lots[order.unit][order.account] = [
            (lot._replace(first=lot.first + taken.get(lot.block, 0)), came)
            for lot, came in self._lots[order.unit][order.account]
            if taken.get(lot.block, 0) < lot.units
        ]

    def _first_in_first_out(self, year: int) -> bool:
        order = self._rules.surrender_order.on(date(year, 12, 31))
        return order.value == "first_in_first_out"


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

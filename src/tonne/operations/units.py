"""Units come into being, are given out, change hands, are cancelled; a mistake is reversed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from tonne import ledger, registry, supply
from tonne.ledger import Account, Asset, Block, Movement, Transaction, kind_of
from tonne.operations import own_checks
from tonne.operations.allocations import ALLOCATE, FROM_RESERVE, kind_given
from tonne.operations.books import Books
from tonne.operations.outward import Outward
from tonne.operations.record import (
    KEYS,
    Answer,
    Desk,
    KeyUsedBefore,
    Receipt,
    once,
    record,
    record_all,
)
from tonne.operations.retirement import lawful
from tonne.operations.scheme import Scheme
from tonne.refusal import Refused, refuse_if_any
from tonne.registry import (
    Cap,
    DayRules,
    Dedication,
    HoldingAccount,
    NotANation,
    NothingToReverse,
    Original,
)
from tonne.supply import Allocation, AllocationMethod, OperatorKind

T = TypeVar("T")


class Transfer(Struct, frozen=True, kw_only=True):
    """Units that go from one account to another; which numbers, if the caller cares."""

    key: str
    source: str
    target: str
    unit: str
    count: int
    block: Block | None = None
    dedication: Dedication | None = None
    """Of a cancellation: for whom, and what for."""


def issue(
    books: Books, scheme: Scheme, *, year: int, unit: str, count: int, key: str, desk: Desk
) -> Receipt:
    """Issue units of a year's cap to the authority, as long as the cap allows."""
    day = scheme.on(desk.day)
    kind = day.type_of("issue", unit)
    cap = issuance_cap(books, scheme, year=year, unit=unit, desk=desk)
    own = government(books, scheme)
    transaction = Transaction(
        key=key,
        kind="issue",
        movements=(
            Movement(
                source=Account(own[kind.from_kinds[0]], is_source=True),
                target=Account(own[kind.to_kinds[0]]),
                asset=day.units[unit].asset,
                count=count,
            ),
        ),
        because=(cap.reference, day.on_transactions),
        year=year,
    )
    return record_all(books, scheme, [transaction], desk=desk, cap=cap)[0]


def issuance_cap(books: Books, scheme: Scheme, *, year: int, unit: str, desk: Desk) -> Cap:
    """How many units of a year may be issued, and how many were; nobody issues any meanwhile."""
    limit = supply.cap(year, scheme.supply)
    kind = kind_given(unit, scheme.on(desk.day))
    # Nobody else may issue between the count of what was issued and our own issuance.
    books.wait_for_posts()
    return Cap(
        units=limit.of(kind),
        issued=books.moved("issue", unit, year=year),
        reference=limit.clause.reference,
    )


def allocate(
    books: Books,
    scheme: Scheme,
    table: Sequence[Allocation],
    *,
    unit: str,
    kind: OperatorKind = "installation",
    method: AllocationMethod = "table",
    key: str,
    desk: Desk,
) -> list[Receipt]:
    """Pay out an allocation table, whole or not at all: one transaction for each operator.

    ``method`` is how the figures of the table were found; it is the one that the law names. What a
    new entrant asked for on a day is drawn from the reserve, first come, first served.
    """
    day = scheme.on(desk.day)
    asked = ([_row_said(row) for row in table], unit, kind, method)
    digest, before = once(books, scheme, key, "allocate_table", asked)
    accounts = {each.operator: each for each in books.accounts(scheme=scheme.name) if each.operator}
    years = sorted({row.year for row in table})
    if before is None:
        if not any(row.count for row in table):
            # Where nothing moves, no transaction is asked who may do it.
            refuse_if_any(day.act_refusals("allocate_table", desk.by))
        # Nobody else may allocate between the count of what was given and our own table.
        books.wait_for_posts()
        supply.allocate_table(
            table, kind=kind, operators=_supplied(books, scheme, accounts, years),
            allocated={year: given(books, day, ALLOCATE, unit, year) for year in years},
            drawn=_drawn(books, scheme, day, unit, years), rules=scheme.supply, method=method,
        )  # fmt: skip
    because = {
        year: (supply.allocation_law(year, scheme.supply).reference, day.on_transactions)
        for year in years
    }
    own = government(books, scheme)
    verbs = dict.fromkeys(ALLOCATE if row.received is None else FROM_RESERVE for row in table)
    sources = {verb: Account(own[day.type_of(verb, unit).from_kinds[0]]) for verb in verbs}
    asset = day.units[unit].asset
    batch = [
        Transaction(
            key=f"{key}/{row.operator}/{row.year}",
            kind=(verb := ALLOCATE if row.received is None else FROM_RESERVE),
            movements=(
                Movement(
                    source=sources[verb],
                    target=Account(accounts[row.operator].number),
                    asset=asset,
                    count=row.count,
                ),
            ),
            because=because[row.year],
            year=row.year,
        )
        for row in table
        if row.count
    ]
    receipts = record_all(books, scheme, batch, desk=desk)
    if before is None:
        books.enter(
            key=key,
            digest=digest,
            kind="allocate_table",
            year=years[0] if len(years) == 1 else None,
            because=tuple(dict.fromkeys(each for year in years for each in because[year])),
            stamp=scheme.stamp(desk.day, desk.at),
        )
    return receipts


def transfer(
    books: Books, scheme: Scheme, transfers: Iterable[Transfer], *, desk: Desk
) -> list[Answer]:
    """Move units between accounts, each transfer decided on its own.

    Of units that leave a nation its eligibility and its reserve are asked.
    """
    day = scheme.on(desk.day)
    outward = Outward(books, scheme, day)

    def outgoing(order: Transfer) -> Transaction:
        asked = transfer_of(order, day)
        found = tuple(outward.refusals(asked))
        own_checks.tell(desk, books, order.key, own_checks.alone(scheme, asked, day), found)
        refuse_if_any(found)
        return asked

    return each_of(books, scheme, transfers, outgoing, desk=desk)


def transfer_of(request: Transfer, day: DayRules) -> Transaction:
    """The transaction that a transfer asks for."""
    law = day.on_transactions
    refuse_if_any(registry.same_account(request.source, request.target, reference=law))
    return Transaction(
        key=request.key,
        kind="transfer",
        movements=(
            Movement(
                source=Account(request.source),
                target=Account(request.target),
                asset=asset_of(request.unit, day),
                count=request.count,
                block=request.block,
            ),
        ),
        because=(law,),
    )


def cancel(
    books: Books, scheme: Scheme, transfers: Iterable[Transfer], *, verb: str, desk: Desk
) -> list[Answer]:
    """Cancel units for ever: by the holder's wish, or because their period is over."""
    orders = list(transfers)
    form = cancellation_of(books, scheme, verb, desk)
    form = lawful(form, books, scheme, verb, scheme.on(desk.day), desk=desk)
    return _dedicated(books, orders, each_of(books, scheme, orders, form, desk=desk))


def cancellation_of(
    books: Books, scheme: Scheme, verb: str, desk: Desk
) -> Callable[[Transfer], Transaction]:
    """Makes of an order the transaction that cancels its units."""
    day = scheme.on(desk.day)
    end = the_end(books, scheme, day)

    def cancellation(order: Transfer) -> Transaction:
        target, law = order.target, day.on_transactions
        if not target or not registry.same_registry(order.source, target):
            # Units end in the giver's own registry, or in the one that the scheme has for all.
            own = end(order.source, day.type_of(verb, order.unit).to_kinds[0])
            refuse_if_any(registry.elsewhere(target or own, own, reference=law))
            target = own
        own_checks.tell(desk, books, order.key, own_checks.ended(verb, order.unit, day))
        refuse_if_any(registry.same_account(order.source, target, reference=law))
        movement = Movement(
            source=Account(order.source),
            target=Account(target),
            asset=asset_of(order.unit, day),
            count=order.count,
            block=order.block,
        )
        why = (law, day.on_periods)
        return Transaction(key=order.key, kind=verb, movements=(movement,), because=why)

    return cancellation


def _dedicated(books: Books, orders: Sequence[Transfer], answers: Sequence[Answer]) -> list[Answer]:
    """The answers, once it is written down for whom units were cancelled; the key covers it too."""
    again = [each.number for each in answers if isinstance(each, Receipt) and each.repeated]
    told = books.dedications(again) if again else {}
    fresh: dict[int, Dedication] = {}
    found: list[Answer] = []
    for order, answer in zip(orders, answers, strict=True):
        found.append(answer)
        if not isinstance(answer, Receipt):
            continue
        if not answer.repeated and order.dedication is not None:
            fresh[answer.number] = order.dedication
        said = fresh.get(answer.number, told.get(answer.number))
        if answer.repeated and said != order.dedication:
            found[-1] = (KeyUsedBefore(reference=KEYS, key=order.key, entry=answer.number),)
    books.add_dedications(fresh)
    return found


def reverse(books: Books, scheme: Scheme, number: int, *, key: str, desk: Desk) -> Receipt:
    """Undo a transaction by its mirror, which names it; the same numbers go back."""
    day = scheme.on(desk.day)
    story = books.story(number)
    if story is None:
        law = day.on_transactions
        raise Refused([NothingToReverse(reference=law, verb="reverse", original=number)])
    original = story.transaction
    mirror = ledger.reversal(
        original,
        number=number,
        blocks=tuple(each.block for each in original.movements),
        key=key,
        kind=day.reversals.get(original.kind, f"reverse_{original.kind}"),
        because=(day.on_transactions,),
    )
    return record_all(
        books,
        scheme,
        [mirror],
        desk=desk,
        original=Original(transaction=original, reversed_by=story.reversed_by),
    )[0]


def government(books: Books, scheme: Scheme) -> Mapping[str, str]:
    """The numbers of the scheme's own accounts, by kind."""
    return {each.kind: each.number for each in books.accounts(scheme=scheme.name, operated=False)}


def the_end(books: Books, scheme: Scheme, day: DayRules) -> Callable[[str, str], str]:
    """Finds the account of a kind in which units of an account end.

    Where each nation has accounts of the kind it is that of the giver's own registry.
    """
    kept: dict[tuple[str, str], str] = {}

    def find(source: str, kind: str) -> str:
        if not kept:
            for each in books.accounts(scheme=scheme.name, operated=False):
                kept[each.registry, each.kind] = kept["", each.kind] = each.number
        party = source.partition("-")[0] if "nation" in day.kinds[kind].kept_by else ""
        if (party, kind) not in kept:
            refuse_if_any([NotANation(reference=day.on_accounts, party=party, kinds=(kind,))])
        return kept[party, kind]

    return find


def asset_of(unit: str, day: DayRules) -> Asset:
    """The unit as the books know it; one that the scheme lacks is left for the checks to refuse."""
    if kind_of(unit) in day.units and day.units[kind_of(unit)].origin:
        return registry.told_asset(unit, day)
    return registry.origin_asset(unit, day) or Asset(unit)


def each_of(
    books: Books, scheme: Scheme, orders: Iterable[T], form: Callable[[T], Transaction],
    *, desk: Desk,
) -> list[Answer]:  # fmt: skip
    """The answer to each order; one of which no transaction can be made holds up no other."""
    answers: list[Answer | None] = []
    batch: list[Transaction] = []
    for order in orders:
        try:
            batch.append(form(order))
            answers.append(None)
        except Refused as no:
            answers.append(no.refusals)
            desk.tell_failed(no.refusals)
    recorded = iter(record(books, scheme, batch, desk=desk))
    return [next(recorded) if answer is None else answer for answer in answers]


def _row_said(row: Allocation) -> str:
    """What a row says, on a line: a table of thousands is compared by it."""
    said = f"{row.operator!r} {row.year} {row.count}"
    return f"{said} {row.received} {row.closed_on}" if row.received or row.closed_on else said


def _supplied(
    books: Books, scheme: Scheme, accounts: Mapping[str, HoldingAccount], years: Sequence[int]
) -> dict[str, supply.Operator]:
    """What an allocation must know of each operator."""
    excluded: dict[str, set[int]] = {}
    for number, year in books.exclusions(scheme.name, years):
        excluded.setdefault(number, set()).add(year)
    closed = books.closed_on(scheme.name)
    plain = supply.Operator()
    return {
        operator: supply.Operator(
            closed_on=closed.get(account.number),
            excluded=frozenset(excluded.get(account.number, ())),
        )
        if account.number in excluded or account.number in closed
        else plain
        for operator, account in accounts.items()
    }


def given(books: Books, day: DayRules, verb: str, unit: str, year: int) -> int:
    """Units of a year that were allocated by a verb, and not taken back."""
    paid = books.moved(verb, unit, year=year)
    reversal = day.reversals.get(verb)
    return paid - (0 if reversal is None else books.moved(reversal, unit, year=year))


def _drawn(
    books: Books, scheme: Scheme, day: DayRules, unit: str, years: Sequence[int]
) -> dict[int, supply.Drawn]:
    """What the reserve of each year has given, and who has an allocation for the year."""
    net: Counter[tuple[str, int]] = Counter()
    for verb in (ALLOCATE, FROM_RESERVE):
        net.update(_moved(books, scheme, verb, unit, years, outgoing=False))
        if verb in day.reversals:
            back = day.reversals[verb]
            net.subtract(_moved(books, scheme, back, unit, years, outgoing=True))
    operators = {each.number: each.operator for each in books.accounts(scheme=scheme.name)}
    served = [(operators[number], year) for (number, year), count in net.items() if count > 0]
    return {
        year: supply.Drawn(
            count=given(books, day, FROM_RESERVE, unit, year),
            served=frozenset(who for who, when in served if who is not None and when == year),
        )
        for year in years
    }


def _moved(
    books: Books, scheme: Scheme, verb: str, unit: str, years: Sequence[int], *, outgoing: bool
) -> dict[tuple[str, int], int]:
    """Units of a kind that a verb took from each account or gave it, by year."""
    return books.moved_by_account(verb, years, scheme=scheme.name, outgoing=outgoing, asset=unit)

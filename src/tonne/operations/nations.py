"""Nations issue their assigned amount, convert it for joint projects, carry it over, retire it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from msgspec import structs

from tonne import compliance, registry
from tonne.compliance import RemovalsNotTold
from tonne.ledger import (
    BOOKS,
    Account,
    Asset,
    Block,
    ExceedsHolding,
    Movement,
    Transaction,
    kind_of,
)
from tonne.operations import own_checks
from tonne.operations.accounts import add_assets
from tonne.operations.books import Books
from tonne.operations.judgement_records import after_deduction
from tonne.operations.nation_findings import removals
from tonne.operations.record import Answer, Desk, Receipt, once, record_all
from tonne.operations.scheme import Scheme
from tonne.operations.units import Transfer, cancel, government, the_end
from tonne.refusal import Refusal, Refused, refuse_if_any
from tonne.registry import Cap, DayRules, NotTheHost, OriginNotSaid, Serial

Change = Callable[[Serial], Serial]
"""What a conversion says otherwise of units than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Units of an account that become units of another kind, with the same numbers."""

    key: str
    account: str
    unit: str
    count: int
    block: Block | None = None


def issue_assigned(
    books: Books,
    scheme: Scheme,
    *,
    unit: str,
    count: int,
    key: str,
    desk: Desk,
) -> Receipt:
    """Issue a nation's units into its holding account, up to the amount that is assigned to it.

    The amount is the law's. Of removal units it follows from what land uses removed, as reviewed.
    """
    day = scheme.on(desk.day)
    row = day.type_of("issue", unit)
    asset = registry.told_asset(unit, day)
    assert asset.series is not None, "the units of nations are numbered"
    cap = assigned(books, scheme, unit, day)
    add_assets(books, scheme, [asset], day=day)
    source = government(books, scheme)[row.from_kinds[0]]
    movement = Movement(
        source=Account(source, is_source=True),
        target=Account(the_end(books, scheme, day)(asset.series, row.to_kinds[0])),
        asset=asset,
        count=count,
    )
    transaction = Transaction(
        key=key, kind="issue", movements=(movement,), because=(cap.reference, day.on_transactions)
    )
    return record_all(books, scheme, [transaction], desk=desk, cap=cap)[0]


def assigned(books: Books, scheme: Scheme, unit: str, day: DayRules) -> Cap:
    """How much a nation may be issued by the law, and how much was; nobody issues any meanwhile."""
    asset = registry.told_asset(unit, day)
    books.wait_for_posts()
    limit = _limit(books, scheme, asset, day)
    units = after_deduction(books, scheme, asset.series or "", unit, limit.units, on=day.day)
    return structs.replace(limit, units=units, issued=books.moved("issue", unit))


def _limit(books: Books, scheme: Scheme, asset: Asset, day: DayRules) -> Cap:
    """How much a nation may be issued, and where it is written; nothing of it is issued yet."""
    kind, party = day.units[asset.kind], asset.series or ""
    period = day.period_of(kind.code).number
    if "activity" not in kind.origin:
        return _amount(scheme, party, period, day)
    serial = registry.serial_of(asset.code, Block(party, 1, 1), day)
    if serial is None or not serial.activity:
        unsaid = OriginNotSaid(reference=day.on_transactions, unit=asset.code, origin=kind.origin)
        refuse_if_any([unsaid])
    assert serial is not None, "what is not refused says its origin"
    law = scheme.nations
    on = compliance.law_day(period, law)
    refuse_if_any(compliance.withdrawn(party, law, on=on, by=day.day))
    told = removals(books, scheme, party, period, on=day.day)
    own = told.get(serial.activity)
    if own is None:
        raise Refused([RemovalsNotTold(reference=day.on_transactions, unit=asset.code)])
    reviewed = {activity: each.tonnes for activity, each in told.items()}
    units = compliance.removal_units(party, serial.activity, reviewed, law, on=on)
    reference = f"{law.forest.on(on).reference}; {own.reference}"
    return Cap(units=units, issued=0, reference=reference)


def _amount(scheme: Scheme, party: str, period: int, day: DayRules) -> Cap:
    """A nation's assigned amount by the law."""
    law = scheme.nations
    units = compliance.amount_to_issue(party, period, law, day=day.day)
    reference = law.annex_b.on(compliance.law_day(period, law)).reference
    return Cap(units=units, issued=0, reference=reference)


def convert(
    books: Books, scheme: Scheme, order: Conversion, *, project: int, track: int, desk: Desk
) -> Receipt:
    """Convert a host's assigned amount or removal units into those of a joint project.

    Numbers and count stay; the project and its track are added (Kyoto Protocol, Article 6).
    """
    day = scheme.on(desk.day)
    host, party = registry.told_asset(order.unit, day).series, order.account.partition("-")[0]
    refusals: list[Refusal] = []
    if host != party:
        refusals += [NotTheHost(reference=day.on_transactions, unit=order.unit, party=party)]
    if books.known(order.key) is None:
        refusals += compliance.left_by(party, scheme.nations, day=desk.day)
    own_checks.tell(desk, books, order.key, own_checks.CONVERSION, refusals)
    refuse_if_any(refusals)
    return _become(
        books,
        scheme,
        order,
        verb="convert",
        change=lambda serial: replace(serial, project=project, track=track),
        target=order.account,
        day=day,
        desk=desk,
    )


def change_expiry(
    books: Books, scheme: Scheme, order: Conversion, *, expiry: date, desk: Desk
) -> Receipt:
    """Give temporary or long-term credits another day of expiry, wherever they lie."""
    day = scheme.on(desk.day)
    return _become(
        books,
        scheme,
        order,
        verb="change_expiry",
        change=lambda serial: replace(serial, expiry=expiry),
        target=order.account,
        day=day,
        desk=desk,
    )


def carry_over(books: Books, scheme: Scheme, order: Conversion, *, desk: Desk) -> Receipt:
    """Carry units over into the next period, once the additional period of theirs is over.

    Which kinds go over, and how many, is the law's between nations.
    """
    day, party = scheme.on(desk.day), order.account.partition("-")[0]
    asked = carry_over_refusals(books, scheme, party, order.unit, order.count, day=day)
    own_checks.tell(desk, books, order.key, own_checks.OVER, asked)
    if books.known(order.key) is None:
        refuse_if_any(asked)
    (into,) = day.type_of("carry_over", order.unit).becomes
    period = day.period_of(into).number
    return _become(
        books,
        scheme,
        order,
        verb="carry_over",
        change=lambda serial: replace(serial, applicable=period),
        target=carried_to(books, scheme, order.account, order.unit, day),
        day=day,
        desk=desk,
    )


def carried_to(books: Books, scheme: Scheme, account: str, unit: str, day: DayRules) -> str:
    """The account in which units lie that are carried over: their own, or the nation's for them."""
    row = day.type_of("carry_over", unit)
    (into,) = row.becomes
    ends = day.type_of("carry_over", into).to_kinds
    if {*row.from_kinds} & {*ends}:
        return account
    return the_end(books, scheme, day)(account, ends[0])


def retire(books: Books, scheme: Scheme, orders: Sequence[Transfer], *, desk: Desk) -> list[Answer]:
    """Retire units: those of a nation's retirement account are what its emissions are held to."""
    return cancel(books, scheme, orders, verb="retire", desk=desk)


def forward(
    books: Books, scheme: Scheme, orders: Sequence[Transfer], *, desk: Desk
) -> list[Receipt]:
    """Forward credits from the registry that issued them to accounts of nations, all or none."""
    day = scheme.on(desk.day)
    batch = [
        Transaction(
            key=order.key,
            kind="forward",
            movements=(
                Movement(
                    source=Account(order.source),
                    target=Account(order.target),
                    asset=registry.told_asset(order.unit, day),
                    count=order.count,
                    block=order.block,
                ),
            ),
            because=(day.on_transactions,),
        )
        for order in orders
    ]
    return record_all(books, scheme, batch, desk=desk)


def _become(
    books: Books,
    scheme: Scheme,
    order: Conversion,
    *,
    verb: str,
    change: Change,
    target: str,
    day: DayRules,
    desk: Desk,
) -> Receipt:
    """Give units back to their source, and the same numbers out again as what they become."""
    row = day.type_of(verb, order.unit)
    if not row.becomes:
        refuse_if_any([day.untyped(verb, order.unit)])
    # Nobody else may take units between the choice of the numbers and the conversion.
    books.wait_for_posts()
    asset = registry.told_asset(order.unit, day)
    becomes = _asset_of(asset, row.becomes[0], change, day)
    # The numbers are chosen anew each time, so it is the order that the key stands for.
    asked = (order.account, order.unit, order.count, order.block, becomes.code)
    digest, before = once(books, scheme, order.key, verb, asked)
    moved = f"{order.key}/units"
    known = books.known(moved)
    if before is not None and known is not None:
        return Receipt(number=known[0], key=order.key, repeated=True)
    add_assets(books, scheme, [becomes], day=day)
    source = Account(government(books, scheme)["issuance"], is_source=True)
    movements = [
        each
        for block in _blocks(books, order, asset)
        for each in (
            Movement(
                source=Account(order.account),
                target=source,
                asset=asset,
                count=block.count,
                block=block,
            ),
            Movement(
                source=source,
                target=Account(target),
                asset=becomes,
                count=block.count,
                block=block,
            ),
        )
    ]
    transaction = Transaction(
        key=moved, kind=verb, movements=tuple(movements), because=(day.on_transactions,)
    )
    (receipt,) = record_all(books, scheme, [transaction], desk=desk)
    books.enter(
        key=order.key,
        digest=digest,
        kind=verb,
        year=None,
        because=(day.on_transactions,),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    return Receipt(number=receipt.number, key=order.key)


def _asset_of(asset: Asset, kind: str, change: Change, day: DayRules) -> Asset:
    """What units become: of another kind, with something else said of where they come from."""
    assert asset.series is not None, "the units of nations are numbered"
    serial = registry.serial_of(asset.code, Block(asset.series, 1, 1), day)
    assert serial is not None, "what was told says its origin"
    number = day.units[kind].type_number
    assert number is not None, "what is converted has a type in its serial numbers"
    return registry.unit_of(replace(change(serial), type_number=number), day)


def _blocks(books: Books, order: Conversion, asset: Asset) -> Iterator[Block]:
    """The numbers that are named, or the first that came."""
    if order.block is not None:
        yield order.block
        return
    left = order.count
    for lot, _ in books.lots([order.account], asset.code).get(order.account, ()):
        taken = min(left, lot.units)
        if taken:
            yield Block(lot.series, lot.first, lot.first + taken - 1)
        left -= taken
    if left:
        refuse_if_any(
            [
                ExceedsHolding(
                    reference=BOOKS,
                    account=order.account,
                    asset=asset.code,
                    asked=order.count,
                    free=order.count - left,
                    held=0,
                )
            ]
        )


def carry_over_refusals(
    books: Books,
    scheme: Scheme,
    party: str,
    unit: str,
    count: int,
    *,
    day: DayRules,
    beside: int = 0,
) -> list[Refusal]:
    """Why a nation may not carry over so many more, ``beside`` those that are under way already."""
    kind = registry.told_asset(unit, day).kind
    ended = day.period_of(kind).number
    amount = _amount(scheme, party, ended, day)
    # Nobody else may carry over between the count of what was and what follows.
    books.wait_for_posts()
    carried = sum(
        step.units
        for account in books.accounts(scheme=scheme.name)
        if account.registry == party
        for step in books.steps(account=account.number)
        if step.kind == "carry_over" and kind_of(step.asset) == kind
    )
    law = scheme.nations
    return list(
        compliance.carry_over_refusals(
            kind,
            count,
            before=carried + beside,
            amount=amount.units,
            day=day.day,
            rules=law,
            on=compliance.law_day(ended, law),
        )
    )

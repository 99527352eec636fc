"""What is asked of a proposal before it is made: its verb, and the law, as of what is not proposed.

A nation whose registry is linked retires, converts and carries over by proposals. The law has the
same to say of it; what other proposals will do that are not final counts as done.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from msgspec import structs

from tonne import compliance, linking, registry
from tonne.compliance import Notice
from tonne.ledger import Account, Block, Movement, Transaction, kind_of
from tonne.linking import KINDS, LINK, ChangeNotSaid
from tonne.operations.bound import Exchange, Teller
from tonne.operations.credits import divide, on_record
from tonne.operations.nations import assigned, carried_to, carry_over_refusals
from tonne.operations.outward import Outward
from tonne.operations.own_checks import CARRY_OVER, CONVERT, RETIRE, is_nation
from tonne.operations.retirement import lawful
from tonne.operations.scheme import NATIONS
from tonne.operations.told import (
    NotCertified,
    StaysInItsAccount,
    VerbOfOtherKind,
    proposal_kind,
)
from tonne.operations.units import asset_of, issuance_cap, the_end
from tonne.refusal import Refusal, Refused
from tonne.registry import Cap, DayRules, NotTheHost, Serial


def kind_refusals(asked: Exchange, ours: linking.Link, teller: Teller) -> list[Refusal]:
    """What is against a proposal of that kind, before the log says it."""
    kind = KINDS.get(asked.kind)
    if kind is None:
        return [linking.UnknownKind(reference=LINK, kind=asked.kind)]
    taker = asked.taker or ours.code
    # What stays in one registry does not go to the account that stands for all others.
    outside = asked.target == teller.elsewhere.number
    if kind.crosses != (taker != ours.code) or outside:
        return [linking.WithinOneRegistry(
            reference=LINK, kind=asked.kind, giver=ours.code, taker=taker
        )]  # fmt: skip
    return _verb_refusals(asked, teller.day)


def _verb_refusals(asked: Exchange, day: DayRules) -> list[Refusal]:
    """7540: whether the verb does what the kind says, by the code that registries exchange."""
    row = day.type_of(asked.verb, asked.unit)
    if proposal_kind(row) == asked.kind:
        return []
    return [VerbOfOtherKind(reference=LINK, kind=asked.kind, verb=asked.verb, code=row.code)]


def certified(asked: Exchange, teller: Teller) -> Notice | None:
    """What is written down of credits that are to be issued, or why they are not: 7544 and others.

    Of other proposals nothing is.
    """
    day, report = teller.day, asked.report
    if asked.kind != "issue" or day.type_of(asked.verb, asked.unit).against != "certified":
        return None
    kind, _, origin = asked.unit.partition(" ")
    _, mark, expiry = origin.partition("/")
    none = NotCertified(reference=day.on_transactions, unit=asked.unit, count=asked.count)
    if report is None:
        host = registry.told_asset(asked.unit, day).series or ""
        law = teller.scheme.credits
        raise Refused([none, *registry.host_refusals(host, rules=law, day=day.day)])
    code, divided = divide(
        teller.books, teller.scheme, report, unit=f"{kind}{mark}{expiry}", day=day
    )
    if (code, report.certified) != (asked.unit, asked.count):
        raise Refused([none])
    return on_record(report, code, divided, day)


def cap_of(asked: Exchange, teller: Teller) -> Cap:
    """The cap of an issuance, against which other proposals under it count too.

    A nation's is for the whole period, whatever year a proposal says; any other is for a year.
    Any other proposal makes no more units than go back where units come from; of credits as many
    are issued as were certified.
    """
    books = teller.books
    if asked.kind != "issue":
        return Cap(units=asked.count, issued=0, reference=LINK)
    if teller.day.type_of(asked.verb, asked.unit).against == "certified":
        return Cap(units=asked.count, issued=0, reference=teller.day.on_transactions)
    of_a_nation = bool(teller.day.units[kind_of(asked.unit)].origin)
    if of_a_nation:
        cap = assigned(books, teller.scheme, asked.unit, teller.day)
    else:
        assert asked.year is not None, "what is issued under the cap of a year says which"
        cap = issuance_cap(books, teller.scheme, year=asked.year, unit=asked.unit, desk=teller.desk)
    pending = sum(
        each.proposal.count
        for each in books.standings(books.open_proposals()).values()
        if each.proposal is not None
        and each.proposal.kind == "issue"
        and each.proposal.pieces[0].unit == asked.unit
        and (of_a_nation or books.asked_of(each.id).year == asked.year)
    )
    return structs.replace(cap, issued=cap.issued + pending)


def of_its_year(asked: Exchange, teller: Teller) -> Exchange:
    """What is asked, with the year under whose cap it is issued: if none is said, the day's."""
    if asked.kind != "issue" or asked.year is not None:
        return asked
    kind = teller.day.units.get(kind_of(asked.unit))
    return asked if kind is None or kind.origin else replace(asked, year=teller.desk.day.year)


def end_refusals(asked: Exchange, teller: Teller) -> Iterator[Refusal]:
    """3226, 7545: units end in the giver's own registry; what changes lies where the law says."""
    kind, day = KINDS[asked.kind], teller.day
    law, row = day.on_transactions, day.type_of(asked.verb, asked.unit)
    if kind.gives not in {"held", "unissued"}:
        if not registry.same_registry(asked.source, asked.target):
            own = the_end(teller.books, teller.scheme, day)(asked.source, row.to_kinds[0])
            yield from registry.elsewhere(asked.target, own, reference=law)
    elif kind.changes and row.becomes:
        own = asked.source
        if asked.kind == CARRY_OVER:
            own = carried_to(teller.books, teller.scheme, asked.source, asked.unit, day)
        if asked.target != own:
            yield StaysInItsAccount(reference=law, kind=asked.kind, account=asked.target, own=own)


def law_refusals(asked: Exchange, blocks: Sequence[Block], teller: Teller) -> list[Refusal]:
    """What is against a retirement, a conversion or a carry-over, and against what comes of it."""
    unit = teller.day.units.get(kind_of(asked.unit))
    if unit is None or not unit.origin:
        return []
    count = sum(block.count for block in blocks) or asked.count
    try:
        return [*_change_refusals(asked, blocks, teller), *_of_kind(asked, count, teller)]
    except Refused as no:
        return list(no.refusals)


def _of_kind(asked: Exchange, count: int, teller: Teller) -> Iterator[Refusal]:
    if NATIONS not in teller.scheme.laws:
        return
    law, party = teller.scheme.nations, asked.source.partition("-")[0]
    if asked.kind == RETIRE:
        _retire(asked, count, teller)
    elif asked.kind == CONVERT:
        yield from compliance.left_by(party, law, day=teller.desk.day)
    elif asked.kind == CARRY_OVER:
        kind = registry.told_asset(asked.unit, teller.day).kind
        yield from carry_over_refusals(
            teller.books, teller.scheme, party, asked.unit, count,
            day=teller.day, beside=_under_way(asked, {kind}, teller),
        )  # fmt: skip


def _retire(asked: Exchange, count: int, teller: Teller) -> None:
    """Raise what the law has against a retirement."""
    day, law = teller.day, teller.scheme.nations
    asset = asset_of(asked.unit, day)
    on = compliance.law_day(day.period_of(asset.kind).number, law)
    forest = law.project_forest.on(on).value.units
    if asset.kind in forest:
        # There is one limit for all that is retired of forestry projects.
        count += _under_way(asked, forest, teller)
    movement = Movement(
        source=Account(asked.source), target=Account(asked.target), asset=asset, count=count
    )
    retirement = Transaction(
        key=asked.key, kind=RETIRE, movements=(movement,), because=(day.on_transactions,)
    )
    lawful(_itself, teller.books, teller.scheme, RETIRE, day)(retirement)


def _itself(transaction: Transaction) -> Transaction:
    return transaction


def _under_way(asked: Exchange, kinds: Collection[str], teller: Teller) -> int:
    """Units of these kinds in other proposals of the same kind and nation that are not final."""
    party = asked.source.partition("-")[0]
    return sum(
        piece.block.count
        for each in teller.books.standings(teller.books.open_proposals()).values()
        if each.proposal is not None
        and each.proposal.kind == asked.kind
        and each.proposal.source.partition("-")[0] == party
        for piece in each.proposal.pieces
        if kind_of(piece.unit) in kinds
    )


def _change_refusals(
    asked: Exchange, blocks: Sequence[Block], teller: Teller
) -> Iterator[ChangeNotSaid]:
    """7539: of where units come from, only that becomes another which the change is about."""
    if not KINDS[asked.kind].changes or not blocks:
        return
    day, (block, *_) = teller.day, blocks
    row = day.type_of(asked.verb, asked.unit)
    was = registry.serial_of(asked.unit, block, day)
    becomes = None if asked.becomes is None else registry.serial_of(asked.becomes, block, day)
    if (
        was is None
        or becomes is None
        or kind_of(asked.becomes or "") not in row.becomes
        or becomes != _as_told(asked.kind, was, becomes)
    ):
        yield ChangeNotSaid(reference=LINK, kind=asked.kind, block=block)


def _as_told(kind: str, was: Serial, becomes: Serial) -> Serial:
    """The units as they were, with only what a kind of change says otherwise."""
    was = replace(was, type_number=becomes.type_number)
    if kind == CARRY_OVER:
        return replace(was, applicable=becomes.applicable)
    if kind == "change_expiry":
        return replace(was, expiry=becomes.expiry)
    return replace(was, project=becomes.project, track=becomes.track)


def series_refusals(asked: Exchange, ours: linking.Link, teller: Teller) -> list[Refusal]:
    """A nation issues in its own series; those of others are for the registry of the scheme."""
    series = teller.asset(asked.unit).series if asked.kind == "issue" else None
    if series in {None, ours.code} or not is_nation(teller.scheme, ours.code):
        return []
    block = asked.block or Block(series or "", 1, max(1, asked.count))
    return [linking.NotTheirSeries(reference=LINK, block=block, giver=ours.code)]


def host_refusals(
    asked: Exchange, blocks: Sequence[Block], ours: linking.Link, teller: Teller
) -> list[Refusal]:
    """A registry converts its own units: who issued them is the host of the joint project."""
    if asked.kind != CONVERT or all(block.series == ours.code for block in blocks):
        return []
    return [NotTheHost(reference=teller.day.on_transactions, unit=asked.unit, party=ours.code)]


def outward_refusals(asked: Exchange, blocks: Sequence[Block], teller: Teller) -> list[Refusal]:
    """What the law between nations has against units that go to another registry."""
    if not KINDS[asked.kind].crosses:
        return []
    assert asked.taker is not None, "what crosses goes to another registry"
    outward = Outward(teller.books, teller.scheme, teller.day)
    leaving = Transaction(
        key=asked.key,
        kind="transfer",
        movements=(
            Movement(
                source=Account(asked.source),
                target=Account(asked.taker),
                asset=asset_of(asked.unit, teller.day),
                count=asked.count,
                block=blocks[0] if len(blocks) == 1 else None,
            ),
        ),
        because=(teller.day.on_transactions,),
    )
    return list(outward.refusals(leaving))

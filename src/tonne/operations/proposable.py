"""What is asked of a proposal before it is made: its verb, and the law, as of what is not proposed.

A nation whose registry is linked retires, converts and carries over by proposals. The law has the
same to say of it; what other proposals will do that are not final counts as done.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from tonne import compliance, linking, registry
from tonne.ledger import Account, Block, Movement, Transaction, kind_of
from tonne.linking import KINDS, LINK, ChangeNotSaid
from tonne.operations.bound import Exchange, Teller
from tonne.operations.nations import carry_over_refusals
from tonne.operations.outward import Outward, is_nation
from tonne.operations.retirement import RETIRE, lawful
from tonne.operations.scheme import NATIONS
from tonne.operations.units import asset_of
from tonne.refusal import Refusal, Refused
from tonne.registry import DayRules, NotTheHost, Serial

CARRY_OVER = "carry_over"
_OWN = 10
"""The primary type of what happens inside a scheme only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerbOfOtherKind(Refusal):
    """What is proposed to the log is what will be done in the books."""

    number: ClassVar[int] = 7540
    remedy: ClassVar[str] = "Propose it as the kind that the verb is of, or use another verb."

    kind: str
    verb: str
    code: str

    def __str__(self) -> str:
        return f"The verb {self.verb} has the code {self.code}, and is not one to {self.kind}."


def verb_refusals(asked: Exchange, day: DayRules) -> list[Refusal]:
    """7540: whether the verb does what the kind says, by the code that registries exchange.

    What a scheme has a code of its own for is called as the kind is.
    """
    row = day.type_of(asked.verb, asked.unit)
    primary = int(row.code.partition("-")[0])
    if KINDS[asked.kind].code == f"{primary}-0" or (primary, row.verb) == (_OWN, asked.kind):
        return []
    return [VerbOfOtherKind(reference=LINK, kind=asked.kind, verb=asked.verb, code=row.code)]


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
    elif asked.kind == "convert":
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
    if asked.kind != "convert" or all(block.series == ours.code for block in blocks):
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

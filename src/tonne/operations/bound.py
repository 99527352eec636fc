"""Movements that a proposal asks for: set aside, freed, given, received; bound by what was agreed.

What is proposed is moved to an account of the registry's own, ``under_way``, so that nobody can
move just these numbers until the proposal is final. The registry's checks have their say before
that, and before a taker accepts; after it, only the ledger decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tonne.ledger import LAST_NUMBER, Account, Asset, Block, Movement, Transaction, kind_of
from tonne.linking import KINDS, LINK, Asked, OtherUnits, Piece, Proposal
from tonne.operations.accounts import add_assets
from tonne.operations.books import Books
from tonne.operations.credits import MonitoringReport, proposed_share
from tonne.operations.own_checks import RECEIVE, of_a_host, received
from tonne.operations.record import Desk, Receipt, explain, post_agreed
from tonne.operations.scheme import Scheme
from tonne.operations.units import asset_of
from tonne.refusal import Refusal, Refused, refuse_if_any
from tonne.registry import (
    BANK,
    ELSEWHERE,
    UNDER_WAY,
    Dedication,
    host_refusals,
    origin_asset,
    told_asset,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What is to be proposed: a transfer to another registry, or a change that the log must know.

    ``verb`` is the scheme's word for it; ``taker`` the other registry, where there is one;
    ``becomes`` the unit that the units become, if their kind changes; ``report`` what credits are
    issued for; ``dedication`` for whom units are cancelled.
    """

    key: str
    kind: str
    verb: str
    source: str
    target: str
    unit: str
    count: int
    block: Block | None = None
    taker: str | None = None
    becomes: str | None = None
    year: int | None = None
    report: MonitoringReport | None = None
    dedication: Dedication | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LawKnowsNoOthers(Refusal):
    """The law of a linked registry has an account for other registries, and one for what goes."""

    number: ClassVar[int] = 7565
    remedy: ClassVar[str] = "Add the kinds of account that docs/reference/linking.md tells."

    scheme: str
    kinds: tuple[str, ...]

    def __str__(self) -> str:
        return f"The scheme {self.scheme} has no account of the kind {' and '.join(self.kinds)}."


class Teller:
    """The registry's own accounts and assets, as movements of proposals need them."""

    def __init__(self, books: Books, scheme: Scheme, code: str, desk: Desk) -> None:
        """Look up what there is."""
        day = scheme.on(desk.day)
        own = _own(books, scheme, code)
        lacking = tuple(kind for kind in (ELSEWHERE, UNDER_WAY) if kind not in own)
        if lacking:
            refuse_if_any(
                [LawKnowsNoOthers(reference=day.on_accounts, scheme=scheme.name, kinds=lacking)]
            )
        self.books, self.scheme, self.desk, self.day, self.code = books, scheme, desk, day, code
        self.elsewhere = Account(own[ELSEWHERE], is_source=True)
        self.under_way = Account(own[UNDER_WAY])
        self.source = Account(
            next(
                own[kind.code]
                for kind in day.kinds.values()
                if kind.is_source and kind.code not in {ELSEWHERE, BANK}
            ),
            is_source=True,
        )
        self._assets = {asset.code: asset for asset in books.assets()}

    def account(self, number: str) -> Account:
        """An account by its number."""
        for own in (self.elsewhere, self.under_way, self.source):
            if own.number == number:
                return own
        return Account(number)

    def open_account(self, number: str) -> Account:
        """The account, or the one under way if it was closed meanwhile: units are not lost."""
        found = self.books.accounts(scheme=self.scheme.name, number=number)
        closed = not found or found[0].status == "closed"
        return self.under_way if closed else self.account(number)

    def asset(self, unit: str, series: str | None = None) -> Asset:
        """A kind of unit as the books know it, or would."""
        found = self._assets.get(unit)
        if found is not None:
            return found
        return Asset(unit, series) if series is not None else asset_of(unit, self.day)

    def begin(self, unit: str, *, made_here: bool) -> None:
        """Begin the numbering of a unit that is about to be made, if it is the first."""
        asset = self.asset(unit)
        if unit not in self._assets and origin_asset(unit, self.day) is not None:
            add_assets(self.books, self.scheme, [asset], day=self.day, made_here=made_here)
            self._assets[unit] = asset

    def know(self, piece: Piece) -> None:
        """Add a kind of unit that comes from another registry for the first time."""
        if piece.unit not in self._assets:
            asset = self._assets[piece.unit] = Asset(piece.unit, piece.block.series)
            add_assets(self.books, self.scheme, [asset], day=self.day)

    def movements(
        self, pieces: Sequence[Piece], source: Account, target: Account
    ) -> tuple[Movement, ...]:
        """Every piece from one account to another; each from the lots in which it lies."""
        return tuple(
            Movement(
                source=source,
                target=target,
                asset=self.asset(piece.unit, piece.block.series),
                count=block.count,
                block=block,
            )
            for piece in pieces
            for block in lots_of(self.books, piece.block, source.number)
        )

    def post(self, key: str, kind: str, movements: tuple[Movement, ...], why: str = LINK) -> int:
        """Post what was agreed; its number."""
        transaction = Transaction(key=key, kind=kind, movements=movements, because=(why,))
        (answer,) = post_agreed(self.books, self.scheme, [transaction], desk=self.desk)
        if not isinstance(answer, Receipt):
            raise Refused(answer)
        return answer.number


def blocks_for(teller: Teller, asked: Exchange) -> list[Block]:
    """The numbers that a proposal will name: the oldest, or those that were asked for.

    None, if the account does not hold so many; the checks will say so.
    """
    if asked.kind == "issue":
        return [_unissued(teller, asked)]
    if asked.block is not None:
        return lots_of(teller.books, asked.block, asked.source)
    left, blocks = asked.count, []
    lots = teller.books.lots([asked.source], asked.unit).get(asked.source, [])
    for lot, _ in lots:
        if not left:
            break
        count = min(left, lot.units)
        blocks.append(Block(lot.series, lot.first, lot.first + count - 1))
        left -= count
    return [] if left else blocks


def final_transaction(teller: Teller, asked: Exchange, blocks: Sequence[Block]) -> Transaction:
    """What the proposal comes to in these books once it is completed; the checks look at that."""
    return Transaction(
        key=asked.key,
        kind=asked.verb,
        movements=_final(teller, asked, blocks),
        because=(teller.day.on_transactions, LINK),
        year=asked.year,
    )


def set_aside(teller: Teller, proposal: Proposal) -> None:
    """Take the units of a proposal out of the account that gives."""
    if KINDS[proposal.kind].takes == "held":
        movements = teller.movements(
            proposal.pieces, teller.account(proposal.source), teller.under_way
        )
        teller.post(f"{proposal.id}/set aside", "set_aside", movements)


def free(teller: Teller, proposal: Proposal) -> None:
    """Put the units of a proposal back where they were."""
    if KINDS[proposal.kind].takes == "held":
        target = teller.open_account(proposal.source)
        if target != teller.under_way:
            movements = teller.movements(proposal.pieces, teller.under_way, target)
            teller.post(f"{proposal.id}/free", "free", movements)


def give(teller: Teller, proposal: Proposal, told: Asked) -> None:
    """Do what was proposed: the others have agreed."""
    verb, key = told.verb, f"{proposal.id}/{told.verb}"
    if KINDS[proposal.kind].crosses:
        movements = teller.movements(proposal.pieces, teller.under_way, teller.elsewhere)
        try:
            teller.post(key, verb, movements)
        except Refused:
            free(teller, proposal)
            raise
        return
    free(teller, proposal)
    asked = Exchange(
        key=key,
        kind=proposal.kind,
        verb=verb,
        source=proposal.source,
        target=proposal.target,
        unit=proposal.pieces[0].unit,
        count=proposal.count,
        becomes=proposal.pieces[0].becomes,
        year=told.year,
    )
    final = final_transaction(teller, asked, [piece.block for piece in proposal.pieces])
    # Of credits the share for adaptation is set aside at once: no more than was just issued.
    books, scheme = teller.books, teller.scheme
    shares = proposed_share(books, scheme, told.entry, key=proposal.id, day=teller.day)
    answer, *rest = post_agreed(books, scheme, [final, *shares], desk=teller.desk)
    if not isinstance(answer, Receipt):
        raise Refused(answer)
    assert all(isinstance(each, Receipt) for each in rest), "a share is a part"
    dedications = books.dedications([told.entry])
    if told.entry in dedications:
        books.add_dedications({answer.number: dedications[told.entry]})


def receive(teller: Teller, proposal: Proposal) -> None:
    """Take what the giver has given; a taker who has accepted is bound."""
    target = teller.open_account(proposal.target)
    movements = teller.movements(proposal.pieces, teller.elsewhere, target)
    teller.post(f"{proposal.id}/{RECEIVE}", RECEIVE, movements)


def reception_refusals(teller: Teller, proposal: Proposal) -> list[Refusal]:
    """What is against receiving the units of a proposal here."""
    refusals: list[Refusal] = []
    for piece in proposal.pieces:
        try:
            series = _lawful(teller, piece.unit).series or piece.block.series
        except Refused as no:
            refusals.extend(no.refusals)
            continue
        if series == piece.block.series:
            teller.know(piece)
            series = teller.asset(piece.unit).series or ""
        if series != piece.block.series:
            refusals.append(
                OtherUnits(
                    reference=LINK,
                    block=piece.block,
                    said=piece.unit,
                    found=(f"a number of {piece.block.series}, not of {series}",),
                )
            )
    for unit in dict.fromkeys(piece.unit for piece in proposal.pieces):
        if kind_of(unit) in teller.day.units:
            checks = received(teller.scheme, unit, teller.day)
            teller.desk.tell(((each.number, each.sentence) for each in checks), refusals)
    if refusals:
        return list(dict.fromkeys(refusals))
    reception = Transaction(
        key=f"{proposal.id}/{RECEIVE}",
        kind=RECEIVE,
        movements=teller.movements(
            proposal.pieces, teller.elsewhere, teller.account(proposal.target)
        ),
        because=(LINK,),
    )
    answers = explain(teller.books, teller.scheme, reception, desk=teller.desk)
    if teller.desk.told is not None:
        teller.desk.told.extend(answers)
    return list(dict.fromkeys(no for answer in answers for no in answer.refusals))


def _lawful(teller: Teller, unit: str) -> Asset:
    """A unit that is offered, as the law here knows it; or a refusal.

    Where the law says who hosts projects, no credits come from anybody else.
    """
    day, scheme = teller.day, teller.scheme
    day.type_of(RECEIVE, unit)
    asset = told_asset(unit, day)
    if of_a_host(scheme, unit, day):
        refuse_if_any(host_refusals(asset.series or "", rules=scheme.credits, day=day.day))
    return asset


def _own(books: Books, scheme: Scheme, code: str) -> dict[str, str]:
    """The accounts of the registry itself, by kind: its own before those of the scheme."""
    found: dict[str, str] = {}
    for each in books.accounts(scheme=scheme.name, operated=False):
        if each.registry == code or each.kind not in found:
            found[each.kind] = each.number
    return found


def lots_of(books: Books, block: Block, account: str) -> list[Block]:
    """A block cut where one lot of the account ends and the next begins.

    If some of it is not there, it is left whole, and the ledger refuses it.
    """
    found: list[Block] = []
    first = block.first
    while first <= block.last:
        holder = books.holder(block.series, first)
        if holder is None or holder[0] != account:
            return [block]
        last = min(holder[2].last, block.last)
        found.append(Block(block.series, first, last))
        first = last + 1
    return found


def _final(teller: Teller, asked: Exchange, blocks: Sequence[Block]) -> tuple[Movement, ...]:
    kind = KINDS[asked.kind]
    source = teller.source if asked.kind == "issue" else teller.account(asked.source)
    target = teller.elsewhere if kind.crosses else teller.account(asked.target)
    asset = teller.asset(asked.unit)
    if not blocks:
        return (Movement(source=source, target=target, asset=asset, count=asked.count),)
    if not kind.changes:
        pieces = [Piece(block=block, unit=asked.unit) for block in blocks]
        return teller.movements(pieces, source, target)
    movements: list[Movement] = []
    for block in blocks:
        changed = teller.asset(asked.becomes or asked.unit, block.series)
        through = teller.source
        for one, other, as_what in ((source, through, asset), (through, target, changed)):
            movements.append(
                Movement(source=one, target=other, asset=as_what, count=block.count, block=block)
            )
    return tuple(movements)


def _unissued(teller: Teller, asked: Exchange) -> Block:
    """The next numbers of a series that is issued here, after those of proposals that are open."""
    if asked.block is not None:
        return asked.block
    series = teller.asset(asked.unit).series or teller.code
    holder = teller.books.holder(series, LAST_NUMBER)
    if holder is None:
        refuse_if_any([teller.day.untyped(asked.verb, asked.unit)])
    assert holder is not None, "what is not refused has a series"
    first = holder[2].first
    standings = teller.books.standings(teller.books.open_proposals())
    for standing in standings.values():
        proposal = standing.proposal
        if proposal is not None and proposal.kind == "issue" and proposal.giver == teller.code:
            mine = (piece.block for piece in proposal.pieces if piece.block.series == series)
            first = max(first, *(block.last + 1 for block in mine), 0)
    return Block(series, first, first + asked.count - 1)

"""What is asked when units leave a nation: is it eligible, and does its reserve stay."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from tonne import compliance, registry
from tonne.compliance import Eligibility, NationTransfer, NotEligible, Reserve, ReserveBroken, Track
from tonne.ledger import Block, Transaction, kind_of
from tonne.operations import own_checks
from tonne.operations.books import Books
from tonne.operations.judgement_records import standing
from tonne.operations.nation_findings import reviewed
from tonne.operations.scheme import Scheme
from tonne.quantity import Tonnes
from tonne.refusal import Refusal, Refused
from tonne.registry import DayRules

_TRACKS: dict[int, Track] = {1: "1", 2: "2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Joint:
    """What the members of a bubble hold together, and the reserve that they keep together."""

    party: str
    holdings: int
    level: Reserve


class Outward:
    """What the law between nations has against transfers, one after the other."""

    def __init__(self, books: Books, scheme: Scheme, day: DayRules) -> None:
        """The books and the law of the day; they are asked when units first leave a nation."""
        self._books = books
        self._scheme = scheme
        self._day = day
        self._left: Counter[tuple[str, date]] = Counter()
        """Units that left before in the same batch, by nation and period."""

        self._acquiring: dict[str, list[Refusal]] = {}
        """Why a nation acquires nothing, by its letters."""

        self._left_together: Counter[date] = Counter()
        """Units that left a bubble before in the same batch, by period."""

        self._joint: dict[date, _Joint | None] = {}
        """What the members of a bubble hold together, and their joint reserve, by period."""

        self._departed: dict[str, list[Block]] = {}
        """The numbers that left a host before, by its letters."""

        self._found: dict[tuple[str, date], tuple[int, Reserve, Eligibility]] = {}

    def refusals(self, transfer: Transaction) -> Iterator[Refusal]:
        """Why units may not go from an account of one registry to one of another.

        Nothing is asked inside a registry, of the scheme's own if it is no nation's, and of a
        request that was answered before. Of units of a period of which the law between nations
        says nothing it is asked only whether the nation is suspended.
        """
        (moved,) = transfer.movements
        source, unit = moved.source.number, moved.asset.code
        party, there = (each.number.partition("-")[0] for each in (moved.source, moved.target))
        checks = own_checks.outward(self._scheme, unit, party, there, self._day)
        if not checks or self._books.known(transfer.key) is not None:
            return
        asset = registry.told_asset(unit, self._day)
        serial = registry.serial_of(unit, Block(asset.series or "", 1, 1), self._day)
        law = self._scheme.nations
        assert serial is not None, "what was told says its origin"
        if checks == own_checks.SUSPENDED:
            yield from self._suspended(party)
            return
        on = compliance.law_day(serial.applicable, law)
        try:
            held, level, able = self._of(party, serial.applicable, on)
        except Refused as no:
            yield from no.refusals
            return
        move = NationTransfer(
            party=party,
            kind=kind_of(unit),
            count=moved.count,
            track=_TRACKS.get(serial.track),
            first=serial.track > 0
            and serial.party == party
            and self._first(source, unit, moved.count, moved.block),
        )
        held -= self._left[party, on]
        found = tuple(
            compliance.transfer_refusals(
                move, holdings=held, level=level, shown=able, rules=law, on=on
            )
        )
        found += tuple(self._not_acquiring(there, on))
        together = self._together(party, there, on)
        if together is not None:
            found += tuple(
                each
                for each in compliance.transfer_refusals(
                    replace(move, party=f"{together.party} with all its members"),
                    holdings=together.holdings - self._left_together[on],
                    level=together.level,
                    shown=able,
                    rules=law,
                    on=on,
                )
                if isinstance(each, ReserveBroken)
            )
        if not found and move.kind in law.reserve.on(on).value.units:
            self._left[party, on] += moved.count
            self._left_together[on] += moved.count if together is not None else 0
        yield from found

    def _together(self, party: str, there: str, on: date) -> "_Joint | None":
        """The joint reserve of a bubble that units leave, if these books have all its registries.

        Where they have not, only the log between registries can know what all members hold.
        """
        law = self._scheme.nations
        bubble = law.bubble.on(on).value
        group = {bubble.party, *bubble.members}
        if party not in group or there in group:
            return None
        if on not in self._joint:
            kept = {each.registry for each in self._books.accounts(scheme=self._scheme.name)}
            self._joint[on] = self._joint_of(bubble.party, group, on) if group <= kept else None
        return self._joint[on]

    def _joint_of(self, party: str, group: set[str], on: date) -> "_Joint":
        """By the amount of all, and the sum of the members' inventories once all are reviewed."""
        law, today = self._scheme.nations, self._day.day
        last = [
            reviewed(self._books, self._scheme, each, on=today) for each in sorted(group - {party})
        ]
        there = [each.tonnes for each in last if each is not None]
        inventory = sum(there, Tonnes.zero) if len(there) == len(last) else None
        amount = compliance.assigned_amount(party, law, on=on)
        return _Joint(
            party=party,
            holdings=self._held(group, on),
            level=compliance.reserve(amount, inventory, law, on=on),
        )

    def _held(self, parties: Collection[str], on: date) -> int:
        """What counts towards a reserve of what the registries of these nations hold."""
        books, scheme, law = self._books, self._scheme, self._scheme.nations
        counted = law.reserve.on(on).value.accounts
        own = {
            each.number
            for each in books.accounts(scheme=scheme.name)
            if each.registry in parties and each.kind in counted
        }
        held: Counter[str] = Counter()
        for (number, asset), count in books.balances(scheme.name).items():
            if number in own:
                held[kind_of(asset)] += count
        return compliance.reserve_holdings(held, {}, law, on=on)

    def _first(self, source: str, unit: str, count: int, block: Block | None) -> bool:
        """Whether none of these numbers left the host before as units of a project."""
        gone = self._gone(source.partition("-")[0])
        blocks = [block] if block is not None else self._next(source, unit, count)
        return not any(
            there.first <= each.last and each.first <= there.last
            for each in blocks
            for there in gone
        )

    def _next(self, source: str, unit: str, count: int) -> Iterator[Block]:
        """The numbers that an account gives if none are named: the first that came."""
        for lot, _ in self._books.lots([source], unit).get(source, ()):
            taken = min(count, lot.units)
            if taken:
                yield Block(lot.series, lot.first, lot.first + taken - 1)
            count -= taken

    def _gone(self, party: str) -> list[Block]:
        """The numbers of a host that left its registry as units of a project, looked up once."""
        if party not in self._departed:
            kinds = {code for code, unit in self._day.units.items() if "track" in unit.origin}
            self._departed[party] = [
                Block(step.series or "", step.first, step.last)
                for account in self._books.accounts(scheme=self._scheme.name)
                if account.registry == party
                for step in self._books.steps(account=account.number)
                if step.source == account.number
                and step.series == party
                and step.kind in {"transfer", "send"}
                and kind_of(step.asset) in kinds
                and step.target.partition("-")[0] != party
            ]
        return self._departed[party]

    def _not_acquiring(self, party: str, on: date) -> Iterator[Refusal]:
        """6102, 6121: who left, or is not eligible, acquires nothing; the scheme's own may.

        Of a nation whose registry has other books nothing is known here.
        """
        law, today = self._scheme.nations, self._day.day
        if self._is_no_nation(party) or not self._kept_here(party):
            return
        if party not in self._acquiring:
            shown = standing(self._books, self._scheme, party, on=today)
            able = compliance.eligibility(shown, law, on=on, day=today)
            no: list[Refusal] = compliance.left_by(party, law, day=today)
            if not able.acquire:
                clause = law.eligibility.on(on)
                no.append(
                    NotEligible(
                        reference=clause.reference, party=party, act="acquire", lacking=able.lacking
                    )
                )
            self._acquiring[party] = no
        yield from self._acquiring[party]

    def _suspended(self, party: str) -> Iterator[Refusal]:
        """6121: who retired too little for one period sells units of no other either."""
        law, today = self._scheme.nations, self._day.day
        if standing(self._books, self._scheme, party, on=today).suspended is not None:
            yield NotEligible(
                reference=law.restoration.on(today).reference,
                party=party,
                act="transfer",
                lacking=("the right to transfer, which is suspended",),
            )

    def _kept_here(self, party: str) -> bool:
        """Whether these books have the registry of a nation."""
        accounts = self._books.accounts(scheme=self._scheme.name, operated=False)
        return any(each.registry == party for each in accounts)

    def _is_no_nation(self, party: str) -> bool:
        """Whether these are accounts of the scheme's own registry, and no nation keeps it."""
        return own_checks.is_no_nation(self._scheme, party, self._day)

    def _of(self, party: str, period: int, on: date) -> tuple[int, Reserve, Eligibility]:
        """What a nation holds, its reserve, and what it may do: looked up once."""
        known = self._found.get((party, on))
        if known is not None:
            return known
        books, scheme, law, today = self._books, self._scheme, self._scheme.nations, self._day.day
        # Nobody else may take units out between the count of what is held and our own transfer.
        books.wait_for_posts()
        amount = compliance.amount_to_issue(party, period, law, day=today)
        last = reviewed(books, scheme, party, on=today)
        level = compliance.reserve(amount, last.tonnes if last else None, law, on=on)
        able = compliance.eligibility(
            standing(books, scheme, party, on=today), law, on=on, day=today
        )
        found = self._held({party}, on), level, able
        self._found[party, on] = found
        return found

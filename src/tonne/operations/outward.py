"""What is asked when units leave a nation: is it eligible, and does its reserve stay."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from tonne import compliance, registry
from tonne.compliance import Eligibility, NationTransfer, Reserve, Track
from tonne.ledger import Block, kind_of
from tonne.operations.books import Books
from tonne.operations.nation_findings import reviewed, shown
from tonne.operations.scheme import NATIONS, Scheme
from tonne.refusal import Refusal, Refused
from tonne.registry import DayRules

_TRACKS: dict[int, Track] = {1: "1", 2: "2"}


def is_nation(scheme: Scheme, code: str) -> bool:
    """Whether a nation with a commitment keeps the registry of that code."""
    if NATIONS not in scheme.laws:
        return False
    named = scheme.nations.annex_b.clauses
    return any(each.party == code for clause in named for each in clause.value)


class Outward:
    """What the law between nations has against transfers, one after the other."""

    def __init__(self, books: Books, scheme: Scheme, day: DayRules) -> None:
        """The books and the law of the day; they are asked when units first leave a nation."""
        self._books = books
        self._scheme = scheme
        self._day = day
        self._left: Counter[tuple[str, date]] = Counter()
        """Units that left before in the same batch, by nation and period."""

        self._found: dict[tuple[str, date], tuple[int, Reserve, Eligibility]] = {}

    def refusals(
        self, source: str, target: str, unit: str, count: int, *, key: str
    ) -> Iterator[Refusal]:
        """Why units may not go from an account of one registry to one of another.

        Nothing is asked inside a registry, of the scheme's own if it is no nation's, of units of a
        period of which the law between nations says nothing, and of a request that was answered
        before. ``source`` and ``target`` begin with the registry.
        """
        party, there = (text.partition("-")[0] for text in (source, target))
        if NATIONS not in self._scheme.laws or there == party:
            return
        scheme_own = party == self._day.registry_code and not is_nation(self._scheme, party)
        if scheme_own or self._books.known(key) is not None:
            return
        asset = registry.told_asset(unit, self._day)
        serial = registry.serial_of(unit, Block(asset.series or "", 1, 1), self._day)
        law = self._scheme.nations
        assert serial is not None, "what was told says its origin"
        if all(each.value.number != serial.applicable for each in law.period.clauses):
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
            count=count,
            track=_TRACKS.get(serial.track),
            # What a host converted and still holds was never transferred.
            first=serial.party == party,
        )
        held -= self._left[party, on]
        found = tuple(
            compliance.transfer_refusals(
                move, holdings=held, level=level, shown=able, rules=law, on=on
            )
        )
        if not found and move.kind in law.reserve.on(on).value.units:
            self._left[party, on] += count
        yield from found

    def _of(self, party: str, period: int, on: date) -> tuple[int, Reserve, Eligibility]:
        """What a nation holds, its reserve, and what it may do: looked up once."""
        known = self._found.get((party, on))
        if known is not None:
            return known
        books, scheme, law, today = self._books, self._scheme, self._scheme.nations, self._day.day
        # Nobody else may take units out between the count of what is held and our own transfer.
        books.wait_for_posts()
        amount = compliance.amount_to_issue(party, period, law, day=on)
        last = reviewed(books, scheme, party, on=today)
        level = compliance.reserve(amount, last.tonnes if last else None, law, on=on)
        counted = law.reserve.on(on).value.accounts
        own = {
            each.number
            for each in books.accounts(scheme=scheme.name)
            if each.registry == party and each.kind in counted
        }
        held: Counter[str] = Counter()
        for (number, asset), count in books.balances(scheme.name).items():
            if number in own:
                held[kind_of(asset)] += count
        able = compliance.eligibility(shown(books, scheme, party, on=today), law, on=on, day=today)
        found = compliance.reserve_holdings(held, {}, law, on=on), level, able
        self._found[party, on] = found
        return found

"""Does everything in memory still follow from the movements? They are counted again."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from tonne.ledger import LAST_NUMBER, Difference, Key, Lot, Step, Total, unissued
from tonne.registry import TradeRecord
from tonne.store.memory_paging import MemoryPaging

_Brought = tuple[int, str, str]
"""A transaction, and whom it brought what."""


class Recount(MemoryPaging):
    """The books worked out again from the movements."""

    def check(self) -> list[Difference]:
        """Everything derived, worked out again from the movements, where it differs."""
        rules = (
            self._counts, self._lines, self._lots, self._origins, self._statuses, self._laws,
            self._holds, self._trades, self._matters,
        )  # fmt: skip
        return [found for rule in rules for found in rule()]

    def schemes(self) -> list[str]:
        """The schemes that have accounts in the books, by name."""
        return sorted({opened.scheme for opened in self.memory.accounts.values()})

    def totals(self, scheme: str) -> list[Total]:
        """What a scheme's sources have issued, and where it lies now.

        Of money, which schemes in the same books share, all of it.
        """
        every: Counter[str] = Counter()
        ours: set[str] = set()
        for step in self._all_steps():
            for end, units in ((step.source, step.units), (step.target, -step.units)):
                opened = self.memory.accounts[end]
                if opened.is_source:
                    every[step.asset] += units
                    if opened.scheme == scheme:
                        ours.add(step.asset)
        issued = {code: every[code] for code in ours}
        held: dict[str, Counter[str]] = {code: Counter() for code in issued}
        for number, opened in self.memory.accounts.items():
            if not opened.is_source:
                for code, count in self.holdings(number).items():
                    if code in held:
                        held[code][opened.account.kind] += count
        return [
            Total(asset=code, issued=issued[code], held=dict(held[code]))
            for code in self.memory.assets
            if code in issued
        ]

    def _all_steps(self) -> Iterator[Step]:
        return chain.from_iterable(self.memory.steps.values())

    def _ends(self, step: Step) -> tuple[Key, Key]:
        """Where a step's units lay, and where it put them."""
        source, target = (
            unissued(step.series)
            if step.series is not None and self.memory.accounts[end].is_source
            else step.asset
            for end in (step.source, step.target)
        )
        return (step.source, source), (step.target, target)

    def _counts(self) -> Iterator[Difference]:
        flow: Counter[Key] = Counter()
        for step in self._all_steps():
            source, target = self._ends(step)
            flow[source] -= step.units
            flow[target] += step.units
        for series, source_number in self.memory.series.items():
            flow[source_number, unissued(series)] += LAST_NUMBER
        found: Counter[Key] = Counter(self.memory.counts)
        for key, lots in self.memory.lots.items():
            found[key] += sum(lot.units for lot in lots.values())
        for key in flow.keys() | found.keys():
            if flow[key] != found[key]:
                yield _difference(
                    "a holding is what came in less what went out",
                    " ".join(key),
                    flow[key],
                    found[key],
                )
        for (number, code), count in self.memory.counts.items():
            if count < 0 and not self.memory.accounts[number].is_source:
                yield _difference(
                    "only a source holds less than nothing", f"{number} {code}", "0 or more", count
                )

    def _lines(self) -> Iterator[Difference]:
        """Each lot begins where another ends, from the first number to the last."""
        line: dict[str, list[Lot]] = {series: [] for series in self.memory.series}
        for lots in self.memory.lots.values():
            for lot in lots.values():
                line[lot.series].append(lot)
        for series, found in line.items():
            end = 0
            for lot in sorted(found):
                if lot.first != end + 1:
                    yield _difference(
                        "each block begins where another ends", lot.block, end + 1, lot.first
                    )
                end = lot.last
            if end != LAST_NUMBER:
                yield _difference(
                    "the blocks of a series reach the end of the line", series, LAST_NUMBER, end
                )

    def _lots(self) -> Iterator[Difference]:
        """Every lot lies in a step that brought it there, or was never issued."""
        for key, lots in self.memory.lots.items():
            for lot in lots.values():
                steps = self.memory.steps.get(lot.since, ())
                brought = any(
                    self._ends(step)[1] == key and step.first <= lot.first and lot.last <= step.last
                    for step in steps
                )
                never_issued = lot.since == 0 and key == (
                    self.memory.series[lot.series],
                    unissued(lot.series),
                )
                if not brought and not never_issued:
                    yield _difference(
                        "a block is where a movement brought it",
                        f"{' '.join(key)} {lot.block}",
                        f"brought by {lot.since}",
                        "not brought",
                    )

    def _origins(self) -> Iterator[Difference]:
        """What a transaction brought somebody is there still, or has gone on from there."""
        came: Counter[_Brought] = Counter()
        went: Counter[_Brought] = Counter()
        for step in self._all_steps():
            if step.series is not None:
                source, target = self._ends(step)
                came[step.transaction, *target] += step.units
                went[step.prior, *source] += step.units
        for key, lots in self.memory.lots.items():
            for lot in lots.values():
                went[lot.since, *key] += lot.units
        for brought in came.keys() | went.keys():
            if brought[0] and came[brought] != went[brought]:
                yield _difference(
                    "what a transaction brought is there or has gone on",
                    " ".join(map(str, brought)),
                    came[brought],
                    went[brought],
                )

    def _statuses(self) -> Iterator[Difference]:
        last = dict.fromkeys(self.memory.accounts, "open")
        for change in sorted(self.memory.changes.values()):
            last[change.account] = change.status
        for number, opened in self.memory.accounts.items():
            if opened.account.status != last[number]:
                yield _difference(
                    "the status of an account is the last it was given",
                    number,
                    last[number],
                    opened.account.status,
                )

    def _laws(self) -> Iterator[Difference]:
        for number in self.memory.steps:
            entry = self.memory.entries.get(number)
            if entry is None or not entry.because:
                yield _difference(
                    "nothing moves without law", number, "an entry with its law", "none"
                )

    def _holds(self) -> Iterator[Difference]:
        for key, holds in self.memory.promised.items():
            promised = sum(holds.values())
            if promised > max(0, self._count(key)):
                yield _difference(
                    "what is promised is held",
                    " ".join(key),
                    f"at least {promised}",
                    self._count(key),
                )
        for number, entry in self.memory.entries.items():
            if entry.hold is not None and self.memory.ended.get(entry.hold) != number:
                yield _difference(
                    "a hold is used once, by the entry that names it",
                    f"{number} {entry.hold}",
                    f"ended by {number}",
                    "open",
                )

    def _matters(self) -> Iterator[Difference]:
        last = {
            (word.topic, word.subject): (word.state, word.account, word.due)
            for _, _, _, _, word in self.memory.words
            if word.state
        }
        for key in last.keys() | self.memory.matters.keys():
            found = self.memory.matters.get(key)
            stands = None if found is None else (found.state, found.account, found.due)
            if last.get(key) != stands:
                yield _difference(
                    "a matter stands as its last word says", " ".join(key), last.get(key), stands
                )

    def _trades(self) -> Iterator[Difference]:
        """What the movements of a trade came to, of those whose trade it is."""
        records: dict[int, list[TradeRecord]] = {}
        for entry, record in self.trades():
            records.setdefault(entry, []).append(record)
        for entry, told in records.items():
            expected = _as_recorded(told)
            sides = {side for each in told for side in (each.buyer, each.seller)}
            found: Counter[tuple[str, str]] = Counter()
            for step in self.memory.steps.get(entry, ()):
                found[step.source, step.asset] -= step.units
                found[step.target, step.asset] += step.units
            for key in sorted(expected.keys() | found.keys()):
                if key[0] in sides and expected[key] != found[key]:
                    yield _difference(
                        "a trade is settled as its record says",
                        f"{entry} {' '.join(key)}",
                        expected[key],
                        found[key],
                    )
        for number, entered in self.memory.entries.items():
            if entered.kind == "trade" and number not in records:
                yield _difference("a trade has its record", number, "a record", "none")


def _as_recorded(trades: Iterable[TradeRecord]) -> Counter[tuple[str, str]]:
    """By how much trades change what each side holds: units, and money less fees."""
    changes: Counter[tuple[str, str]] = Counter()
    for each in trades:
        changes[each.buyer, each.unit] += each.count
        changes[each.seller, each.unit] -= each.count
        changes[each.buyer, each.currency] -= each.due + each.buyer_fee
        changes[each.seller, each.currency] += each.due - each.seller_fee
    return changes


def _difference(what: str, where: object, expected: object, found: object) -> Difference:
    return Difference(what=what, where=str(where), expected=str(expected), found=str(found))

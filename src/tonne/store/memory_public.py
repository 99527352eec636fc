"""What the public asks of the books in memory: the twin of ``public``."""

from collections.abc import Callable, Sequence

from tonne.ledger import Step
from tonne.registry import HoldingAccount, account_words
from tonne.store.loaded import Closing
from tonne.store.public import LAST_LETTER, Tally, YearRow
from tonne.store.recount import Recount

SORTS: dict[str, Callable[[YearRow], tuple[str, int]]] = {
    "name": lambda row: (row[2], 0),
    "verified": lambda row: ("", -1 * (-1 if row[4] is None else row[4])),
    "surrendered": lambda row: ("", -row[5]),
    "missing": lambda row: ("", -row[6]),
    "status": lambda row: (row[3], 0),
}


class MemoryPublic(Recount):
    """What the public asks: bounded, however large the books are."""

    def find_accounts(
        self, words: Sequence[str], *, schemes: Sequence[str], limit: int
    ) -> list[tuple[str, HoldingAccount]]:
        """Operators' accounts with words that begin so, each of them: the nearest words first."""
        if not words:
            return []
        longest, *others = sorted(words, key=len, reverse=True)
        found: list[tuple[str, int, str]] = []
        for number, opened in self.memory.accounts.items():
            if opened.account.operator is None or opened.scheme not in schemes:
                continue
            known = account_words(opened.account)
            if all(any(_begins(word, each) for word in known) for each in others):
                found += [(word, opened.place, number) for word in known if _begins(word, longest)]
        numbers = dict.fromkeys(number for _, _, number in sorted(found)[: 10 * limit])
        accounts = (self.memory.accounts[number] for number in list(numbers)[:limit])
        return [(each.scheme, each.account) for each in accounts]

    def closed_years(self, scheme: str, years: Sequence[int]) -> list[int]:
        """Which of these years were closed for somebody, in order."""
        return [year for year in sorted(set(years)) if self._standing(scheme, year)]

    def tallies(self, scheme: str, year: int) -> list[Tally]:
        """A closed year summed up by status, as it stands now."""
        found: dict[str, Tally] = {}
        for each in self._standing(scheme, year):
            status = each.outcome.status
            _, count, verified, surrendered, missing = found.get(status, (status, 0, 0, 0, 0))
            found[status] = (
                status,
                count + 1,
                verified + (each.verified or 0),
                surrendered + each.surrendered,
                missing + each.outcome.missing,
            )
        return [found[status] for status in sorted(found)]

    def year_rows(
        self, scheme: str, year: int, *, status: str | None, sort: str, limit: int, skip: int
    ) -> list[YearRow]:
        """A page of how operators stand with a closed year."""
        rows = []
        for each in self._standing(scheme, year):
            if status in {None, each.outcome.status}:
                account = self.memory.accounts[each.account].account
                rows.append((
                    account.number,
                    account.operator or "",
                    account.name,
                    str(each.outcome.status),
                    each.verified,
                    each.surrendered,
                    each.outcome.missing,
                ))  # fmt: skip
        return sorted(rows, key=SORTS[sort])[skip : skip + limit]

    def given(
        self, account: str, kinds: Sequence[str], *, outgoing: bool
    ) -> dict[tuple[str, int], int]:
        """Units that transactions of these kinds gave an account or took from it, by their year."""
        found: dict[tuple[str, int], int] = {}
        for step in self.steps(account=account):
            who = step.source if outgoing else step.target
            if who == account and step.kind in kinds and step.year is not None:
                key = step.kind, step.year
                found[key] = found.get(key, 0) + step.units
        return {key: found[key] for key in sorted(found, key=lambda key: (key[1], key[0]))}

    def arrivals(
        self, account: str, *, before: tuple[int, int], limit: int
    ) -> list[tuple[int, Step]]:
        """What came into an account before a line of a transaction, the latest first."""
        lines = [
            (line, step)
            for number in self.memory.moves.get(account, [])
            for line, step in enumerate(self.memory.steps[number], 1)
            if step.target == account and (number, line) < before
        ]
        lines.sort(key=lambda each: (each[1].transaction, each[0]), reverse=True)
        return lines[:limit]

    def _standing(self, scheme: str, year: int) -> list[Closing]:
        """The last outcome of a year for each account, in the order in which they were opened."""
        last = {each.account: each for each in self.closings(scheme, [year])}
        return sorted(last.values(), key=lambda each: self.memory.accounts[each.account].place)


def _begins(word: str, prefix: str) -> bool:
    return prefix <= word < prefix + LAST_LETTER

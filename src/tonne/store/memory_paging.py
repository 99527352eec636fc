"""What the books in memory tell page by page: the twin of ``paging``."""

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from tonne.ledger import Matter, Span, Step
from tonne.registry import HoldingAccount
from tonne.store.loaded import BLOCKS_SHOWN, Closing, Given, Spoken
from tonne.store.recall import Recall


class MemoryPaging(Recall):
    """Questions that are answered a page at a time."""

    def accounts_page(
        self,
        scheme: str,
        *,
        operated: bool = False,
        registry: str | None = None,
        after: str | None = None,
        limit: int,
    ) -> list[HoldingAccount]:
        """Accounts of a scheme in the order in which they were opened, after one of them."""
        place = self._opened_at(after)
        found = (
            each.account
            for each in self.memory.accounts.values()
            if each.scheme == scheme and each.place > place
        )
        fitting = (
            each
            for each in found
            if (each.operator is not None or not operated) and registry in {None, each.registry}
        )
        return list(islice(fitting, limit))

    def kept_by(self, numbers: Sequence[str]) -> dict[str, tuple[str, HoldingAccount]]:
        """The accounts with these numbers that there are, each with its scheme."""
        known = self.memory.accounts
        return {
            number: (known[number].scheme, known[number].account)
            for number in numbers
            if number in known
        }

    def unverified(
        self, scheme: str, year: int, *, skip: int = 0, limit: int | None = None
    ) -> list[tuple[HoldingAccount, bool]]:
        """Operators' accounts without a figure of a year, and whether anything was reported."""
        named = {number for number, _ in self.figures(scheme, [year])}
        named |= {number for number, _ in self.exclusions(scheme, [year])}
        reported = {number for number, _ in self.reports(scheme, [year])}
        found = [
            (each.account, number in reported)
            for number, each in self.memory.accounts.items()
            if each.scheme == scheme
            and each.account.operator is not None
            and each.account.status != "closed"
            and each.account.opened.year <= year
            and number not in named
        ]
        return found[skip : None if limit is None else skip + limit]

    def count_unverified(self, scheme: str, year: int) -> int:
        """How many these are."""
        return len(self.unverified(scheme, year))

    def closings_page(
        self, scheme: str, year: int, *, after: str | None = None, limit: int
    ) -> list[tuple[Closing, str]]:
        """The outcome of a year that stands for each account, with the account's name."""
        place, known = self._opened_at(after), self.memory.accounts
        last = {each.account: each for each in self.closings(scheme, [year])}
        order = sorted(last, key=lambda number: known[number].place)
        found = (
            (last[number], known[number].account.name)
            for number in order
            if known[number].place > place
        )
        return list(islice(found, limit))

    def given_page(
        self, schemes: Sequence[str], *, before: int | None = None, limit: int
    ) -> list[Given]:
        """What was given up for somebody in these schemes, the newest first, before a number."""
        memory = self.memory
        found = (
            self._given(number)
            for number in sorted(memory.dedications, reverse=True)
            if memory.entries[number].stamp.scheme in schemes
            and memory.steps.get(number)
            and (before is None or number < before)
        )
        return list(islice(found, limit))

    def steps_page(
        self,
        account: str,
        *,
        after: int = 0,
        before: int | None = None,
        newest: bool = False,
        made: Span | None = None,
        limit: int,
    ) -> list[Step]:
        """What moved something of an account: so many transactions between two, whole.

        The oldest come first, or the newest; of each, the movements in their order.
        """
        numbers = sorted(
            (
                each
                for each in self.memory.moves.get(account, [])
                if each > after
                and (before is None or each < before)
                and self._made_then(each, made)
            ),
            reverse=newest,
        )
        return [
            step
            for number in numbers[:limit]
            for step in self.memory.steps[number]
            if account in {step.source, step.target}
        ]

    def words_page(
        self,
        topic: str,
        subject: str,
        *,
        after: int = 0,
        before: int | None = None,
        newest: bool = False,
        limit: int,
    ) -> list[Spoken]:
        """What was said about a subject between two numbers, the oldest or the newest first."""
        words = self.memory.words
        found = (
            each
            for each in (reversed(words) if newest else words)
            if (each.word.topic, each.word.subject) == (topic, subject)
            and each.number > after
            and (before is None or each.number < before)
        )
        return list(islice(found, limit))

    def last_matters(self, topic: str, state: str, *, limit: int) -> list[Matter]:
        """The last so many subjects of a topic that stand so, in the order of their first words."""
        found = [
            each
            for each in self.memory.matters.values()
            if (each.topic, each.state) == (topic, state)
        ]
        return sorted(found, key=lambda each: each.number)[-limit:]

    def subjects_page(self, topic: str, begin: str, *, after: str = "", limit: int) -> list[str]:
        """The subjects of a topic that begin so, by name, after one of them."""
        said = {each.word.subject for each in self.memory.words if each.word.topic == topic}
        found = (each for each in sorted(said) if each.startswith(begin) and each > after)
        return list(islice(found, limit))

    def latest_word(self) -> tuple[int, int, int]:
        """The last number of a word; one operation runs at a time, so all before it is over."""
        return len(self.memory.words), 0, 0

    def latest_moment(self) -> datetime | None:
        """When the last entry of the journal was made."""
        entries = self.memory.entries
        return entries[max(entries)].stamp.at if entries else None

    def states_page(
        self,
        topic: str,
        *,
        accounts: Sequence[str] | None,
        about: str,
        after: int,
        upto: int,
        newest: bool = False,
        made: Span | None = None,
        limit: int,
    ) -> list[Spoken]:
        """What became of the subjects of a topic, of all or of those of accounts or a person."""
        memory = self.memory

        def concerns(subject: str) -> bool:
            matter = memory.matters[topic, subject]
            return accounts is None or matter.account in accounts or matter.about == about

        found = (
            each
            for each in memory.words[after:upto][:: -1 if newest else 1]
            if each.word.topic == topic
            and each.word.state
            and concerns(each.word.subject)
            and self._made_then(each.entry, made)
        )
        return list(islice(found, limit))

    def own_trades_page(
        self,
        begin: str,
        accounts: Sequence[str],
        *,
        after: int,
        upto: int,
        newest: bool = False,
        made: Span | None = None,
        limit: int,
    ) -> list[Spoken]:
        """The trades between two numbers in which one of these accounts has a side."""

        def is_own(body: str) -> bool:
            traded = json.loads(body)["traded"]
            own = not {traded["buyer"], traded["seller"]}.isdisjoint(accounts)
            at = datetime.fromisoformat(traded["at"])
            return own and (made is None or made[0] <= at < made[1])

        found = (
            each
            for each in self.memory.words[after:upto][:: -1 if newest else 1]
            if each.word.topic == "trade"
            and each.word.subject.startswith(begin)
            and is_own(each.word.body)
        )
        return list(islice(found, limit))

    def _made_then(self, entry: int, made: Span | None) -> bool:
        return made is None or made[0] <= self.memory.entries[entry].stamp.at < made[1]

    def _opened_at(self, number: str | None) -> int:
        opened = self.memory.accounts.get(number or "")
        return -1 if opened is None else opened.place

    def _given(self, number: int) -> Given:
        memory = self.memory
        entry, steps = memory.entries[number], memory.steps[number]
        return Given(
            number=number,
            scheme=entry.stamp.scheme,
            kind=entry.kind,
            day=entry.stamp.day,
            at=entry.stamp.at,
            dedication=memory.dedications[number],
            asset=min(step.asset for step in steps),
            count=sum(step.units for step in steps),
            blocks=tuple(
                (step.series, step.first, step.last)
                for step in steps[:BLOCKS_SHOWN]
                if step.series is not None
            ),
            reversed_by=memory.reversals.get(number),
        )

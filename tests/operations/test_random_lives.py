"""Whatever people do in whatever order, no unit is made, lost, or in two places."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from land import Land
from tonne import operations, supply
from tonne.compliance import Outcome
from tonne.operations import Answer, Books, Receipt
from tonne.quantity import Tonnes
from tonne.refusal import Refused
from tonne.store import MemoryStore, PostgresStore

T = TypeVar("T")
Choose = Callable[[Sequence[Any]], Any]
Told = list[list[int]] | dict[str, tuple[str, int, str, int]]
Effect = tuple[str, str, str, int]
"""From which account to which, of which unit, how many."""

DAYS = (
    "2025-03-01", "2025-09-01", "2026-01-10", "2026-04-15", "2026-05-01", "2027-04-15",
    "2027-05-01", "2028-01-10", "2028-05-01",
)  # fmt: skip
HOLDERS = ("steel", "kiln", "ana")
OPERATORS = ("steel", "kiln")
VERBS = ("transfer", "transfer", "transfer", "surrender", "surrender", "surrender", "allocate",
         "issue", "reverse", "reverse", "emit", "emit", "correct", "change", "close", "end",
         "wait", "wait")  # fmt: skip


class Deed(NamedTuple):
    """Something that somebody tries to do; not everything is allowed."""

    verb: str
    key: str
    name: str
    other: str
    year: int
    units: int
    first: int
    place: int


def a_deed(choose: Choose) -> Deed:
    """Any deed, sensible or not; a key is used again now and then."""
    return Deed(
        verb=choose(VERBS),
        key=f"deed {choose(range(60))}",
        name=choose(OPERATORS),
        other=choose(HOLDERS),
        year=choose((2025, 2025, 2026, 2027)),
        units=choose((1, 2, 5, 10, 20, 40, 60, 900)),
        first=choose((0, 0, 0, 1, 21, 61, 100)),
        place=choose(range(20)),
    )


@dataclass
class Life:
    """A land, and beside it a count of its own of who should hold what."""

    land: Land
    day: int = 0
    done: list[Receipt] = field(default_factory=list)
    effects: dict[int, list[Effect]] = field(default_factory=dict)
    held: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.land.settle()
        given = {"authority": 890, "steel": 60, "kiln": 50}
        self.held.update({(name, "EXA-1"): count for name, count in given.items()})

    def live(self, deed: Deed) -> Told:
        """Try a deed; the numbers of the refusals, or what a closing said."""
        try:
            return getattr(self, deed.verb)(deed)  # type: ignore[no-any-return]
        except Refused as no:
            return [[each.number for each in no.refusals]]

    def transfer(self, deed: Deed) -> Told:
        numbers = (deed.first, deed.first + deed.units - 1) if deed.first else None
        source = deed.name if deed.place else "authority"
        target = "ana" if deed.other == source and deed.place > 1 else deed.other
        order = self.land.order(source, target, deed.units, numbers=numbers, key=deed.key)
        (answer,) = self.land.transfer(order, on=DAYS[self.day], by="administrator")
        return self._tell([(answer, [(source, target, "EXA-1", deed.units)])])

    def surrender(self, deed: Deed) -> Told:
        named = deed.first and deed.place < 5
        answer = self.land.surrender(
            deed.name,
            deed.units,
            year=deed.year,
            on=DAYS[self.day],
            key=deed.key,
            numbers=(deed.first, deed.first + deed.units - 1) if named else None,
        )
        return self._tell([(answer, [(deed.name, "surrendered", "EXA-1", deed.units)])])

    def allocate(self, deed: Deed) -> Told:
        table = {"STEEL": deed.units, "KILN": deed.place}
        receipts = self.land.allocate(table, year=deed.year, on=DAYS[self.day], key=deed.key)
        counts = [("steel", deed.units), ("kiln", deed.place)]
        effects = [[("authority", name, "EXA-1", count)] for name, count in counts if count]
        return self._tell(list(zip(receipts, effects, strict=True)))

    def issue(self, deed: Deed) -> Told:
        count = deed.units * 100
        receipt = self.land.do(
            operations.issue,
            year=deed.year,
            unit="EXA-1",
            count=count,
            key=deed.key,
            on=DAYS[self.day],
        )
        return self._tell([(receipt, [("issuance", "authority", "EXA-1", count)])])

    def reverse(self, deed: Deed) -> Told:
        if not self.done:
            return []
        number = self.done[deed.place % len(self.done)].number
        receipt = self.land.do(
            operations.reverse, number, key=deed.key, on=DAYS[self.day], by="administrator"
        )
        back = [(there, here, unit, count) for here, there, unit, count in self.effects[number]]
        return self._tell([(receipt, back)])

    def emit(self, deed: Deed) -> Told:
        self.land.emit(deed.name, 50 + deed.units, year=deed.year, on=DAYS[self.day])
        return []

    def correct(self, deed: Deed) -> Told:
        self.land.do(
            operations.correct,
            operator=deed.name.upper(),
            year=deed.year,
            tonnes=Tonnes(Decimal(deed.units)),
            note=f"meter {deed.place}",
            key=deed.key,
            on=DAYS[self.day],
        )
        return []

    def change(self, deed: Deed) -> Told:
        verbs = ("suspend", "restore", "restrict", "restore", "close")
        self.land.do(
            operations.change_account,
            self.land.number(deed.other),
            verbs[deed.place % 5],
            reason="as told",
            key=deed.key,
            on=DAYS[self.day],
            by="administrator",
        )
        return []

    def close(self, deed: Deed) -> Told:
        outcomes = self.land.close(deed.year, on=DAYS[self.day], key=deed.key)
        return {name: _said(outcome) for name, outcome in outcomes.items()}

    def end(self, deed: Deed) -> Told:
        before = dict(self.held)
        answers = self.land.do(operations.end_periods, key=deed.key, on=DAYS[self.day])
        names = {number: name for name, number in self.land.accounts.items()}
        told: list[tuple[Answer, list[Effect]]] = []
        for answer in answers:
            effects: list[Effect] = []
            if isinstance(answer, Receipt):
                name = names[answer.key.rpartition("/")[2]]
                effects = [(name, "cancelled", "EXA-1", before.get((name, "EXA-1"), 0))]
            told.append((answer, effects))
        return self._tell(told)

    def wait(self, deed: Deed) -> Told:
        del deed
        self.day = min(self.day + 1, len(DAYS) - 1)
        return []

    def _tell(self, answers: Sequence[tuple[Answer, list[Effect]]]) -> Told:
        for answer, effects in answers:
            if isinstance(answer, Receipt) and not answer.repeated:
                self.done.append(answer)
                self.effects[answer.number] = effects
                for source, target, unit, count in effects:
                    if source != "issuance":
                        self.held[source, unit] -= count
                    self.held[target, unit] += count
        return [
            [] if isinstance(answer, Receipt) else [each.number for each in answer]
            for answer, _ in answers
        ]

    def holdings(self) -> dict[tuple[str, str], int]:
        """Who holds what, as the books say."""
        names = {number: name for name, number in self.land.accounts.items()}
        balances = self.land.run(lambda books: books.balances("example"))
        return {(names[number], unit): count for (number, unit), count in balances.items()}


def _issued(books: Books, year: int) -> int:
    return books.moved("issue", "EXA-1", year=year)


def _said(outcome: Outcome) -> tuple[str, int, str, int]:
    return outcome.status, outcome.missing, str(outcome.penalty), outcome.carried


class AnyLife(RuleBasedStateMachine):
    """Lives of the example scheme, one deed after another."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life(Land(MemoryStore()))
        self.before: dict[tuple[str, str], int] = {}

    @rule(data=st.data())
    def something_is_done(self, data: st.DataObject) -> None:
        self.before = self.life.holdings()
        told = self.life.live(a_deed(lambda options: data.draw(st.sampled_from(options))))
        if isinstance(told, list) and told and all(told):
            assert self.life.holdings() == self.before, "what is refused moves nothing"

    @invariant()
    def everybody_holds_what_came_less_what_went(self) -> None:
        expected = {key: count for key, count in self.life.held.items() if count}
        assert self.life.holdings() == expected
        assert all(count > 0 for count in expected.values())

    @invariant()
    def what_is_issued_is_held_by_somebody_and_within_the_cap(self) -> None:
        self.life.land.stands()
        for year in (2025, 2026, 2027):
            issued = self.life.land.run(partial(_issued, year=year))
            assert issued <= supply.cap(year, self.life.land.scheme.supply).amount

    @invariant()
    def what_lies_surrendered_is_what_was_surrendered_for_some_year(self) -> None:
        land = self.life.land
        given = land.run(
            lambda books: operations.surrendered(books, land.scheme, (2025, 2026, 2027))
        )
        assert sum(given.values()) == land.held("surrendered")
        assert all(count >= 0 for count in given.values())

    @invariant()
    def every_number_that_was_issued_knows_whence_it_came(self) -> None:
        told = self.life.land.run(lambda books: operations.history(books, "EX-1-61"))
        assert told.steps[0].kind == "issue"
        assert told.steps[-1].target == told.holder
        assert all(
            here.target == there.source
            for here, there in zip(told.steps, told.steps[1:], strict=False)
        )


AnyLife.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
test_no_unit_is_made_or_lost_whatever_is_done = AnyLife.TestCase


def test_the_same_deeds_have_the_same_answers_in_both_stores(database: str) -> None:
    chance = random.Random(2005)  # noqa: S311  an order of deeds, no secret
    deeds = [a_deed(chance.choice) for _ in range(80)]
    with PostgresStore(database) as postgres:
        twins = Life(Land(MemoryStore())), Life(Land(postgres))
        told = [[life.live(deed) for deed in deeds] for life in twins]
        here, there = twins
        for deed, first, second in zip(deeds, *told, strict=True):
            assert first == second, deed
        assert here.holdings() == there.holdings()
        assert [here.land.blocks(name) for name in here.land.accounts] == [
            there.land.blocks(name) for name in there.land.accounts
        ]
        assert here.land.size() == there.land.size()
        here.land.stands()
        there.land.stands()
    # The deeds are worth comparing: many are done, many refused, for many reasons.
    refused = {number for each in told[0] if isinstance(each, list) for n in each for number in n}
    assert len(here.done) > 15
    assert len(refused) > 8
    assert date.fromisoformat(DAYS[here.day]) >= date(2026, 1, 1)

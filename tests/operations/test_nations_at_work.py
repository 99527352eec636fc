"""What holds whatever nations do with their units: none is made, none is lost, none forgotten."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from nations import World, amounts
from tonne import operations
from tonne.compliance import ReplacementDuty, StorageNotice
from tonne.ledger import kind_of
from tonne.operations import Books, Conversion, Receipt
from tonne.refusal import Refused
from tonne.store import MemoryStore

PARTIES = ("PL", "AT")
LCER = "lCER-1/2031-05-01"
DAY = date(2014, 6, 1)
KEPT = ("replaced_tcer", "replaced_lcer_reversal", "replaced_lcer_report")
ENDED = {
    "retire": "retired",
    "cancel_voluntarily": "cancelled",
    "cancel_net_source": "cancelled_net_source",
    "cancel_mandatory": "cancelled_mandatory",
    "replace_tcer": "replaced_tcer",
    "replace_lcer_expiry": "replaced_lcer_expiry",
    "replace_lcer_reversal": "replaced_lcer_reversal",
    "replace_lcer_report": "replaced_lcer_report",
}
"""The verbs that end units, and where they end."""

ENDS = {*ENDED.values()}


class NationsAtWork(RuleBasedStateMachine):
    """Whatever nations do with units, none is made and none is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(MemoryStore(), scheme=amounts(PL=200, AT=200))
        self.supply: Counter[str] = Counter()
        """Units of each kind that were issued, or became it, and became no other."""

        self.ended: Counter[str] = Counter()
        """Units in each kind of account out of which nothing comes."""

    @initialize()
    def settle(self) -> None:
        self.world.settle()
        for party in PARTIES:
            self.world.remove(party, 3, 100)

    @rule(party=st.sampled_from(PARTIES), count=st.integers(1, 50))
    def issue(self, party: str, count: int) -> None:
        if self.attempt(lambda: self.world.issue(f"AAU-1 {party}", count)):
            self.supply["AAU-1"] += count

    @rule(party=st.sampled_from(PARTIES), count=st.integers(1, 50))
    def remove(self, party: str, count: int) -> None:
        if self.attempt(lambda: self.world.issue(f"RMU-1 {party}/3", count)):
            self.supply["RMU-1"] += count

    @rule(count=st.integers(1, 50), unit=st.sampled_from(["CER-1", "tCER-1", LCER]))
    def credit(self, count: int, unit: str) -> None:
        if self.attempt(lambda: self.world.credit(count, unit=unit)):
            self.supply[unit.partition("/")[0]] += count

    @rule(party=st.sampled_from(PARTIES), count=st.integers(1, 60), data=st.data())
    def become(self, party: str, count: int, data: st.DataObject) -> None:
        unit = self.unit(party, data)
        order, kind = self.world.order(unit, count, party=party), kind_of(unit)
        if data.draw(st.booleans()):
            done = self.attempt(
                lambda: self.world.do(operations.convert, order, project=24, track=2)
            )
            becomes = f"ERU-{kind}"
        else:
            done = self.attempt(
                lambda: self.world.do(operations.carry_over, order, on="2015-11-19")
            )
            becomes = kind.replace("-1", "-2")
        if done:
            self.supply[kind] -= count
            self.supply[becomes] += count

    @rule(party=st.sampled_from(PARTIES), count=st.integers(1, 60), data=st.data())
    def give(self, party: str, count: int, data: st.DataObject) -> None:
        unit = self.unit(party, data)
        there = self.world.own["AT" if party == "PL" else "PL"]["party"]
        order = self.world.move(self.world.own[party]["party"], there, unit, count)
        self.world.do(operations.transfer, [order])

    @rule(party=st.sampled_from(PARTIES), tonnes=st.integers(0, 60))
    def review(self, party: str, tonnes: int) -> None:
        self.world.review(party, tonnes)

    @rule(
        party=st.sampled_from(PARTIES), verb=st.sampled_from([*ENDED]), count=st.integers(1, 60),
        data=st.data(),
    )  # fmt: skip
    def end(self, party: str, verb: str, count: int, data: st.DataObject) -> None:
        source = self.world.own[party]["party"]
        if isinstance(self.world.end(verb, source, self.unit(party, data), count), Receipt):
            self.ended[ENDED[verb]] += count

    @rule(count=st.integers(1, 60), party=st.sampled_from(PARTIES), data=st.data())
    def forward(self, count: int, party: str, data: st.DataObject) -> None:
        pending, target = self.world.own["CDM"]["pending"], self.world.own[party]["party"]
        unit = data.draw(st.sampled_from(self.units("CDM", "pending")))
        order = self.world.move(pending, target, unit, count)
        self.attempt(lambda: self.world.do(operations.forward, [order]))

    @rule(
        project=st.sampled_from(["BR-7", "MD-514"]),
        cause=st.sampled_from(["reversal", "report"]),
        free=st.integers(0, 10),
    )
    def notify(self, project: str, cause: Any, free: int) -> None:  # noqa: ANN401
        found = StorageNotice(cause=cause, project=project, day=DAY, reversed=free, outstanding=10)
        self.world.do(operations.notify, found, key=self.world.key())

    @rule(count=st.integers(1, 40), data=st.data())
    def change_expiry(self, count: int, data: st.DataObject) -> None:
        pending = self.world.own["CDM"]["pending"]
        unit = data.draw(st.sampled_from(self.units("CDM", "pending")))
        order = Conversion(key=self.world.key(), account=pending, unit=unit, count=count)
        later = date(2041, 5, 1)
        self.attempt(lambda: self.world.do(operations.change_expiry, order, expiry=later))

    @invariant()
    def of_each_kind_the_world_holds_what_was_issued_and_became(self) -> None:
        totals = self.world.store.run(lambda books: books.totals("kyoto_cp1"))
        supply = Counter[str]()
        for each in totals:
            # Where units lie now, cancelled and replaced ones too, is all there ever was of them.
            assert each.issued == sum(each.held.values()), each
            supply[kind_of(each.asset)] += each.issued
        assert +supply == +self.supply

    @invariant()
    def what_is_cancelled_retired_and_replaced_is_what_was_said(self) -> None:
        ended = Counter[str]()
        for each in self.world.store.run(lambda books: books.totals("kyoto_cp1")):
            ended.update({kind: units for kind, units in each.held.items() if kind in ENDS})
        assert +ended == +self.ended

    @invariant()
    def nothing_is_carried_over_that_may_not_be(self) -> None:
        second = {kind: units for kind, units in self.supply.items() if kind.endswith("-2")}
        assert not {*second} - {"AAU-2", "ERU-AAU-2", "CER-2"}
        # 2.5 % of 200 is 5, for each of two nations.
        assert second.get("ERU-AAU-2", 0) <= 10
        assert second.get("CER-2", 0) <= 10

    @invariant()
    def only_retired_temporary_units_make_duties(self) -> None:
        for party in (each for each in PARTIES if each in self.world.own):
            found = self.world.store.run(partial(self.duties, party))
            lying = Counter[str]()
            for kind in ("retired", *KEPT):
                for unit, units in self.world.held(party, kind).items():
                    lying[kind_of(unit)] += units
            owed = sum(each.owed for each in found)
            assert owed == lying["tCER-1"] + lying["lCER-1"]
            assert all(0 <= each.open <= each.owed for each in found)

    def duties(self, party: str, books: Books) -> tuple[ReplacementDuty, ...]:
        return operations.replacements(books, self.world.scheme, party, on=DAY)

    def teardown(self) -> None:
        assert self.world.store.run(lambda books: books.check()) == []

    def unit(self, party: str, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(self.units(party, "party")))

    def units(self, party: str, kind: str) -> list[str]:
        return sorted(self.world.held(party, kind)) or ["CER-1 BR-7"]

    def attempt(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except Refused:
            return False
        return True


NationsAtWork.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestWhateverNationsDo = NationsAtWork.TestCase

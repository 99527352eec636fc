"""What holds whatever nations do with their units: none is made, none is lost."""

from collections import Counter
from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from nations import World, amounts
from tonne import operations
from tonne.ledger import kind_of
from tonne.refusal import Refused
from tonne.store import MemoryStore


class NationsAtWork(RuleBasedStateMachine):
    """Issue, convert, transfer, retire, cancel, carry over: units are neither made nor lost."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(MemoryStore(), scheme=amounts(PL=200, AT=200))
        self.issued: Counter[str] = Counter()

    @initialize()
    def settle(self) -> None:
        self.world.settle()

    @rule(party=st.sampled_from(["PL", "AT"]), count=st.integers(1, 50))
    def issue(self, party: str, count: int) -> None:
        self.attempt(lambda: self.world.issue(f"AAU-1 {party}", count), count)

    @rule(count=st.integers(1, 50))
    def credit(self, count: int) -> None:
        self.attempt(lambda: self.world.credit(count), count)

    @rule(party=st.sampled_from(["PL", "AT"]), count=st.integers(1, 60), data=st.data())
    def become(self, party: str, count: int, data: st.DataObject) -> None:
        unit = self.unit(party, data)
        order = self.world.order(unit, count, party=party)
        if data.draw(st.booleans()):
            self.attempt(lambda: self.world.do(operations.convert, order, project=24, track=2), 0)
        else:
            self.attempt(lambda: self.world.do(operations.carry_over, order), 0)

    @rule(party=st.sampled_from(["PL", "AT"]), count=st.integers(1, 60), data=st.data())
    def give(self, party: str, count: int, data: st.DataObject) -> None:
        unit = self.unit(party, data)
        there = self.world.own["AT" if party == "PL" else "PL"]["party"]
        order = self.world.move(self.world.own[party]["party"], there, unit, count)
        self.world.do(operations.transfer, [order])

    @rule(
        party=st.sampled_from(["PL", "AT"]),
        verb=st.sampled_from(["retire", "cancel_voluntarily", "cancel_net_source"]),
        count=st.integers(1, 60),
        data=st.data(),
    )
    def end(self, party: str, verb: str, count: int, data: st.DataObject) -> None:
        self.world.end(verb, self.world.own[party]["party"], self.unit(party, data), count)

    @rule(count=st.integers(1, 60), party=st.sampled_from(["PL", "AT"]))
    def forward(self, count: int, party: str) -> None:
        pending, target = self.world.own["CDM"]["pending"], self.world.own[party]["party"]
        order = self.world.move(pending, target, "CER-1 BR-7", count)
        self.attempt(lambda: self.world.do(operations.forward, [order]), 0)

    @invariant()
    def the_world_holds_what_was_issued(self) -> None:
        totals = self.world.store.run(lambda books: books.totals("kyoto_cp1"))
        for each in totals:
            assert each.issued == sum(each.held.values()), each
        assert sum(each.issued for each in totals) == sum(self.issued.values())

    @invariant()
    def nothing_is_carried_over_that_may_not_be(self) -> None:
        if "AT" not in self.world.own:
            return
        second = Counter[str]()
        for each in self.world.store.run(lambda books: books.totals("kyoto_cp1")):
            second[kind_of(each.asset)] += each.issued
        assert second["RMU-2"] == second["ERU-RMU-2"] == second["tCER-2"] == 0
        # 2.5 % of 200 is 5, for each of two nations.
        assert second["ERU-AAU-2"] <= 10
        assert second["CER-2"] <= 10

    def teardown(self) -> None:
        assert self.world.store.run(lambda books: books.check()) == []

    def unit(self, party: str, data: st.DataObject) -> str:
        held = sorted(self.world.held(party)) or ["AAU-1 PL"]
        return data.draw(st.sampled_from(held))

    def attempt(self, act: Callable[[], object], count: int) -> None:
        try:
            act()
        except Refused:
            return
        self.issued["units"] += count


NationsAtWork.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestWhateverNationsDo = NationsAtWork.TestCase

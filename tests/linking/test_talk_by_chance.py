"""Two registries and a log, over wires that lose, repeat and delay, and sides that crash."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tonne.ledger import Block
from tonne.linking import State, is_whole
from wires import KEYS, Wires

SIDES = st.sampled_from(sorted(KEYS))
ISSUED = 60
IN_USE = {f"{code}-1" for code in KEYS}
"""Accounts whose units may still move."""


class Talk(RuleBasedStateMachine):
    """What people and chance may do, in any order."""

    @initialize()
    def begin(self) -> None:
        self.wires = Wires()
        for code in KEYS:
            self.wires.issue(code, 1, ISSUED)

    @rule(
        giver=SIDES,
        kind=st.sampled_from(["transfer", "transfer", "transfer", "convert", "cancel", "retire"]),
        first=st.integers(1, 200),
        count=st.integers(1, 12),
        good=st.integers(0, 4),
    )
    def propose(self, giver: str, kind: str, first: int, count: int, good: int) -> None:
        registry = self.wires.registries[giver]
        free = sorted(n for n, (_, account) in registry.books.items() if account in IN_USE)
        if not free:
            return
        series, start = free[first % len(free)]
        unit = registry.books[series, start][0]
        last = start
        while last + 1 < start + count and (series, last + 1) in free:
            if registry.books[series, last + 1] != (unit, registry.books[series, start][1]):
                break
            last += 1
        if kind == "convert" and not unit.startswith("AAU"):
            return
        other = next(code for code in KEYS if code != giver)
        taker = other if kind == "transfer" else giver
        end = {"cancel": "230", "retire": "300"}.get(kind, "1")
        registry.propose(
            kind,
            Block(series, start, last),
            taker=taker,
            target=f"{taker}-{end}" if good or kind != "transfer" else "XX-1",
            at=self.wires.now,
        )

    @rule(
        place=st.integers(0, 1000),
        fate=st.sampled_from(["heard", "heard", "heard", "answer lost", "crashed", "lost"]),
    )
    def carry(self, place: int, fate: str) -> None:
        waiting = self.wires.waiting()
        if waiting and fate != "lost":
            box, letter = waiting[place % len(waiting)]
            self.wires.carry(box, letter, crash=fate == "crashed", ack=fate == "heard")

    @rule(hours=st.sampled_from([1, 5, 30, 80]))
    def wait(self, hours: int) -> None:
        self.wires.wait(hours)

    @rule()
    def ask_for_holdings(self) -> None:
        for code in KEYS:
            self.wires.begin_round(code)

    @invariant()
    def no_number_is_in_two_places(self) -> None:
        if hasattr(self, "wires"):
            assert max(Counter(self.wires.places()).values()) == 1
            assert all(is_whole(line) for line in self.wires.log.lines.values())
            assert not any(each.differences for each in self.wires.registries.values())

    def teardown(self) -> None:
        if not hasattr(self, "wires"):
            return
        self.wires.settle()
        assert not list(self.wires.open())
        assert sorted(self.wires.places()) == [(c, n) for c in KEYS for n in range(1, ISSUED + 1)]
        agreed(self.wires)
        self.wires.reconcile()
        assert all(r.differences == () for r in self.wires.log.rounds.values())


def agreed(wires: Wires) -> None:
    """What was completed on one side was completed on all, and what was not, on none."""
    done = {each.id for each in wires.log.standings.values() if each.state is State.COMPLETED}
    for registry in wires.registries.values():
        for standing in registry.known.standings.values():
            assert (standing.state is State.COMPLETED) == (standing.id in done), standing
    for name in done:
        proposal = wires.log.standings[name].proposal
        assert proposal is not None
        for code in (proposal.giver, proposal.taker):
            assert wires.registries[code].known.standings[name].state is State.COMPLETED


TestTalk = Talk.TestCase
TestTalk.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)


def test_hundreds_of_transfers_over_bad_wires_end_well_by_seed() -> None:
    for seed in range(4):
        wires = Wires(seed=seed)
        chance = wires.chance
        for code in KEYS:
            wires.issue(code, 1, 200)
        for _ in range(150):
            giver, taker = chance.sample(sorted(KEYS), 2)
            registry = wires.registries[giver]
            free = [n for n, (_, account) in registry.books.items() if account != "aside"]
            if free:
                series, first = chance.choice(sorted(free))
                registry.propose(
                    "transfer",
                    Block(series, first, first),
                    taker=taker,
                    target=f"{taker}-1",
                    at=wires.now,
                )
            for _ in range(12):
                if waiting := wires.waiting():
                    box, letter = chance.choice(waiting)
                    wires.carry(box, letter, crash=chance.random() < 0.2, ack=chance.random() < 0.6)
            if chance.random() < 0.1:
                wires.wait(chance.choice([1, 10, 30]))
        wires.settle()
        agreed(wires)
        assert sorted(wires.places()) == [(c, n) for c in sorted(KEYS) for n in range(1, 201)]
        wires.reconcile()
        assert all(each.differences == () for each in wires.log.rounds.values())
        states = Counter(each.state for each in wires.log.standings.values())
        assert states[State.COMPLETED] > 50, states

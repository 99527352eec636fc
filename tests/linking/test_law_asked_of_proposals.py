"""A nation that proposes is asked by the law between nations what is asked where it acts alone."""

from typing import Any

import pytest

from changed import replace
from land import with_law
from linked import LOG, LOG_KEY, NOW, desk_of
from nations import AAU, ERU, World, amounts, kyoto
from tonne import operations
from tonne.linking import Link
from tonne.operations import Exchange
from tonne.refusal import Refused
from tonne.rulebook import Dated
from tonne.store import MemoryStore

AFTER = "2015-11-19"
"""The day after the additional period of the first."""


@pytest.fixture
def warsaw() -> World:
    """Warsaw's books, linked with a log; 2.5 % of its assigned amount are 25 units."""
    rules = amounts(PL=1000).nations
    (clause,) = rules.annex_b.clauses
    rows = tuple(
        replace(each, base_tonnes=1000) if each.party == "PL" else each for each in clause.value
    )
    table = Dated([replace(clause, value=rows)])
    law = with_law(kyoto(), "nations.toml", replace(rules, annex_b=table))
    world = World(MemoryStore(), scheme=law).settle()
    world.issue(AAU, 1000)
    world.convert(100)
    unit = world.credit(100, unit="tCER-1").unit
    forwarded = world.move(world.own["CDM"]["pending"], world.own["PL"]["party"], unit, 98)
    world.do(operations.forward, [forwarded])
    asked = Link("PL", LOG, "http://127.0.0.1:1", LOG_KEY.public())
    desk = desk_of(NOW)
    world.store.run(
        lambda books: operations.link_registry(books, world.scheme, asked, key="link", desk=desk)
    )
    return world


def propose(world: World, kind: str, unit: str, count: int, **more: Any) -> None:  # noqa: ANN401
    """Propose something about units of Warsaw's own account."""
    own = world.own["PL"]
    day = {"on": more.pop("on")} if "on" in more else {}
    asked = Exchange(
        key=world.key(),
        kind=kind,
        verb=kind,
        source=own["party"],
        target=own[more.pop("target", "party")],
        unit=unit,
        count=count,
        **more,
    )
    world.do(operations.propose, asked, **day)


def refused(world: World, *words: Any, **more: Any) -> set[int]:  # noqa: ANN401
    """Why something is not proposed."""
    with pytest.raises(Refused) as no:
        propose(world, *words, **more)
    return {each.number for each in no.value.refusals}


def test_no_more_is_proposed_to_be_carried_over_than_the_share(warsaw: World) -> None:
    words: dict[str, Any] = {"becomes": "ERU-AAU-2 PL-24/2:1", "on": AFTER}
    assert refused(warsaw, "carry_over", ERU, 26, **words) == {6131}
    propose(warsaw, "carry_over", ERU, 20, **words)
    assert refused(warsaw, "carry_over", ERU, 6, **words) == {6131}, "20 are under way"
    propose(warsaw, "carry_over", ERU, 5, **words)


def test_units_become_nothing_else_than_the_change_is_about(warsaw: World) -> None:
    for kind, unit, becomes, on in (
        ("carry_over", ERU, "ERU-AAU-2 PL-25/2:1", AFTER),
        ("carry_over", ERU, "AAU-2 PL:1", AFTER),
        ("convert", AAU, "ERU-RMU-1 PL-24/2", "2014-06-01"),
    ):
        assert 7539 in refused(warsaw, kind, unit, 10, becomes=becomes, on=on), becomes
    propose(warsaw, "convert", AAU, 10, becomes=ERU)


def test_of_forestry_projects_no_more_is_proposed_to_be_retired_than_the_limit(
    warsaw: World,
) -> None:
    # 1 % of the 1,000 t of the base year, times five: 50.
    unit = "tCER-1 BR-7/2020-12-31"
    assert refused(warsaw, "retire", unit, 51, target="retired") == {6112}
    propose(warsaw, "retire", unit, 30, target="retired")
    assert refused(warsaw, "retire", unit, 21, target="retired") == {6112}, "30 are under way"
    propose(warsaw, "retire", unit, 20, target="retired")
    late = refused(warsaw, "retire", AAU, 10, target="retired", on=AFTER)
    assert late == {3102, 6110}

"""What is delivered under a contract for a project's units is that project's, and was issued."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bargains import ON, Bargain
from changed import replace
from land import Land, desk, example, numbers, with_law
from tonne import operations
from tonne.market import Due
from tonne.operations import CreditIssue, Scheme, forwards, load_scheme, scheme_folder
from tonne.registry import UnitKind
from tonne.rulebook import Dated
from world import Store

WIND, SUN = "EXC-1 BR-7", "EXC-1 BR-8"
EARLY = "2025-09-01"


def with_credits() -> Scheme:
    """The Example Act, under which projects abroad are issued credits as well."""
    rules, scheme = example().registry, example()
    kind = UnitKind(
        code="EXC-1", name="Credit", mass="t", period="1", type_number=5,
        origin=("party", "project"),
    )  # fmt: skip
    more: dict[str, Callable[[Any], Any]] = {
        "units": lambda value: (*value, kind),
        "accounts": lambda value: tuple(
            replace(each, holds=(*each.holds, "EXC-1")) if "EXA-1" in each.holds else each
            for each in value
        ),
        "transactions": lambda value: (
            *(
                replace(each, units=(*each.units, "EXC-1"))
                if each.verb in {"transfer", "trade"}
                else each
                for each in value
            ),
            *(
                replace(each, units=("EXC-1",), against="certified")
                for each in value
                if each.verb == "issue"
            ),
        ),
    }
    changed = {
        name: Dated([replace(each, value=add(each.value)) for each in getattr(rules, name).clauses])
        for name, add in more.items()
    }
    scheme = with_law(scheme, "scheme.toml", replace(rules, **changed))
    hosts = load_scheme(scheme_folder("kyoto_cp1")).laws["credits.toml"]
    return with_law(scheme, "credits.toml", hosts)


@pytest.fixture
def bargain(store: Store) -> Bargain:
    """The wind project was issued 30 credits and the sun 50; the kiln has them all."""
    land = Land(store, scheme=with_credits()).settle()
    made = Bargain(land)
    made.bring("steel", "1000.00")
    orders = [
        CreditIssue(key=unit, unit=unit, count=count) for unit, count in ((WIND, 30), (SUN, 50))
    ]
    for answer in land.do(operations.issue_credits, orders, on="2025-05-01"):
        assert numbers(answer) == []
    moved = [
        land.order("authority", "kiln", count, unit=unit) for unit, count in ((WIND, 30), (SUN, 50))
    ]
    for answer in land.transfer(*moved, on="2025-05-02", by="authority"):
        assert numbers(answer) == []
    return made


def signed(bargain: Bargain, name: str, count: int, unit: str = WIND, **more: object) -> None:
    schedule = (Due(on=date(2025, 9, 1), count=count),)
    terms = {"project": "BR-7", "risk": "project", "upfront": None} | more
    bargain.sign(bargain.contract(id=name, unit=unit, schedule=schedule, **terms))


def share(bargain: Bargain, count: int, project: str = "BR-7") -> dict[str, int]:
    land = bargain.land
    paid = land.run(
        lambda books: forwards.deliver_issuance(
            books, land.scheme, project=project, seller=land.number("kiln"), count=count,
            by="pro_rata", key=land.key(), desk=desk(EARLY),
        )
    )  # fmt: skip
    return {name: each.value.minor for name, each in paid.items()}


# 30 were issued, 20 and 40 are wanted: 10 and 20.
def test_no_more_is_shared_out_than_the_project_was_issued(bargain: Bargain) -> None:
    signed(bargain, "A", 20)
    signed(bargain, "B", 40)
    assert numbers(lambda: share(bargain, 31)) == [8864]
    assert bargain.land.held("steel", WIND) == 0
    assert share(bargain, 24) == {"A": 6_400, "B": 12_800}
    assert numbers(lambda: share(bargain, 7)) == [8864]
    assert share(bargain, 6) == {"A": 1_600, "B": 3_200}
    assert numbers(lambda: share(bargain, 1)) == [8864]
    assert (bargain.land.held("steel", WIND), bargain.land.held("kiln", WIND)) == (30, 0)
    bargain.is_whole()


def test_a_contract_for_a_project_is_for_units_of_that_project(bargain: Bargain) -> None:
    assert numbers(lambda: signed(bargain, "A", 20, SUN)) == [8863]
    signed(bargain, "A", 20)
    assert numbers(lambda: share(bargain, 1, project="BR-8")) == [8839]


def test_units_say_their_project_at_every_delivery(bargain: Bargain) -> None:
    signed(bargain, "A", 40)
    deliver = bargain.forward
    assert numbers(lambda: deliver("deliver", "A", on=EARLY, count=5, project="BR-8")) == [8863]
    assert numbers(lambda: deliver("deliver", "A", on=EARLY, count=5, unit=SUN)) == [8462]
    assert numbers(lambda: deliver("deliver", "A", on=EARLY, count=31)) == [3005]
    deliver("deliver", "A", on=EARLY, count=5)
    assert bargain.land.held("steel", WIND) == 5
    # What came before counts, whoever asks: 25 are left of 30.
    assert numbers(lambda: share(bargain, 26)) == [8864]
    assert share(bargain, 25) == {"A": 20_000}
    bargain.is_whole()


def test_units_that_say_no_project_are_what_the_parties_say(bargain: Bargain) -> None:
    signed(bargain, "A", 20, "EXA-1", project="wind")
    assert share(bargain, 20, project="wind") == {"A": 16_000}
    assert bargain.land.held("steel") == 80
    assert numbers(lambda: bargain.forward("deliver", "A", on=ON, count=1)) != []


# The steelworks sells on what it was delivered: that is no second issuance of the wind project.
def test_what_is_sold_on_is_not_taken_from_what_the_first_seller_may_share_out(
    bargain: Bargain,
) -> None:
    land = bargain.land
    bargain.bring("ana", "1000.00")
    signed(bargain, "A", 30)
    terms = {"buyer": land.number("ana"), "seller": land.number("steel")}
    signed(bargain, "B", 20, **terms)
    assert share(bargain, 20) == {"A": 16_000}
    bargain.forward("deliver", "B", on=EARLY, count=20)
    assert land.held("ana", WIND) == 20
    assert share(bargain, 10) == {"A": 8_000}
    bargain.is_whole()

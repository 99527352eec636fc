"""Units of another scheme are surrendered: which count, at what rate, how many, and which not."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from changed import replace
from land import Land, accepted, desk, numbers, receipt, with_law
from tonne import operations
from tonne.compliance import SURRENDER_CHECKS
from tonne.ledger import Account, Asset, Block, Movement, Transaction
from tonne.linking import RECOGNITION_CHECKS, Base, Quota, Recognised
from tonne.operations import Opening, Scheme
from tonne.operations.scheme import LINKS
from tonne.registry import CHECKS
from tonne.rulebook import Clause, Dated
from tonne.store import MemoryStore
from tonne.supply import Allocation
from world import Store

CER, HFC = "CER-1 BR-2569", "CER-1 IN-1"
HALF, TENTH, TWENTIETH = Decimal("0.5"), Decimal("0.1"), Decimal("0.05")


@cache
def eu_ets() -> Scheme:
    """The law of the EU ETS, read once."""
    return operations.load_scheme(operations.scheme_folder("eu_ets"))


def settled(store: Store, scheme: Scheme) -> Land:
    """Two in Austria with 1,000 and 500 allowances of 2008, one in Malta; each with credits."""
    land = Land(store, scheme)
    land.accounts |= land.do(operations.found, on="2008-01-01", by="administrator")
    for place, (name, state) in enumerate((("mill", "AT"), ("works", "AT"), ("quarry", "MT")), 1):
        opening = Opening(
            kind="operator", name=name, registry=state, operator=name.upper(), identifier=place
        )
        account = land.do(
            operations.open_account, opening, key=f"open {name}", on="2008-01-01",
            by="administrator",
        )  # fmt: skip
        land.accounts[name] = account.number
    land.do(operations.issue, year=2008, unit="EUA-2", count=10_000, key="issue", on="2008-01-02")
    table = [
        Allocation(operator=name, year=2008, count=count)
        for name, count in (("MILL", 1_000), ("WORKS", 500), ("QUARRY", 10))
    ]
    land.do(operations.allocate, table, unit="EUA-2", key="allocate", on="2008-02-28")
    for place, name in enumerate(("mill", "works", "quarry")):
        receive(land, name, CER, 200, first=1 + 1_000 * place)
        land.emit(name, 900, year=2008)
    return land


def receive(land: Land, name: str, unit: str, count: int, *, first: int) -> None:
    """Credits come in from another registry."""
    party = unit.partition(" ")[2].partition("-")[0]
    asset = Asset(unit, party)
    movement = Movement(
        source=Account(land.number("elsewhere"), is_source=True),
        target=Account(land.number(name)),
        asset=asset,
        count=count,
        block=Block(party, first, first + count - 1),
    )
    transaction = Transaction(
        key=land.key(), kind="receive", movements=(movement,), because=("agreed",)
    )
    at = desk("2008-12-01", "administrator")
    day = land.scheme.on(at.day)
    land.run(lambda books: operations.add_assets(books, land.scheme, [asset], day=day))
    land.run(lambda books: operations.record_all(books, land.scheme, [transaction], desk=at))


def with_links(**changed: Any) -> Scheme:  # noqa: ANN401  rules of the shape
    """The EU's law, with other rules of links since 2008."""
    rules = {
        name: Dated([Clause(start=date(2005, 1, 1), value=value, reference="Imagined")])
        for name, value in changed.items()
    }
    return with_law(eu_ets(), LINKS, replace(eu_ets().links, **rules))


@pytest.fixture
def land(store: Store) -> Land:
    """The land in a store of each kind."""
    return settled(store, eu_ets())


def test_credits_count_for_a_tonne_each_up_to_the_states_share(land: Land) -> None:
    assert receipt(land.surrender("mill", 60, year=2008, unit=CER))
    assert numbers(land.surrender("mill", 41, year=2008, unit=CER)) == [7602]
    assert receipt(land.surrender("mill", 40, year=2008, unit=CER))
    assert numbers(land.surrender("mill", 1, year=2008, unit=CER)) == [7602]
    assert receipt(land.surrender("mill", 800, year=2008, unit="EUA-2"))
    assert land.close(2008)["mill"].missing == 0
    assert land.run(lambda books: books.check()) == []


def test_orders_of_one_request_are_counted_together(land: Land) -> None:
    orders = [land.duty("mill", 60, year=2008, unit=CER) for _ in range(2)]
    first, second = land.do(operations.surrender, orders, on="2009-04-15", by="operator")
    assert accepted([first])
    assert numbers(second) == [7602]


def test_an_order_that_is_sent_again_is_not_counted_again(land: Land) -> None:
    once = receipt(land.surrender("mill", 100, year=2008, unit=CER, key="once"))
    again = receipt(land.surrender("mill", 100, year=2008, unit=CER, key="once"))
    assert (again.number, again.repeated) == (once.number, True)


def test_what_was_taken_back_may_be_used_again(land: Land) -> None:
    used = receipt(land.surrender("mill", 100, year=2008, unit=CER))
    land.do(operations.reverse, used.number, key="back", on="2009-04-16", by="administrator")
    assert receipt(land.surrender("mill", 100, year=2008, unit=CER, on="2009-04-17"))


def test_a_state_of_which_the_law_says_nothing_uses_none(land: Land) -> None:
    assert numbers(land.surrender("quarry", 1, year=2008, unit=CER)) == [7603]


def test_credits_of_hfc_23_count_until_the_ban_and_not_after(land: Land) -> None:
    receive(land, "mill", HFC, 50, first=1)
    assert receipt(land.surrender("mill", 20, year=2008, unit=HFC))
    late = land.surrender("mill", 20, year=2008, unit=HFC, on="2013-05-01")
    assert 7601 in numbers(late)


def test_the_law_of_links_is_named_where_it_was_used(land: Land) -> None:
    number = receipt(land.surrender("mill", 10, year=2008, unit=CER)).number
    story = land.run(lambda books: books.story(number))
    assert story is not None
    assert any("Article 11a" in each for each in story.transaction.because)
    own = receipt(land.surrender("mill", 10, year=2008, unit="EUA-2")).number
    story = land.run(lambda books: books.story(own))
    assert story is not None
    assert not any("Article 11a" in each for each in story.transaction.because)


@pytest.mark.parametrize(
    ("unit", "own"),
    [("EUA-2", SURRENDER_CHECKS), (CER, (*SURRENDER_CHECKS, *RECOGNITION_CHECKS))],
)
def test_of_a_surrender_the_law_of_duties_is_listed_and_that_of_links_where_it_was_asked(
    land: Land, unit: str, own: tuple[tuple[int, str], ...]
) -> None:
    number = receipt(land.surrender("mill", 10, year=2008, unit=unit)).number
    story = land.run(lambda books: books.story(number))
    assert story is not None
    checks = land.run(lambda books: operations.checks_of(books, land.scheme, story))
    asked_of_all = [(each.number, each.sentence) for each in CHECKS]
    found = [(each.number, each.sentence) for each in checks]
    assert found == [*asked_of_all, (3005, "What is moved is held, free of promises"), *own]
    assert all(each.reference for each in checks)


def test_two_units_that_count_for_a_tonne_together_are_reckoned_by_whole_tonnes() -> None:
    half = with_links(
        recognised=(
            Recognised(unit="CER-1", scheme="kyoto_cp1", operators=("installation",), rate=HALF),
        ),
        quotas=(),
    )
    land = settled(MemoryStore(), half)
    assert numbers(land.surrender("mill", 1, year=2008, unit=CER)) == [6001]
    assert receipt(land.surrender("mill", 101, year=2008, unit=CER))
    assert receipt(land.surrender("mill", 849, year=2008, unit="EUA-2"))
    # 50 tonnes by credits and 849 by allowances, of 900.
    assert land.close(2008)["mill"].missing == 1


def test_a_quantity_of_a_state_is_shared_by_all_its_operators() -> None:
    # A tenth of 1,500 = 150 for both together; verified: 900 + 900, of which 5 per cent = 90.
    shares: tuple[tuple[Base, Decimal, int], ...] = (
        ("allocation", TENTH, 150), ("verified", TWENTIETH, 90)
    )  # fmt: skip
    for of, share, most in shares:
        quota = Quota(
            units=("CER-1",), per="state", share=share, of=of, first_year=2008, last_year=2012
        )
        land = settled(MemoryStore(), with_links(quotas=(quota,)))
        assert receipt(land.surrender("mill", most - 10, year=2008, unit=CER))
        assert numbers(land.surrender("works", 11, year=2008, unit=CER)) == [7602]
        assert receipt(land.surrender("works", 10, year=2008, unit=CER))


def test_a_quantity_of_the_period_is_everybodys() -> None:
    quota = Quota(units=("CER-1",), per="scheme", count=150, first_year=2008, last_year=2012)
    land = settled(MemoryStore(), with_links(quotas=(quota,)))
    assert receipt(land.surrender("mill", 100, year=2008, unit=CER))
    assert numbers(land.surrender("quarry", 51, year=2008, unit=CER)) == [7602]
    assert receipt(land.surrender("quarry", 50, year=2008, unit=CER))


def test_without_a_law_of_links_no_unit_of_another_scheme_counts() -> None:
    laws = {name: law for name, law in eu_ets().laws.items() if name != LINKS}
    land = settled(MemoryStore(), replace(eu_ets(), laws=laws))
    assert 6010 in numbers(land.surrender("mill", 10, year=2008, unit=CER))


@pytest.mark.parametrize(
    "wrong",
    [
        {"share": 1},
        {"count": 5, "share": 1, "of": "allocation"},
        {"share": -1, "of": "allocation"},
        {"count": 5, "first_year": 2013},
        {},
    ],
)
def test_a_quantity_is_a_share_of_something_or_a_count(wrong: dict[str, Any]) -> None:
    said = {"units": ("CER-1",), "per": "state", "first_year": 2008, "last_year": 2012, **wrong}
    with pytest.raises(ValueError, match=r"quota"):
        Quota(**said)


def test_from_2013_on_no_unit_of_another_scheme_is_surrendered() -> None:
    links = operations.load_scheme(operations.scheme_folder("eu_ets")).links
    for law in (links.recognised, links.quotas):
        assert law.on(date(2012, 12, 31)).value
        assert law.on(date(2013, 12, 31)).value == ()

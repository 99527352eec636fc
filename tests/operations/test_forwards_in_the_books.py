"""Sentences about purchase agreements that are lived through in the books."""

from datetime import date
from decimal import Decimal

import pytest

from bargains import ON, Bargain
from changed import replace
from land import Land, desk, numbers
from purse import EUR
from tonne.market import Due, FixedPrice, IndexedPrice, Outlook, Remedy
from tonne.operations import forwards
from tonne.quantity import Money

EARLY, LATE, LATER = "2025-09-01", "2025-12-01", "2025-12-20"


@pytest.fixture
def bargain(each_land: Land) -> Bargain:
    made = Bargain(each_land)
    made.bring("steel", "1000.00")
    return made


# 40 units at 8.00 are 320.00, of which 64.00 are upfront; 20 delivered are 160.00 and 32.00 tax,
# and recover 32.00; 10 are 80.00, 16.00 tax and 16.00 recovered. In all 320.00 and 64.00 tax, and
# a cent a unit from each side.
def test_a_purchase_agreement_is_lived_through_to_the_cent(bargain: Bargain) -> None:
    signed = bargain.sign()
    assert (signed.account.advance, bargain.has("steel"), bargain.has("kiln")) == (
        6_400, "936.00", "64.00",
    )  # fmt: skip
    stands, payment = bargain.forward("deliver", on=EARLY, count=20)
    assert (payment.value.minor, payment.recovered.minor) == (16_000, 3_200)
    assert (bargain.has("steel"), bargain.land.held("steel")) == ("775.80", 80)
    bargain.forward("deliver", on=LATE, count=10)
    stands = bargain.land.run(
        lambda books: forwards.the_forward(books, bargain.land.scheme, "ERPA-1")
    )
    assert (stands.owed(date(2025, 12, 1)), stands.left) == (10, 10)
    assert bargain.has("steel") == "695.70"
    cured, remedy = bargain.forward("remedy", on=LATE, spot=Decimal(900))
    assert (remedy.kind, remedy.missing, remedy.money.minor) == ("make_up", 10, 0)
    assert cured.due_next(date(2025, 12, 1)) == Due(on=date(2025, 12, 31), count=10)
    done, _ = bargain.forward("deliver", on=LATER, count=10)
    assert (done.left, done.account.unearned, done.account.cash) == (0, 0, 32_000)
    assert (bargain.has("steel"), bargain.has("kiln"), bargain.has("treasury")) == (
        "615.60", "383.60", "0.80",
    )  # fmt: skip
    assert (bargain.land.held("steel"), bargain.land.held("kiln")) == (100, 10)
    records = [each for _, each in bargain.land.run(lambda books: books.trades())]
    assert [(int(each.price), each.paid, each.advance) for each in records] == [
        (800, 16_000, 3_200), (800, 8_000, 1_600), (800, 8_000, 1_600),
    ]  # fmt: skip
    bargain.is_whole()


def test_a_contract_past_the_last_period_or_in_a_taken_name_is_refused(bargain: Bargain) -> None:
    late = bargain.contract(schedule=(Due(on=date(2031, 1, 1), count=1),))
    assert numbers(lambda: bargain.sign(late)) == [8450]
    bargain.sign()
    assert numbers(lambda: bargain.sign(replace(late, conditions=("rain",)))) == [8450, 8454, 8833]
    assert numbers(lambda: bargain.forward("deliver", "ERPA-9", on=EARLY, count=1)) == [8831]
    assert bargain.has("steel") == "936.00"
    bargain.is_whole()


def test_a_contract_is_between_accounts_that_can_trade_its_units(bargain: Bargain) -> None:
    other = bargain.contract(buyer="surrendered", unit="EXA-1")
    assert 2007 in numbers(lambda: bargain.sign(other))
    assert numbers(lambda: bargain.sign(bargain.contract(buyer="kiln"))) == [8405]
    assert numbers(lambda: bargain.sign(bargain.contract(unit="GAS"))) == [2006, 3006]


def test_an_advance_that_cannot_be_paid_signs_nothing(bargain: Bargain) -> None:
    large = bargain.contract(
        schedule=(Due(on=date(2026, 1, 1), count=1000),), price=FixedPrice(minor=Decimal(800))
    )
    assert numbers(lambda: bargain.sign(large)) == [3005]
    assert bargain.land.run(lambda books: forwards.forwards(books, bargain.land.scheme)) == ()


def test_nothing_is_delivered_before_its_conditions_are_met(bargain: Bargain) -> None:
    bargain.sign(bargain.contract(conditions=("registration",)))
    assert numbers(lambda: bargain.forward("deliver", on=EARLY, count=1)) == [8460]
    assert numbers(lambda: bargain.forward("meet", condition="issuance", on=EARLY)) == [8454]
    bargain.forward("meet", condition="registration", on=EARLY, key="m")
    bargain.forward("meet", condition="registration", on=EARLY, key="m")
    bargain.forward("deliver", on=EARLY, count=1)
    assert bargain.land.held("steel") == 61
    bargain.is_whole()


def test_what_cannot_be_delivered_moves_nothing(bargain: Bargain) -> None:
    bargain.sign(bargain.contract(schedule=(Due(on=date(2025, 9, 1), count=60),), upfront=None))
    assert numbers(lambda: bargain.forward("deliver", on=EARLY, count=61)) == [8461]
    assert numbers(lambda: bargain.forward("deliver", on=EARLY, count=51)) == [3005]
    assert numbers(lambda: bargain.forward("deliver", on=EARLY, count=1, unit="EXA-2")) == [8462]
    assert (bargain.land.held("steel"), bargain.has("steel")) == (60, "1000.00")
    bargain.forward("deliver", on=EARLY, count=2, key="d")
    bargain.forward("deliver", on=EARLY, count=2, key="d")
    assert bargain.land.held("steel") == 62
    assert numbers(lambda: bargain.forward("deliver", on=EARLY, count=3, key="d")) == [9001]


def test_a_price_that_follows_an_index_is_that_of_the_day(bargain: Bargain) -> None:
    price = IndexedPrice(index="spot", share=Decimal("0.8"), plus=Decimal(50))
    bargain.sign(bargain.contract(price=price, upfront=None))
    assert numbers(lambda: bargain.forward("deliver", on=EARLY, count=10)) == [8463]
    _, payment = bargain.forward("deliver", on=EARLY, count=10, index=Decimal(1000))
    assert payment.value == Money(8_500, EUR)
    assert bargain.has("steel") == "897.90"  # 85.00 and 17.00 tax and 0.10
    bargain.is_whole()


# An advance of 64.00 for 40 units; 10 came and recovered 16.00. Of 48.00 the interest of 91 days at
# 5 % is 0.598; so 48.60.
def test_an_advance_is_repaid_with_interest(bargain: Bargain) -> None:
    repaid = Remedy(kind="advance_repaid", trigger=Decimal(1), days=10)
    bargain.sign(bargain.contract(remedy=repaid))
    bargain.forward("deliver", on=EARLY, count=10)
    before = Decimal(bargain.has("steel"))
    assert before == Decimal("855.90")  # 1000 - 64 - (80 + 16 - 16) - 0.10
    stands, found = bargain.forward("remedy", on=EARLY, spot=Decimal(900), key="r")
    assert (found.money.minor, found.interest.minor) == (4_860, 60)
    assert bargain.has("steel") == "904.50"
    assert bargain.forward("remedy", on=EARLY, spot=Decimal(900), key="r") == (stands, found)
    assert (stands.left, stands.account.unearned) == (0, 0)
    assert numbers(lambda: bargain.forward("deliver", on=LATE, count=1)) == [8461]
    bargain.is_whole()


# 20 were due and none came: each costs 9.00 elsewhere, 1.00 more than agreed, and 0.50 beside it;
# and half of the advance of 64.00: 30.00 + 32.00.
def test_damages_are_what_others_cost_more_and_the_advance_on_them(bargain: Bargain) -> None:
    bargain.sign(
        bargain.contract(
            remedy=Remedy(kind="damages", trigger=Decimal(1), days=10, per_unit=Decimal(50))
        )
    )
    _, found = bargain.forward("remedy", on=EARLY, spot=Decimal(900))
    assert (found.money.minor, bargain.has("steel")) == (6_200, "998.00")
    assert numbers(lambda: bargain.forward("remedy", on=EARLY, spot=Decimal(900))) == [8465]
    stands, _ = bargain.forward("deliver", on=LATE, count=20)
    assert (stands.left, stands.account.unearned) == (0, 0)
    bargain.is_whole()


def test_units_of_another_kind_replace_those_that_are_missing(bargain: Bargain) -> None:
    remedy = Remedy(kind="replacement", trigger=Decimal(1), days=10, units=("EXA-1",))
    bargain.land.issue(50, year=2028, on="2028-01-02")
    bargain.sign(bargain.contract(unit="EXA-2", remedy=remedy, upfront=None), on="2028-01-03")
    _, found = bargain.forward("remedy", on="2028-01-04", spot=Decimal(900))
    assert (found.units, found.missing) == (("EXA-1",), 40)
    bargain.forward("deliver", on="2028-01-05", unit="EXA-1", count=40)
    assert bargain.land.held("steel") == 100
    bargain.is_whole()


def test_an_issuance_is_shared_out_among_the_contracts_of_its_project(bargain: Bargain) -> None:
    for name, count in (("A", 20), ("B", 40), ("C", 40)):
        contract = bargain.contract(
            id=name, risk="project", project="wind" if name != "C" else "sun", upfront=None,
            schedule=(Due(on=date(2025, 9, 1), count=count),),
        )  # fmt: skip
        bargain.sign(contract)

    def share(count: int, **more: object) -> dict[str, int]:
        seller, key = bargain.land.number("kiln"), bargain.land.key()
        scheme = bargain.land.scheme
        paid = bargain.land.run(
            lambda books: forwards.deliver_issuance(
                books, scheme, project="wind", seller=seller, count=count, key=key,
                desk=desk(EARLY), **more,  # type: ignore[arg-type]
            )
        )  # fmt: skip
        return {name: each.value.minor for name, each in paid.items()}

    # 21 of 20 and 40 wanted: 7 and 14; then 13 and 26 are left, and the first is served first.
    assert share(21, by="pro_rata") == {"A": 5_600, "B": 11_200}
    stands = bargain.land.run(lambda books: forwards.forwards(books, bargain.land.scheme))
    assert [(each.left, each.issued, each.owed(date(2025, 9, 1))) for each in stands] == [
        (13, 7, 0), (26, 14, 0), (40, None, 0),
    ]  # fmt: skip
    assert share(20) == {"A": 10_400, "B": 5_600}
    assert numbers(lambda: bargain.forward("deliver", "B", on=EARLY, count=1)) == [8462]
    assert share(9) == {"B": 7_200}
    bargain.is_whole()


def test_an_issuance_that_no_contract_wants_stays_where_it_is(bargain: Bargain) -> None:
    assert numbers(
        lambda: bargain.land.do(
            forwards.deliver_issuance, project="wind", seller=bargain.land.number("kiln"),
            count=1, key="k", on=ON,
        )
    ) == [8839]  # fmt: skip


# Policy question Q9: spot 20.00, a replacement for 25.00, delivered with probability 0.8: the fair
# price is (20 - 0.2 x 25) / 0.8 = 18.75. With certainty a unit at 8.00 gains 12.00.
def test_an_open_position_is_valued_against_the_spot_price(bargain: Bargain) -> None:
    q9 = Outlook(
        spot=Decimal(2000), replacement=Decimal(2500), delivery=Decimal("0.8"),
        rate=Decimal("0.08"), compounding="annual",
    )  # fmt: skip
    bargain.sign(bargain.contract(id="fair", price=FixedPrice(minor=Decimal(1875)), upfront=None))
    bargain.sign(bargain.contract(id="low", upfront=None))

    def worth(name: str, outlook: Outlook) -> int:
        found: Money = bargain.land.do(forwards.value, name, outlook, on=ON)[1]
        return found.minor

    assert worth("fair", q9) == 0
    certain = replace(q9, delivery=Decimal(1), rate=Decimal(0))
    assert worth("low", certain) == 40 * 1_200
    bargain.forward("deliver", "low", on=EARLY, count=30)
    assert worth("low", certain) == 10 * 1_200

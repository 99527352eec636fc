"""Governments that buy: a clock whose price falls, and a tender in two stages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonne.market import (
    ClockResult,
    ClockRound,
    ClockRule,
    ClockRules,
    Interest,
    PriceCeiling,
    Proposal,
    Tender,
    TenderRule,
    TenderRules,
    award,
    clock_result,
    clock_round,
    shortlist,
)
from tonne.quantity import Currency, Money
from tonne.refusal import Refused
from tonne.rulebook import Clause, load

# The United Kingdom, 11 and 12 March 2002: GBP 215 million. The price of 53.37, the 4,028,176 t and
# the path by fifths are from memory; the tonnes of the bidders are made.
PATH = tuple(map(Decimal, ("0.2", "0.4", "0.6", "0.8", "1")))
CLOCK = Clause(
    start=date(2002, 3, 8),
    value=ClockRule(currency="GBP", tick=Decimal("0.01"), budget=Decimal(215_000_000), path=PATH),
    reference="Example Scheme 2002, part C",
)
FIRMS = {"A", "B", "C"}


def called(price: str, *counts: int) -> ClockRound:
    """A price, and what the firms offer at it."""
    return ClockRound(price=Decimal(price), bids=dict(zip("ABC", counts, strict=False)))


HISTORY = [
    called("100.00", 3_000_000, 1_500_000, 900_000),
    called("70.00", 2_800_000, 1_300_000, 400_000),
    called("53.38", 2_700_000, 1_300_000, 28_176),
    called("53.37", 2_700_000, 1_300_000, 28_176),
]


def result(rounds: list[ClockRound]) -> ClockResult:
    """What the rounds came to."""
    found = clock_result(rounds, CLOCK)
    assert found is not None
    return found


def test_the_clock_of_2002_stopped_at_53_37() -> None:
    # 53.38 x 4,028,176 = 215,024,034.88 is more than the budget, 53.37 is not.
    for place, each in enumerate(HISTORY):
        assert clock_round(each, HISTORY[:place], FIRMS, CLOCK) is each
    assert [clock_result(HISTORY[:n], CLOCK) for n in range(4)] == [None] * 4
    found = result(HISTORY)
    assert (found.price, found.count, found.rounds) == (Decimal("53.37"), 4_028_176, 4)
    assert str(found.cost) == "GBP 214,983,753.12"
    assert str(found.left) == "GBP 16,246.88"
    assert found.awards == {"A": 2_700_000, "B": 1_300_000, "C": 28_176}


def test_a_tonne_of_all_five_years_cost_17_79_in_2002() -> None:
    # The path comes to three times the last year: 12,084,528 t, at GBP 17.79 each.
    found = result(HISTORY)
    assert found.cumulative == 12_084_528
    assert str(found.per_tonne) == "GBP 17.79"


def test_the_targets_of_a_path_are_shares_of_the_reduction() -> None:
    # 0.79, 1.58, 2.38, 3.17 and 3.96 Mt were the targets after some firms had left: 20 to 100 %
    # of 3.96 Mt (Defra, December 2004: 11.88 Mt together).
    found = result([called("53.37", 2_700_000, 1_260_000)])
    assert [int(each) for each in found.targets] == [
        792_000, 1_584_000, 2_376_000, 3_168_000, 3_960_000,
    ]  # fmt: skip
    assert found.cumulative == 11_880_000


def test_the_clock_stops_where_all_of_the_budget_is_spent() -> None:
    assert result([called("100.00", 2_150_000)]).left.minor == 0
    assert clock_result([called("100.00", 2_150_001)], CLOCK) is None


def test_who_offers_nothing_at_the_end_gets_nothing() -> None:
    assert result([called("1.00", 5, 0)]).awards == {"A": 5}
    nothing = result([called("1.00", 0)])
    assert (nothing.cost.minor, nothing.per_tonne.minor) == (0, 0)


@pytest.mark.parametrize(
    ("last", "before", "sentence"),
    [
        (called("70.00", 1), HISTORY[:2], r"\[8250\] A price of 70.00 is called; the last was 70"),
        (called("0.00", 1), [], r"\[8250\] A price of 0.00 is called; none was called before"),
        (called("60.005", 1), HISTORY[:2], r"\[8251\] The price of 60.005 is not a multiple"),
        (
            ClockRound(price=Decimal(60), bids={"X": 0}),
            HISTORY[:2],
            r"\[8252\] X is not admitted to the auction",
        ),
        (
            called("60.00", 2_800_001),
            HISTORY[:2],
            r"\[8253\] A offers 2,800,001 tonnes at a lower price; it was 2,800,000",
        ),
        (called("60.00", -1), HISTORY[:2], r"\[8254\] A cannot offer -1 tonnes"),
        (called("50.00", 1), HISTORY, r"\[8255\] The clock stopped in round 4"),
    ],
)
def test_a_round_that_may_not_follow_is_refused(
    last: ClockRound, before: list[ClockRound], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        clock_round(last, before, FIRMS, CLOCK)
    assert len(refused.value.refusals) == 1


def test_who_has_left_the_clock_does_not_come_back() -> None:
    before = [called("90.00", 3_000_000, 0)]
    with pytest.raises(Refused, match=r"B offers 5 tonnes at a lower price; it was 0"):
        clock_round(called("80.00", 1, 5), before, FIRMS, CLOCK)
    with pytest.raises(Refused, match=r"C offers 5 tonnes at a lower price; it was 0"):
        clock_round(called("80.00", 1, 0, 5), before, FIRMS, CLOCK)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=3), st.integers(1, 10**5))
def test_what_the_clock_buys_never_costs_more_than_the_budget(
    counts: list[int], cents: int
) -> None:
    found = clock_result([called(f"{cents / 100:.2f}", *counts)], CLOCK)
    exact = Decimal(cents) / 100 * sum(counts)
    assert (found is None) == (exact > 215_000_000)
    if found is not None:
        assert found.cost.amount == exact
        assert (found.cost + found.left).amount == 215_000_000


# CERUPT, 2001: 100,000 t or more. The ceilings by kind and the half in advance (as in ERUPT) are
# from memory; the projects are made.
EUR = Currency("EUR")
CERUPT = TenderRule(
    currency="EUR",
    tick=Decimal("0.01"),
    size_min=100_000,
    ceilings=(
        PriceCeiling(kind="renewables", price=Decimal("5.50")),
        PriceCeiling(kind="efficiency", price=Decimal("4.40")),
        PriceCeiling(kind="methane", price=Decimal("3.30")),
    ),
    advance_share_max=Decimal("0.5"),
    choice="lowest_price",
    over_budget="skip",
)
FIRST = datetime(2001, 11, 1, 12, tzinfo=UTC)
LAST = datetime(2002, 1, 31, 12, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


def law(**parts: object) -> Clause[TenderRule]:
    """The law of the tender with some parts changed."""
    said = {name: getattr(CERUPT, name) for name in CERUPT.__slots__}
    value = TenderRule(**(said | parts))
    return Clause(start=date(2001, 1, 1), value=value, reference="Example Terms, 4")


def tender(budget: int) -> Tender:
    """A tender for so many euro."""
    return Tender(
        id="T1", budget=Money(budget * 100, EUR), interest_closes=FIRST, proposals_close=LAST
    )


def interest(
    project: str,
    kind: str = "renewables",
    count: int = 200_000,
    received: datetime = FIRST - MOMENT,
) -> Interest:
    """A project put forward."""
    return Interest(project=project, tenderer="T", kind=kind, count=count, received=received)


def proposal(project: str, price: str, count: int = 200_000, **parts: object) -> Proposal:
    """A proposal for a project."""
    said = {"tenderer": "T", "received": LAST - MOMENT} | parts
    return Proposal(project=project, price=Decimal(price), count=count, **said)  # type: ignore[arg-type]


INVITED = [interest("wind"), interest("boilers", "efficiency"), interest("landfill", "methane")]


def test_only_projects_that_qualify_are_invited_to_a_proposal() -> None:
    found = shortlist([*INVITED, interest("hydro", count=100_000)], tender(1), law())
    assert [each.project for each in found.invited] == ["wind", "boilers", "landfill", "hydro"]
    assert found.refused == ()


@pytest.mark.parametrize(
    ("late", "sentence"),
    [
        (interest("sun", received=FIRST), "8260 sun came at 2001-11-01 12:00:00+00:00; the stage"),
        (interest("wind"), "8261 wind has been put forward in this stage already."),
        (interest("sun", count=99_999), "8262 sun delivers 99,999 units; the least is 100,000."),
        (
            interest("forest", "forestry"),
            "8263 forest is of the kind forestry; sought: renewables, efficiency, methane.",
        ),
    ],
)
def test_a_project_that_does_not_qualify_is_told_why(late: Interest, sentence: str) -> None:
    found = shortlist([interest("wind"), late], tender(1), law())
    ((refusal,),) = [each.refusals for each in found.refused]
    assert f"{refusal.number} {refusal}".startswith(sentence)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (proposal("wind", "5.50", received=LAST), "8260 wind came at 2002-01-31 12:00:00+00:00"),
        (proposal("wind", "5.50", 99_999), "8262 wind delivers 99,999 units"),
        (proposal("sun", "5.50"), "8264 T was not invited to a proposal for sun."),
        (proposal("wind", "5.50", tenderer="U"), "8264 U was not invited to a proposal for wind."),
        (proposal("wind", "5.51"), "8265 wind: 5.51 a unit is above the ceiling of 5.50 for renew"),
        (proposal("boilers", "4.41"), "8265 boilers: 4.41 a unit is above the ceiling of 4.40"),
        (proposal("landfill", "3.31"), "8265 landfill: 3.31 a unit is above the ceiling of 3.30"),
        (proposal("wind", "5.005"), "8266 wind: 5.005 is no price in ticks of 0.01."),
        (proposal("wind", "0.00"), "8266 wind: 0.00 is no price in ticks of 0.01."),
        (
            proposal("wind", "5.50", advance_share=Decimal("0.51")),
            "8267 wind asks for 0.51 of its price in advance; up to 0.5 is paid.",
        ),
    ],
)
def test_a_proposal_that_is_not_lawful_is_told_why(bad: Proposal, sentence: str) -> None:
    found = award([bad], INVITED, tender(10**7), law())
    ((refusal,),) = [each.refusals for each in found.refused]
    assert f"{refusal.number} {refusal}".startswith(sentence)
    assert found.contracts == ()


def test_a_second_proposal_for_a_project_is_refused() -> None:
    found = award(
        [proposal("wind", "5.50"), proposal("wind", "5.40")], INVITED, tender(10**7), law()
    )
    assert [each.price for each in found.contracts] == [Decimal("5.50")]
    assert [[each.number for each in bad.refusals] for bad in found.refused] == [[8261]]


def test_all_that_is_wrong_with_a_proposal_is_told_at_once() -> None:
    bad = proposal("wind", "9.999", 1, received=LAST, advance_share=Decimal(1))
    (refused,) = award([bad], INVITED, tender(1), law()).refused
    assert [each.number for each in refused.refusals] == [8260, 8262, 8266, 8267, 8265]


THREE = [
    proposal("wind", "5.50", points=90, advance_share=Decimal("0.5")),
    proposal("boilers", "4.40", 300_000, points=80),
    proposal("landfill", "3.30", points=80),
]


def test_every_winner_is_paid_its_own_price() -> None:
    found = award(THREE, INVITED, tender(3_080_000), law())
    # 660,000 and 1,320,000 and 1,100,000.
    assert [(each.project, str(each.cost)) for each in found.contracts] == [
        ("landfill", "EUR 660,000.00"),
        ("boilers", "EUR 1,320,000.00"),
        ("wind", "EUR 1,100,000.00"),
    ]
    assert str(found.contracts[2].advance) == "EUR 550,000.00"
    assert (str(found.cost), found.left.minor, found.count) == ("EUR 3,080,000.00", 0, 700_000)


def test_a_project_that_the_budget_cannot_pay_is_passed_over_or_ends_the_awards() -> None:
    budget = tender(1_900_000)
    skip = award(THREE, INVITED, budget, law())
    assert [each.project for each in skip.contracts] == ["landfill", "wind"]
    assert [each.project for each in skip.passed_over] == ["boilers"]
    assert str(skip.left) == "EUR 140,000.00"
    stop = award(THREE, INVITED, budget, law(over_budget="stop"))
    assert [each.project for each in stop.contracts] == ["landfill"]
    assert [each.project for each in stop.passed_over] == ["boilers", "wind"]


def test_the_most_advantageous_offer_is_the_one_with_most_points_then_the_cheapest() -> None:
    found = award(THREE, INVITED, tender(10**7), law(choice="most_points"))
    assert [each.project for each in found.contracts] == ["wind", "landfill", "boilers"]


def test_the_first_tender_of_the_netherlands_paid_about_8_50_a_tonne() -> None:
    # ERUPT-1, 17 April 2001: NLG 79 million at 2.20371 to the euro for more than 4 Mt, in five
    # projects. Their sizes and the price are made; the least size of 500,000 t is the tender's.
    budget = Money.of(Decimal(79_000_000) / Decimal("2.20371"), EUR)
    sizes = [1_200_000, 1_000_000, 800_000, 700_000, 500_000]
    names = ["PL1", "RO1", "RO2", "RO3", "CZ1"]
    erupt = law(
        size_min=500_000, ceilings=(PriceCeiling(kind="renewables", price=Decimal("8.99")),)
    )
    sale = Tender(id="E1", budget=budget, interest_closes=FIRST, proposals_close=LAST)
    invited = shortlist(map(interest, names, ["renewables"] * 5, sizes), sale, erupt).invited
    found = award(
        [proposal(name, "8.53", count) for name, count in zip(names, sizes, strict=True)],
        invited, sale, erupt,
    )  # fmt: skip
    assert (len(found.contracts), found.count) == (5, 4_200_000)
    assert str(found.cost) == "EUR 35,826,000.00"
    assert found.left.minor > 0


def clause(rule: str, value: str) -> str:
    """A clause of a law file."""
    return f'\n[[{rule}]]\nstart = 2001-01-01\nvalue = {value}\nreference = "Example Terms"\n'


LAWS = {
    ClockRules: """
[[clock]]
start = 2002-03-08
reference = "Example Scheme 2002"
[clock.value]
currency = "GBP"
tick = "0.01"
budget = 215000000
path = ["0.2", "0.4", "0.6", "0.8", 1]
"""
    + clause("start_price", "100")
    + clause("step", "0.50")
    + clause("payment", '"each_year"'),
    TenderRules: """
[[tender]]
start = 2001-01-01
reference = "Example Terms"
[tender.value]
currency = "EUR"
tick = "0.01"
size_min = 100000
ceilings = [{ kind = "methane", price = "3.30" }]
advance_share_max = "0.5"
choice = "lowest_price"
over_budget = "skip"
"""
    + clause("recovery", '"pro_rata"')
    + clause("conditions", "[]")
    + clause("make_up_days", "30"),
}


@pytest.mark.parametrize("shape", LAWS)
def test_the_law_of_buying_is_read_from_a_file(tmp_path: Path, shape: type) -> None:
    file = tmp_path / "law.toml"
    file.write_text(LAWS[shape])
    assert isinstance(load(file, shape), shape)


@pytest.mark.parametrize(
    ("shape", "said", "instead", "reason"),
    [
        (ClockRules, "0.01", "0.001", "a tick of one coin or more"),
        (ClockRules, "215000000", "0", "a clock has a budget"),
        (ClockRules, '"0.8", 1]', '"0.8"]', "grows until it is whole"),
        (ClockRules, '"0.2"', '"0.5"', "grows until it is whole"),
        (TenderRules, "0.01", "0.001", "a tick a coin or more"),
        (TenderRules, "100000", "0", "a project has a unit or more"),
        (TenderRules, '"0.5"', '"1.5"', "an advance is a part of the price"),
        (
            TenderRules,
            '{ kind = "methane", price = "3.30" }',
            '{ kind = "m", price = 1 }, { kind = "m", price = 2 }',
            "a kind of project has one ceiling",
        ),
    ],
)
def test_a_law_of_buying_that_contradicts_itself_is_refused(
    tmp_path: Path, shape: type, said: str, instead: str, reason: str
) -> None:
    assert said in LAWS[shape]
    file = tmp_path / "law.toml"
    file.write_text(LAWS[shape].replace(said, instead, 1))
    with pytest.raises(Refused, match=reason):
        load(file, shape)

"""Sentences about pooled funds, after the first: the World Bank's Prototype Carbon Fund."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changed import replace
from tonne.market import Contribution, Fund, contribute, distribute, fund_grounds, invest
from tonne.quantity import Currency, Money
from tonne.refusal import Refused

USD = Currency("USD")
OPEN = date(2000, 4, 1)
CLOSING = date(2000, 10, 31)


def dollars(millions: int) -> Money:
    return Money(millions * 100_000_000, USD)


EMPTY = Fund(name="PCF", most=dollars(180), closes_on=CLOSING)


def prototype() -> Fund:
    # Six governments and 17 companies, at most USD 180 million (the World Bank's pages on the
    # fund). USD 10 million from each government and 5 from each company are from memory.
    paid = [(f"government {n}", 10) for n in range(1, 7)]
    paid += [(f"company {n:02}", 5) for n in range(1, 18)]
    fund = EMPTY
    for name, millions in paid:
        share = Contribution(participant=name, money=dollars(millions))
        fund = contribute(fund, share, on=OPEN)
    return fund


def why(no: pytest.ExceptionInfo[Refused]) -> list[type]:
    return [type(refusal) for refusal in no.value.refusals]


def test_six_governments_and_17_companies_pay_in_145_million() -> None:
    fund = prototype()
    assert len(fund.shares) == 23
    assert fund.paid_in == dollars(145)


def test_the_credits_of_the_fund_are_distributed_to_the_tonne() -> None:
    # 1,000,000 x 10 / 145 = 68,965.52 and x 5 / 145 = 34,482.76: whole parts sum to 999,984, and
    # the 16 left go to the larger remainders, which are those of the companies.
    parts = distribute(prototype(), {"wind": 1_000_000})
    counts = {name: sum(each.values()) for name, each in parts.items()}
    assert {counts[f"government {n}"] for n in range(1, 7)} == {68_965}
    assert sorted(counts[f"company {n:02}"] for n in range(1, 18)) == [34_482] + [34_483] * 16
    assert counts["company 17"] == 34_482


def test_who_pays_in_twice_has_the_share_of_both() -> None:
    more = Contribution(participant="company 01", money=dollars(5))
    fund = contribute(prototype(), more, on=OPEN)
    assert fund.shares["company 01"] == dollars(10).minor


def test_the_closed_fund_takes_nothing_more() -> None:
    with pytest.raises(Refused, match="PCF closed on 2000-10-31") as no:
        contribute(EMPTY, Contribution(participant="A", money=dollars(1)), on=date(2000, 11, 1))
    assert why(no) == [fund_grounds.FundClosed]
    last = contribute(EMPTY, Contribution(participant="A", money=dollars(1)), on=CLOSING)
    assert last.paid_in == dollars(1)


def test_no_more_is_paid_in_than_the_fund_was_to_have() -> None:
    with pytest.raises(Refused) as no:
        contribute(prototype(), Contribution(participant="A", money=dollars(36)), on=OPEN)
    assert why(no) == [fund_grounds.FundTooLarge]
    full = contribute(prototype(), Contribution(participant="A", money=dollars(35)), on=OPEN)
    assert full.paid_in == full.most


def test_a_contribution_is_something_in_the_currency_of_the_fund() -> None:
    for money in (dollars(0), Money(100, Currency("EUR"))):
        with pytest.raises(Refused) as no:
            contribute(EMPTY, Contribution(participant="A", money=money), on=OPEN)
        assert why(no) == [fund_grounds.ContributionUnfit]


def test_a_fund_promises_no_more_than_was_paid_in() -> None:
    fund = invest(prototype(), "landfill gas", dollars(100))
    for millions in (46, 0):
        with pytest.raises(Refused) as no:
            invest(fund, "wind", dollars(millions))
        assert why(no) == [fund_grounds.FundSpent]
    assert invest(fund, "wind", dollars(45)).promised == fund.paid_in


def test_nothing_is_distributed_of_a_fund_without_contributions() -> None:
    with pytest.raises(Refused) as no:
        distribute(EMPTY, {"wind": 1})
    assert why(no) == [fund_grounds.NothingContributed]


@given(
    st.dictionaries(st.text(max_size=3), st.integers(1, 10**10), min_size=1, max_size=25),
    st.dictionaries(st.sampled_from(["wind", "gas", "wood"]), st.integers(0, 10**6)),
)
def test_every_credit_is_distributed_and_nobody_is_one_from_its_share(
    paid: dict[str, int], credits_by_project: dict[str, int]
) -> None:
    contributions = tuple(
        Contribution(participant=name, money=Money(minor, USD)) for name, minor in paid.items()
    )
    fund = replace(EMPTY, contributions=contributions)
    parts = distribute(fund, credits_by_project)
    for project, count in credits_by_project.items():
        assert sum(each.get(project, 0) for each in parts.values()) == count
    total, weight = sum(credits_by_project.values()), sum(paid.values())
    for name, each in parts.items():
        assert abs(sum(each.values()) * weight - total * paid[name]) < weight

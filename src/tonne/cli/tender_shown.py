"""Tenders as people and programs are shown them."""

from decimal import Decimal
from typing import Any

from tonne.cli.auction_told import in_money
from tonne.cli.errand import Errand
from tonne.cli.show import Table
from tonne.operations import auctions, tenders
from tonne.quantity import Money

TenderStands = tenders.TenderStands


def data(at: Errand, found: TenderStands) -> dict[str, Any]:
    """A tender for a program."""
    made, done, currency = found.shortlist, found.awarded, found.tender.budget.currency
    return {
        "tender": found.tender.id,
        "status": found.status(auctions.moment(at.desk)),
        "unit": found.opened.unit,
        "buyer": found.opened.buyer,
        "budget": found.tender.budget,
        "interest_closes": found.tender.interest_closes,
        "proposals_close": found.tender.proposals_close,
        "interests": found.interests,
        "invited": made and made.invited,
        "not_invited": made and made.refused,
        "called_off": found.called_off and found.called_off.reason,
        "spent": found.spent,
        "contracts": done
        and [
            {
                "project": each.project,
                "tenderer": each.tenderer,
                "contract": each.contract,
                "count": each.count,
                "price": in_money(each.price, currency.code),
                "cost": Money(each.cost, currency),
                "advance": Money(each.advance, currency),
            }
            for each in done.contracts
        ],
        "passed_over": done and done.passed_over,
        "not_counted": done and done.refused,
    }


def proposal(at: Errand, name: str, found: tenders.Proposed) -> dict[str, Any]:
    """A proposal for its tenderer's program; with the salt it can check the hash."""
    asked = found.proposal
    currency = at.ask(lambda books: tenders.the_tender(books, at.scheme, name)).tender.budget
    return {
        "project": asked.project,
        "tenderer": asked.tenderer,
        "count": asked.count,
        "price": in_money(asked.price, currency.currency.code),
        "advance_share": asked.advance_share,
        "schedule": found.schedule,
        "salt": found.salt,
        "commitment": found.commitment,
    }


def results(found: TenderStands) -> list[Table]:
    """What was signed, and what was not and why."""
    done, currency = found.awarded, found.tender.budget.currency
    if done is None:
        return []
    left: list[list[object]] = [[each, "the budget is not enough"] for each in done.passed_over]
    left += [[each.project, "; ".join(each.why)] for each in done.refused]
    rows: list[list[object]] = [
        [each.contract, each.tenderer, each.count, in_money(Decimal(each.price), currency.code),
         Money(each.cost, currency), Money(each.advance, currency)]
        for each in done.contracts
    ]  # fmt: skip
    columns = ("Contract", "Tenderer", "Units", "Price", "Cost", "Of it in advance")
    return [
        Table(title="Signed", columns=columns, rows=rows),
        Table(title="Not signed", columns=("Project", "Why"), rows=left),
    ]

"""People who trade in the land of the Example Act, for a hundred euros alone in a day."""

from decimal import Decimal
from typing import Any

import pytest

from bourse import Bourse
from bureau import Bureau
from changed import replace
from land import Land, example, with_law
from tonne.operations import Scheme, trading
from tonne.people import LimitRule
from tonne.refusal import Refused
from tonne.rulebook import Clause, Dated
from world import Store

CODE = "EXA-SPOT"
LIMIT = "100.00"


def limited() -> Scheme:
    """The Example Act, by which a hundred euros are traded alone in a day."""
    rules = example().people
    clause = Clause(
        start=rules.trade_limit.clauses[0].start,
        value=LimitRule(amount=Decimal(LIMIT), currency="EUR"),
        reference="Example Act, s. 77",
    )
    return with_law(example(), "people.toml", replace(rules, trade_limit=Dated((clause,))))


def opened(store: Store) -> Bureau:
    """The land's people, with 500 euros in the account of the kiln, on a day of trading."""
    bureau = Bureau(Land(store, scheme=limited()).settle()).settle()
    Bourse(bureau.land).purse.bring("kiln", "500.00")
    return bureau


def order(
    bureau: Bureau, who: str, side: Any, count: int, price: str, **more: Any  # noqa: ANN401  terms of an order
) -> trading.PutOrder:  # fmt: skip
    """An order of an account."""
    return trading.PutOrder(
        account=bureau.number(who), instrument=CODE, side=side, count=count, price=price, **more
    )


def seconded(bureau: Bureau, wish: trading.PutOrder, *, by: str, second: str) -> str:
    """An order that a second person approves; its code."""
    made = bureau.propose(wish, by=by)
    assert made.state == "awaiting_approval"
    assert bureau.decide(made.code, "approve", by=second).state == "completed"
    return made.code


def own(bureau: Bureau, who: str, by: str) -> list[trading.OwnOrder]:
    """The living orders of an account."""
    return bureau.do(trading.orders, bureau.number(who), of=by, views=trading.Views())


def refused(info: pytest.ExceptionInfo[Refused]) -> set[int]:
    """The numbers of the rules that were not met."""
    return {each.number for each in info.value.refusals}

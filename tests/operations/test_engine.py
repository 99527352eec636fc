"""An exchange on which units are sold against money, in the books."""

import pytest

from bourse import Bourse, trades
from land import Land


@pytest.fixture
def bourse(each_land: Land) -> Bourse:
    """The exchange of the Example Act; the kiln and Ana have EUR 1,000.00."""
    made = Bourse(each_land)
    for name in ("kiln", "ana"):
        made.purse.bring(name, "1000.00")
    return made


def test_a_sale_and_a_purchase_meet_and_both_sides_have_what_was_agreed(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 10, 500))
    answers = bourse.send(bourse.order("kiln", "buy", 4, 510))
    assert trades(answers) == [(500, 4)]
    # 4 at 5.00 are 20.00, a fifth of that is tax; each side pays 0.01 a unit to the treasury.
    assert bourse.has("kiln") == (54, "975.96")
    assert bourse.has("steel") == (56, "23.96")
    assert bourse.purse.has("treasury") == "0.08"
    assert bourse.free("steel") == (50, 2396), "six are still for sale"
    bourse.is_whole()

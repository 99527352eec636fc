"""An engine that is killed, and its server too: whoever was answered was answered for good."""

import pytest

from storm import VICTIMS, storm


@pytest.mark.first
def test_whatever_is_killed_the_exchange_goes_on_as_if_nothing_had_been() -> None:
    with storm(seed=10, batches=40, incidents=4) as run:
        run.run()
    assert set(run.killed) == set(VICTIMS)
    assert run.killed.total() == 4
    told = " ".join(word for each in run.wanted.values() for of in each.answers for word in of)
    for kind in (
        "Accepted",
        "Amended",
        "Cancelled",
        "Traded",
        "Triggered",
        "NotCovered",
        "MarketClosed",
    ):
        assert kind in told, kind

"""Programs bid, deal and ask for money as people do; of a sealed bid staff see no price."""

from datetime import timedelta
from typing import Any

import pytest

from auction_hall import SALT, Hall
from bargains import Bargain
from bureau import MONDAY, Bureau
from land import UNIT, Land
from switchboard import Counter, grounds
from tonne.store import MemoryStore

BIDS = "/v1/schemes/example/bids"
PROPOSALS = "/v1/schemes/example/proposals"
TODAY = f"{MONDAY:%Y-%m-%d}"


@pytest.fixture
def counter() -> Counter:
    """An auction is open, and kiln and steelworks have money."""
    bureau = Bureau(Land(MemoryStore()).settle()).settle()
    hall = Hall(bureau.land).rich(kiln="200000.00", steel="5000.00")
    hall.create(on="2026-03-01", opens=MONDAY, closes=MONDAY + timedelta(days=2))
    return Counter(bureau)


def bid(counter: Counter, count: int = 100, price: str = "1000.01", **more: Any) -> Any:  # noqa: ANN401  a body
    """A bid of the kiln; as it is, it is worth more than one person trades alone."""
    kiln = counter.bureau.number("kiln")
    terms = {"verb": "bid", "account": kiln, "auction": "A1", "salt": SALT}
    return {**terms, "count": count, "price": price, **more}


def test_what_trades_is_proposed_by_keys_that_trade(counter: Counter) -> None:
    assert grounds(counter.propose(bid(counter), by="carl")) == (403, [9217])
    answer = counter.post(PROPOSALS, bid(counter, 10, "21.00"), by="carl", good="both")
    assert (answer.status_code, answer.json()["state"]) == (201, "completed")
    short = counter.post(PROPOSALS, bid(counter, 10, "21.00", salt="x"), by="carl", good="both")
    assert grounds(short) == (409, [8210])


def test_staff_see_that_somebody_bids_and_not_what(counter: Counter) -> None:
    made = counter.post(PROPOSALS, bid(counter), by="carl", good="both").json()
    assert made["state"] == "awaiting_approval"
    (mine,) = counter.get(f"{PROPOSALS}?state=awaiting_approval", "dora")["data"]
    assert (mine["wish"]["price"], mine["wish"]["salt"]) == ("1000.01", SALT)
    told = {"verb": "bid", "account": counter.bureau.number("kiln"), "auction": "A1"}
    (theirs,) = counter.get(f"{PROPOSALS}?state=awaiting_approval", "sara")["data"]
    assert theirs["wish"] == told
    assert counter.get(f"{PROPOSALS}/{made['code']}", "sara")["wish"] == told
    assert counter.get(f"{PROPOSALS}/{made['code']}", "dora")["wish"]["price"] == "1000.01"


def test_a_deal_is_proposed_confirmed_and_settled_by_programs(counter: Counter) -> None:
    kiln, steel = counter.bureau.number("kiln"), counter.bureau.number("steel")
    terms = {"unit": UNIT, "count": 3, "price": "20.00", "settle_on": TODAY}
    asked = {"verb": "propose_deal", "account": kiln, "target": steel, "side": "buy"}
    made = counter.post(PROPOSALS, asked | terms | {"until": TODAY}, by="carl", good="both")
    counter.decide(made.json()["code"], "approve", by="dora")
    (deal,) = counter.get(f"/v1/schemes/example/deals?account={steel}", "ann", "trade")["data"]
    said = {"verb": "confirm_deal", "account": steel, "target": kiln, "side": "sell"}
    yes = counter.post(
        PROPOSALS, said | terms | {"deal": deal["deal"]}, by="ann", good="both"
    )  # fmt: skip
    done = counter.decide(yes.json()["code"], "approve", by="bob").json()
    assert done["state"] == "completed"
    assert counter.bureau.land.held("kiln") == 53


def test_money_is_asked_back_by_a_program(counter: Counter) -> None:
    body = {
        "verb": "ask_withdrawal", "account": counter.bureau.number("kiln"), "amount": "100.00",
        "currency": "EUR",
    }  # fmt: skip
    assert counter.propose(body, by="carl").json()["state"] == "completed"
    assert grounds(counter.propose(body | {"amount": "200000.00"}, by="carl")) == (409, [3005])


def test_a_program_sees_the_bids_of_its_account_and_takes_one_back(counter: Counter) -> None:
    kiln = counter.bureau.number("kiln")
    made = counter.post(PROPOSALS, bid(counter, 10, "21.00"), by="carl", good="both").json()
    path = f"{BIDS}?account={kiln}&auction=A1"
    (row,) = counter.get(path, "dora", "trade")["data"]
    assert (row["bid"], row["count"], row["won"]) == (made["code"], 10, 0)
    assert row["price"] == {"amount": "21.00", "currency": "EUR"}
    for name in ("ann", "sara"):
        answer = counter.client.get(path, headers=counter.key(name, "trade"))
        assert answer.status_code in {403, 404}, name
    body = {"account": kiln, "auction": "A1"}
    back = f"{BIDS}/{made['code']}/cancel"
    assert counter.post(back, body, by="ann", good="trade").status_code == 404
    assert grounds(counter.post(back, body, by="dora", good="propose")) == (403, [9217])
    assert counter.post(back, body, by="dora", good="trade").status_code == 200
    assert counter.get(path, "dora", "trade")["data"] == []
    assert grounds(counter.post(back, body, by="dora", good="trade")) == (409, [8806])


def test_a_program_rejects_a_deal_of_its_account_alone(counter: Counter) -> None:
    bargain = Bargain(counter.bureau.land)
    name = bargain.propose("kiln", buyer="kiln", seller="steel", count=5, on=TODAY).deal.id
    kiln, steel = counter.bureau.number("kiln"), counter.bureau.number("steel")
    path = f"/v1/schemes/example/deals/{name}/reject"
    assert counter.post(path, {"account": steel}, by="carl", good="trade").status_code == 404
    told = counter.post(path, {"account": steel}, by="ann", good="trade")
    assert (told.status_code, told.json()["state"]) == (200, "cancelled")
    assert grounds(counter.post(path, {"account": kiln}, by="carl", good="trade")) == (409, [8401])

"""Programs put orders for people: within their scope, once, and above the limit by two."""

from decimal import Decimal
from typing import Any

import pytest

from bourse import Bourse
from bureau import Bureau
from changed import replace
from land import Land, example, with_law
from switchboard import Counter, grounds
from tonne import signin
from tonne.operations import Scheme
from tonne.people import LimitRule
from tonne.rulebook import Clause, Dated
from tonne.store import MemoryStore
from world import Store

ORDERS = "/v1/schemes/example/orders"
assert example


def limited() -> Scheme:
    """The Example Act, by which a hundred euros are traded alone in a day."""
    rules = example().people
    clause = Clause(
        start=rules.trade_limit.clauses[0].start,
        value=LimitRule(amount=Decimal("100.00"), currency="EUR"),
        reference="Example Act, s. 77",
    )
    return with_law(example(), "people.toml", replace(rules, trade_limit=Dated((clause,))))


def opened(store: Store) -> Counter:
    """The counter, where a hundred euros are traded alone and the kiln has five hundred."""
    bureau = Bureau(Land(store, scheme=limited()).settle()).settle()
    Bourse(bureau.land).purse.bring("kiln", "500.00")
    return Counter(bureau)


@pytest.fixture
def each_counter(store: Store) -> Counter:
    """In books of each kind."""
    return opened(store)


@pytest.fixture(scope="module")
def counter() -> Counter:
    """In memory."""
    return opened(MemoryStore())


def order(counter: Counter, who: str, side: str, count: int, price: str, **more: Any) -> Any:  # noqa: ANN401  JSON
    """The body of an order."""
    return {
        "account": counter.bureau.number(who), "instrument": "EXA-SPOT", "side": side,
        "order_qty": count, "price": price,
    } | more  # fmt: skip


def rows(counter: Counter, what: str, who: str, by: str) -> Any:  # noqa: ANN401  JSON
    """The orders or trades of an account."""
    path = f"/v1/schemes/example/{what}?account={counter.bureau.number(who)}"
    return counter.get(path, by, "trade")["data"]


def one(counter: Counter, name: str, who: str, by: str) -> Any:  # noqa: ANN401  an answer
    """The answer to who asks for one order of an account."""
    path = f"{ORDERS}/{name}?account={counter.bureau.number(who)}"
    return counter.client.get(path, headers=counter.key(by, "trade"))


def test_programs_of_two_people_sell_and_one_of_another_buys(each_counter: Counter) -> None:
    counter = each_counter
    made = counter.post(ORDERS, order(counter, "steel", "sell", 4, "20.00"), by="ann", good="trade")
    assert (made.status_code, made.json()["state"]) == (201, "awaiting_approval"), made.text
    name = made.json()["cl_ord_id"]
    assert rows(counter, "orders", "steel", "ann") == []
    assert counter.decide(name, "approve", by="bob").json()["state"] == "completed"
    (resting,) = rows(counter, "orders", "steel", "ann")
    assert (resting["cl_ord_id"], resting["leaves_qty"], resting["ord_status"]) == (name, 4, "new")
    assert one(counter, name, "steel", "bob").json() == resting
    for hidden in (one(counter, "txn_other", "steel", "bob"), one(counter, name, "kiln", "carl")):
        assert grounds(hidden) == (404, [9215])
    assert grounds(one(counter, name, "steel", "carl")) == (404, [9215])
    body, key = order(counter, "kiln", "buy", 3, "20.00"), "buy three"
    for _ in range(2):  # Sent again, it is done once.
        bought = counter.post(ORDERS, body, by="carl", good="trade", key=key)
        assert bought.json()["state"] == "completed", bought.text
    (resting,) = rows(counter, "orders", "steel", "ann")
    assert (resting["cum_qty"], resting["leaves_qty"]) == (3, 1)
    assert resting["ord_status"] == "partially_filled"
    (trade,) = rows(counter, "trades", "kiln", "carl")
    assert (trade["side"], trade["last_qty"], trade["last_px"]["amount"]) == ("buy", 3, "20.00")
    take = {"account": counter.bureau.number("steel"), "instrument": "EXA-SPOT"}
    path = f"{ORDERS}/{name}/cancel"
    assert counter.post(path, take, by="ann", good="trade").json()["events"] == 1
    assert rows(counter, "orders", "steel", "ann") == []
    other = counter.post(ORDERS, body | {"order_qty": 1}, by="carl", good="trade", key=key)
    assert grounds(other) == (422, [9001])


def test_what_an_order_would_come_to_is_told_and_nothing_is_done(counter: Counter) -> None:
    body = order(counter, "kiln", "buy", 2, "20.00")
    told = counter.post(f"{ORDERS}?dry_run=true", body, by="carl", good="trade")
    assert told.status_code == 200, told.text
    # A unit at 20.00 may cost a fifth of it as tax, a fee of 0.01, and a cent of rounding.
    assert told.json()["held_money"] == {"amount": "48.04", "currency": "EUR"}
    assert told.json()["second"] is False
    assert rows(counter, "orders", "kiln", "carl") == []
    large = order(counter, "kiln", "buy", 6, "20.00")
    told = counter.post(f"{ORDERS}?dry_run=true", large, by="carl", good="trade")
    assert told.json()["second"] is True
    dear = order(counter, "kiln", "buy", 40, "20.00")
    assert counter.post(f"{ORDERS}?dry_run=true", dear, by="carl", good="trade").status_code == 409


def test_an_order_is_changed_once_and_only_by_who_sees_its_account(counter: Counter) -> None:
    body = order(counter, "kiln", "buy", 3, "6.00")
    name = counter.post(ORDERS, body, by="carl", good="trade").json()["cl_ord_id"]
    path, change = f"{ORDERS}/{name}/amend", {"account": body["account"], "instrument": "EXA-SPOT"}
    less = change | {"order_qty": 2, "price": "5.50"}
    for _ in range(2):  # Sent again, it is done once.
        done = counter.post(path, less, by="dora", good="trade", key="two are enough")
        assert (done.status_code, done.json()["order_qty"]) == (200, 2), done.text
    stands = one(counter, name, "kiln", "carl").json()
    assert (stands["order_qty"], stands["price"]["amount"]) == (2, "5.50")
    other = counter.post(
        path, less | {"order_qty": 1}, by="dora", good="trade", key="two are enough"
    )
    assert grounds(other) == (422, [9001])
    more = counter.post(path, change | {"order_qty": 3}, by="carl", good="trade")
    assert grounds(more) == (409, [9165])
    assert grounds(counter.post(path, change, by="carl", good="trade")) == (422, [9200])
    assert grounds(counter.post(path, less, by="ann", good="trade")) == (404, [9215])
    assert grounds(counter.post(path, less, by="carl", good="read")) == (403, [9217])
    unsigned = counter.client.post(path, json=less, headers=counter.key("carl", "trade"))
    assert grounds(unsigned) == (400, [9211])
    assert counter.post(f"{ORDERS}/{name}/cancel", change, by="carl", good="trade").is_success


def test_all_orders_of_an_account_are_taken_back_at_once(counter: Counter) -> None:
    for cents in (10, 11):
        body = order(counter, "kiln", "buy", 1, f"5.{cents}")
        assert counter.post(ORDERS, body, by="carl", good="trade").status_code == 201
    take = {"account": counter.bureau.number("kiln"), "instrument": "EXA-SPOT"}
    done = counter.post(f"{ORDERS}/cancel", take, by="dora", good="trade")
    assert done.json()["events"] == 2
    assert rows(counter, "orders", "kiln", "carl") == []


def test_who_does_not_see_an_account_trades_nothing_on_it(counter: Counter) -> None:
    body = order(counter, "kiln", "buy", 1, "5.00")
    for ask in ("", "?dry_run=true"):
        answer = counter.post(f"{ORDERS}{ask}", body, by="ann", good="trade")
        assert grounds(answer) == (404, [9215])
    take = {"account": body["account"], "instrument": "EXA-SPOT"}
    assert grounds(counter.post(f"{ORDERS}/cancel", take, by="ann", good="trade")) == (404, [9215])
    for what in ("orders", "trades"):
        path = f"/v1/schemes/example/{what}?account={body['account']}"
        answer = counter.client.get(path, headers=counter.key("ann", "trade"))
        assert grounds(answer) == (404, [9215])


def test_only_a_key_that_trades_puts_orders_and_none_trades_and_approves(counter: Counter) -> None:
    body = order(counter, "kiln", "buy", 1, "5.00")
    for good in ("propose", "approve", "read"):
        answer = counter.post(ORDERS, body, by="carl", good=good)
        assert grounds(answer) == (403, [9217])
    wish = {
        "verb": "trade", "account": body["account"], "instrument": "EXA-SPOT", "side": "buy",
        "count": 1, "price": "5.00",
    }  # fmt: skip
    assert grounds(counter.propose(wish, by="carl")) == (422, [9200])
    numbers = [each.number for each in signin.scope_refusals(["market:trade", "transfers:approve"])]
    assert numbers == [9164]


def test_an_order_without_a_key_of_its_own_is_not_put(counter: Counter) -> None:
    shown = counter.key("carl", "trade")
    answer = counter.client.post(
        ORDERS, json=order(counter, "kiln", "buy", 1, "5.00"), headers=shown
    )
    assert grounds(answer) == (400, [9211])

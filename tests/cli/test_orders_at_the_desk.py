"""Sentences about an exchange as people and programs see it at the desk."""

import csv
import io
import json
from pathlib import Path

import psycopg
import pytest

from town import Books, Said, Tonne, Town

ON = ("--on", "2025-06-02", "--at", "11:00")
SPOT = ("--instrument", "EXA-SPOT")


@pytest.fixture
def floor(tonne: Tonne, town: Town) -> Tonne:
    """The town, whose kiln has EUR 1,000.00; the steelworks sells 40 units at 5.00."""
    assert tonne("cash", "deposit", town.kiln, "1000", "--reference", "S", *ON[:2]).code == 0
    said = sell(tonne, town, "s", 40, "5.00")
    assert "Order 1 (s) is taken." in said.out, said
    return tonne


def sell(tonne: Tonne, town: Town, name: str, count: int, price: str, *more: str) -> Said:
    words = ("--account", town.steel, "--count", str(count), *SPOT, "--price", price)
    return tonne("order", "new", name, "sell", *words, *ON, *more)


def buy(tonne: Tonne, town: Town, name: str, count: str, *more: str) -> Said:
    words = ("--account", town.kiln, "--count", count, *SPOT)
    return tonne("order", "new", name, "buy", *words, *ON, *more)


def test_a_purchase_meets_what_rests(floor: Tonne, town: Town) -> None:
    said = buy(floor, town, "b", "10", "--price", "5.10")
    assert "10 were traded at EUR 5.00." in said.out
    assert "holds 60 EXA-1 and EUR 939.90." in floor("account", "show", town.kiln, *ON[:2]).out
    data = floor("order", "book", *SPOT, *ON, "--json").data
    assert data["offers"] == [
        {"price": {"amount": "5.00", "currency": "EUR"}, "count": 30, "orders": 1}
    ]
    assert data["last_price"] == {"amount": "5.00", "currency": "EUR"}
    assert floor("order", "book", *SPOT, *ON, "--csv").out.splitlines() == [
        "side,price,currency,count,orders", "sell,5.00,EUR,30,1",
    ]  # fmt: skip


def test_a_market_order_says_what_it_may_cost(floor: Tonne, town: Town) -> None:
    # 12 euros buy two units at 5.00; tax and fees are held beside them.
    said = buy(floor, town, "b", "10", "--spend", "12.00", "--json")
    assert said.data["traded"] == 2


def test_what_is_wrong_with_an_order_is_told_at_once(
    floor: Tonne, town: Town, books: Books
) -> None:
    before = books()
    assert buy(floor, town, "b", "10", "--price", "5.001", "--json").numbers == [8001]
    refused = buy(floor, town, "b", "1000", "--price", "5.00", "--json")
    assert refused.numbers == [8023]
    assert "needs" in refused.data["refusals"][0]["message"]
    assert sell(floor, town, "s", 1, "5.00", "--json").numbers == [8008]
    late = ("--price", "5.00", "--on", "2025-06-02", "--at", "19:00", "--json")
    words = ("order", "new", "l", "sell", "--account", town.steel, "--count", "1", *SPOT)
    assert floor(*words, *late).numbers == [8004]
    unknown = ("order", "book", "--instrument", "EUA", *ON, "--json")
    assert floor(*unknown).numbers == [8000]
    assert books() == before


def test_a_dry_run_says_what_would_be_traded_and_writes_nothing(
    floor: Tonne, town: Town, books: Books
) -> None:
    before = books()
    said = buy(floor, town, "b", "10", "--price", "5.10", "--dry-run")
    assert "10 were traded at EUR 5.00." in said.out
    assert books() == before


def test_an_order_is_changed_and_cancelled_by_its_own_name(floor: Tonne, town: Town) -> None:
    mine = ("s", "--account", town.steel, *SPOT, *ON)
    assert "keeps its turn" in floor("order", "amend", *mine, "--count", "30").out
    listed = floor("order", "list", *SPOT, "--open", *ON[:2], "--json").data["orders"]
    assert [(each["name"], each["left"], each["status"]) for each in listed] == [("s", 30, "new")]
    assert "is cancelled: 30 were left." in floor("order", "cancel", *mine).out
    listed = floor("order", "list", *SPOT, *ON[:2], "--json").data["orders"]
    assert [each["status"] for each in listed] == ["canceled"]
    theirs = ("s", "--account", town.kiln, *SPOT, *ON, "--json")
    assert floor("order", "cancel", *theirs).numbers == [8009]


def test_orders_are_listed_with_the_terms_on_which_they_were_given(
    floor: Tonne, town: Town
) -> None:
    assert sell(floor, town, "s2", 10, "5.10").code == 0
    words = ("--account", town.kiln, "--count", "5", *SPOT, "--stop", "4.50")
    assert floor("order", "new", "fall", "sell", *words, *ON).code == 0
    for name, count, *more in (
        ("rise", "5", "--stop", "5.10", "--price", "5.20", "--for", "2025-07-01"),
        ("once", "4", "--price", "5.00", "--for", "now"),
        ("least", "6", "--price", "5.00", "--least", "6", "--for", "cancel"),
        ("whole", "35", "--price", "5.10", "--for", "all"),
        ("rest", "7", "--price", "4.00", "--post-only"),
    ):
        assert buy(floor, town, name, count, *more).code == 0
    listed = floor("order", "list", *SPOT, "--account", town.kiln, *ON[:2], "--json").data["orders"]
    found = {each["name"]: each for each in listed}
    plain: dict[str, object] = {
        "stop_px": None, "triggered": False, "time_in_force": "day", "expire_date": None,
        "min_qty": 0, "post_only": False, "avg_px": None,
    }  # fmt: skip
    of = {"currency": "EUR"}
    # 30 of the whole were bought at 5.00 and 5 at 5.10: 175.50 for 35 is 5.0142857.
    # That last trade reached the stop of who buys 5 more at 5.10.
    given: dict[str, dict[str, object]] = {
        "fall": {"type": "stop", "price": None, "stop_px": {"amount": "4.50", **of}},
        "rise": {
            "type": "stop_limit", "stop_px": {"amount": "5.10", **of}, "triggered": True,
            "time_in_force": "good_till_date", "expire_date": "2025-07-01",
            "avg_px": {"amount": "5.10", **of},
        },
        "once": {"time_in_force": "immediate_or_cancel", "avg_px": {"amount": "5.00", **of}},
        "least": {
            "time_in_force": "good_till_cancel", "min_qty": 6, "avg_px": {"amount": "5.00", **of},
        },
        "whole": {"time_in_force": "fill_or_kill", "avg_px": {"amount": "5.01", **of}},
        "rest": {"post_only": True},
    }  # fmt: skip
    for name, terms in given.items():
        expected = plain | terms
        assert {key: found[name][key] for key in expected} == expected, name
    table = floor("order", "list", *SPOT, "--account", town.kiln, *ON[:2]).out
    # 4, 6 and 30 at 5.00 and 10 at 5.10 are 251.00 for 50.
    told = floor("market", "trades", *SPOT, *ON[:2], "--json").data
    assert (told["count"], told["average_price"]) == (50, {"amount": "5.02", **of})
    rows = {line.split()[0]: line for line in table.splitlines() if line.strip()}
    for name, shown in {
        "fall": "stop EUR 4.50 ", "rise": "stop EUR 5.10 (reached), EUR 5.20 ",
        "once": " now ", "least": " until cancelled, at least 6 at once ",
        "whole": " all at once ", "rest": " the day, rests only ",
    }.items():  # fmt: skip
        assert shown in rows[name]
    assert " until 2025-07-01 " in rows["rise"]
    assert "market" not in table


def test_a_halt_holds_orders_back(floor: Tonne, town: Town) -> None:
    assert floor("market", "halt", *SPOT, *ON, "--as", "operator", "--json").numbers == [3107]
    assert "is halted" in floor("market", "halt", *SPOT, *ON).out
    assert buy(floor, town, "b", "1", "--price", "5.00", "--json").numbers == [8003]
    assert "is continuous" in floor("market", "resume", *SPOT, *ON).out
    assert buy(floor, town, "b", "1", "--price", "5.00").code == 0


def test_trades_and_prices_are_told_to_people_and_programs(floor: Tonne, town: Town) -> None:
    for name, count in (("b1", "10"), ("b2", "5")):
        assert buy(floor, town, name, count, "--price", "5.10").code == 0
    told = floor("market", "trades", *SPOT, *ON[:2])
    assert "2 trades of 15 EXA-1, at EUR 5.00 on average." in told.out
    table = list(
        csv.DictReader(io.StringIO(floor("market", "trades", *SPOT, *ON[:2], "--csv").out))
    )
    assert [(row["price"], row["count"]) for row in table] == [("5.00", "10"), ("5.00", "5")]
    (candle,) = floor("market", "candles", *SPOT, *ON[:2], "--json").data["candles"]
    assert (candle["units"], candle["trades"]) == (15, 2)
    (price,) = floor("market", "prices", *SPOT, *ON[:2], "--json").data["prices"]
    assert price["price"] == {"amount": "5.00", "currency": "EUR"}
    priced = floor("market", "prices", *SPOT, *ON[:2], "--csv").out.splitlines()
    assert priced[0] == "day,price,currency,method"
    assert [line.split(",")[:3] for line in priced[1:]] == [["2025-06-02", "5.00", "EUR"]]
    assert floor("market", "watch", *SPOT, *ON[:2], "--json").data["alerts"] == []


def test_trades_of_later_days_are_settled_by_command(floor: Tonne, town: Town) -> None:
    later = ("--instrument", "EXA-T2", *ON)
    for name, side, account in (("x", "sell", town.steel), ("y", "buy", town.kiln)):
        words = (name, side, "--account", account, "--count", "10", "--price", "5.00", *later)
        assert floor("order", "new", *words).code == 0
    told = ("market", "trades", "--instrument", "EXA-T2", "--from", "2025-06-02")
    waits = floor(*told, "--on", "2025-06-03", "--unsettled", "--json").data["unsettled"]
    assert waits == [
        {
            "trade": 1, "part": 0, "seller": town.steel, "buyer": town.kiln, "count": 10,
            "price": {"amount": "5.00", "currency": "EUR"}, "due": "2025-06-04",
            "status": "waits", "failed": None, "lacked": None,
        }
    ]  # fmt: skip
    on = ("--instrument", "EXA-T2", "--on", "2025-06-04", "--at", "12:00")
    assert "1 trades are settled." in floor("market", "settle", *on).out
    (settled,) = floor(*told, "--on", "2025-06-04", "--json").data["trades"]
    assert (settled["due"], settled["status"]) == ("2025-06-04", "settled")
    table = csv.DictReader(io.StringIO(floor(*told, "--on", "2025-06-03", "--csv").out))
    assert [(row["due"], row["status"]) for row in table] == [("2025-06-04", "waits")]
    late = floor("market", "trades", *on[:4], "--unsettled").out
    assert "0 are still to be settled." in late
    assert "Nothing is due." in floor("market", "settle", *on).out
    assert "holds 60 EXA-1" in floor("account", "show", town.kiln, "--on", "2025-06-04").out
    assert floor("check").code == 0


def test_a_trade_is_given_to_clients_by_command_before_it_is_settled(
    floor: Tonne, town: Town, books: Books
) -> None:
    later = ("--instrument", "EXA-T2", *ON)
    for name, side, account in (("x", "sell", town.steel), ("y", "buy", town.kiln)):
        words = (name, side, "--account", account, "--count", "20", "--price", "5.00", *later)
        assert floor("order", "new", *words).code == 0
    assert floor("cash", "deposit", town.ana, "500.00", "--reference", "R-9", *ON[:2]).code == 0
    given = ("market", "allocate", "1", *later, "--account", town.kiln, "--to")
    assert "8440" in floor(*given, f"{town.ana}=10").err
    assert "write ACCOUNT=NUMBER" in floor(*given, "20").err
    shares = (f"{town.ana}=10", "--to", f"{town.kiln}=10")
    before = books()
    assert floor(*given, *shares, "--dry-run").code == 0
    assert books() == before
    said = floor(*given, *shares, "--key", "once", "--json")
    assert said.data["price"] == {"amount": "5.00", "currency": "EUR"}
    assert [(each["buyer"], each["count"]) for each in said.data["parts"]] == [
        (town.ana, 10), (town.kiln, 10),
    ]  # fmt: skip
    again = floor(*given, *shares, "--key", "once", "--json")
    assert (again.data["parts"], again.data["clients"]) == (
        said.data["parts"], said.data["clients"],
    )  # fmt: skip
    on = ("--instrument", "EXA-T2", "--on", "2025-06-04", "--at", "12:00")
    assert "1 trades are settled." in floor("market", "settle", *on).out
    assert "holds 10 EXA-1" in floor("account", "show", town.ana, "--on", "2025-06-04").out
    assert "holds 60 EXA-1" in floor("account", "show", town.kiln, "--on", "2025-06-04").out
    assert floor("check").code == 0


def test_what_is_traded_is_listed(tonne: Tonne) -> None:
    assert "EXA-SPOT" in tonne("market", "list", *ON[:2]).out


def test_many_orders_are_sent_in_one_file(floor: Tonne, town: Town, tmp_path: Path) -> None:
    file = tmp_path / "orders.jsonl"
    lines = [
        {"do": "new", "name": "b1", "account": town.kiln, "side": "buy", "count": 10,
         "price": "5.00"},
        {"do": "new", "name": "b2", "account": town.kiln, "side": "buy", "count": 5,
         "price": "4.00", "for": "cancel"},
        {"do": "new", "name": "b3", "account": town.kiln, "side": "buy", "count": 9_000,
         "price": "4.00"},
        {"do": "amend", "name": "b2", "account": town.kiln, "count": 4},
        {"do": "cancel", "name": "b2", "account": town.kiln},
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, lines)))
    said = floor("order", "send", file, *SPOT, *ON, "--key", "once", "--json")
    assert (said.data["traded"], said.data["refused"]) == (10, 1)
    kinds = [[each["exec_type"] for each in events] for events in said.data["answers"]]
    assert kinds == [["new", "trade"], ["new"], ["rejected"], ["replaced"], ["canceled"]]
    assert said.data["answers"][2][0]["refusals"][0]["number"] == 8023
    again = floor("order", "send", file, *SPOT, *ON, "--key", "once", "--json")
    assert (again.data["traded"], again.data["refused"]) == (10, 1)
    assert "holds 60 EXA-1" in floor("account", "show", town.kiln, *ON[:2]).out


def test_a_file_of_orders_is_refused_whole_with_every_line_at_fault(
    floor: Tonne, town: Town, tmp_path: Path, books: Books
) -> None:
    before = books()
    file = tmp_path / "orders.jsonl"
    good = {"do": "new", "name": "b1", "account": town.kiln, "side": "buy", "count": 10}
    lines = [
        good | {"price": "5.00"}, good | {"price": "5.001"}, good | {"sides": 1}, {"do": "sell"},
        good | {"for": "ever"}, good | {"account": "XE-1"},
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, lines)) + "\nnot JSON\n")
    said = floor("order", "send", file, *SPOT, *ON)
    assert said.code == 2
    assert [f"Line {place}: " in said.err for place in range(1, 8)] == [False] + [True] * 6
    assert books() == before


def test_a_demo_tells_a_quarter_and_every_cent_of_it(tonne: Tonne, place: str) -> None:
    name = place.rpartition("dbname=")[2].split()[0] + "_demo"
    said = tonne("market", "demo", "--database", name)
    assert said.code == 0, said
    assert "every unit and every cent is accounted for" in said.out
    for table in (
        "auction",
        "Deals",
        "exchange",
        "book",
        "Settlements",
        "expired",
        "fund",
        "Statements",
        "Sums",
    ):
        assert table in said.out
    again = tonne("market", "demo", "--database", name, "--json")
    assert (again.code, again.data["accounted_for"]) == (0, True)
    settled = [each["trade"] for each in again.data["settlements"] if each["units"]]
    assert len(settled) == again.data["trades"] + again.data["settled_later"]
    with psycopg.connect(place, autocommit=True) as admin:
        admin.execute(f'drop database "{name}" with (force)'.encode())


# 20 at 5.00 and 10 at 5.50 are 155.00. 20 and 20 are wanted of these 30: a lot each, and one more
# for the first by name. Of 155.00 that is 103.33 for 20, and 51.67 for 10.
def test_several_trades_are_given_to_clients_on_average(floor: Tonne, town: Town) -> None:
    on = ("--instrument", "EXA-T2", *ON)
    for name, side, account, count, price in (
        ("x", "sell", town.steel, "20", "5.00"), ("y", "buy", town.kiln, "20", "5.00"),
        ("z", "sell", town.steel, "10", "5.50"), ("v", "buy", town.kiln, "10", "5.50"),
    ):  # fmt: skip
        words = (name, side, "--account", account, "--count", count, "--price", price, *on)
        assert floor("order", "new", *words).code == 0
    assert floor("cash", "deposit", town.ana, "500.00", "--reference", "R-9", *ON[:2]).code == 0
    wanted = ("--to", f"{town.kiln}=20", "--to", f"{town.ana}=20", "--key", "once")
    given = ("market", "allocate", "1", "2", *on, "--account", town.kiln, *wanted)
    assert floor(*given, "--json").numbers == [8440]
    data = floor(*given, "--pro-rata", "--json").data
    assert [
        (each["client"], each["count"], each["money"]["amount"], each["difference"]["amount"])
        for each in data["clients"]
    ] == [(town.kiln, 20, "103.33", "3.33"), (town.ana, 10, "51.67", "-3.33")]
    assert [(each["trade"], each["buyer"], each["count"]) for each in data["parts"]] == [
        ("1", town.kiln, 20), ("2", town.ana, 10),
    ]  # fmt: skip
    said = floor(*given, "--pro-rata").out
    assert "30 units are given to 2 clients, at EUR 5.17 each on average." in said
    assert "503.33" in floor("cash", "statement", town.ana, *ON[:2]).out
    assert floor("check").code == 0

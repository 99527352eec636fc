"""Sentences about auctions as people and programs see them at the desk."""

import json
import shutil
from pathlib import Path

import pytest

from tonne.operations import scheme_folder
from town import Books, Tonne, Town

BEFORE, OPEN, AFTER = (("--on", f"2025-{day}") for day in ("05-28", "06-02", "06-06"))
TIMES = ("--opens", "2025-06-01T09:00", "--closes", "2025-06-04T14:00")


@pytest.fixture
def hall(tonne: Tonne, town: Town) -> Tonne:
    """The town with an auction of 300 and 40 of the kiln; two bidders have EUR 6,000.00."""
    for who in (town.steel, town.ana):
        words = ("cash", "deposit", who, "6000", "--reference", f"SEPA {who}", *BEFORE)
        assert tonne(*words).code == 0
    said = tonne(
        "auction", "create", "A1", "--instrument", "EXA-1-LOT", "--count", 300, *TIMES, "--consign",
        f"{town.kiln}=40", *BEFORE,
    )  # fmt: skip
    assert said.code == 0, said
    assert said.out.startswith(
        "The auction A1 offers 340 EXA-1, and 100 are set aside at the trigger; bids until "
        "2025-06-04 14:00 UTC."
    )
    return tonne


def one(who: str, price: str, count: int, *more: str) -> tuple[object, ...]:
    """The words of one bid."""
    return ("auction", "bid", "A1", "--bidder", who, "--price", price, "--count", count, *more)


# 150 and 100 are bid for, all at 30.00 or above it: 250 of 340 sold at 30.00.
def test_a_whole_auction_is_held_by_commands(hall: Tonne, town: Town) -> None:
    said = hall(*one(town.steel, "31", 150), *OPEN)
    assert "1 bid lies sealed in A1; EUR 5,580.01 is on hold." in said.out
    assert hall(*one(town.ana, "30", 100), *OPEN).code == 0
    assert hall("auction", "results", "A1", *AFTER, "--json").numbers == [8805]
    shown = hall("auction", "show", "A1", *OPEN, "--json").data
    assert (shown["status"], len(shown["sealed"]), shown["bids"]) == ("open", 2, [])
    done = hall("auction", "clear", "A1", *AFTER)
    assert done.out.startswith(
        "The auction A1: 250 of 340 were sold at EUR 30.00, for EUR 7,500.00. Cover 0.73, "
        "2 bidders, 2 winners."
    ), done
    assert hall("auction", "results", "A1", *AFTER).out == done.out
    data = hall("auction", "results", "A1", *AFTER, "--json").data
    assert data["price"] == {"amount": "30.00", "currency": "EUR"}
    assert [each["count"] for each in data["curve"]] == [150, 250]
    mine = hall("auction", "show", "A1", "--bidder", town.steel, *AFTER, "--json").data["bids"]
    assert (mine[0]["awarded"], mine[0]["paid"]["amount"]) == (150, "4500.00")
    listed = hall("auction", "list", *AFTER)
    assert "1 auction." in listed.out
    assert "EUR 30.00" in listed.out
    assert hall("check").code == 0


def test_bids_of_a_table_stand_together(hall: Tonne, town: Town, tmp_path: Path) -> None:
    head = "bidder,bid,price,count,received\n"
    rows = f"{town.steel},b1,31,100,2025-06-01T10:00\n{town.ana},b1,30,100,2025-06-01T11:00Z\n"
    table = tmp_path / "bids.csv"
    words = ("auction", "bid", "A1", "--file", table, *AFTER, "--as", "authority", "--json")
    table.write_text(f"{head}{rows}{town.ana},b2,30.001,7,2025-06-01T11:00\n")
    assert hall(*words).numbers == [8204, 8205, 8207]
    table.write_text(head + rows)
    data = hall(*words).data
    assert [each["bidder"] for each in data["bidders"]] == [town.steel, town.ana]
    other = tmp_path / "bids.json"
    bid = {"bidder": town.ana, "bid": "b1", "price": "29", "count": 50}
    other.write_text(json.dumps([bid]))
    said = hall("auction", "bid", "A1", "--file", other, "--replace", *OPEN, "--json")
    assert said.data["bidders"][0]["held"]["amount"] == "1740.01"


def test_a_bid_is_taken_back_and_an_auction_called_off(hall: Tonne, town: Town) -> None:
    assert hall(*one(town.steel, "31", 150), *OPEN).code == 0
    gone = ("auction", "withdraw", "A1", "--bidder", town.steel, "--bid", "1", *OPEN)
    assert "EUR 0.00 is still on hold." in hall(*gone).out
    assert hall(*gone, "--json").numbers == [8806]
    said = hall("auction", "call-off", "A1", "--reason", "storm", *OPEN)
    assert "everything is free again" in said.out
    assert hall("auction", "clear", "A1", *AFTER, "--json").numbers == [8802]
    assert hall("auction", "show", "A1", *AFTER, "--json").data["reason"] == "storm"


def test_a_bid_that_is_refused_or_only_tried_writes_nothing(
    hall: Tonne, town: Town, books: Books
) -> None:
    before = books()
    tried = hall(*one(town.steel, "31", 150), *OPEN, "--dry-run")
    assert "Dry run: nothing was written." in tried.out
    assert "The bid is for whole lots" in tried.out
    assert hall(*one(town.steel, "19", 15), *AFTER, "--json").numbers == [8200, 8205, 8206]
    assert hall(*one(town.steel, "x", 10), *OPEN, "--json").numbers == [100]
    assert hall("auction", "bid", "A1", *OPEN, "--json").code == 2
    assert hall("auction", "clear", "A1", *OPEN, "--json").numbers == [8212]
    assert hall("auction", "clear", "A1", *AFTER, "--dry-run").code == 0
    assert hall("auction", "show", "B9", *OPEN, "--json").numbers == [8804]
    create = ("auction", "create", "A2", "--instrument", "EXA-1-LOT", "--count", 1)
    assert hall(*create, *TIMES, *AFTER, "--json").numbers == [8803]
    wrong = hall(*create, "--opens", "soon", "--closes", "later", *BEFORE, "--json")
    book = ("auction", "create", "A2", "--instrument", "EXA-SPOT", "--count", 1, *TIMES)
    assert hall(*book, *BEFORE, "--json").numbers == [8269]
    order = ("order", "new", "o1", "buy", "--account", town.steel, "--instrument", "EXA-1-LOT")
    assert hall(*order, "--count", 10, "--price", "25", *OPEN, "--json").numbers == [8026]
    assert "'soon' is no moment" in wrong.data["detail"]
    assert books() == before


# 30 % of 6,000.00, and a fifth of that for the tax, are 2,160.00; half of it is lost, since the
# 7,200.00 are not there. The steelworks pays 3,600.00 for 100 at 30.00.
def test_who_cannot_pay_what_it_won_is_told_what_it_lost(
    tonne: Tonne, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = Path(shutil.copytree(scheme_folder("example"), tmp_path / "example"))
    law = (act / "auctions.toml").read_text()
    part = 'collateral_share = "0.3", default = { forfeited = "0.5", awards = "unsold" }'
    (act / "auctions.toml").write_text(law.replace('collateral_share = "1"', part))
    monkeypatch.setenv("TONNE_SCHEME", str(act))
    for who in (town.steel, town.kiln):
        words = ("cash", "deposit", who, "4000", "--reference", f"SEPA {who}", *BEFORE)
        assert tonne(*words).code == 0
    offer = (
        "auction",
        "create",
        "A1",
        "--instrument",
        "EXA-1-LOT",
        "--count",
        400,
        *TIMES,
        *BEFORE,
    )
    assert tonne(*offer).code == 0
    assert "EUR 2,160.00 is on hold" in tonne(*one(town.kiln, "30", 200), *OPEN).out
    assert tonne(*one(town.steel, "30", 100), *OPEN).code == 0
    done = tonne("auction", "clear", "A1", *AFTER)
    assert done.out.startswith(
        "The auction A1: 100 of 400 were sold at EUR 30.00, for EUR 3,000.00; 1 bidder could not "
        "pay for 200. Cover 0.75, 2 bidders, 1 winners."
    ), done
    assert tonne("auction", "results", "A1", *AFTER, "--json").data["defaulted"] == 1
    lost = tonne("auction", "show", "A1", "--bidder", town.kiln, *AFTER, "--json").data["forfeited"]
    assert lost == {"amount": "1080.00", "currency": "EUR"}
    assert "EUR 2,920.00" in tonne("cash", "statement", town.kiln, *AFTER).out
    assert tonne("check").code == 0

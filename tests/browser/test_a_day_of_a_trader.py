"""Stories: a trader buys, sells, waits for a second hand; bids, agrees on a deal, is paid out."""

from datetime import timedelta

from auction_hall import Hall
from bourse import CODE
from land import UNIT
from stage import Come, Stage


def test_a_trader_puts_orders_alone_and_with_a_second_hand_and_takes_one_back(
    stage: Stage, come: Come
) -> None:
    counter = stage.trading()
    land, order = counter.bureau.land, {"instrument": CODE, "lasts": "day"}
    carl, dora, visitor = come().enter(counter, "carl"), come().enter(counter, "dora"), come()
    carl.open("/market").follow(CODE)
    assert words(carl.page.locator("h1").inner_text()) == f"{CODE}: EUR 20.00"
    assert "Offer 21.00 8 Offer 20.00 5" in carl.text

    carl.propose(counter, "carl", "kiln", "sell", count="3", price="24.00", **order)
    assert "It is done." in carl.text
    carl.propose(counter, "carl", "kiln", "buy", count="2", price="20.50", **order)
    assert (land.held("kiln"), land.held("steel")) == (53, 57)

    # 6,300 at 16 are worth 100,800, and the Act lets one person trade for 100,000 in a day.
    large = carl.propose(counter, "carl", "kiln", "buy", count="6300", price="16.00", **order)
    assert "It waits for a second person." in carl.text
    visitor.open(f"/market/{CODE}")
    assert "Offer 24.00 3 Offer 21.00 8 Offer 20.00 3" in visitor.text
    assert "Bid" not in visitor.page.locator("table").first.inner_text()
    dora.approve(counter, "dora", large)
    assert "It is done." in dora.text
    assert "Bid 16.00 6,300" in visitor.open(f"/market/{CODE}").text
    assert "Kiln" not in visitor.text

    carl.open(counter.my("kiln", "orders"))
    # What was put alone today: 1 at 20, 3 at 24 and 2 at 20.50, which is 133.
    assert "To be traded today without a second person EUR 99,867.00" in carl.text
    row = carl.page.get_by_role("row").filter(has_text="24.00")
    with carl.page.expect_navigation():
        row.get_by_role("button", name="Take back").click()
    in_book, traded = (words(each.inner_text()) for each in carl.page.locator("tbody").all())
    assert "16.00" in in_book
    assert "24.00" not in in_book
    assert "Buy 2 EUR 20.00" in traded
    assert "24.00" not in visitor.open(f"/market/{CODE}").page.locator("table").first.inner_text()
    land.stands()


def test_a_trader_bids_in_an_auction_confirms_a_deal_and_asks_for_money(
    stage: Stage, come: Come
) -> None:
    counter = stage.trading()
    bureau, land = counter.bureau, counter.bureau.land
    hall = Hall(land)
    hall.rich(steel="5000.00")
    closes = bureau.now + timedelta(days=1)
    hall.create(on="2026-03-01", opens=bureau.now, closes=closes)
    carl, dora, ann = (come().enter(counter, name) for name in ("carl", "dora", "ann"))

    carl.open(counter.my("kiln")).follow("Auctions").follow("A1").follow("Hand in a bid")
    carl.fill(count="20", price="25.50").press("Check your answers")
    # 20 at 25.50 are 510, and a fifth of it is tax: 612.
    assert "It costs at most EUR 612.00, with fees and taxes" in carl.text
    carl.fill(code=counter.code("carl")).press("Sign and propose")
    assert "It is done." in carl.text

    ann.open(counter.my("steel")).follow("Deals").follow("Propose a deal")
    ann.fill(side="sell", target=bureau.number("kiln"), unit=UNIT, count="4", price="20.00")
    ann.press("Check your answers").fill(code=counter.code("ann")).press("Sign and propose")
    bob = come().enter(counter, "bob").approve(counter, "bob", ann.path)
    assert "It is done." in bob.text
    dora.open("/today").follow("Deal D-").follow("Confirm it")
    assert "The other account is not on the trusted list." in dora.text
    dora.fill(code=counter.code("dora")).press("Sign and propose")
    carl.approve(counter, "carl", dora.path)
    ann.open(counter.my("steel", "deals"))
    assert "settled" in ann.text
    assert (land.held("kiln"), land.held("steel")) == (55, 55)

    carl.open(counter.my("kiln", "withdraw")).fill(amount="1000.00").press("Check your answers")
    carl.fill(code=counter.code("carl")).press("Sign and propose")
    assert "Asked for, and not yet paid by the bank EUR 1,000.00" in carl.open(
        counter.my("kiln", "money")
    ).text  # fmt: skip

    hall.bid(hall.order("steel", "22.00", 10), on="2026-03-02")
    hall.clear(on="2026-03-04")
    bureau.now = closes + timedelta(hours=1)
    carl.enter(counter, "carl").open(counter.my("kiln", "auctions/A1"))
    # All win, at the lowest price that was accepted: 20 at 22.00 are 440.
    assert "30 units were sold for EUR 22.00 each." in carl.text
    assert "EUR 25.50 20 EUR 440.00" in carl.text
    assert land.held("kiln") == 75
    land.stands()


def words(text: str) -> str:
    """What is read, whatever stands between the words."""
    return " ".join(text.split())

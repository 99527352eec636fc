"""A story: a trader reads the book, buys, sells, waits for a second hand, takes an order back."""

from bourse import CODE
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


def words(text: str) -> str:
    """What is read, whatever stands between the words."""
    return " ".join(text.split())

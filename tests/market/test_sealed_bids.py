"""Bids stay sealed until the close, and cannot be changed after it."""

from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from auction_law import CLOSES, NOON, OPENS, auction, auction_law, bidder, offer, request
from tonne.market import (
    BidRequest,
    Opening,
    SealedBid,
    clear,
    hand_in,
    open_bids,
    receive,
    roll,
    sealed,
)
from tonne.refusal import Refused

LAW = auction_law()
SALE = auction(100)
SALT = "0123456789abcdef0123456789abcdef"
BIDDERS = {name: bidder(name) for name in ("B", "C")}
FIRST = request("5.00", 60, by="C")
SECOND = request("4.00", 70, name="b2")


def seal(bid: BidRequest, salt: str = SALT) -> SealedBid:
    """A bid as it is handed in."""
    return SealedBid(
        auction=bid.auction,
        id=bid.id,
        bidder=bid.bidder,
        commitment=sealed(bid, salt),
        received=bid.received,
    )


def test_a_commitment_is_the_hash_of_the_bid_and_a_salt() -> None:
    # Written again: each part with its length; 5.00 and 5 are one price.
    text = "3:bid,2:A1,1:C,2:b1,1:5,2:60,32:0123456789abcdef0123456789abcdef,"
    assert sealed(FIRST, SALT) == sha256(text.encode()).hexdigest()
    assert sealed(structs.replace(FIRST, price=Decimal("5.0")), SALT) == sealed(FIRST, SALT)


def test_a_salt_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(Refused, match=r"\[8210\] The salt has 31 characters; it needs 32"):
        sealed(FIRST, SALT[1:])


@given(
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    st.sampled_from(["A1", "A11"]),
    st.sampled_from(["b", "b1"]),
)
def test_no_two_bids_have_one_commitment(price: int, count: int, sale: str, name: str) -> None:
    other = BidRequest(
        auction=sale, id=name, bidder="C", price=Decimal(price), count=count, received=NOON
    )
    same = structs.replace(other, received=FIRST.received) == FIRST
    assert (sealed(other, SALT) == sealed(FIRST, SALT)) == same
    assert sealed(other, SALT[::-1]) != sealed(other, SALT)


def test_sealed_bids_are_opened_in_the_order_in_which_they_came() -> None:
    bids, refused = hand_in([seal(FIRST), seal(SECOND)], SALE, BIDDERS, LAW)
    assert refused == ()
    # The moment that counts is that of the sealed bid, whatever the opening says.
    late = structs.replace(FIRST, received=CLOSES + timedelta(days=1))
    shown = [Opening(request=SECOND, salt=SALT), Opening(request=late, salt=SALT)]
    opened = open_bids(shown, bids, SALE, LAW, at=CLOSES)
    assert opened.requests == (FIRST, SECOND)
    assert opened.refused == ()
    received = receive(opened.requests, SALE, BIDDERS, LAW)
    assert clear(received.bids, offer(100), LAW).price == 400


def test_no_bid_is_opened_before_the_close() -> None:
    with pytest.raises(Refused, match=r"\[8212\] .* the bids stay sealed until 2008-09-25 14:00"):
        open_bids([], [seal(FIRST)], SALE, LAW, at=CLOSES - timedelta(seconds=1))


def test_a_bid_that_was_changed_is_found_out() -> None:
    changed = [
        structs.replace(FIRST, price=Decimal("4.99")),
        structs.replace(FIRST, count=61),
    ]
    for bid in changed:
        opened = open_bids([Opening(request=bid, salt=SALT)], [seal(FIRST)], SALE, LAW, at=CLOSES)
        ((refusal,),) = [each.refusals for each in opened.refused]
        assert str(refusal) == f"Bid b1 of C is not the one sealed as {sealed(FIRST, SALT)}."
        assert refusal.number == 8214
        assert opened.requests == ()


def test_only_a_bid_that_was_received_is_opened() -> None:
    shown = [Opening(request=SECOND, salt=SALT)]
    opened = open_bids(shown, [], SALE, LAW, at=CLOSES)
    ((refusal,),) = [each.refusals for each in opened.refused]
    assert (refusal.number, str(refusal)) == (8213, "No sealed bid b2 of B was received.")


def test_a_bid_that_is_not_opened_is_no_bid() -> None:
    opened = open_bids([], [seal(FIRST)], SALE, LAW, at=CLOSES)
    ((refusal,),) = [each.refusals for each in opened.refused]
    assert (refusal.number, str(refusal)) == (8215, "Sealed bid b1 of C was not opened.")


def test_a_bid_opened_twice_is_one_bid() -> None:
    twice = [Opening(request=FIRST, salt=SALT)] * 2
    assert open_bids(twice, [seal(FIRST)], SALE, LAW, at=CLOSES).requests == (FIRST,)


def test_what_can_be_asked_of_a_sealed_bid_is_asked_at_once() -> None:
    wrong = SealedBid(auction="A1", id="b1", bidder="X", commitment="0x" * 32, received=CLOSES)
    taken, (refused,) = hand_in([wrong], SALE, BIDDERS, LAW)
    assert taken == ()
    assert [each.number for each in refused.refusals] == [8200, 8202, 8211]
    assert str(refused.refusals[-1]) == f"Bid b1: '{'0x' * 32}' is not a commitment."
    early = structs.replace(seal(FIRST), received=OPENS - timedelta(seconds=1))
    _, (refused,) = hand_in([early], SALE, BIDDERS, LAW)
    assert [each.number for each in refused.refusals] == [8201]


def test_a_sealed_bid_under_a_used_id_is_refused() -> None:
    taken, (refused,) = hand_in([seal(FIRST), seal(FIRST, SALT[::-1])], SALE, BIDDERS, LAW)
    assert taken == (seal(FIRST),)
    assert [each.number for each in refused.refusals] == [8203]
    _, (again,) = hand_in([seal(FIRST)], SALE, BIDDERS, LAW, earlier=taken)
    assert [each.number for each in again.refusals] == [8203]


def test_a_bid_added_or_taken_away_after_the_close_changes_the_roll() -> None:
    both = [seal(FIRST), seal(SECOND)]
    assert roll(both) == roll(both[::-1])
    assert len({roll(both), roll(both[:1]), roll(both[1:]), roll([])}) == 4

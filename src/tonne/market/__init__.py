"""What is it worth, and who gets it? Order book, auction, direct deal, forward.

Pure decisions: prices are whole ticks, quantities whole lots, money in minor units. Nothing moves
here; what was decided is settled through the one gate to the books.
"""

from tonne.market import auction_refusals, tender_refusals
from tonne.market.auction import (
    AuctionResult,
    Award,
    CurvePoint,
    clear,
)
from tonne.market.auction_rules import (
    AuctionForm,
    AuctionLaw,
    AuctionRules,
    BidderLimit,
    BiddingRule,
    CancellationRule,
    ReserveRule,
    SetPrice,
    TieRule,
    UnsoldRule,
)
from tonne.market.bids import (
    Auction,
    Bid,
    Bidder,
    BidRequest,
    Consigned,
    Offer,
    Received,
    RefusedBid,
    collateral_needed,
    offer_refusals,
    receive,
)
from tonne.market.clock import (
    ClockResult,
    ClockRound,
    clock_result,
    clock_round,
)
from tonne.market.sealed import (
    Opened,
    Opening,
    SealedBid,
    hand_in,
    open_bids,
    roll,
    sealed,
)
from tonne.market.shares import (
    largest_remainders,
)
from tonne.market.tender import (
    Contract,
    Interest,
    Proposal,
    RefusedProject,
    Shortlist,
    Tender,
    TenderResult,
    award,
    shortlist,
)
from tonne.market.tender_rules import (
    ClockRule,
    ClockRules,
    PriceCeiling,
    TenderRule,
    TenderRules,
)
from tonne.market.unsold import (
    Fate,
    Left,
    SellerShare,
)

__all__ = [
    "Auction",
    "AuctionForm",
    "AuctionLaw",
    "AuctionResult",
    "AuctionRules",
    "Award",
    "Bid",
    "BidRequest",
    "Bidder",
    "BidderLimit",
    "BiddingRule",
    "CancellationRule",
    "ClockResult",
    "ClockRound",
    "ClockRule",
    "ClockRules",
    "Consigned",
    "Contract",
    "CurvePoint",
    "Fate",
    "Interest",
    "Left",
    "Offer",
    "Opened",
    "Opening",
    "PriceCeiling",
    "Proposal",
    "Received",
    "RefusedBid",
    "RefusedProject",
    "ReserveRule",
    "SealedBid",
    "SellerShare",
    "SetPrice",
    "Shortlist",
    "Tender",
    "TenderResult",
    "TenderRule",
    "TenderRules",
    "TieRule",
    "UnsoldRule",
    "auction_refusals",
    "award",
    "clear",
    "clock_result",
    "clock_round",
    "collateral_needed",
    "hand_in",
    "largest_remainders",
    "offer_refusals",
    "open_bids",
    "receive",
    "roll",
    "sealed",
    "shortlist",
    "tender_refusals",
]

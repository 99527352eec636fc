"""Auctions in the books: the door to create them, bid in them, clear them and tell of them.

Sealed bids, one round, one price for all. The room of the market decides; units and money are on
hold from the promise on, and every award is delivered against payment in one transaction.
"""

from tonne.operations.auction_awards import paired
from tonne.operations.auction_bids import BidOrder, HandedIn, bid, withdraw
from tonne.operations.auction_clearing import awards, bids_of, clear
from tonne.operations.auction_offers import NewAuction, call_off, create, results, sealed_bids
from tonne.operations.auction_words import Cleared, HeldAuction, Results, Sealed
from tonne.operations.auction_words import auctions as every
from tonne.operations.auction_words import the_auction as find
from tonne.operations.bid_table import COLUMNS, a_moment, read_bids, read_bids_in_json
from tonne.operations.heard import moment

__all__ = [
    "COLUMNS",
    "BidOrder",
    "Cleared",
    "HandedIn",
    "HeldAuction",
    "NewAuction",
    "Results",
    "Sealed",
    "a_moment",
    "awards",
    "bid",
    "bids_of",
    "call_off",
    "clear",
    "create",
    "every",
    "find",
    "moment",
    "paired",
    "read_bids",
    "read_bids_in_json",
    "results",
    "sealed_bids",
    "withdraw",
]

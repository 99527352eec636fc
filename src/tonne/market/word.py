"""What is said in the market, as it is kept; how things stand is worked out from it."""

from typing import NamedTuple


class MarketWord(NamedTuple):
    """What is said in the market: on a topic such as auctions, about one subject of it."""

    topic: str
    subject: str
    body: str
    """JSON."""

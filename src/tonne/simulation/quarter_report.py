"""What came of a quarter of a market: auction, deals, trades, statements, sums."""

from datetime import date

from msgspec import Struct

from tonne import operations
from tonne.ledger import Difference, Total
from tonne.market import Candle, Depth, SettlementPrice
from tonne.operations import auctions, deals, forwards
from tonne.quantity import Money


class Statement(Struct, frozen=True, kw_only=True):
    """What somebody has at the end, and how much of it is promised."""

    name: str
    account: str
    units: int
    units_held: int
    money: Money
    money_held: Money


class QuarterReport(Struct, frozen=True, kw_only=True):
    """What came of the quarter."""

    instrument: str
    first: date
    last: date

    auction: auctions.Cleared
    deals: tuple[deals.DealStands, ...]
    forward: forwards.ForwardStands
    distributed: dict[str, int]
    weeks: tuple[Candle, ...]
    prices: tuple[SettlementPrice, ...]
    book: Depth
    """As it was when the last day on which they traded was over."""

    trades: int
    volume: int
    settled: int
    failed: tuple[operations.FailedTrade, ...]
    alerts: int
    statements: tuple[Statement, ...]
    totals: tuple[Total, ...]
    differences: tuple[Difference, ...]

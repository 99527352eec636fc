"""What the books in memory keep of trades: the twin of ``payments``."""

from abc import ABC
from collections.abc import Sequence
from typing import get_args

from tonne.market import VatTreatment
from tonne.registry import TradeRecord
from tonne.store.memory_link import MemoryCorresponding
from tonne.store.undo import expect


class MemoryPaying(MemoryCorresponding, ABC):
    """Payments: the records of trades."""

    def add_trades(self, records: Sequence[tuple[int, TradeRecord]]) -> None:
        """Add what was agreed of trades, by the transaction that settles them."""
        memory = self.memory
        fresh = {entry for entry, _ in memory.trades}
        for entry, _ in records:
            expect(entry not in fresh, "a record is made with its entry")
        lines: dict[int, int] = {}
        for entry, trade in records:
            self._expect_entry(entry)
            expect({trade.buyer, trade.seller} <= memory.accounts.keys(), "there are two sides")
            expect({trade.unit, trade.currency} <= memory.assets.keys(), "there are two assets")
            expect(trade.buyer != trade.seller and trade.unit != trade.currency, "they differ")
            expect(memory.assets[trade.currency].series is None, "money has no numbers")
            amounts = trade.paid, trade.vat, trade.buyer_fee, trade.seller_fee, trade.delay
            expect(0 <= trade.advance <= trade.paid, "no more is paid before than the price")
            expect(
                trade.count > 0 and trade.price >= 0 and min(amounts) >= 0, "no less than nothing"
            )
            expect(0 <= trade.rate < 1, "a rate is a share of the price")
            expect(trade.treatment in get_args(VatTreatment), "the law has a word for the tax")
            lines[entry] = lines.get(entry, 0) + 1
            self._add(memory.trades, (entry, lines[entry]), trade)

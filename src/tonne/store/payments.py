"""What the books in PostgreSQL keep of payments: the records of trades, and what is promised."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import astuple

from tonne.ledger import Account, Asset, Hold
from tonne.registry import TradeRecord
from tonne.store.columns import plain, texts
from tonne.store.link import Corresponding
from tonne.store.loaded import Promised

if TYPE_CHECKING:
    from tonne.store.adding import Cache
    from tonne.store.direct import Direct

ADD_TRADES = """
    insert into trade_record (journal, line, buyer, seller, asset, count, currency, price, paid,
                              free, treatment, rate, vat, buyer_country, seller_country, buyer_fee,
                              seller_fee, public, delay, advance)
    select * from unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[], $5::integer[],
                         $6::bigint[], $7::integer[], $8::numeric[], $9::bigint[], $10::boolean[],
                         $11::text[], $12::numeric[], $13::bigint[], $14::text[], $15::text[],
                         $16::bigint[], $17::bigint[], $18::boolean[], $19::integer[],
                         $20::bigint[])
"""

TRADES = """
    select t.journal, b.number, s.number, x.code, t.count, m.code, t.price, t.paid, t.free,
           t.treatment, t.rate, t.vat, t.buyer_country, t.seller_country, t.buyer_fee,
           t.seller_fee, t.public, t.delay, t.advance
      from trade_record t
      join account b on b.id = t.buyer
      join account s on s.id = t.seller
      join asset x on x.id = t.asset
      join asset m on m.id = t.currency
     where (%(entries)s::bigint[] is null or t.journal = any (%(entries)s))
     order by t.journal, t.line
"""

HOLDS = """
    select h.key, a.number, a.is_source, x.code, s.code, h.count, h.journal, e.journal
      from hold h
      join account a on a.id = h.account
      join asset x on x.id = h.asset
      left join series s on s.id = x.series
      left join hold_end e on e.key = h.key
     where (%(key)s::text is null or h.key = %(key)s)
       and (%(account)s::text is null or a.number = %(account)s)
     order by h.journal, h.key
"""

HOLDS_BEGUN = """
    select h.key, a.number, a.is_source, x.code, s.code, h.count
      from open_hold h
      join account a on a.id = h.account
      join asset x on x.id = h.asset
      left join series s on s.id = x.series
     where starts_with(h.key, %s)
     order by h.key collate "C"
"""


class Paying(Corresponding):
    """Payments: the records of trades, and the promises that wait for something."""

    cache: "Cache"
    direct: "Direct"

    def add_trades(self, records: Sequence[tuple[int, TradeRecord]]) -> None:
        """Add what was agreed of trades, by the transaction that settles them."""
        if not records:
            return
        # A column at a time: an order book settles trades by the ten thousand.
        (
            buyers, sellers, units, counts, currencies, prices, paid, free, treatments, rates, vats,
            buyer_countries, seller_countries, buyer_fees, seller_fees, public, delays, advances,
        ) = zip(*[astuple(trade) for _, trade in records], strict=True)  # fmt: skip
        numbers, codes = {*buyers, *sellers}, {*units, *currencies}
        self._learn(numbers, codes)
        lines: Counter[int] = Counter()
        places: list[int] = []
        for entry, _ in records:
            lines[entry] += 1
            places.append(lines[entry])
        accounts = {number: _id(self.cache.accounts.get(number)) for number in numbers}
        assets = self.cache.assets
        arguments = (
            plain(entry for entry, _ in records),
            plain(places),
            plain(map(accounts.get, buyers)),
            plain(map(accounts.get, sellers)),
            plain(map(assets.get, units)),
            plain(counts),
            plain(map(assets.get, currencies)),
            plain(prices),
            plain(paid),
            plain(free),
            texts(treatments),
            plain(rates),
            plain(vats),
            texts(buyer_countries),
            texts(seller_countries),
            plain(buyer_fees),
            plain(seller_fees),
            plain(public),
            plain(delays),
            plain(advances),
        )
        self.direct.later("trades", ADD_TRADES, arguments)

    def trades(self, entries: Sequence[int] | None = None) -> list[tuple[int, TradeRecord]]:
        """What was agreed of trades, in the order of the journal; of all, or of some entries."""
        asked = {"entries": None if entries is None else list(entries)}
        return [
            (
                entry,
                TradeRecord(
                    buyer=buyer,
                    seller=seller,
                    unit=unit,
                    count=count,
                    currency=currency,
                    price=price,
                    paid=paid,
                    free=free,
                    treatment=treatment,
                    rate=rate,
                    vat=vat,
                    buyer_country=buyer_country,
                    seller_country=seller_country,
                    buyer_fee=buyer_fee,
                    seller_fee=seller_fee,
                    public=public,
                    delay=delay,
                    advance=advance,
                ),
            )
            for entry, buyer, seller, unit, count, currency, price, paid, free, treatment, rate,
                vat, buyer_country, seller_country, buyer_fee, seller_fee, public, delay, advance
            in self._execute(TRADES, asked).fetchall()
        ]  # fmt: skip

    def holds(self, *, key: str | None = None, account: str | None = None) -> list[Promised]:
        """What was promised under a key, or of an account, in the order in which it was."""
        asked = {"key": key, "account": account}
        return [
            Promised(
                Hold(
                    key=key_, account=Account(number, is_source), asset=Asset(code, series), count=n
                ),
                entry,
                ended,
            )
            for key_, number, is_source, code, series, n, entry, ended in self._execute(
                HOLDS, asked
            ).fetchall()
        ]

    def open_holds(self, begin: str) -> list[Hold]:
        """The holds that have not ended and whose keys begin so, by key."""
        return [
            Hold(
                key=key,
                account=Account(number, is_source),
                asset=Asset(code, series),
                count=count,
            )
            for key, number, is_source, code, series, count in self._execute(
                HOLDS_BEGUN, (begin,)
            ).fetchall()
        ]

    @abstractmethod
    def _learn(self, numbers: Iterable[str], assets: Iterable[str]) -> None:
        """Learn the database's numbers of accounts and assets."""


def _id(known: tuple[int, Any] | None) -> int | None:
    return None if known is None else known[0]

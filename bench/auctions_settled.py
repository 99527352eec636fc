"""An auction of 10,000 and of 100,000 bids in the books: handed in, cleared and settled.

There are a tenth as many bidders as bids, and every award is delivered against payment in one
transaction. PostgreSQL's own yardstick has nothing like it, so the figures are seconds.
"""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from statistics import median
from time import perf_counter
from typing import TypeVar

from place import Place

from tonne.ledger import Account, Asset, Movement, Transaction
from tonne.market import BidderLimit, BiddingRule, ReserveRule
from tonne.operations import (
    Books,
    Desk,
    Opening,
    Scheme,
    auctions,
    found,
    issue,
    load_scheme,
    open_accounts,
    record_all,
    scheme_folder,
)
from tonne.rulebook import Clause, Dated
from tonne.store import PostgresStore

T = TypeVar("T")
NAME = "tonne_bench_auctions"
START = date(2025, 1, 1)
CLOSES = datetime(2025, 6, 4, 14, tzinfo=UTC)
AIMS = {10_000: 2.0, 100_000: 15.0}
TIMES = 3
LOT, UNIT = "EXA-1-LOT", "EXA-1"


def settled(place: Place) -> None:
    """Bids handed in by one request; then the auction is cleared and settled by another."""
    for bids, aim in AIMS.items():
        taken, cleared, trades = [], [], 0
        for _ in range(TIMES if bids < max(AIMS) else 1):
            place.fresh(NAME)
            law = _law()
            with place.open(NAME) as store:
                accounts = _people(store, law, bids // 10)
            place.analyze(NAME)
            with place.open(NAME) as store:
                orders = _orders(accounts, bids)
                _create(store, law, bids)
                began = perf_counter()
                store.run(
                    partial(
                        auctions.bid,
                        scheme=law,
                        name="A1",
                        orders=orders,
                        key="bids",
                        desk=_desk(2),
                    )
                )
                between = perf_counter()
                done = store.run(
                    partial(auctions.clear, scheme=law, name="A1", key="clear", desk=_desk(6))
                )
                ended = perf_counter()
                taken.append(between - began)
                cleared.append(ended - between)
                trades = len(store.run(lambda books: books.trades()))
                assert done.results.sold == bids
                assert store.run(lambda books: books.check()) == [], "the books are whole"
        print(
            f"{bids:,} bids of {bids // 10:,} bidders cleared and settled in PostgreSQL in "
            f"{median(cleared):.2f} s, aim {aim:g} s; {trades:,} trades in one transaction; "
            f"before it, taken with their cover in {median(taken):.2f} s",
            flush=True,
        )  # fmt: skip
    place.drop(NAME)


def _law() -> Scheme:
    """The example's, but for lots of one, no reserves, and a limit for so many bidders."""
    law = load_scheme(scheme_folder("example"))
    rules = law.auctions
    instruments = law.instruments
    (lot,) = [each for each in instruments.auction_lots.clauses[0].value if each.code == LOT]
    bidding = BiddingRule(
        limits=(BidderLimit(kind="person", share=Decimal("0.25")),),
        collateral_share=Decimal(1),
        collateral_of="largest",
    )
    changed = replace(
        rules,
        bidding=_dated(bidding),
        cost_containment=_dated(ReserveRule(count=0)),
        emission_containment=_dated(ReserveRule(count=0)),
    )
    traded = replace(instruments, auction_lots=_dated((replace(lot, lot=1),)))
    return replace(law, laws={**law.laws, "auctions.toml": changed, "instruments.toml": traded})


def _dated(value: T) -> Dated[T]:
    return Dated([Clause(start=START, value=value, reference="bench")])


def _desk(day: int, month: int = 6) -> Desk:
    on = date(2025, month, day)
    return Desk(by="authority", day=on, at=datetime(2025, month, day, 12, tzinfo=UTC))


def _people(store: PostgresStore, law: Scheme, count: int) -> list[str]:
    """So many people with money; the authority with units of a year's cap or two."""
    desk = _desk(1, month=2)
    own = store.run(lambda books: found(books, law, desk=desk))
    openings = [
        Opening(kind="person", name=f"Person {n}", registry="XE", operator=None, identifier=n + 100)
        for n in range(count)
    ]
    opened = store.run(lambda books: open_accounts(books, law, openings, key="open", desk=desk))
    for year, units in ((2025, 100_000), (2026, 97_000)):
        store.run(
            partial(
                issue, scheme=law, year=year, unit=UNIT, count=units, key=f"issue {year}", desk=desk
            )
        )
    bank = Account(own["bank"], is_source=True)

    def bring(books: Books) -> None:
        batch = [
            Transaction(
                key=f"bank {each.number}",
                kind="deposit",
                movements=(
                    Movement(
                        source=bank,
                        target=Account(each.number),
                        asset=Asset("EUR"),
                        count=100_000_000,
                    ),
                ),
                because=("bench",),
            )
            for each in opened
        ]
        record_all(books, law, batch, desk=desk)

    store.run(bring)
    return [each.number for each in opened]


def _create(store: PostgresStore, law: Scheme, bids: int) -> None:
    """As many units as bids."""
    asked = auctions.NewAuction(
        name="A1",
        instrument=LOT,
        count=bids,
        opens=datetime(2025, 6, 1, 9, tzinfo=UTC),
        closes=CLOSES,
    )
    desk = _desk(28, month=5)
    store.run(lambda books: auctions.create(books, law, asked, key="create", desk=desk))


def _orders(accounts: list[str], bids: int) -> list[auctions.BidOrder]:
    """Bids for one to three units, at prices on some hundred ticks, so that many tie."""
    chance = random.Random(7)
    return [
        auctions.BidOrder(
            bidder=chance.choice(accounts),
            id=str(n),
            price=Decimal(chance.randint(2_350, 2_450)) / 100,
            count=chance.randint(1, 3),
            salt=f"{chance.getrandbits(128):032x}",
        )
        for n in range(bids)
    ]

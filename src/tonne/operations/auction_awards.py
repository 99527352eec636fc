"""What an auction sells to whom, who buys it of whom, and what follows if somebody cannot pay."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from tonne import market as exchange
from tonne.market import AuctionResult, Bid, DefaultRule, forfeit, vat
from tonne.operations.auction_room import Room
from tonne.operations.auction_words import Defaulted
from tonne.operations.settle import Trade
from tonne.quantity import Money, Price


def sold_to(
    room: Room,
    bids: Sequence[Bid],
    *,
    seed: str,
    market: Decimal | None,
    unpaid: Collection[str] = (),
) -> AuctionResult:
    """What the bids come to; ``market`` is the price on the market."""
    measured = None if market is None else room.law.ticks(market)
    return exchange.clear(
        bids, room.auction.created.offer, room.law, seed=seed, market=measured, unpaid=unpaid
    )


def sold_to_who_can_pay(
    room: Room,
    bids: Sequence[Bid],
    means: Mapping[str, Money],
    held: Mapping[str, Money],
    *,
    seed: str,
    market: Decimal | None,
    on: date,
) -> tuple[AuctionResult, tuple[Defaulted, ...]]:
    """The same among those who can pay it on the day, and who cannot: by the rule of the law.

    ``means`` is all that each has for it, and ``held`` what of it was on hold as collateral.
    Whoever defaults may change what others pay, so it is asked again until all can.
    """
    rule = room.law.bidding.value.default
    out: dict[str, Defaulted] = {}
    while True:
        result = sold_to(room, bids, seed=seed, market=market, unpaid=out)
        found = {} if rule is None else _short(room, result, means, held, rule=rule, on=on)
        if not found:
            return result, tuple(out.values())
        out |= found


def _short(
    room: Room,
    result: AuctionResult,
    means: Mapping[str, Money],
    held: Mapping[str, Money],
    *,
    rule: DefaultRule,
    on: date,
) -> dict[str, Defaulted]:
    """Who wins for more than they have, with what they are paid for their own units."""
    due: dict[str, int] = {}
    won: dict[str, int] = {}
    for trade in trades_of(room, result, ""):
        minor = with_tax(room, trade, on).minor
        due[trade.buyer] = due.get(trade.buyer, 0) + minor
        due[trade.seller] = due.get(trade.seller, 0) - minor
        won[trade.buyer] = won.get(trade.buyer, 0) + trade.count
    return {
        who: Defaulted(
            bidder=who,
            count=count,
            due=due[who],
            there=means[who].minor,
            forfeited=forfeit(held[who], rule).minor,
        )
        for who, count in won.items()
        if due[who] > means[who].minor
    }


def with_tax(room: Room, trade: Trade, on: date) -> Money:
    """What the buyer pays the seller on the day: the price of all units, and the tax on it."""
    paid = trade.price.times(trade.count)
    lands = {"seller": trade.seller, "buyer": trade.buyer}
    homes = {side: number.partition("-")[0] for side, number in lands.items()}
    return paid + vat(**homes, rules=room.taxes, on=on).on_invoice(paid)


def trades_of(room: Room, result: AuctionResult, key: str) -> Iterator[Trade]:
    """A trade for each bidder and seller; an auction takes no fee of trades."""
    if result.price is None:
        return
    coins, money = Decimal(room.law.lot.value.tick), room.currency
    price, none = Price(minor=result.price * coins, tick=coins, currency=money), Money(0, money)
    won: dict[str, int] = {}
    for award in result.awards:
        won[award.bidder] = won.get(award.bidder, 0) + award.count
    sold = {each.seller: each.sold for each in result.sellers}
    for place, (buyer, seller, count) in enumerate(paired(won, sold), 1):
        yield Trade(
            key=f"{key}/{place}",
            buyer=buyer,
            seller=seller,
            unit=room.auction.created.unit,
            count=count,
            price=price,
            free=not price.minor,
            buyer_fee=none,
            seller_fee=none,
        )


def paired(won: Mapping[str, int], sold: Mapping[str, int]) -> Iterator[tuple[str, str, int]]:
    """Who buys of whom. Nobody buys of himself: what cannot be avoided stays where it is.

    Sellers who bid are served first, and from those who consigned like them.
    """
    left = {seller: count for seller, count in sold.items() if count}
    for buyer in sorted(won, key=lambda name: name not in sold):
        need = won[buyer]
        for seller in (
            sorted(left, key=lambda name: (name not in won, name)) if buyer in sold else list(left)
        ):
            count = min(need, left[seller])
            if not count or seller == buyer:
                continue
            yield buyer, seller, count
            need -= count
            left[seller] -= count
            if not left[seller]:
                del left[seller]

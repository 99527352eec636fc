"""An auction of the books as the room of the market knows it: its law, its bidders, their cover."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tonne.market import (
    Auction,
    AuctionLaw,
    Bid,
    Bidder,
    BidRequest,
    VatRules,
    collateral_needed,
    receive,
    vat,
)
from tonne.operations.auction_words import HeldAuction, Sealed, Standing, closing_day
from tonne.operations.books import Books
from tonne.operations.scheme import Scheme
from tonne.quantity import Currency, Money
from tonne.refusal import Refusal
from tonne.registry import HoldingAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """An auction with what its bids are measured by."""

    auction: HeldAuction
    law: AuctionLaw
    taxes: VatRules

    @classmethod
    def of(cls, auction: HeldAuction, scheme: Scheme) -> "Room":
        """Under the law of the day of its close."""
        return cls(
            auction=auction,
            law=auction.law(scheme),
            taxes=scheme.vat,
        )

    @property
    def currency(self) -> Currency:
        """The money of the auction."""
        return self.law.currency

    @property
    def groups(self) -> dict[str, str]:
        """The group of each account that belongs to one: the first of it stands for it."""
        return {who: group[0] for group in self.auction.created.groups for who in group}

    @property
    def sale(self) -> Auction:
        """The auction as the room of the market knows it."""
        word = self.auction.created
        return Auction(id=word.name, offer=word.offer, opens=word.opens, closes=word.closes)

    def ask(
        self,
        requests: Sequence[BidRequest],
        bidders: Mapping[str, Bidder],
        earlier: Sequence[tuple[str, Sealed]] = (),
    ) -> tuple[tuple[Bid, ...], tuple[tuple[str, str, tuple[Refusal, ...]], ...]]:
        """The bids that stand; and those that do not, with every reason."""
        before = [
            self.bid(who, each, place)
            for place, (who, each) in enumerate(earlier, 1)
            if who in bidders
        ]
        found = receive(requests, self.sale, bidders, self.law, earlier=before)
        return found.bids, tuple((each.bidder, each.id, each.refusals) for each in found.refused)

    def bid(self, who: str, each: Sealed, place: int) -> Bid:
        """A bid that was taken: its price in ticks."""
        price = self.law.ticks(each.price)
        return Bid(id=each.id, bidder=who, price=price, count=each.count, place=place)

    def cover(self, who: str, bids: Sequence[Sealed]) -> Money:
        """What is on hold for the bids of a bidder: the most they may cost, and the tax on it."""
        ticks = self.law.ticks
        needed = collateral_needed([(ticks(each.price), each.count) for each in bids], self.law)
        rate, sellers = self._rate(who)
        if not rate or not needed.minor:
            return needed
        # What is bought of each seller is taxed and rounded by itself.
        tax = rate * needed.minor
        most = -(-tax.numerator // tax.denominator) + sellers - 1
        return Money(needed.minor + most, self.currency)

    def _rate(self, who: str) -> tuple[Fraction, int]:
        """The highest tax that a seller would charge the bidder, and how many sellers there are."""
        offer = self.auction.created.offer
        sellers = [offer.seller, *(each.seller for each in offer.consigned)]
        home, day = who.partition("-")[0], closing_day(self.auction)
        taxed = [
            vat(seller=land, buyer=home, rules=self.taxes, on=day)
            for land in dict.fromkeys(each.partition("-")[0] for each in sellers)
        ]
        rates = [Fraction(each.rate) for each in taxed if each.treatment == "charged"]
        return max(rates, default=Fraction(0)), len(sellers)


def known_bidders(
    books: Books, scheme: Scheme, room: Room, stands: Mapping[str, Standing], more: Sequence[str]
) -> dict[str, Bidder]:
    """Everybody who bids, by kind, with the money that is on hold or free for bids."""
    names = list(dict.fromkeys([*stands, *more]))
    accounts = _accounts(books, scheme, names)
    code, groups = room.currency.code, room.groups
    books.lock(sorted(accounts))
    free = books.free([(who, code) for who in accounts])
    return {
        who: Bidder(
            id=who,
            kind=account.kind,
            collateral=Money(
                max(0, free[who, code]) + (stands[who].held if who in stands else 0), room.currency
            ),
            group=groups.get(who),
        )
        for who, account in accounts.items()
    }


def _accounts(books: Books, scheme: Scheme, names: Sequence[str]) -> dict[str, HoldingAccount]:
    """The accounts of the scheme with these numbers."""
    if len(names) > 1:
        wanted = set(names)
        every = books.accounts(scheme=scheme.name)
        return {each.number: each for each in every if each.number in wanted}
    return {each.number: each for name in names for each in books.accounts(number=name)}

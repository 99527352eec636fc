"""Value-added tax of a trade: who owes it, by the two countries and the day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tonne.market.deal_grounds import VatNotSaid
from tonne.market.deal_rules import VatRules
from tonne.quantity import Money, product, whole
from tonne.refusal import refuse_if_any

VatTreatment = Literal["charged", "reverse_charge", "zero_rated", "exempt", "outside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vat:
    """How a trade is taxed, and the law that says so.

    ``charged``: the seller adds it and owes it, which is what the carousel of 2009 made off with.
    ``reverse_charge``: the buyer owes it, and no tax passes through the seller's hands.
    """

    treatment: VatTreatment
    rate: Decimal
    reference: str

    def on_invoice(self, value: Money) -> Money:
        """The tax that the buyer pays to the seller."""
        if self.treatment != "charged":
            return Money(0, value.currency)
        return Money(whole(product(self.rate, Decimal(value.minor))), value.currency)


def vat(*, seller: str, buyer: str, rules: VatRules, on: date) -> Vat:
    """The treatment of a trade between businesses of two countries.

    Within a country it is that country's. From one country of the common area to another it is
    the buyer who owes the tax, at home; where either is outside, none is owed here. There is no
    treatment by default: a country that the law does not speak of is refused.
    """
    clause = rules.within.on(on)
    countries = {each.country: each for each in clause.value}
    elsewhere = rules.elsewhere.on(on)
    if elsewhere.value == "refused":
        refuse_if_any(
            VatNotSaid(reference=elsewhere.reference, country=each, known=tuple(countries))
            for each in dict.fromkeys((seller, buyer))
            if each not in countries
        )
    if seller not in countries or buyer not in countries:
        return Vat(treatment="outside", rate=Decimal(0), reference=elsewhere.reference)
    if seller != buyer:
        rate = countries[buyer].rate
        return Vat(treatment="reverse_charge", rate=rate, reference=clause.reference)
    home = countries[seller]
    return Vat(treatment=home.treatment, rate=home.rate, reference=clause.reference)

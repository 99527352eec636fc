"""How a nation would stand by its own emissions alone: what it had to buy, what it could sell."""

from dataclasses import dataclass
from datetime import date

from tonne.compliance.nation_amounts import assigned_amount
from tonne.compliance.nation_judgement import Inventory, emissions_of
from tonne.compliance.nation_reserve import Reserve, reserve
from tonne.compliance.nation_rules import NationRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A nation's assigned amount beside its emissions; forests and units of others left out."""

    party: str
    amount: int
    emissions: int
    reserve: Reserve
    """By the inventory of the last year."""

    @property
    def left(self) -> int:
        """Amount less emissions; less than none where it emitted more."""
        return self.amount - self.emissions

    @property
    def to_buy(self) -> int:
        """Units that it had to find elsewhere."""
        return max(0, -self.left)

    @property
    def could_sell(self) -> int:
        """Units above its emissions and above its reserve."""
        return max(0, self.amount - max(self.emissions, self.reserve.level))


def balance(
    party: str, inventories: tuple[Inventory, ...], rules: NationRules, *, on: date
) -> Balance:
    """How a nation stands at the end of the period by its inventories."""
    amount = assigned_amount(party, rules, on=on)
    emissions = emissions_of(party, inventories, rules, on=on)
    last = max(inventories, key=lambda each: each.year)
    return Balance(
        party=party,
        amount=amount,
        emissions=emissions,
        reserve=reserve(amount, last.tonnes, rules, on=on),
    )

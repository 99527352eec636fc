"""Money and trades in the land of the Example Act, in short words."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from land import UNIT, Land
from tonne import operations
from tonne.ledger import Block
from tonne.operations import Answer, Receipt, Trade, Withdrawal
from tonne.quantity import Currency, Money, Price, money
from tonne.registry import Role

EUR = Currency("EUR")
ON = "2025-06-02"


def euros(text: str) -> Money:
    """So many euros."""
    return money(text, EUR, reference="test", least=0)


def at(text: str) -> Price:
    """So many euros for a unit, to the cent."""
    return Price(minor=Decimal(text) * 100, tick=Decimal(1), currency=EUR)


@dataclass(slots=True)
class Purse:
    """A land whose people pay."""

    land: Land

    def bring(
        self, name: str, amount: str, *, reference: str = "", on: str = ON, by: Role = "authority"
    ) -> Receipt:
        """Have the bank's receipt of money entered."""
        return self.land.do(
            operations.deposit,
            account=self.land.number(name),
            amount=euros(amount),
            bank_reference=reference or self.land.key(),
            on=on,
            by=by,
        )

    def ask(
        self, name: str, amount: str, *, key: str = "", on: str = ON, by: Role = "operator"
    ) -> Withdrawal:
        """Ask for money back."""
        return self.land.do(
            operations.ask_withdrawal,
            account=self.land.number(name),
            amount=euros(amount),
            key=key or self.land.key(),
            on=on,
            by=by,
        )

    def confirm(
        self, number: int, *, reference: str = "", on: str = ON, by: Role = "authority"
    ) -> Receipt:
        """Enter that the bank has paid."""
        return self.land.do(
            operations.confirm_withdrawal,
            number,
            bank_reference=reference or self.land.key(),
            on=on,
            by=by,
        )

    def void(
        self, number: int, *, key: str = "", on: str = ON, by: Role = "operator"
    ) -> Withdrawal:
        """Let a withdrawal come to nothing."""
        return self.land.do(
            operations.void_withdrawal, number, key=key or self.land.key(), on=on, by=by
        )

    def trade(
        self,
        seller: str,
        buyer: str,
        count: int,
        price: str,
        *,
        unit: str = UNIT,
        key: str = "",
        numbers: tuple[int, int] | None = None,
        **more: Any,  # noqa: ANN401  what else a trade says
    ) -> Trade:
        """What two people agree."""
        return Trade(
            key=key or self.land.key(),
            seller=self.land.number(seller),
            buyer=self.land.number(buyer),
            unit=unit,
            count=count,
            price=at(price),
            block=None if numbers is None else Block("EX-1", *numbers),
            **more,
        )

    def settle(self, *trades: Trade, on: str = ON, by: Role = "operator") -> list[Answer]:
        """Settle trades, each on its own."""
        return self.land.do(operations.settle, trades, on=on, by=by)

    def net(self, *trades: Trade, key: str = "", on: str = ON, by: Role = "operator") -> Receipt:
        """Settle trades by what is left of them."""
        return self.land.do(
            operations.settle_netted, trades, key=key or self.land.key(), on=on, by=by
        )

    def has(self, name: str) -> str:
        """The euros of an account, as people write them."""
        return f"{Money(self.land.held(name, 'EUR'), EUR).amount}"

    def is_whole(self) -> None:
        """Every currency sums to nothing, nobody but the bank is below nothing, all is in order."""
        self.land.stands()
        sums = self.land.run(
            lambda books: {
                number: books.holdings(number).get("EUR", 0)
                for number in self.land.accounts.values()
            }
        )
        assert sum(sums.values()) == 0
        assert all(
            count >= 0 for number, count in sums.items() if number != self.land.accounts["bank"]
        )

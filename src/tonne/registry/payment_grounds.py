"""Grounds to refuse a payment (8700 to 8799)."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.quantity import Money
from tonne.refusal import Refusal, either


@dataclass(frozen=True, slots=True, kw_only=True)
class BankReferenceUsed(Refusal):
    """A bank's reference stands for one deposit or one withdrawal, and for no other."""

    number: ClassVar[int] = 8700
    remedy: ClassVar[str] = "Look at the bank's advice again; each payment has a reference."

    bank_reference: str
    entry: int

    def __str__(self) -> str:
        return (
            f"The bank's reference {self.bank_reference!r} is that of another payment, "
            f"transaction {self.entry}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalUnknown(Refusal):
    """Confirmed or voided is what was asked for before."""

    number: ClassVar[int] = 8701
    remedy: ClassVar[str] = "Name the number that asking for the withdrawal gave."

    withdrawal: int

    def __str__(self) -> str:
        return f"No withdrawal was asked for under the number {self.withdrawal}."


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalOver(Refusal):
    """A withdrawal is confirmed or voided once."""

    number: ClassVar[int] = 8702
    remedy: ClassVar[str] = "See the statement; ask for another withdrawal if one is wanted."

    withdrawal: int
    entry: int

    def __str__(self) -> str:
        return f"Withdrawal {self.withdrawal} is over: entry {self.entry} ended it."


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeUnknown(Refusal):
    """No fee is taken but by law."""

    number: ClassVar[int] = 8703
    remedy: ClassVar[str] = "Name a fee that the law of the day has."

    fee: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"The law has no fee {self.fee!r} on this day, only {either(self.known)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSoMuchOwed(Refusal):
    """A penalty is paid as far as it is owed."""

    number: ClassVar[int] = 8704
    remedy: ClassVar[str] = "Pay no more than is open; an overpayment is withdrawn by its owner."

    account: str
    year: int
    asked: Money
    owed: Money

    def __str__(self) -> str:
        return (
            f"{self.asked} were offered of account {self.account} for the penalty of "
            f"{self.year}, of which {self.owed} is open."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyUnknown(Refusal):
    """Accounts hold the currencies that the law of the scheme lets them hold."""

    number: ClassVar[int] = 8706
    remedy: ClassVar[str] = "Pay in a currency of the scheme."

    currency: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        known = either(self.known) if self.known else "no money at all"
        return f"The scheme keeps no {self.currency} on this day, only {known}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeWithoutPrice(Refusal):
    """The price of a trade is on record, also where the public is not told."""

    number: ClassVar[int] = 8707
    remedy: ClassVar[str] = "Say the price; what costs nothing is delivered free of payment."

    unit: str
    count: int

    def __str__(self) -> str:
        return f"{self.count:,} {self.unit} are sold against payment of nothing."


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersNotNetted(Refusal):
    """What is netted has no numbers of its own: only how many is left to settle."""

    number: ClassVar[int] = 8708
    remedy: ClassVar[str] = "Settle the trade on its own, or name no numbers."

    trade: str

    def __str__(self) -> str:
        return f"The trade {self.trade!r} names certain numbers and cannot be netted."


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeInOtherMoney(Refusal):
    """The fee of a trade is taken from what is paid, in its own currency."""

    number: ClassVar[int] = 8709
    remedy: ClassVar[str] = "Trade in the currency in which the law takes its fees."

    fee: str
    currency: str
    traded: str

    def __str__(self) -> str:
        return (
            f"The fee {self.fee!r} is taken in {self.currency}, and the trade is in {self.traded}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingLeft(Refusal):
    """Netting settles a difference; trades that undo each other leave none."""

    number: ClassVar[int] = 8710
    remedy: ClassVar[str] = "Settle the trades on their own."

    trades: int

    def __str__(self) -> str:
        return f"Nothing is left to settle of {self.trades:,} trades."

"""How the books say no: what is not there cannot be moved."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.ledger.block import Block
from tonne.quantity import amount, said
from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceedsHolding(Refusal):
    """More units were asked for than the account holds free of promises."""

    number: ClassVar[int] = 3005
    remedy: ClassVar[str] = "Ask for no more than is free, or obtain more units first."

    account: str
    asset: str
    asked: int
    free: int
    held: int
    """How many more there are, promised to something else."""

    def __str__(self) -> str:
        free, held = (amount(self.asset, each) for each in (self.free, self.held))
        promised = f", and {held} more are on hold" if self.held else ""
        asked = said(self.asset, self.asked)
        return f"{asked} were asked of account {self.account}, which has {free} free{promised}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockNotHeld(Refusal):
    """The serial numbers that were named are not in that account as that kind of unit."""

    number: ClassVar[int] = 310
    remedy: ClassVar[str] = "Name numbers that lie in one block the account holds; see a statement."

    account: str
    asset: str
    block: Block

    def __str__(self) -> str:
        return f"Account {self.account} does not hold {self.asset} {self.block} in one block."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownHold(Refusal):
    """The hold that was named does not exist, or is over, or is another account's."""

    number: ClassVar[int] = 311
    remedy: ClassVar[str] = "Name a hold that is still open on the account that pays."

    hold: str

    def __str__(self) -> str:
        return f"There is no open hold {self.hold!r} that this transaction could use."

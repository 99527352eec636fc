"""On which grounds what is said of a deal, a forward or a fund is refused by the books."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.refusal import Refusal

AGREED = "Rule of the books: what is agreed is kept under its name, word for word"


@dataclass(frozen=True, slots=True, kw_only=True)
class DealUnknown(Refusal):
    """What is said of a deal is said of one that was proposed or asked for."""

    number: ClassVar[int] = 8830
    remedy: ClassVar[str] = "Name it as it was named when it was proposed; tonne deal list has all."

    deal: str
    scheme: str

    def __str__(self) -> str:
        return f"There is no deal {self.deal!r} in {self.scheme}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardUnknown(Refusal):
    """A contract is lived through after it is signed."""

    number: ClassVar[int] = 8831
    remedy: ClassVar[str] = "Name it as in its file; tonne forward list has all."

    contract: str
    scheme: str

    def __str__(self) -> str:
        return f"No contract {self.contract!r} was signed in {self.scheme}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FundUnknown(Refusal):
    """A fund is opened before anybody pays into it."""

    number: ClassVar[int] = 8832
    remedy: ClassVar[str] = "Name it as it was named when it was opened."

    fund: str
    scheme: str

    def __str__(self) -> str:
        return f"There is no fund {self.fund!r} in {self.scheme}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTaken(Refusal):
    """Each contract and each fund has a name of its own."""

    number: ClassVar[int] = 8833
    remedy: ClassVar[str] = "Choose another name."

    what: str
    name: str

    def __str__(self) -> str:
        return f"There is a {self.what} {self.name!r} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class FundAccountTaken(Refusal):
    """A fund's account is that of no other fund, so that what is in it is the fund's."""

    number: ClassVar[int] = 8834
    remedy: ClassVar[str] = "Open an account for the fund alone."

    account: str
    fund: str

    def __str__(self) -> str:
        return f"Account {self.account} is that of the fund {self.fund}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTheFundsContract(Refusal):
    """A fund invests in contracts in which its own account is the buyer, in its own money."""

    number: ClassVar[int] = 8835
    remedy: ClassVar[str] = "Let the fund's account be the buyer, and pay in the fund's currency."

    fund: str
    account: str
    contract: str
    buyer: str

    def __str__(self) -> str:
        return (
            f"The buyer in {self.contract} is {self.buyer}; "
            f"the fund {self.fund} buys for {self.account}, in its own money."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CostUnsaid(Refusal):
    """What a contract with a price that follows an index may cost at most is said, and kept for it.

    It is no less than the advance.
    """

    number: ClassVar[int] = 8836
    remedy: ClassVar[str] = "Say what it may cost at most: no less than what is paid upfront."

    contract: str

    def __str__(self) -> str:
        return f"It is not said what {self.contract} costs at most."


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToDistribute(Refusal):
    """Units are distributed that have come."""

    number: ClassVar[int] = 8837
    remedy: ClassVar[str] = "Wait for a delivery."

    fund: str

    def __str__(self) -> str:
        return f"The fund {self.fund} has no units that are free."


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractUnreadable(Refusal):
    """A file of a contract says all that a contract says, in its form, and nothing else."""

    number: ClassVar[int] = 8838
    remedy: ClassVar[str] = "Correct the file; tonne forward sign --help names its fields."

    file: str
    field: str
    fault: str

    def __str__(self) -> str:
        return f"In {self.file!r}, {self.field or 'the file'}: {self.fault}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoContractWants(Refusal):
    """An issuance is shared out among contracts of its project that still want units."""

    number: ClassVar[int] = 8839
    remedy: ClassVar[str] = "Look at the contracts of the project; keep the units, or sell them."

    project: str
    seller: str

    def __str__(self) -> str:
        return f"No contract of {self.seller} wants units of {self.project} now."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsOfAnotherProject(Refusal):
    """Units that say which project they come from are delivered as that project's alone."""

    number: ClassVar[int] = 8863
    remedy: ClassVar[str] = "Name the project of the units, or units of the project."

    unit: str
    project: str

    def __str__(self) -> str:
        return f"{self.unit} does not come from the project {self.project}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectIssuedLess(Refusal):
    """No more of a project's units are shared out among its contracts than it was issued."""

    number: ClassVar[int] = 8864
    remedy: ClassVar[str] = "Share out what was issued, or wait until more is."

    project: str
    issued: int
    before: int
    asked: int

    def __str__(self) -> str:
        return (
            f"{self.project} was issued {self.issued} units, and {self.before} were delivered to "
            f"its contracts; {self.asked} more are to be shared out."
        )

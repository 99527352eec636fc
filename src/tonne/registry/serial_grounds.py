"""Grounds to refuse a serial number, or units whose numbers or origin do not fit (3200 on)."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.refusal import Refusal, either, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersNotKept(Refusal):
    """A conversion gives out the very numbers that it takes back, to the same holder."""

    number: ClassVar[int] = 3200
    remedy: ClassVar[str] = "Give back and give out the same block, of kinds that may be converted."

    verb: str
    given_back: tuple[str, ...]
    given_out: tuple[str, ...]

    def __str__(self) -> str:
        back, out = " and ".join(self.given_back), " and ".join(self.given_out)
        return f"To {spoken(self.verb)} {back or 'nothing'} cannot make {out or 'nothing'} of it."


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginNotSaid(Refusal):
    """The code of a unit says where it comes from, as its kind asks, and no more."""

    number: ClassVar[int] = 3201
    remedy: ClassVar[str] = (
        "Write kind, blank, party, dash, project, and after slashes what else the kind asks: "
        "AAU-1 AT, CER-1 BR-2569, ERU-AAU-1 PL-24/2, tCER-1 MD-514/2020-12-31."
    )

    unit: str
    origin: tuple[str, ...]

    def __str__(self) -> str:
        return f"The unit {self.unit!r} does not say its {', '.join(self.origin) or 'kind alone'}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialUnreadable(Refusal):
    """A serial number has its parts in their order."""

    number: ClassVar[int] = 3202
    remedy: ClassVar[str] = (
        "Write party, type, first, last, original and applicable period, land use and project "
        "with dashes between, such as BR-5-60482913-60488206-1-1-0-2486."
    )

    serial: str

    def __str__(self) -> str:
        return f"{self.serial!r} is no serial number."


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialKindUnknown(Refusal):
    """A serial number is of a type and of periods that the scheme has."""

    number: ClassVar[int] = 3203
    remedy: ClassVar[str] = "Compare the serial number with the registry's statement."

    serial: str

    def __str__(self) -> str:
        return f"The scheme has no unit of the type and the periods of {self.serial}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotANation(Refusal):
    """Units of a nation are kept in its own accounts, which are opened first."""

    number: ClassVar[int] = 3205
    remedy: ClassVar[str] = "Found the nation's registry first: tonne nation found."

    party: str
    kinds: tuple[str, ...]

    def __str__(self) -> str:
        return f"The registry of {self.party!r} has no account of the kind {either(self.kinds)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotANationsLetters(Refusal):
    """The registry of a nation is called by the two letters of the nation."""

    number: ClassVar[int] = 3225
    remedy: ClassVar[str] = "Name the nation by its two letters, such as AT."

    party: str

    def __str__(self) -> str:
        return f"{self.party!r} are not the two letters of a nation."


@dataclass(frozen=True, slots=True, kw_only=True)
class EndElsewhere(Refusal):
    """Units end in the registry in which they are held: no nation retires for another."""

    number: ClassVar[int] = 3226
    remedy: ClassVar[str] = "Leave the receiving account out, or transfer the units first."

    account: str
    own: str

    def __str__(self) -> str:
        return f"Units of this account end in {self.own}, not in {self.account}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTheHost(Refusal):
    """A host converts units that it issued itself."""

    number: ClassVar[int] = 3207
    remedy: ClassVar[str] = "Convert units of the host, in an account of its registry."

    unit: str
    party: str

    def __str__(self) -> str:
        return f"{self.unit} are not units of {self.party}, in whose account they are."


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringNotVerified(Refusal):
    """Credits are issued for a monitoring report that was verified."""

    number: ClassVar[int] = 3208
    remedy: ClassVar[str] = "Have the report verified, and ask again."

    report: str
    judgement: str

    def __str__(self) -> str:
        return f"The verifier's opinion of report {self.report} is {spoken(self.judgement)!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotIssuedForItsPeriod(Refusal):
    """Units come into being for the period for which they count; only a carry-over changes it."""

    number: ClassVar[int] = 3220
    remedy: ClassVar[str] = "Leave the colon and the period after it out of the code."

    unit: str
    original: int

    def __str__(self) -> str:
        return f"{self.unit} would be issued as units that were carried over from {self.original}."

"""The shape of a scheme's ``people.toml``: who may do what, by whose second hand, and how soon."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Literal

from tonne.rulebook import Dated

Position = Literal["senior", "junior", "reader", "authority", "verifier", "auditor"]
"""What a member of the registry's staff, or of another body that it lets in, is."""

StaffRole = Literal["administrator", "authority", "verifier", "none"]
"""In which role staff act in the books; none where they only look. A verifier acts for no registry:
their word is their own."""

SecondPerson = Literal[
    "always", "never", "unless_trusted", "by_account", "above_limit", "above_limit_or_untrusted"
]
"""Whether another must agree: always; never; but for transfers to a trusted account, where the
giving account does not ask for it; as the account says of its duties; above an amount; or above
it, and for whatever is agreed with an account that is not trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RightRule:
    """A right that a representative may have on an account, and what it lets them do there."""

    code: str
    name: str
    proposes: tuple[str, ...]
    approves: tuple[str, ...]
    cancels: bool
    """Whether they may stop what is delayed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRule:
    """A position at the registry, in which role its holder acts, and what it lets them do."""

    code: Position
    name: str
    role: StaffRole
    proposes: tuple[str, ...]
    approves: tuple[str, ...]
    does: tuple[str, ...]
    """What they do alone, and at once."""

    cancels: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VerbRule:
    """What may be proposed, by its verb: who is asked, and whether it waits."""

    verb: str
    name: str
    """What it is to do it, as a sentence says it: transfer units."""

    second: SecondPerson
    waits: bool = False
    """Whether it is carried out only after the delay of the law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayRule:
    """How many minutes are waited before something is carried out."""

    transfer: int
    """A transfer to an account that is not trusted; one to a trusted account waits for nothing but
    the working hours."""

    trust: int
    """A new trusted account, until it is one."""

    def __post_init__(self) -> None:
        if min(self.transfer, self.trust) < 0:
            raise ValueError("a delay is not less than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRule:
    """The hours in which what waits is carried out, by the clock of the registry."""

    time_zone: str
    opens: str
    closes: str
    """Times of day, as 09:30."""

    def __post_init__(self) -> None:
        if not self.opening < self.closing:
            raise ValueError("a day closes after it opens")

    @property
    def opening(self) -> time:
        """When the working day begins."""
        return time.fromisoformat(self.opens)

    @property
    def closing(self) -> time:
        """When it ends; what falls due then is still in time."""
        return time.fromisoformat(self.closes)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRule:
    """How many representatives an account of a kind has at most."""

    kind: str
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRule:
    """In how many days after it was done something may be reversed."""

    verb: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRule:
    """For how much money people trade on an account in a day without a second person."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a limit is not less than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRule:
    """How much one person proposes in a day that waits for others, or for its time."""

    representatives: int
    staff: int

    def __post_init__(self) -> None:
        if min(self.representatives, self.staff) < 1:
            raise ValueError("who may propose proposes one thing a day at least")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRules:
    """What a scheme says of the people who use its registry."""

    rights: Dated[tuple[RightRule, ...]]
    positions: Dated[tuple[PositionRule, ...]]
    verbs: Dated[tuple[VerbRule, ...]]
    delays: Dated[DelayRule]
    hours: Dated[HoursRule]
    seats: Dated[tuple[SeatRule, ...]]
    windows: Dated[tuple[WindowRule, ...]]
    trade_limit: Dated[LimitRule]
    daily: Dated[DailyRule]

"""Do units of another scheme count here? Which kinds, at what rate, how many, and which not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import ClassVar

from tonne.ledger import kind_of
from tonne.linking.rules import Ban, LinkRules, OperatorKind, ProjectActivity, Quota, Recognised
from tonne.refusal import Refusal
from tonne.rulebook import Clause

_PROJECT = re.compile(r"[A-Z]+-[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRecognised(Refusal):
    """Units of another scheme count where the law of links says so."""

    number: ClassVar[int] = 7600
    remedy: ClassVar[str] = "Offer units that count for this operator and year."

    unit: str
    kind: OperatorKind
    year: int
    recognised: tuple[str, ...]

    def __str__(self) -> str:
        found = ", ".join(self.recognised) or "none"
        return (
            f"{self.unit} does not count for {self.kind} emissions of {self.year}; "
            f"of other schemes there count: {found}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Banned(Refusal):
    """Units that a ban names do not count."""

    number: ClassVar[int] = 7601
    remedy: ClassVar[str] = "Offer units that no ban names."

    unit: str
    ban: str
    since: date

    def __str__(self) -> str:
        return f"{self.unit} does not count since {self.since}: {self.ban}."


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaExceeded(Refusal):
    """Units of other schemes count up to a quantity."""

    number: ClassVar[int] = 7602
    remedy: ClassVar[str] = "Offer no more than is left, and the scheme's own units instead."

    asked: int
    used: int
    most: int
    whose: str
    first_year: int
    last_year: int

    def __str__(self) -> str:
        return (
            f"{self.asked} units were offered and {self.used} were used before; {self.whose} may "
            f"use {self.most} for {self.first_year} to {self.last_year}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaNotSet(Refusal):
    """Where states have quantities of their own, a state uses as many as the law says for it."""

    number: ClassVar[int] = 7603
    remedy: ClassVar[str] = "Use the scheme's own units; or enter the state's quantity in the law."

    unit: str
    state: str

    def __str__(self) -> str:
        return f"The law says no quantity of {self.unit} that operators of {self.state} may use."


RECOGNITION_CHECKS: tuple[tuple[int, str], ...] = (
    (NotRecognised.number, "The law of links accepts these units from this operator for the year"),
    (Banned.number, "No ban names the units"),
    (QuotaNotSet.number, "A quantity is set for the operator's state"),
    (QuotaExceeded.number, "No more are used than the quantity allows"),
)
"""What units of another scheme are checked for: the refusal, and what is true if it passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLaw:
    """The law of links for a year of emissions and a day of use, looked up once for everybody."""

    year: int
    recognised: Clause[tuple[Recognised, ...]]
    quotas: Clause[tuple[Quota, ...]]
    bans: Clause[tuple[Ban, ...]]
    activities: Clause[tuple[ProjectActivity, ...]]

    @classmethod
    def of(cls, year: int, day: date, rules: LinkRules) -> "LinkLaw":
        """The law in force at the end of the year, and that of the day."""
        end = date(year, 12, 31)
        return cls(
            year=year,
            recognised=rules.recognised.on(end),
            quotas=rules.quotas.on(end),
            bans=rules.bans.on(day),
            activities=rules.activities.on(day),
        )

    @property
    def because(self) -> tuple[str, ...]:
        """Where it is written."""
        return (self.recognised.reference, self.quotas.reference)

    def of_unit(self, unit: str) -> Recognised | None:
        """What is recognised of units with that code, if anything."""
        kind = kind_of(unit)
        return next((each for each in self.recognised.value if each.unit == kind), None)

    def quotas_of(self, use: "Use") -> tuple[Quota, ...]:
        """The quantities that limit a use."""
        return tuple(each for each in self.concerning(use) if each.state in {None, use.state})

    def concerning(self, use: "Use") -> tuple[Quota, ...]:
        """The quantities of these units and such operators, of whichever state."""
        return tuple(
            each
            for each in self.quotas.value
            if kind_of(use.unit) in each.units
            and (not each.operators or use.kind in each.operators)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Units of another scheme that an operator offers for its emissions."""

    unit: str
    """Their code, such as CER-1 BR-2569."""

    count: int
    operator: str
    kind: OperatorKind
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a quantity is measured by: how many units were used, and what it is a share of."""

    used: int
    base: int = 0


def recognition_refusals(
    use: Use, *, law: LinkLaw, measures: Mapping[Quota, Measure]
) -> Iterator[Refusal]:
    """Every reason why units of another scheme do not count."""
    found = law.of_unit(use.unit)
    if found is None or use.kind not in found.operators:
        yield NotRecognised(
            reference=law.recognised.reference,
            unit=use.unit,
            kind=use.kind,
            year=law.year,
            recognised=tuple(e.unit for e in law.recognised.value if use.kind in e.operators),
        )
    yield from _bans(use, law)
    quotas = law.quotas_of(use)
    if law.concerning(use) and not quotas:
        yield QuotaNotSet(reference=law.quotas.reference, unit=use.unit, state=use.state)
    for quota in quotas:
        measure = measures[quota]
        most = quantity(quota, measure.base)
        if measure.used + use.count > most:
            whose = {"installation": use.operator, "state": use.state, "scheme": "everybody"}
            yield QuotaExceeded(
                reference=law.quotas.reference,
                asked=use.count,
                used=measure.used,
                most=most,
                whose=whose[quota.per],
                first_year=quota.first_year,
                last_year=quota.last_year,
            )


def quantity(quota: Quota, base: int) -> int:
    """How many units count at most: whole ones of the share, none that is not whole."""
    if quota.share is None:
        assert quota.count is not None, "a quota is a share or a count"
        return quota.count
    return int((quota.share * base).to_integral_value(ROUND_FLOOR))


def worth(count: int, rate: Decimal) -> int:
    """For how many whole tonnes so many units count at a rate.

    >>> worth(7, Decimal("0.5")), worth(7, Decimal(1))
    (3, 7)
    """
    return int((count * rate).to_integral_value(ROUND_FLOOR))


def _bans(use: Use, law: LinkLaw) -> Iterator[Refusal]:
    found = _PROJECT.match(use.unit.partition(" ")[2])
    project = None if found is None else found[0]
    does = {each.activity for each in law.activities.value if each.project == project}
    for ban in law.bans.value:
        if kind_of(use.unit) in ban.units or does.intersection(ban.activities):
            yield Banned(
                reference=law.bans.reference, unit=use.unit, ban=ban.name, since=law.bans.start
            )

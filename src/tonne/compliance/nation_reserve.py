"""What a nation may sell: eligibility, and the reserve that stays in its registry."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from tonne.compliance.nation_refusals import NotEligible, ReserveBroken
from tonne.compliance.nation_rules import Criterion, NationRules, Track
from tonne.compliance.rules import rounding
from tonne.quantity import Tonnes, product, whole
from tonne.refusal import Refusal

_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """The level below which no transfer takes the holdings, and which of the two arms it is."""

    level: int
    arm: Literal["amount", "inventory"]
    reference: str

    def headroom(self, holdings: int) -> int:
        """Units above the level, never less than none."""
        return max(0, holdings - self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """What is missing from a reserve, and by when it must be back."""

    missing: int
    by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NationTransfer:
    """Units that leave a nation's registry."""

    party: str
    kind: str
    count: int
    track: Track | None = None
    """Of the project that the units come from, if they do."""

    first: bool = False
    """Whether the host of that project transfers them for the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a nation has shown by a day, and what was found of it."""

    party: str
    met: tuple[Criterion, ...]
    report: date | None = None
    """When its first report came."""

    cleared: date | None = None
    """When the enforcement branch said that there is no question about it."""

    question_open: bool = False
    suspended: Literal["transfer", "trade"] | None = None
    """What was taken from it because it retired too little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """What a nation may do, and what it lacks for all of it."""

    transfer: bool
    acquire: bool
    track_1: bool
    track_2: bool
    lacking: tuple[str, ...]


def reserve(amount: int, inventory: Tonnes | None, rules: NationRules, *, on: date) -> Reserve:
    """The lower of a share of the assigned amount and the last reviewed inventory for each year.

    It is reckoned anew after every review; only the arm of the inventory moves, because the
    assigned amount is fixed (decision 11/CMP.1, annex, paragraph 6; 13/CMP.1, paragraph 2). As
    long as none was reviewed it is the arm of the amount.
    """
    clause, years = rules.reserve.on(on), rules.period.on(on).value.years
    law = clause.value
    of_amount = product(law.amount_share, Decimal(amount))
    of_inventory = of_amount
    if inventory is not None:
        of_inventory = product(law.inventory_share, inventory.value, Decimal(years))
    return Reserve(
        level=whole(min(of_amount, of_inventory), rounding(law.rounding)),
        arm="amount" if of_amount <= of_inventory else "inventory",
        reference=clause.reference,
    )


def reserves(
    amount: int, reviewed: Iterable[tuple[date, Tonnes]], rules: NationRules, *, on: date
) -> list[tuple[date, Reserve]]:
    """The level after each reviewed inventory, from the day of its review."""
    ordered = sorted(reviewed, key=lambda each: each[0])
    return [(day, reserve(amount, inventory, rules, on=on)) for day, inventory in ordered]


def reserve_holdings(
    held: Mapping[str, int], retired: Mapping[str, int], rules: NationRules, *, on: date
) -> int:
    """What counts towards the reserve: units of the period, held or retired, not cancelled."""
    counted = rules.reserve.on(on).value.units
    return sum(each.get(unit, 0) for unit in counted for each in (held, retired))


def transfer_refusals(
    transfer: NationTransfer,
    *,
    holdings: int,
    level: Reserve,
    shown: Eligibility,
    rules: NationRules,
    on: date,
) -> Iterator[Refusal]:
    """Why units may not leave a nation, if they may not.

    The first transfer of units that others verified is exempt from the reserve (decision
    11/CMP.1, annex, paragraph 10) and needs what track 2 needs.
    """
    law = rules.reserve.on(on).value
    exempt = transfer.first and transfer.track in law.exempt_tracks
    if not (shown.track_2 if exempt else shown.transfer):
        clause = rules.eligibility.on(on)
        yield NotEligible(
            reference=clause.reference, party=transfer.party, act="transfer", lacking=shown.lacking
        )
    counts = transfer.kind in law.units
    if counts and not exempt and transfer.count > level.headroom(holdings):
        yield ReserveBroken(
            reference=level.reference,
            party=transfer.party,
            asked=transfer.count,
            above=level.headroom(holdings),
            level=level.level,
        )


def reserve_cure(
    holdings: int, level: Reserve, rules: NationRules, *, notified: date, on: date
) -> Cure | None:
    """What must come back and by when, where holdings fell below for another reason.

    A cancellation and a higher inventory are not refused; they are notified.
    """
    if holdings >= level.level:
        return None
    days = rules.reserve.on(on).value.cure_days
    return Cure(missing=level.level - holdings, by=notified + timedelta(days=days))


def eligibility(shown: Shown, rules: NationRules, *, on: date, day: date) -> Eligibility:
    """What a nation may do on a day, by the law of a period.

    It may trade from so many months after its first report, unless a question is open; earlier
    if it was cleared. Who retired too little may buy on (decision 27/CMP.1, annex, XV,
    paragraph 5(c)).
    """
    law = rules.eligibility.on(on).value
    lacking: list[str] = [each for each in law.trading if each not in shown.met]
    cleared = shown.cleared is not None and shown.cleared <= day
    waited = shown.report is not None and _after(shown.report, law.months) <= day
    if shown.question_open:
        lacking.append("an answer to the question about it")
    elif not (cleared or waited):
        lacking.append(f"{law.months} months since its report, or clearance")
    full = not lacking
    if shown.suspended is not None:
        lacking.append("the right to transfer, which is suspended")
    return Eligibility(
        transfer=full and shown.suspended is None,
        acquire=full and shown.suspended != "trade",
        track_1=full,
        track_2=all(each in shown.met for each in law.track_2),
        lacking=tuple(lacking),
    )


def _after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    later = date(year, month + 1, 1)
    following = date(year + (month + 1) // _MONTHS, (month + 1) % _MONTHS + 1, 1)
    return min(later + timedelta(days=day.day - 1), following - timedelta(days=1))

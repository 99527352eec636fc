"""The registry's rules of one day, made ready once so that many transactions are checked fast."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tonne.ledger import kind_of
from tonne.refusal import Refusal, refuse_if_any, spoken
from tonne.registry.account_grounds import UnknownAccountKind
from tonne.registry.rules import (
    AccountKind,
    Act,
    PeriodRule,
    RegistryRules,
    Role,
    Status,
    TransactionType,
    UnitKind,
)
from tonne.registry.unit_grounds import ActNotForRole, UnitNotForType, UnknownTransactionType
from tonne.rulebook import clauses

ELSEWHERE = "elsewhere"
"""The kind of account that stands for all other registries: a source of what they have issued."""

UNDER_WAY = "under_way"
"""The kind of account in which units lie that are proposed to the log, until that is final."""

BANK = "bank"
"""The kind of account that stands for the banks of the world: a source of money."""

TREASURY = "treasury"
"""The kind of account into which fees and penalties are paid."""

_NO_UNITS = {ELSEWHERE, BANK}
"""Sources that make no units."""

_ALWAYS = PeriodRule(
    code="always", name="Always", first_year=1, last_year=9999, number=-1,
    first_day=date.min, last_day=date.max - timedelta(1),
)  # fmt: skip
"""The period of money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitType:
    """A type of transaction as it applies to one kind of unit on one day."""

    type: TransactionType
    unit: UnitKind
    period: PeriodRule
    by: frozenset[str]
    ways: frozenset[tuple[str, str]]
    """The kinds of account that may give and receive, in pairs; the receiver may hold the unit."""

    issues: bool
    """Whether it makes units under a cap: it takes them from a source."""

    timely: bool
    """Whether the day lies in the time in which the type may move the unit."""

    plain: bool
    """Whether it is timely, makes no units and undoes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRules:
    """Who may hold and move what on one day, with the places where it is written."""

    day: date
    registry_code: str
    kinds: Mapping[str, AccountKind]
    units: Mapping[str, UnitKind]
    serial_kinds: Mapping[tuple[int, int], UnitKind]
    """By the type and the number of the period, as serial numbers write them."""

    periods: Mapping[str, PeriodRule]
    changes: Mapping[tuple[str, Status], Status]
    types: Mapping[tuple[str, str], UnitType]
    """By verb and code of the unit."""

    reversals: Mapping[str, str]
    """By verb, the verb that undoes it."""

    acts: Mapping[str, Act]
    """By verb, who may do what moves nothing."""

    on_accounts: str
    """Where the kinds of account are written."""

    on_transactions: str
    on_periods: str
    on_changes: str
    on_acts: str

    @classmethod
    def on(cls, rules: RegistryRules, day: date) -> "DayRules":
        """The rules in force that day. A table that contradicts another is a ``ValueError``."""
        units = {unit.code: unit for unit in rules.units.on(day).value}
        kinds = {kind.code: kind for kind in rules.accounts.on(day).value}
        periods = {period.code: period for period in rules.periods.on(day).value}
        rows = rules.transactions.on(day).value
        if faults := _faults(kinds, units, periods, rows):
            raise ValueError(f"on {day}: {'; '.join(faults)}")
        return cls(
            day=day,
            registry_code=rules.registry_code.on(day).value,
            kinds=kinds,
            units=units,
            serial_kinds={
                (unit.type_number, periods[unit.period].number): unit
                for unit in units.values()
                if unit.type_number is not None and unit.period is not None
            },
            periods=periods,
            changes={
                (change.verb, change.status): change.becomes
                for change in rules.status_changes.on(day).value
            },
            types={
                (row.verb, code): _unit_type(row, units[code], kinds, periods, day)
                for row in rows
                for code in row.units
            },
            reversals={row.reverses: row.verb for row in rows if row.reverses},
            acts={act.verb: act for act in rules.acts.on(day).value},
            on_accounts=rules.accounts.on(day).reference,
            on_transactions=rules.transactions.on(day).reference,
            on_periods=rules.periods.on(day).reference,
            on_changes=rules.status_changes.on(day).reference,
            on_acts=rules.acts.on(day).reference,
        )

    def type_of(self, verb: str, unit: str) -> TransactionType:
        """The row of the table for a verb and a unit; refused if there is none."""
        found = self.types.get((verb, kind_of(unit)))
        if found is None:
            refuse_if_any([self.untyped(verb, unit)])
        assert found is not None, "what is not refused was found"
        return found.type

    def period_of(self, unit: str) -> PeriodRule:
        """The period of a kind of unit; that of money is always."""
        code = self.units[unit].period
        return _ALWAYS if code is None else self.periods[code]

    def money(self) -> list[str]:
        """The currencies that the scheme's accounts may hold."""
        return [unit.code for unit in self.units.values() if unit.is_money]

    def act_refusals(self, verb: str, role: Role) -> Iterator[Refusal]:
        """3107: an act that moves nothing, in a role that may not do it."""
        act = self.acts.get(verb, Act(verb=verb, name=spoken(verb), by=()))
        if role not in act.by:
            yield ActNotForRole(reference=self.on_acts, role=role, act=act.name, allowed=act.by)

    def unknown_kind(self, kind: str) -> UnknownAccountKind:
        """Why there are no accounts of a kind: the scheme does not have it."""
        return UnknownAccountKind(
            reference=self.on_accounts, kind=kind, allowed=tuple(sorted(self.kinds))
        )

    def untyped(self, verb: str, unit: str) -> UnknownTransactionType | UnitNotForType:
        """Why there is no row for a verb and a unit: the verb is unknown, or not for the unit."""
        allowed = tuple(code for known, code in self.types if known == verb)
        if allowed:
            return UnitNotForType(
                reference=self.on_transactions, unit=unit, verb=verb, allowed=allowed
            )
        return UnknownTransactionType(reference=self.on_transactions, verb=verb)


def turning_days(rules: RegistryRules) -> list[date]:
    """The days from which the rules are others than the day before, in order."""
    days = {clause.start for _, clause in clauses(rules)}
    for clause in rules.periods.clauses:
        for period in clause.value:
            days |= {period.first_day, period.last_day + timedelta(days=1)}
    return sorted(days)


def _unit_type(
    row: TransactionType,
    unit: UnitKind,
    kinds: Mapping[str, AccountKind],
    periods: Mapping[str, PeriodRule],
    day: date,
) -> UnitType:
    period = _ALWAYS if unit.period is None else periods[unit.period]
    timely = {
        "running": period.first_day <= day <= period.last_day,
        "over": day > period.last_day,
        "any": True,
    }
    makes = any(kinds[each].is_source and each not in _NO_UNITS for each in row.from_kinds)
    issues = makes and row.against == "cap"
    return UnitType(
        type=row,
        unit=unit,
        period=period,
        by=frozenset(row.by),
        ways=frozenset(
            (source, target)
            for source in row.from_kinds
            for target in row.to_kinds
            if unit.code in kinds[target].holds
        ),
        issues=issues,
        timely=timely[row.when],
        plain=(timely[row.when] and not issues and row.against != "units" and row.reverses is None),
    )


def _faults(
    kinds: Mapping[str, AccountKind],
    units: Mapping[str, UnitKind],
    periods: Mapping[str, PeriodRule],
    rows: Iterable[TransactionType],
) -> list[str]:
    """Where a table names what no other table has, or gives one verb and unit two rows."""
    verbs = {row.verb for row in rows}
    faults = [
        f"unit {unit.code} names the unknown period {unit.period}"
        for unit in units.values()
        if unit.period is not None and unit.period not in periods
    ]
    faults += [
        f"account kind {kind.code} holds the unknown unit {code}"
        for kind in kinds.values()
        for code in kind.holds
        if code not in units
    ]
    seen: set[tuple[str, str]] = set()
    for row in rows:
        named = {*row.from_kinds, *row.to_kinds}
        faults += [
            f"{row.verb} names the unknown account kind {k}" for k in sorted(named - {*kinds})
        ]
        faults += [f"{row.verb} names the unknown unit {u}" for u in row.units if u not in units]
        faults += [f"{row.verb} has two rows for {u}" for u in row.units if (row.verb, u) in seen]
        faults += [
            f"{row.verb} turns units into the unknown {u}" for u in row.becomes if u not in units
        ]
        if row.reverses is not None and row.reverses not in verbs:
            faults.append(f"{row.verb} reverses the unknown verb {row.reverses}")
        if row.fixed_target is not None and row.to_kinds != (row.fixed_target,):
            faults.append(f"{row.verb} fixes the target {row.fixed_target} but allows others")
        seen.update((row.verb, code) for code in row.units)
    return faults

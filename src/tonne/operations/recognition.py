"""Units of another scheme, where they are used: whether the law of links lets them count."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from tonne import linking, mrv
from tonne.ledger import kind_of
from tonne.linking import LinkLaw, Measure, Quota, Use
from tonne.mrv import Figure
from tonne.operations.allocations import ALLOCATE, FROM_RESERVE
from tonne.operations.books import Books
from tonne.operations.own_checks import link_law, linked_units
from tonne.operations.scheme import Scheme
from tonne.refusal import Refusal
from tonne.registry import HoldingAccount
from tonne.rulebook import NotInForce

Counts = Counter[tuple[str, int]]


class Recognition:
    """The law of links, and what was used before, for orders that are decided one by one."""

    def __init__(self, books: Books, scheme: Scheme, day: date) -> None:
        """Nothing is looked up until a unit of another scheme is offered."""
        self._books, self._scheme, self._day = books, scheme, day
        self._named = linked_units(scheme)
        self._laws: dict[int, LinkLaw | None] = {}
        self._used: dict[Quota, Counter[str]] = {}
        self._bases: dict[Quota, Counter[str]] = {}

    def law(self, unit: str, year: int) -> LinkLaw | None:
        """The law under which a unit would count; none if it is no unit of another scheme."""
        if kind_of(unit) not in self._named:
            return None
        if year not in self._laws:
            self._laws[year] = link_law(self._scheme, unit, year, self._day)
        return self._laws[year]

    def refusals(
        self, unit: str, count: int, account: HoldingAccount, law: LinkLaw
    ) -> tuple[Refusal, ...]:
        """Why units of another scheme do not count for a year of an operator."""
        use = _use(unit, count, account)
        measures = {each: self._measure(each, account) for each in law.quotas_of(use)}
        return tuple(linking.recognition_refusals(use, law=law, measures=measures))

    def take(self, unit: str, count: int, account: HoldingAccount, law: LinkLaw) -> None:
        """Count an order that was accepted, for those that come after it."""
        for quota in law.quotas_of(_use(unit, count, account)):
            self._used[quota][account.number] += count

    def _measure(self, quota: Quota, account: HoldingAccount) -> Measure:
        """What was used of a quota, and what it is a share of, by those who share it."""
        if quota not in self._used:
            if quota.per != "installation":
                # Nobody else may use units between the count of what was used and our own use.
                self._books.wait_for_posts()
            self._used[quota] = self._all_used(quota)
            self._bases[quota] = self._all_bases(quota)
        among = self._who(quota, account)
        return Measure(
            used=sum(self._used[quota][number] for number in among),
            base=sum(self._bases[quota][number] for number in among),
        )

    def _who(self, quota: Quota, account: HoldingAccount) -> set[str]:
        """The accounts whose use is counted together."""
        if quota.per == "installation":
            return {account.number}
        return {
            each.number
            for each in self._books.accounts(scheme=self._scheme.name, operated=True)
            if quota.per == "scheme" or each.registry == account.registry
        }

    def _all_used(self, quota: Quota) -> Counter[str]:
        moved = _Moved(self._books, self._scheme, quota)
        used: Counter[str] = Counter()
        for unit in quota.units:
            used.update(moved.by_account("surrender", unit, outgoing=True))
            used.subtract(moved.by_account("reverse_surrender", unit, outgoing=False))
        return used

    def _all_bases(self, quota: Quota) -> Counter[str]:
        bases: Counter[str] = Counter()
        if quota.of == "allocation":
            moved = _Moved(self._books, self._scheme, quota)
            for verb in (ALLOCATE, FROM_RESERVE):
                bases.update(moved.by_account(verb, None, outgoing=False))
                bases.subtract(moved.by_account(f"reverse_{verb}", None, outgoing=True))
        elif quota.of == "verified":
            figures: dict[tuple[str, int], list[Figure]] = {}
            for number, figure in self._books.figures(self._scheme.name, _years(quota)):
                figures.setdefault((number, figure.year), []).append(figure)
            for (number, _), found in figures.items():
                stands = mrv.standing(found, on=self._day)
                bases[number] += 0 if stands is None else stands.tonnes
        return bases


class _Moved:
    """What was moved in the years of a quota."""

    def __init__(self, books: Books, scheme: Scheme, quota: Quota) -> None:
        self._books, self._scheme, self._years = books, scheme, _years(quota)

    def by_account(self, verb: str, unit: str | None, *, outgoing: bool) -> Counter[str]:
        """How many units of a kind, or of any, transactions of a verb took or gave."""
        found: Counter[str] = Counter()
        for (number, _), count in self._books.moved_by_account(
            verb, self._years, scheme=self._scheme.name, outgoing=outgoing, asset=unit
        ).items():
            found[number] += count
        return found


def more_than_counted(
    scheme: Scheme, years: Iterable[int], moved: Callable[[str], Mapping[tuple[str, int], int]]
) -> Counts:
    """By account and year, how many tonnes units of other schemes count for beyond their number.

    Less than nothing, where one counts for less than a tonne. ``moved`` tells how many were used
    of a kind.
    """
    more: Counts = Counter()
    asked = set(years)
    for unit in linked_units(scheme):
        rates = {year: rate for year in asked if (rate := _rate(scheme, unit, year)) != 1}
        for (number, year), count in moved(unit).items() if rates else ():
            if year in rates:
                more[number, year] += linking.worth(count, rates[year]) - count
    return more


def _use(unit: str, count: int, account: HoldingAccount) -> Use:
    return Use(
        unit=unit,
        count=count,
        operator=account.operator or account.number,
        kind="aircraft" if account.kind == "aircraft_operator" else "installation",
        state=account.registry,
    )


def _rate(scheme: Scheme, unit: str, year: int) -> Decimal:
    try:
        rows = scheme.links.recognised.on(date(year, 12, 31)).value
    except NotInForce:
        return Decimal(1)
    return next((each.rate for each in rows if each.unit == unit), Decimal(1))


def _years(quota: Quota) -> list[int]:
    return list(range(quota.first_year, quota.last_year + 1))

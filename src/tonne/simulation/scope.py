"""What the law says of a replay: which years it may have, whose they are, and in which units."""

from collections.abc import Iterator, Sequence
from datetime import date

from tonne import compliance
from tonne.operations import Scheme
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry import DayRules
from tonne.simulation.faults import YearsBeforeUnknown
from tonne.simulation.history import Kind


def years_to_read(scheme: Scheme, years: Sequence[int]) -> range:
    """The years of a replay, and one more if its units come in time for the last year's duty.

    Within a period the units of a year are given out before those of the year before are due, so
    they are surrendered for it. Years in which counting does not begin are refused as the first.
    """
    first, last = years[0], years[-1]
    refuse_if_any(_first_year_refusals(scheme, first))
    period = scheme.compliance.period.on(date(last, 12, 31)).value
    return range(first, last + (2 if last < period.last_year else 1))


def _first_year_refusals(scheme: Scheme, first: int) -> Iterator[Refusal]:
    law = scheme.compliance
    since = compliance.counted_since(first, law)
    if since != first:
        reference = law.cumulative_since.on(date(first, 12, 31)).reference
        yield YearsBeforeUnknown(reference=reference, first=first, since=since)


def kinds(rules: DayRules) -> tuple[Kind, ...]:
    """The kinds of operator that the scheme covers."""
    if "aircraft_operator" in rules.kinds:
        return ("installation", "aircraft")
    return ("installation",)


def unit_of(scheme: Scheme, kind: Kind, year: int) -> str:
    """The unit that is allocated to a kind of operator for a year."""
    clause = scheme.compliance.accepted_units.on(date(year, 12, 31)).value
    return clause.of(kind)[0]

"""Judgements of commitment periods on record, and what follows from them in the books.

Of two records of one nation and period the later stands. What is taken from the next period, and
who may not sell, is read from the record each time it is asked.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from tonne.compliance import Notice, Shown
from tonne.ledger import kind_of
from tonne.operations.books import Books
from tonne.operations.nation_findings import shown
from tonne.operations.scheme import NATIONS, Scheme
from tonne.registry import DayRules

_NON_COMPLIANCE = "cancel_non_compliance"
_SUSPENDED: dict[str, Literal["transfer", "trade"]] = {"transfer": "transfer", "trade": "trade"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyOutcome:
    """How one nation came out of a period, as it stands on record."""

    party: str
    emissions: int
    counted: int
    late: int
    excess: int
    deduction: int | None
    """Units taken from the next period; none where there is no next period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodOutcome:
    """A judgement on record: of one nation, or of a bubble and each of its members."""

    party: str
    """Who was judged: a nation, or the organisation of a bubble."""

    period: int
    entry: int
    day: date
    suspends: Literal["transfer", "trade"]
    """What those may not do who retired too little."""

    together: tuple[int, int] | None
    """Of a bubble, what all emitted and what all retired."""

    outcomes: tuple[PartyOutcome, ...]
    corrects: int | None = None
    """The record that this one takes the place of."""

    repeated: bool = False

    @property
    def met(self) -> bool:
        """Whether nobody has a case to answer."""
        return not any(each.excess for each in self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """Units that a nation lacks in a period because it retired too little for the one before."""

    owed: int
    cancelled: int
    """Those of them that were cancelled for it."""

    @property
    def open(self) -> int:
        """Those by which it is issued less."""
        return max(0, self.owed - self.cancelled)


def outcome_of(
    books: Books, scheme: Scheme, party: str, *, period: int | None = None, on: date
) -> tuple[PeriodOutcome, PartyOutcome] | None:
    """How a nation came out of a period, or of the last it was judged for: the later record."""
    for record in reversed(records(books, scheme)):
        if record.day > on or period not in {None, record.period}:
            continue
        for each in record.outcomes:
            if each.party == party:
                return record, each
    return None


def standing(books: Books, scheme: Scheme, party: str, *, on: date) -> Shown:
    """What a nation has shown by a day, and what it may not do because it retired too little.

    A suspension stands until the nation is cleared after the judgement.
    """
    found, judged = shown(books, scheme, party, on=on), outcome_of(books, scheme, party, on=on)
    if judged is None or not judged[1].excess:
        return found
    if found.cleared is not None and judged[0].day < found.cleared <= on:
        return found
    return replace(found, suspended=judged[0].suspends)


def deduction(
    books: Books, scheme: Scheme, party: str, *, period: int, on: date
) -> Deduction | None:
    """What is taken from a nation's amount for a period by the judgement of the one before."""
    judged = outcome_of(books, scheme, party, period=period - 1, on=on)
    if judged is None or not judged[1].deduction:
        return None
    day = scheme.on(on)
    cancelled = sum(
        count
        for kind, units in own_holdings(books, scheme, party, day).items()
        if day.period_of(kind).number == period
        for account, count in units.items()
        if account in day.type_of(_NON_COMPLIANCE, kind).to_kinds
    )
    return Deduction(owed=judged[1].deduction, cancelled=cancelled)


def after_deduction(
    books: Books, scheme: Scheme, party: str, unit: str, units: int, *, on: date
) -> int:
    """What is left of an assigned amount once a deduction for the period before is taken from it.

    Removals are no assigned amount, and stay as they are.
    """
    day = scheme.on(on)
    kind = day.units[kind_of(unit)]
    if NATIONS not in scheme.laws or "activity" in kind.origin:
        return units
    number = day.period_of(kind.code).number
    taken = deduction(books, scheme, party, period=number, on=on)
    return units if taken is None else max(0, units - taken.open)


def own_holdings(
    books: Books, scheme: Scheme, party: str, day: DayRules
) -> dict[str, dict[str, int]]:
    """What the accounts of a nation itself hold: by kind of unit, then by kind of account."""
    own = {
        each.number: each.kind
        for each in books.accounts(scheme=scheme.name, operated=False)
        if each.registry == party and day.kinds[each.kind].government
    }
    found: dict[str, dict[str, int]] = {}
    for (number, asset), count in books.balances(scheme.name).items():
        if number in own:
            units = found.setdefault(kind_of(asset), {})
            units[own[number]] = units.get(own[number], 0) + count
    return found


# A judgement is kept as facts in words, and read again as what it was.


def outcome_notice(outcome: PeriodOutcome) -> Notice:
    """A judgement as it is written down."""
    facts = {
        "period": str(outcome.period),
        "suspends": outcome.suspends,
        "together": "" if outcome.together is None else "{} {}".format(*outcome.together),
        "corrects": "" if outcome.corrects is None else str(outcome.corrects),
    }
    for each in outcome.outcomes:
        counts = (each.emissions, each.counted, each.late, each.excess)
        last = "none" if each.deduction is None else str(each.deduction)
        facts[each.party] = " ".join((*map(str, counts), last))
    return Notice(
        kind="judgement", subject=outcome.party, day=outcome.day, facts=tuple(facts.items())
    )


def records(books: Books, scheme: Scheme) -> list[PeriodOutcome]:
    """Every judgement on record, in the order of the journal."""
    return [_read(each) for each in books.notices(scheme.name, ("judgement",))]


def _read(notice: Notice) -> PeriodOutcome:
    together = notice.fact("together").split()
    return PeriodOutcome(
        party=notice.subject,
        period=int(notice.fact("period")),
        entry=notice.entry,
        day=notice.day,
        suspends=_SUSPENDED[notice.fact("suspends")],
        together=(int(together[0]), int(together[1])) if together else None,
        outcomes=tuple(_party(name, text) for name, text in notice.facts if name.isupper()),
        corrects=int(notice.fact("corrects")) if notice.fact("corrects") else None,
    )


def _party(party: str, text: str) -> PartyOutcome:
    *counts, last = text.split()
    emissions, counted, late, excess = map(int, counts)
    return PartyOutcome(
        party=party,
        emissions=emissions,
        counted=counted,
        late=late,
        excess=excess,
        deduction=None if last == "none" else int(last),
    )

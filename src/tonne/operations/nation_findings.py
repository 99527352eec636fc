"""What is found of nations and projects, and what nations owe in the place of temporary units."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from tonne import compliance, registry
from tonne.compliance import (
    Criterion,
    Inventory,
    NationMove,
    Notice,
    Removals,
    ReplacementDuty,
    Shown,
    StorageNotice,
)
from tonne.ledger import Block, kind_of
from tonne.operations.books import Books
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.quantity import Tonnes
from tonne.refusal import refuse_if_any
from tonne.registry import DayRules, NotANation

Finding = StorageNotice | Shown | Inventory | Removals


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A finding stands in the journal under this number."""

    number: int
    repeated: bool = False


def notify(
    books: Books, scheme: Scheme, finding: Finding, *, party: str = "", key: str, desk: Desk
) -> Noted:
    """Write down what was found; of an inventory the party is named beside it.

    Nothing is overwritten: of two findings of one thing the later stands.
    """
    day = scheme.on(desk.day)
    notice = _notice(finding, party, desk.day)
    asked = (notice.kind, notice.subject, notice.facts)
    digest, before = once(books, scheme, key, "notify", asked)
    if before is not None:
        return Noted(number=before, repeated=True)
    refuse_if_any(day.act_refusals("notify", desk.by))
    law, reference = scheme.nations, scheme.nations.eligibility.on(desk.day).reference
    if isinstance(finding, StorageNotice):
        reference = law.replacement.on(desk.day).reference
    elif isinstance(finding, Removals):
        on = compliance.law_day(finding.period, law)
        compliance.commitment(finding.party, law, on=on)
        reference = law.forest.on(on).reference
    entry = books.enter(
        key=key,
        digest=digest,
        kind="notify",
        year=None,
        because=(reference,),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    books.add_notice(entry, notice)
    return Noted(number=entry)


def replacements(
    books: Books, scheme: Scheme, party: str, *, on: date
) -> tuple[ReplacementDuty, ...]:
    """What a nation owes in the place of temporary units, as the books stand on a day."""
    day, law = scheme.on(on), scheme.nations
    notices = [_storage(each) for each in books.notices(scheme.name, ("reversal", "report"))]
    return compliance.replacement_duties(
        list(_moves(books, scheme, party, day)), notices, law, on=on
    )


def shown(books: Books, scheme: Scheme, party: str, *, on: date) -> Shown:
    """What a nation has shown by a day: nothing, if nobody wrote anything down."""
    found = Shown(party=party, met=())
    for notice in books.notices(scheme.name, ("shown",)):
        if notice.subject == party and notice.day <= on:
            found = _shown(notice)
    return found


def reviewed(books: Books, scheme: Scheme, party: str, *, on: date) -> Inventory | None:
    """A nation's inventory that was reviewed last by a day."""
    found = _reviewed(books, scheme, party, on)
    return found[-1][1] if found else None


def inventories(books: Books, scheme: Scheme, party: str, *, on: date) -> tuple[Inventory, ...]:
    """A nation's inventories that were reviewed by a day: of each year the one that stands."""
    found = {each.year: each for _, each in _reviewed(books, scheme, party, on)}
    return tuple(found[year] for year in sorted(found))


def _reviewed(books: Books, scheme: Scheme, party: str, on: date) -> list[tuple[date, Inventory]]:
    """A nation's inventories in the order of their reviews."""
    found = [
        (
            notice.day,
            Inventory(year=int(notice.fact("year")), tonnes=Tonnes(Decimal(notice.fact("tonnes")))),
        )
        for notice in books.notices(scheme.name, ("inventory",))
        if notice.subject == party and notice.day <= on
    ]
    return sorted(found, key=lambda each: each[0])


def removals(
    books: Books, scheme: Scheme, party: str, period: int, *, on: date
) -> dict[int, Removals]:
    """What each land use of a nation removed over a period, as it was reviewed last by a day."""
    notices = sorted(books.notices(scheme.name, ("removals",)), key=lambda each: each.day)
    found = [_removals(each) for each in notices if each.subject == party and each.day <= on]
    return {each.activity: each for each in found if each.period == period}


def _moves(books: Books, scheme: Scheme, party: str, day: DayRules) -> Iterator[NationMove]:
    """What came to and left the accounts of a nation that matter, day by day."""
    law = scheme.nations.replacement.on(day.day).value
    kinds = (law.retired, law.tcer_expiry, law.lcer_expiry, law.reversal, law.report)
    own = {
        each.number: each.kind
        for each in books.accounts(scheme=scheme.name, operated=False)
        if each.registry == party and each.kind in kinds
    }
    if not own:
        refuse_if_any([NotANation(reference=day.on_accounts, party=party, kinds=kinds)])
    for number, kind in own.items():
        for step in books.steps(account=number):
            serial = registry.serial_of(
                step.asset, Block(step.series or "", step.first, step.last), day
            )
            assert serial is not None, "what a nation retires says its origin"
            yield NationMove(
                kind=kind_of(step.asset),
                account=kind,
                count=step.units if step.target == number else -step.units,
                day=step.day,
                project=f"{serial.party}-{serial.project}" if serial.project else "",
                expires=serial.expiry,
            )


# A finding is kept as facts in words, and read again as what it was.


def _notice(finding: Finding, party: str, day: date) -> Notice:
    if isinstance(finding, StorageNotice):
        counts = {"reversed": str(finding.reversed), "outstanding": str(finding.outstanding)}
        facts = counts if finding.cause == "reversal" else {}
        return Notice(
            kind=finding.cause, subject=finding.project, day=day, facts=tuple(facts.items())
        )
    if isinstance(finding, Inventory):
        facts = {"year": str(finding.year), "tonnes": str(finding.tonnes.value)}
        return Notice(kind="inventory", subject=party, day=day, facts=tuple(facts.items()))
    if isinstance(finding, Removals):
        facts = {
            "period": str(finding.period),
            "activity": str(finding.activity),
            "tonnes": str(finding.tonnes.value),
            "reference": finding.reference,
        }
        return Notice(kind="removals", subject=finding.party, day=day, facts=tuple(facts.items()))
    facts = {
        "met": " ".join(finding.met),
        "report": "" if finding.report is None else str(finding.report),
        "cleared": "" if finding.cleared is None else str(finding.cleared),
        "question_open": "yes" if finding.question_open else "",
        "suspended": finding.suspended or "",
    }
    return Notice(kind="shown", subject=finding.party, day=day, facts=tuple(facts.items()))


def _storage(notice: Notice) -> StorageNotice:
    if notice.kind == "report":
        return StorageNotice(cause="report", project=notice.subject, day=notice.day)
    return StorageNotice(
        cause="reversal",
        project=notice.subject,
        day=notice.day,
        reversed=int(notice.fact("reversed")),
        outstanding=int(notice.fact("outstanding")),
    )


def _removals(notice: Notice) -> Removals:
    return Removals(
        party=notice.subject,
        period=int(notice.fact("period")),
        activity=int(notice.fact("activity")),
        tonnes=Tonnes(Decimal(notice.fact("tonnes"))),
        reference=notice.fact("reference"),
    )


def _shown(notice: Notice) -> Shown:
    met = notice.fact("met").split()
    days = [date.fromisoformat(text) if text else None for text in map(notice.fact, _DAYS)]
    return Shown(
        party=notice.subject,
        met=tuple(each for each in CRITERIA if each in met),
        report=days[0],
        cleared=days[1],
        question_open=bool(notice.fact("question_open")),
        suspended=_SUSPENDED.get(notice.fact("suspended")),
    )


_DAYS = ("report", "cleared")
_SUSPENDED: dict[str, Literal["transfer", "trade"]] = {"transfer": "transfer", "trade": "trade"}
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
"""What a nation may show."""

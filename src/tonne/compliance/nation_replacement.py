"""What a nation owes in the place of temporary units: they expire, are reversed, lack a report.

Only what was retired, or put in the place of others, has to be replaced. What only lies in a
holding account expires, and nothing is owed for it (decision 5/CMP.1, annex, paragraphs 43 to 50).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from tonne.compliance.nation_rules import NationRules, ReplacementRule

Cause = Literal["tcer_expiry", "lcer_expiry", "reversal", "report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NationMove:
    """Units that came to an account of a nation on a day; less than none left it."""

    kind: str
    account: str
    """The kind of the account."""

    count: int
    day: date
    project: str = ""
    expires: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageNotice:
    """Carbon of a forest project was set free again, or nobody certified that it was not."""

    cause: Literal["reversal", "report"]
    project: str
    day: date
    reversed: int = 0
    """Tonnes that were set free; all of them where the report is missing."""

    outstanding: int = 1
    """Long-term units of the project that had been issued and were there still."""

    def __post_init__(self) -> None:
        if not 0 <= self.reversed <= self.outstanding or not self.outstanding:
            raise ValueError("no more is set free than was stored")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementDuty:
    """So many units to be put into a replacement account by a day."""

    cause: Cause
    project: str
    due: date
    owed: int
    replaced: int = 0
    reference: str

    @property
    def open(self) -> int:
        """Units that are not there yet."""
        return self.owed - self.replaced

    def overdue(self, day: date) -> bool:
        """Whether its day went by with units missing."""
        return self.open > 0 and day > self.due


def replacement_duties(
    moves: Iterable[NationMove], notices: Iterable[StorageNotice], rules: NationRules, *, on: date
) -> tuple[ReplacementDuty, ...]:
    """Everything a nation has to replace, as known on a day, with what it has put in its place."""
    clause = rules.replacement.on(on)
    law, past = clause.value, [each for each in moves if each.day <= on]
    known = sorted((each for each in notices if each.day <= on), key=lambda each: each.day)
    temporary = _by_expiry(past, law.temporary, (law.retired, law.tcer_expiry))
    lasting = _by_expiry(past, law.long_term, (law.retired, law.reversal, law.report))
    duties = [
        *_expiring("tcer_expiry", temporary, Counter(), clause.reference),
        *_noticed(past, known, law, clause.reference),
    ]
    owed: Counter[str] = Counter()
    for duty in duties[len(temporary) :]:
        owed[duty.project] += duty.owed
    duties += _expiring("lcer_expiry", lasting, owed, clause.reference)
    return tuple(sorted(_discharged(duties, past, law), key=lambda each: (each.due, each.project)))


_Held = Mapping[tuple[date, str], int]
"""Units by day of expiry and project."""


def _by_expiry(moves: Iterable[NationMove], kinds: Sequence[str], accounts: Sequence[str]) -> _Held:
    found: Counter[tuple[date, str]] = Counter()
    for each in moves:
        if each.kind in kinds and each.account in accounts:
            assert each.expires is not None, "a temporary unit has a day of expiry"
            found[each.expires, each.project] += each.count
    return {key: found[key] for key in sorted(found)}


def _expiring(
    cause: Cause, held: _Held, owed: Counter[str], reference: str
) -> Iterator[ReplacementDuty]:
    """One for each day and project, less what has to be replaced for another cause anyway."""
    left = Counter(owed)
    for (due, project), count in held.items():
        less = min(count, left[project])
        left[project] -= less
        yield ReplacementDuty(
            cause=cause, project=project, due=due, owed=count - less, reference=reference
        )


def _noticed(
    moves: Sequence[NationMove],
    notices: Iterable[StorageNotice],
    law: ReplacementRule,
    reference: str,
) -> Iterator[ReplacementDuty]:
    """The nation's part of what was set free: of the units it had retired by then."""
    owed: Counter[str] = Counter()
    for notice in notices:
        before = [each for each in moves if each.day <= notice.day]
        held = _by_expiry(before, law.long_term, (law.retired, law.reversal, law.report))
        count = sum(units for (_, project), units in held.items() if project == notice.project)
        part = count - owed[notice.project]
        if notice.cause == "reversal":
            part, rest = divmod(part * notice.reversed, notice.outstanding)
            part += 1 if rest and law.rounding == "ceiling" else 0
        owed[notice.project] += part
        yield ReplacementDuty(
            cause=notice.cause,
            project=notice.project,
            due=notice.day + timedelta(days=law.notice_days),
            owed=part,
            reference=reference,
        )


def _discharged(
    duties: Iterable[ReplacementDuty], moves: Iterable[NationMove], law: ReplacementRule
) -> Iterator[ReplacementDuty]:
    """The duties with what was put in the place of the units; those due first are served first.

    Long-term units stand for those of their own project only.
    """
    accounts: dict[str, Cause] = {
        law.tcer_expiry: "tcer_expiry",
        law.lcer_expiry: "lcer_expiry",
        law.reversal: "reversal",
        law.report: "report",
    }
    placed: Counter[tuple[Cause, str]] = Counter()
    for each in moves:
        if each.account in accounts:
            only = each.project if each.kind in law.long_term else ""
            placed[accounts[each.account], only] += each.count
    for duty in sorted(duties, key=lambda each: each.due):
        replaced = 0
        for only in (duty.project, ""):
            taken = min(duty.owed - replaced, placed[duty.cause, only])
            placed[duty.cause, only] -= taken
            replaced += taken
        if duty.owed:
            yield replace(duty, replaced=replaced)

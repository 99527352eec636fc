"""How far our statuses agree with the published compliance codes, and why not where not.

The log sets a code on the figures it has on 30 April and does not set it again, except when a
competent authority decides so (D, E); its figures go on changing. So codes and figures disagree
in places, and each disagreement is put under the first cause below that its own figures show.
A cause says what the figures show, not what happened: the log keeps no day for a surrender. What
the code itself would mean, but no figure shows, stands under a heading of its own.

Where an operator's year has no figure, and no word that one was due, there is no status to compare.
The log has a code for some of these: it can only be one of the years before, so the balance that
they left is held against it, and counted apart.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct

from tonne.simulation.history import History, OperatorYear

T = TypeVar("T", int, str)

DECIDED_BY_BALANCE = frozenset("AB")
DECIDED_BY_AUTHORITY: Mapping[str, str] = {"D": "B", "E": "A"}
"""The authority's codes, and the status by the balance that means the same."""
NOT_DECIDED = "-"
EXAMPLES_MAX = 3
PLACES = Decimal("0.00001")

SHORTFALL_CARRIED = "shortfall of an earlier period"
REVISED = "figures of the year revised after 30 April (*)"
REVISED_EARLIER = "figures of an earlier year revised since (*)"
BOOKED_NEXT = "surrender booked with the next year's"
EARLIER_WITHOUT_CODE = "earlier emissions that were given no code"
MADE_GOOD = "an earlier shortfall, made good with this year's surrender"
CODE_STAYED = "nothing emitted or surrendered, the B of the year before stayed"
ENTERED_LATE = "verified emissions entered after 30 April (C*)"
NOT_SHOWN = "not shown by the figures: too late (B, C), or decided by the authority (D, E)"
NO_STATUS = "no status of ours"
UNEXPLAINED = "unexplained"
CAUSES = (
    SHORTFALL_CARRIED,
    REVISED,
    REVISED_EARLIER,
    BOOKED_NEXT,
    EARLIER_WITHOUT_CODE,
    MADE_GOOD,
    CODE_STAYED,
    ENTERED_LATE,
    NOT_SHOWN,
    NO_STATUS,
    UNEXPLAINED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How many years with a published A or B were compared, and in how many we say the same."""

    compared: int
    agree: int

    def __post_init__(self) -> None:
        assert 0 <= self.agree <= self.compared, "no more agree than were compared"

    @property
    def share(self) -> Decimal:
        """The share that agrees, to five places; 1 where nothing was compared."""
        if not self.compared:
            return Decimal(1)
        return (Decimal(self.agree) / self.compared).quantize(PLACES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One year in which the published code says something else than we."""

    registry: str
    account_id: str
    year: int
    published: str
    ours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All years compared: A and B in numbers, every disagreement (C, D, E too) under its cause."""

    total: Agreement
    """Years with a figure; so are those by kind, year and registry."""

    without_figure: Agreement
    """Years with no figure, nor a word that one was due: their balance beside the code."""

    by_kind: Mapping[str, Agreement]
    by_year: Mapping[int, Agreement]
    by_registry: Mapping[str, Agreement]
    by_code: tuple[tuple[str, str, int], ...]
    """Published letter, our status, number of years; letters of every kind, none as ``""``."""
    by_cause: tuple[tuple[str, int], ...]
    """Each cause with its number of years, in the order in which they are tried; none left out."""
    examples: Mapping[str, tuple[Disagreement, ...]]

    @property
    def compared(self) -> int:
        """Years with a published A or B."""
        return self.total.compared

    @property
    def agree(self) -> int:
        """Years with a published A or B in which we say the same."""
        return self.total.agree

    @property
    def share(self) -> Decimal:
        """The share of A and B that agrees."""
        return self.total.share

    @property
    def share_of_all(self) -> Decimal:
        """The same with the years that have no figure."""
        both = (self.total, self.without_figure)
        compared, agree = (sum(each.compared for each in both), sum(each.agree for each in both))
        return Agreement(compared=compared, agree=agree).share


class _Facts(Struct, frozen=True, kw_only=True):
    """What the figures of one operator show of one year and the years about it."""

    row: OperatorYear
    before: int
    """Units ahead (or short) before this year, in this period, with a shortfall carried in."""
    after: int
    carried: int
    """The shortfall of earlier periods, as a negative number."""
    raised_earlier: bool
    without_code_earlier: bool
    b_before: bool
    covered_next: bool


def compare(
    history: History,
    statuses: Mapping[tuple[str, int], str],
    *,
    period_starts: Collection[int],
    not_carried_in: Collection[str] = (),
    balances: Mapping[tuple[str, int], str] | None = None,
) -> Comparison:
    """Our statuses, by account and year, beside the published codes.

    ``balances`` say the same (A or B) of what is missing alone; for years without a figure.
    ``period_starts`` are the years in which the sums begin anew; ``not_carried_in`` are the
    registries in which no shortfall is carried from one period into the next.
    """
    codes: Counter[tuple[str, str]] = Counter()
    decided: list[tuple[OperatorYear, bool]] = []
    by_balance: list[bool] = []
    causes: dict[str, list[Disagreement]] = {cause: [] for cause in CAUSES}
    for facts in _all_facts(history, frozenset(period_starts), frozenset(not_carried_in)):
        row = facts.row
        ours = statuses.get((row.account_id, row.year), NOT_DECIDED)
        codes[row.code, ours] += 1
        if row.without_word:
            ours = (balances or statuses).get((row.account_id, row.year), NOT_DECIDED)
            by_balance += [ours == row.code] if row.code in DECIDED_BY_BALANCE else []
        elif row.code in DECIDED_BY_BALANCE:
            decided.append((row, ours == row.code))
        cause = _cause(facts, ours)
        if cause is not None:
            causes[cause].append(
                Disagreement(
                    registry=row.registry,
                    account_id=row.account_id,
                    year=row.year,
                    published=row.published,
                    ours=ours,
                )
            )
    return Comparison(
        total=_agreement([same for _, same in decided]),
        without_figure=_agreement(by_balance),
        by_kind=_agreements(decided, lambda row: row.kind),
        by_year=_agreements(decided, lambda row: row.year),
        by_registry=_agreements(decided, lambda row: row.registry),
        by_code=tuple((code, ours, codes[code, ours]) for code, ours in sorted(codes)),
        by_cause=tuple((cause, len(causes[cause])) for cause in CAUSES),
        examples={cause: tuple(found[:EXAMPLES_MAX]) for cause, found in causes.items() if found},
    )


def _cause(facts: _Facts, ours: str) -> str | None:
    """Why the published code says something else, or nothing if it says the same."""
    row, code = facts.row, facts.row.code
    means = DECIDED_BY_AUTHORITY.get(code, code)
    if ours == means or code in ("", "X", NOT_DECIDED):
        return None
    if ours == NOT_DECIDED:
        return NO_STATUS
    if code == "C" and row.verified is not None:
        return ENTERED_LATE if row.starred else NOT_SHOWN
    if code == "C" or ours not in DECIDED_BY_BALANCE:
        return UNEXPLAINED
    causes = _of_a_published_a(facts) if means == "A" else _of_a_published_b(facts)
    return next(causes, NOT_SHOWN if code in DECIDED_BY_AUTHORITY else UNEXPLAINED)


def _of_a_published_a(facts: _Facts) -> Iterator[str]:
    """The log says in compliance, the figures say short."""
    if facts.carried < 0 <= facts.after - facts.carried:
        yield SHORTFALL_CARRIED
    if _raised(facts.row):
        yield REVISED
    if facts.raised_earlier:
        yield REVISED_EARLIER
    if facts.covered_next:
        yield BOOKED_NEXT
    if facts.without_code_earlier:
        yield EARLIER_WITHOUT_CODE


def _of_a_published_b(facts: _Facts) -> Iterator[str]:
    """The log says short, the figures say in compliance."""
    row = facts.row
    if facts.after < 0 <= facts.after - facts.carried:
        yield SHORTFALL_CARRIED
    if row.starred:
        yield REVISED
    if facts.before < 0 <= facts.after:
        yield MADE_GOOD
    if facts.b_before and not row.verified and not row.surrendered:
        yield CODE_STAYED
    if facts.after - row.surrendered < 0 <= facts.after:
        yield NOT_SHOWN


def _all_facts(
    history: History, period_starts: frozenset[int], not_carried_in: frozenset[str]
) -> Iterator[_Facts]:
    """The facts of every operator's every year, operator by operator, year by year."""
    by_account: dict[str, list[OperatorYear]] = {}
    for year in sorted(history.rows):
        for row in history.rows[year]:
            by_account.setdefault(row.account_id, []).append(row)
    for account_id in sorted(by_account):
        rows = by_account[account_id]
        carries = rows[0].registry not in not_carried_in
        yield from _facts(rows, period_starts, carries=carries)


def _facts(
    rows: Sequence[OperatorYear], period_starts: frozenset[int], *, carries: bool
) -> Iterator[_Facts]:
    """Sums within each period; what is missing at its end is carried into the next.

    A payment of the penalty does not release from surrendering what was missing (Directive
    2003/87/EC, Article 16(3)); a surplus ends with its period, whose units are cancelled
    (Article 13).
    """
    balance = carried = 0
    raised = without_code = b_before = False
    period: int | None = None
    for index, row in enumerate(rows):
        begun = max((start for start in period_starts if start <= row.year), default=None)
        if begun != period:
            period = begun
            balance = carried = min(0, balance) if carries else 0
            if not carried:
                raised = without_code = False
        verified = row.verified or 0  # No figure adds nothing.
        before, balance = balance, balance + row.surrendered - verified
        follower = rows[index + 1] if index + 1 < len(rows) else None
        yield _Facts(
            row=row,
            before=before,
            after=balance,
            carried=carried,
            raised_earlier=raised,
            without_code_earlier=without_code,
            b_before=b_before,
            covered_next=follower is not None
            and balance < 0
            and balance + follower.surrendered >= (follower.verified or 0),
        )
        raised = raised or _raised(row)
        without_code = without_code or (not row.code and verified > 0)
        b_before = row.code == "B"


def _raised(row: OperatorYear) -> bool:
    """Whether emissions were updated after the code was set and now exceed what was surrendered."""
    return row.starred and (row.verified or 0) > row.surrendered


def _agreements(
    decided: Sequence[tuple[OperatorYear, bool]], group: Callable[[OperatorYear], T]
) -> dict[T, Agreement]:
    grouped: dict[T, list[bool]] = {}
    for row, same in decided:
        grouped.setdefault(group(row), []).append(same)
    return {each: _agreement(grouped[each]) for each in sorted(grouped)}


def _agreement(same: Sequence[bool]) -> Agreement:
    return Agreement(compared=len(same), agree=sum(same))

"""What a replay came to, beside what was published: for people and for programs."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from tonne import compliance
from tonne.operations import Books, Scheme
from tonne.simulation.codes import Comparison, compare
from tonne.simulation.course import Progress, Run
from tonne.simulation.history import History, Total
from tonne.simulation.lived import Replay, YearReplayed
from tonne.simulation.outcomes import Deviation, Outcomes, check_outcomes, load_outcomes
from tonne.simulation.replay import replay
from tonne.simulation.traded import Market

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A replay, compared with the tables it was made from and with published outcomes."""

    scheme: str
    rulebook: str
    first: int
    last: int
    years: tuple[YearReplayed, ...]
    compared: int
    """How many published sums and outcomes the books were held against."""

    differences: tuple[str, ...]
    """Where a sum in the books is not the sum in the tables."""

    deviations: tuple[Deviation, ...]
    """Where a published outcome was not reproduced."""

    codes: Comparison
    refused: tuple[str, ...]
    obtained: int
    notes: tuple[str, ...]
    """What must be known to read the figures of these years."""

    transactions: int
    movements: int
    seconds: float
    market: Market | None = None
    """What was traded, where units were not moved without a word."""

    @property
    def differs(self) -> bool:
        """Whether a sum is not the same to the tonne, or an outcome was not reproduced."""
        return bool(self.differences or self.deviations or self.refused)

    @property
    def agrees(self) -> bool:
        """Whether every sum and outcome was reproduced, of which there is at least one."""
        return self.compared > 0 and not self.differs

    def as_dict(self) -> dict[str, object]:
        """The report as plain values, but for the memory that was used."""
        return {
            "scheme": self.scheme,
            "years": [_year(each) for each in self.years if each.kind == "installation"],
            "aircraft_years": [_year(each) for each in self.years if each.kind == "aircraft"],
            "compared": self.compared,
            "agrees_to_the_tonne": self.agrees if self.compared or self.differs else None,
            "differences": [*self.differences, *map(str, self.deviations)],
            "refused": list(self.refused),
            "codes": _codes(self.codes),
            "units_obtained_from_others": self.obtained,
            "market": None if self.market is None else self.market.as_dict(),
            "notes": list(self.notes),
            "transactions": self.transactions,
            "movements": self.movements,
            "seconds": round(self.seconds, 2),
            "transactions_per_second": round(self.transactions / self.seconds),
            "rulebook": self.rulebook,
        }


def replay_scheme(
    run: Run,
    scheme: Scheme,
    history: History,
    *,
    years: Iterable[int],
    folder: Path,
    progress: Progress = lambda _what, _count: None,
    market_seed: int | None = None,
    open_year: bool = False,
) -> Report:
    """Live the years on empty books, and hold the result against what was published.

    ``folder`` is where what was published of the tables lies; its ``outcomes.toml``, if there is
    one, is compared too. The tables may have the year after the last (:func:`years_to_read`).
    With a seed operators trade on an exchange (:mod:`tonne.simulation.exchange`). The year after
    the last may be left open (:func:`tonne.simulation.replay`).
    """
    started = perf_counter()
    lived = sorted(years)
    done = replay(
        run, scheme, history,
        years=lived, progress=progress, market_seed=market_seed, open_year=open_year,
    )  # fmt: skip
    market = None if done.exchange is None else done.exchange.result()
    law = scheme.compliance
    told = replace(history, rows={year: history.rows.get(year, ()) for year in lived})
    codes = compare(
        told,
        done.statuses,
        period_starts=[each for each in lived if compliance.counted_since(each, law) == each],
        not_carried_in={
            registry for each in lived for registry in law.not_carried.on(date(each, 12, 31)).value
        },
        balances=done.balances,
    )
    published = load_outcomes(folder)
    differences, sums = _differences(done, history, lived)
    deviations, outcomes = _deviations(done, codes, published)
    transactions, movements = run(_size)
    return Report(
        scheme=scheme.name,
        rulebook=scheme.fingerprint,
        first=lived[0],
        last=lived[-1],
        years=tuple(sorted(done.years, key=lambda each: (each.kind == "aircraft", each.year))),
        compared=sums + outcomes,
        differences=(*differences, *(market.differences() if market is not None else ())),
        deviations=tuple(deviations),
        codes=codes,
        refused=tuple(str(each) for each in done.refused),
        obtained=done.obtained,
        notes=(
            *_without_what_was_before(scheme, lived[0]),
            *(each.text for each in published.note if each.year in lived),
        ),
        transactions=transactions,
        movements=movements,
        seconds=perf_counter() - started,
        market=market,
    )


def _size(books: Books) -> tuple[int, int]:
    return books.size()


def _without_what_was_before(scheme: Scheme, first: int) -> Iterator[str]:
    begins = scheme.compliance.status_test.clauses[0].start.year
    if begins < first:
        yield f"What was missing from the years before {first} is not known, and counts as nothing."


def _differences(done: Replay, history: History, lived: Collection[int]) -> tuple[list[str], int]:
    """Every sum in the books that is not the published one, and how many there are of these."""
    by_year = {(each.kind, each.year): each.total for each in done.years}
    published = {key: total for key, total in history.totals.items() if key[1] in lived}
    by_registry = {key: total for key, total in history.registry_totals.items() if key[2] in lived}
    nothing = Total(allocated=0, verified=0, surrendered=0)
    ours = {key: total for key, total in done.by_registry.items() if total != nothing}
    wanted = {key: total for key, total in by_registry.items() if total != nothing}
    found = [
        *_unequal({k: t for k, t in by_year.items() if k in published}, published, nothing),
        *(_unequal(ours, wanted, nothing) if by_registry else ()),
    ]
    return found, len(published) + len(by_registry)


def _unequal(
    ours: Mapping[K, Total], published: Mapping[K, Total], nothing: Total
) -> Iterable[str]:
    for key in {**published, **ours}:
        found, wanted = ours.get(key, nothing), published.get(key, nothing)
        if found != wanted:
            yield f"{key}: published {wanted}, in the books {found}"


def _deviations(
    done: Replay, codes: Comparison, published: Outcomes
) -> tuple[list[Deviation], int]:
    """Every outcome that was not reproduced, and how many there are of these years."""
    sums = {
        (each.kind, each.year): (
            each.total.allocated,
            each.total.verified,
            each.total.surrendered,
        )
        for each in done.years
    }
    lived = {year for _, year in sums}
    asked = sum(each.compare == "tonne" and each.year in lived for each in published.outcome)
    return check_outcomes(published, sums, codes.share), asked


def _year(each: YearReplayed) -> dict[str, object]:
    return {
        "year": each.year,
        "operators": each.operators,
        "allocated": each.total.allocated,
        "verified": each.total.verified,
        "surrendered": each.total.surrendered,
        "in_compliance": each.in_compliance,
        "short": each.short,
        "without_figure": each.without_figure,
        "units_missing": each.units_missing,
        "penalty": str(each.penalty.amount),
        "currency": each.penalty.currency.code,
    }


def _codes(codes: Comparison) -> dict[str, object]:
    return {
        "compared": codes.compared,
        "agree": codes.agree,
        "share": str(codes.share),
        "without_figure": {
            "compared": codes.without_figure.compared,
            "agree": codes.without_figure.agree,
            "share": str(codes.without_figure.share),
        },
        "share_with_those_without_figure": str(codes.share_of_all),
        "disagreements": dict(codes.by_cause),
        "by_kind": {
            kind: {"compared": each.compared, "agree": each.agree, "share": str(each.share)}
            for kind, each in codes.by_kind.items()
        },
        "by_year": {
            str(year): {"compared": each.compared, "agree": each.agree, "share": str(each.share)}
            for year, each in codes.by_year.items()
        },
        "published_and_ours": [
            {"published": published, "ours": ours, "operator_years": count}
            for published, ours, count in codes.by_code
        ],
        "examples": {
            cause: [
                {"registry": e.registry, "account": e.account_id, "year": e.year,
                 "published": e.published, "ours": e.ours}
                for e in few
            ]
            for cause, few in codes.examples.items()
        },
    }  # fmt: skip

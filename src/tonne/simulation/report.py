"""What a replay came to, beside what was published: for people and for programs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from tonne import compliance
from tonne.operations import Books, Scheme
from tonne.simulation.codes import Comparison, compare
from tonne.simulation.history import History, Total
from tonne.simulation.outcomes import OUTCOMES, Deviation, check_outcomes, load_outcomes
from tonne.simulation.replay import Progress, Replay, Run, YearReplayed, replay

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A replay, compared with the tables it was made from and with published outcomes."""

    scheme: str
    rulebook: str
    years: tuple[YearReplayed, ...]
    differences: tuple[str, ...]
    """Where a sum in the books is not the sum in the tables."""

    deviations: tuple[Deviation, ...]
    """Where a published outcome was not reproduced."""

    codes: Comparison
    refused: tuple[str, ...]
    obtained: int
    transactions: int
    movements: int
    seconds: float

    @property
    def agrees(self) -> bool:
        """Whether every sum is the same to the tonne and every outcome was reproduced."""
        return not (self.differences or self.deviations or self.refused)

    def as_dict(self) -> dict[str, object]:
        """The report as plain values, but for the memory that was used."""
        return {
            "scheme": self.scheme,
            "years": [_year(each) for each in self.years if each.kind == "installation"],
            "aircraft_years": [_year(each) for each in self.years if each.kind == "aircraft"],
            "agrees_to_the_tonne": self.agrees,
            "differences": [*self.differences, *map(str, self.deviations)],
            "refused": list(self.refused),
            "codes": _codes(self.codes),
            "units_obtained_from_others": self.obtained,
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
) -> Report:
    """Live the years on empty books, and hold the result against what was published.

    ``folder`` is the scheme's; its ``outcomes.toml``, if there is one, is compared too.
    """
    started = perf_counter()
    lived = sorted(years)
    done = replay(run, scheme, history, years=lived, progress=progress)
    law = scheme.compliance
    codes = compare(
        history,
        done.statuses,
        period_starts=[each for each in lived if compliance.counted_since(each, law) == each],
        not_carried_in={
            registry for each in lived for registry in law.not_carried.on(date(each, 12, 31)).value
        },
    )
    transactions, movements = run(_size)
    return Report(
        scheme=scheme.name,
        rulebook=scheme.fingerprint,
        years=tuple(sorted(done.years, key=lambda each: (each.kind == "aircraft", each.year))),
        differences=tuple(_differences(done, history)),
        deviations=_deviations(done, codes, folder),
        codes=codes,
        refused=tuple(str(each) for each in done.refused),
        obtained=done.obtained,
        transactions=transactions,
        movements=movements,
        seconds=perf_counter() - started,
    )


def _size(books: Books) -> tuple[int, int]:
    return books.size()


def _differences(done: Replay, history: History) -> list[str]:
    """Every sum in the books that is not the published one: by year, and by registry and year."""
    by_year = {(each.kind, each.year): each.total for each in done.years}
    lived = {year for _, year in by_year}
    published = {key: total for key, total in history.totals.items() if key[1] in lived}
    by_registry = {key: total for key, total in history.registry_totals.items() if key[2] in lived}
    nothing = Total(allocated=0, verified=0, surrendered=0)
    ours = {key: total for key, total in done.by_registry.items() if total != nothing}
    wanted = {key: total for key, total in by_registry.items() if total != nothing}
    return [
        *_unequal({k: t for k, t in by_year.items() if k in published}, published, nothing),
        *(_unequal(ours, wanted, nothing) if by_registry else ()),
    ]


def _unequal(
    ours: Mapping[K, Total], published: Mapping[K, Total], nothing: Total
) -> Iterable[str]:
    for key in {**published, **ours}:
        found, wanted = ours.get(key, nothing), published.get(key, nothing)
        if found != wanted:
            yield f"{key}: published {wanted}, in the books {found}"


def _deviations(done: Replay, codes: Comparison, folder: Path) -> tuple[Deviation, ...]:
    if not (folder / OUTCOMES).is_file():
        return ()
    sums = {
        (each.kind, each.year): (
            each.total.allocated,
            each.total.verified,
            each.total.surrendered,
        )
        for each in done.years
    }
    return tuple(check_outcomes(load_outcomes(folder), sums, codes.share))


def _year(each: YearReplayed) -> dict[str, object]:
    return {
        "year": each.year,
        "operators": each.operators,
        "allocated": each.total.allocated,
        "verified": each.total.verified,
        "surrendered": each.total.surrendered,
        "in_compliance": each.in_compliance,
        "short": each.short,
        "units_missing": each.units_missing,
        "penalty": str(each.penalty.amount),
        "currency": each.penalty.currency.code,
    }


def _codes(codes: Comparison) -> dict[str, object]:
    return {
        "compared": codes.compared,
        "agree": codes.agree,
        "share": str(codes.share),
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

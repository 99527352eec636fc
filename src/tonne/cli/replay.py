"""The past years of a scheme, lived again in books of their own."""

import gc
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tonne.cli import show
from tonne.cli.errand import folder_of, the_scheme
from tonne.cli.failures import DIFFERS, UserFault
from tonne.cli.opening import open_store
from tonne.cli.options import PLAIN, Call, command
from tonne.operations import Scheme

if TYPE_CHECKING:
    from tonne.simulation import History, Market, Report

app = typer.Typer()
OWN_BOOKS = "tonne_replay"
NO_FIGURE = "no figure for the year: by the balance of those before"
CDM = "cdm"
KYOTO = "kyoto"
SEED = 1
"""From which prices are made if no other is said."""

OnMarket = Annotated[
    bool,
    typer.Option(
        "--market",
        help="Of a scheme: who lacks units buys them on the order book; prices are made.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed", metavar="NUMBER", help="With --market: from which the prices are made; or 1."
    ),
]


@command(app, options=PLAIN)
def replay(
    call: Call,
    *,
    scheme: Annotated[
        str,
        typer.Argument(
            metavar="NAME|FOLDER",
            help="Which scheme; cdm, the CDM registry; or kyoto, nations by their inventories.",
        ),
    ],
    years: Annotated[
        str | None, typer.Option("--years", metavar="FIRST-LAST", help="Which years of a scheme.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="FOLDER",
            exists=True,
            file_okay=False,
            help="The tables of what happened; those of the scheme if not said.",
        ),
    ] = None,
    database: Annotated[
        str,
        typer.Option(
            "--database", metavar="NAME", help="The books; those of an earlier replay are emptied."
        ),
    ] = OWN_BOOKS,
    keep: Annotated[
        bool,
        typer.Option(
            "--keep",
            help="Of cdm and kyoto: go on with the books; what stands there is not redone.",
        ),
    ] = False,
    market: OnMarket = False,
    seed: Seed = None,
    open_year: Annotated[
        bool,
        typer.Option(
            "--open-year",
            help="Of a scheme: report the year after the last too, and leave it open.",
        ),
    ] = False,
) -> None:
    """Live past years of a scheme again: every operator, each year on its own dates.

    cdm is every block of the registry of the clean development mechanism, issued and cancelled.
    kyoto is the nations of the Kyoto Protocol: their amounts issued, beside their inventories.
    With --market operators of a scheme who lack units buy them of others, with money.
    The replay has books of its own, which the next one makes anew; yours are never emptied.

    Example: tonne replay eu_ets --years 2005-2012
    """  # fmt: skip
    made_by = _seed(scheme, seed, market=market)
    if scheme == CDM:
        from tonne.cli.replay_cdm import replay_blocks  # noqa: PLC0415  heavy

        replay_blocks(call, data, database, keep=keep)
    elif scheme == KYOTO:
        from tonne.cli.replay_nations import replay_nations  # noqa: PLC0415  heavy

        replay_nations(call, data, years, database, keep=keep)
    else:
        _replay_years(call, scheme, years, data, database, market_seed=made_by, open_year=open_year)


def _seed(scheme: str, seed: int | None, *, market: bool) -> int | None:
    """The seed of a replay on the market, or none; what cannot be is refused."""
    if scheme in {CDM, KYOTO} and market:
        raise UserFault(
            f"Nobody trades in the replay of {scheme}.",
            remedy="Leave --market out, or replay a scheme with operators, such as eu_ets.",
        )
    if seed is not None and not market:
        raise UserFault(
            "A seed is for prices that are made.", remedy="Add --market, or leave --seed out."
        )
    return (SEED if seed is None else seed) if market else None


def _replay_years(
    call: Call,
    scheme: str,
    years: str | None,
    data: Path | None,
    database: str,
    *,
    market_seed: int | None,
    open_year: bool,
) -> None:
    """Live years of a scheme with operators again, and tell what came of them."""
    if years is None:
        raise UserFault("Which years?", remedy="Write the first and last: --years 2005-2012.")
    span = a_span(years)
    law = the_scheme(scheme)
    folder = data or folder_of(scheme) / "history"
    if not folder.is_dir():
        raise UserFault(
            f"The scheme {law.name} has no history of its own.",
            remedy="Name a folder of tables with --data.",
        )
    report, history = live_years(
        law, span, folder, database, published=data or folder_of(scheme),
        market_seed=market_seed, open_year=open_year,
    )  # fmt: skip
    memory = peak_memory_mb()
    if call.as_json:
        show.as_json(report.as_dict() | {"peak_memory_mb": memory, "database": database})
    else:
        tell_replay(report, memory)
        show.note(*_next(law, history, database))
    if report.differs:
        raise typer.Exit(DIFFERS)


def live_years(
    law: Scheme,
    span: range,
    folder: Path,
    database: str,
    *,
    published: Path,
    market_seed: int | None = None,
    open_year: bool = False,
) -> "tuple[Report, History]":
    """Live years of a scheme by the tables of a folder, in books that are made anew."""
    from tonne.simulation import read, replay_scheme, years_to_read  # noqa: PLC0415  heavy

    # Nothing here is garbage in circles, and looking for it costs a fifth of the time.
    gc.disable()
    history = read(folder, years_to_read(law, span))
    if not any(history.rows[year] for year in span):
        history = read(folder, span)  # Refused: the year after is not enough.
    with open_store(database, fresh=True) as store, show.progress(f"Replaying {law.name}") as told:
        report = replay_scheme(
            store.run, law, history,
            years=span, folder=published, progress=told, market_seed=market_seed,
            open_year=open_year,
        )  # fmt: skip
    return report, history


def tell_replay(report: "Report", memory: int) -> None:
    """The finding, the years, the codes, and what must be known to read them."""
    compared = "agree to the tonne with what was published"
    if report.differs:
        compared = "DIFFER from what was published"
    elif not report.compared:
        compared = "have nothing to compare with: no totals and no outcomes were given"
    none = report.codes.without_figure
    by_kind = [*report.codes.by_kind.items(), *([(NO_FIGURE, none)] if none.compared else [])]
    show.tell(
        f"{report.scheme}, {report.first} to {report.last}: the books {compared}.",
        _years_table(report),
        *([_market_table(report.market)] if report.market is not None else []),
        show.Table(
            title="Our status and the published compliance code (A or B)",
            columns=("Operators", "Compared", "Agree", "Share"),
            rows=[(kind, each.compared, each.agree, f"{each.share:.3%}") for kind, each in by_kind],
        ),
        show.Table(
            title="Where they differ, C, D and E too, by cause",
            columns=("Cause", "Operator-years"),
            rows=[(cause, count) for cause, count in report.codes.by_cause if count],
        ),
        show.Table(
            title="Not as published",
            columns=("What",),
            rows=[(each,) for each in (*report.differences, *report.deviations, *report.refused)],
        ),
    )
    show.tell(
        f"{report.transactions:,} transactions, {report.movements:,} movements in "
        f"{report.seconds:.1f} s: {report.transactions / report.seconds:,.0f} a second; "
        f"{memory} MB of memory; rulebook {report.rulebook[:12]}."
    )
    show.note(
        *_obtained(report),
        "Status and penalty are those of the day of surrender.",
        *report.notes,
    )


def _obtained(report: "Report") -> Iterator[str]:
    """How operators came to the units that they surrendered beyond their own."""
    silent = "The public data do not say who sold to whom"
    if report.market is None:
        yield (
            f"{silent}: {report.obtained:,} units that operators surrendered beyond their own "
            "were moved from holders with a surplus. None was invented."
        )
        return
    yield (
        f"{silent}, when, or at what price: {report.obtained:,} units were bought on the order "
        "book from holders with a surplus, on days and at prices that are made, by the seed "
        f"{report.market.seed}. The yearly totals are those that were published."
    )
    for each in report.market.tills:
        yield (
            f"{each.money(each.deposited)} was brought in, {each.money(each.held)} lies in the "
            f"accounts, and the least that one of them holds is {each.money(each.least)}."
        )


def _market_table(market: "Market") -> show.Table:
    return show.Table(
        title="Traded on the order book, at prices that are made",
        columns=("Year", "Instrument", "Orders", "Trades", "Volume", "Average price", "Money in"),
        rows=[
            (
                str(each.year),
                each.instrument,
                each.orders,
                each.trades,
                each.volume,
                "" if each.average is None else str(each.average),
                str(each.money(each.deposited)),
            )
            for each in market.years
        ],
    )


def _next(law: Scheme, history: "History", database: str) -> Iterator[str]:
    """Where to look next: the books as a whole, the first operator, and the first unit."""
    first = history.operators[0]
    operator = f"{first.registry}-{first.operator_id}"
    series = next(iter(law.on(date(min(history.rows), 12, 31)).units.values())).asset.series
    yield f"tonne check --database {database}"
    yield f"tonne statement {operator} --scheme {law.name} --database {database}"
    yield f"tonne history {series}-1 --database {database}"


def _years_table(report: "Report") -> show.Table:
    return show.Table(
        title="Allocated, verified, surrendered: units and tonnes",
        columns=(
            "Year", "Operators", "Allocated", "Verified", "Surrendered", "Met", "Short",
            "No figure", "Penalty",
        ),
        rows=[
            (
                f"{each.year}{'' if each.kind == 'installation' else ' aircraft'}",
                each.operators,
                each.total.allocated,
                each.total.verified,
                each.total.surrendered,
                each.in_compliance,
                each.short,
                each.without_figure,
                str(each.penalty),
            )
            for each in report.years
        ],
    )  # fmt: skip


def peak_memory_mb() -> int:
    """The most memory that this process has had, in megabytes."""
    import resource  # noqa: PLC0415  not on every platform
    import sys  # noqa: PLC0415

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))


def a_span(text: str) -> range:
    """Years as people write them: 2005-2012, or 2005."""
    first, _, last = text.partition("-")
    years = (first, last or first)
    if not all(year.isdecimal() and len(year) == 4 for year in years) or first > years[1]:  # noqa: PLR2004  four digits
        raise UserFault(f"{text!r} are no years.", remedy="Write the first and last: 2005-2012.")
    return range(int(first), int(years[1]) + 1)

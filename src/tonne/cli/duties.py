"""Duties: units are surrendered, a year is closed, the units of ended periods are cancelled."""

from datetime import date
from typing import Annotated

import typer

from tonne import documents, operations
from tonne.cli.errand import again, errand, receipts
from tonne.cli.options import Call, Count, Serials, Unit, Year, command
from tonne.cli.papers import FORMS, Lang, ReportFile, form_of, language, write_report
from tonne.cli.show import Table, some
from tonne.compliance import Outcome
from tonne.operations import Publication, SurrenderOrder

app = typer.Typer()


@command(app, by="operator")
def surrender(
    call: Call,
    *,
    account: Annotated[str, typer.Option("--account", metavar="ACCOUNT", help="Whose duty.")],
    year: Year,
    unit: Unit,
    count: Count = None,
    block: Serials = None,
) -> None:
    """Surrender units for the tonnes of a year: a tonne emitted is a unit owed.

    Example: tonne surrender --account XE-120-1-0-97 --year 2025 --unit EXA-1 --count 100
    """
    with errand(call) as at:
        units, serials = at.units("surrender", unit, count, block)
        order = SurrenderOrder(
            key=call.key,
            account=account.strip().upper(),
            year=year,
            unit=unit,
            count=units,
            block=serials,
        )
        (receipt,) = at.do(
            lambda books: receipts(operations.surrender(books, at.scheme, [order], desk=at.desk))
        )
        at.tell(
            f"{units:,} {unit} of {order.account} are surrendered for {year}{again(receipt)}.",
            data=at.data(receipt, account=order.account, year=year, unit=unit, count=units),
            hint=f"tonne statement {order.account} --year {year}",
        )


@command(app, by="authority")
def close(
    call: Call,
    *,
    year: Annotated[
        int, typer.Argument(metavar="YEAR", min=1000, max=9999, help="The year to close.")
    ],
) -> None:
    """Close a year: decide for every operator whether it met its duty, and what it costs if not.

    Units count that came by the last day for surrender; later ones make good. Closed
    again, it is decided anew only where the authority has set or corrected emissions since.

    Example: tonne close 2025 --on 2026-05-01
    """
    with errand(call) as at:
        outcomes = at.do(
            lambda books: operations.close_year(books, at.scheme, year, key=call.key, desk=at.desk),
            doing=f"Closing {year}",
        )
        short = {number: each for number, each in outcomes.items() if each.excess}
        at.tell(
            _finding(year, outcomes),
            Table(
                title="Short",
                columns=("Account", "Operator", "Status", "Missing", "Penalty"),
                rows=[
                    [number, each.operator, each.status, each.missing, each.penalty]
                    for number, each in short.items()
                ],
            ),
            data={"year": year, "key": call.key, "outcomes": outcomes},
            hint="tonne statement ACCOUNT",
        )


@command(app)
def outcomes(
    call: Call,
    *,
    year: Annotated[
        int, typer.Argument(metavar="YEAR", min=1000, max=9999, help="A year that was closed.")
    ],
    out: ReportFile = None,
    lang: Lang = "en",
) -> None:
    """Tell what is public of a closed year: every operator's status, and who fell short, by name.

    Names are published where the law says so, from the day that it sets. In a file it is
    told in the language of --lang, with a row of sums.

    Example: tonne outcomes 2025 --on 2026-05-15 --out compliance-2025.xlsx
    """
    if out is not None:
        form_of(out, FORMS)
    with errand(call) as at:
        found = at.ask(lambda books: operations.publication(books, at.scheme, year, desk=at.desk))
        if out is not None:
            report = documents.year_report(
                found, at.scheme, language=language(lang), day=call.day, at=at.desk.at
            )
            write_report(out, report, documents.operators_of)
            at.tell(
                f"{_public(found, call.day)} The report stands in {out}.",
                data={"file": str(out), "year": year, "operators": len(found.closings)},
            )
            return
        at.tell(
            _public(found, call.day),
            Table(
                title=f"Outcomes of {year}",
                columns=("Account", "Operator", "Status", "Verified", "Surrendered", "Missing",
                         "Penalty", "Name"),
                rows=[
                    [each.account, each.outcome.operator, each.outcome.status, each.verified,
                     each.surrendered, each.outcome.missing, each.outcome.penalty,
                     found.named.get(each.account, "")]
                    for each in found.closings
                ],
            ),
            data={
                "year": year,
                "published_on": found.on,
                "closings": found.closings,
                "named": found.named,
            },
            hint="tonne statement ACCOUNT",
        )  # fmt: skip


@command(app, "end-periods", by="authority")
def end_periods(call: Call) -> None:
    """Cancel, wherever they are held, the units of periods whose last day has come.

    Nations carry over first what goes over: it cancels everything that was not retired.

    Example: tonne end-periods --on 2028-05-01
    """
    with errand(call) as at:
        done = at.do(
            lambda books: receipts(
                operations.end_periods(books, at.scheme, key=call.key, desk=at.desk)
            ),
            doing="Cancelling what is left",
        )
        at.tell(
            f"What was left of periods that ended by {call.day} is cancelled, in "
            f"{some(len(done), 'transaction')}."
            if done
            else f"Nothing is left of periods that ended by {call.day}.",
            data={"transactions": len(done), "key": call.key},
            hint="tonne check",
        )


def _public(found: Publication, day: date) -> str:
    if not found.closings:
        return f"{found.year} is not closed."
    said = f"{found.year}: {some(len(found.closings), 'operator')}"
    short = sum(each.outcome.published for each in found.closings)
    if not short:
        return f"{said}, and nobody is published by name."
    if day < found.on:
        return f"{said}; {short:,} surrendered too little, published by name on {found.on}."
    return f"{said}; published by name for surrendering too little: {some(short, 'operator')}."


def _finding(year: int, outcomes: dict[str, Outcome]) -> str:
    met = sum(each.status in {"A", "E"} for each in outcomes.values())
    fined = [each for each in outcomes.values() if each.excess]
    said = f"{year} is closed: {met:,} of {len(outcomes):,} operators met their duty"
    if undecided := sum(each.report_missing for each in outcomes.values()):
        said += f", {undecided:,} without a figure are undecided"
    if not fined:
        return f"{said}, and nobody is fined."
    penalty = sum((each.penalty for each in fined[1:]), start=fined[0].penalty)
    missing = sum(each.excess for each in fined)
    short = "1 is" if len(fined) == 1 else f"{len(fined):,} are"
    pay = "pays" if len(fined) == 1 else "pay"
    return f"{said}; {short} short of {some(missing, 'unit')} and {pay} {penalty}."

"""Duties: units are surrendered, a year is closed, the units of ended periods are cancelled."""

from typing import Annotated

import typer

from tonne import operations
from tonne.cli.errand import again, errand, receipts
from tonne.cli.options import Call, Count, Serials, Unit, Year, command
from tonne.cli.show import Table, some
from tonne.compliance import Outcome
from tonne.operations import SurrenderOrder

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


@command(app, "end-periods", by="authority")
def end_periods(call: Call) -> None:
    """Cancel, wherever they are held, the units of periods whose last day has come.

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

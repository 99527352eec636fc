"""All commands of nations: what was found of them, what they owe, and what they do."""

from datetime import date
from typing import Annotated

import typer

from tonne import operations
from tonne.cli import show
from tonne.cli.errand import errand
from tonne.cli.failures import UserFault
from tonne.cli.judgement import app
from tonne.cli.options import Call, command, words
from tonne.compliance import Inventory, Removals, Shown, StorageNotice
from tonne.operations import CRITERIA, Finding
from tonne.quantity import Tonnes, number
from tonne.quantity import count as a_count

__all__ = ["app"]

Party = Annotated[str, typer.Argument(metavar="PARTY", help="Its letters, such as AT.")]
Project = Annotated[str, typer.Argument(metavar="HOST-NUMBER", help="A project, such as MD-515.")]


@command(app)
def duties(call: Call, *, party: Party) -> None:
    """Tell what a nation owes in the place of temporary units, by when, and what is overdue.

    Example: tonne nation duties AT --on 2021-01-01
    """
    letters = party.strip().upper()
    with errand(call) as at:
        found = at.ask(
            lambda books: operations.replacements(books, at.scheme, letters, on=call.day)
        )
        late = [each for each in found if each.overdue(call.day)]
        left = sum(each.open for each in found)
        at.tell(
            f"{letters} has to replace {left:,} units; "
            f"{sum(each.open for each in late):,} of them are overdue on {call.day}.",
            show.Table(
                columns=("Cause", "Project", "Due", "Owed", "Replaced", "Open", ""),
                rows=[
                    (
                        each.cause.replace("_", " "),
                        each.project,
                        str(each.due),
                        each.owed,
                        each.replaced,
                        each.open,
                        "overdue" if each in late else "",
                    )
                    for each in found
                ],
            ),
            data={
                "party": letters,
                "open": left,
                "overdue": sum(each.open for each in late),
                "duties": [
                    {
                        "cause": each.cause,
                        "project": each.project,
                        "due": each.due,
                        "owed": each.owed,
                        "replaced": each.replaced,
                        "open": each.open,
                        "overdue": each in late,
                        "reference": each.reference,
                    }
                    for each in found
                ],
            },
            hint="tonne nation end replace_tcer --account A --unit U --count N",
        )


@command(app, by="authority")
def reversal(
    call: Call,
    *,
    project: Project,
    tonnes: Annotated[str, typer.Option("--tonnes", help="Whole tonnes that were set free.")],
    outstanding: Annotated[
        str, typer.Option("--outstanding", help="Long-term units of the project that are there.")
    ],
) -> None:
    """Write down that carbon of a forest project was set free: its holders replace their part.

    Example: tonne nation reversal MD-515 --tonnes 30000 --outstanding 160000
    """
    free = a_count(tonnes, reference="Decision 5/CMP.1, annex")
    stored = a_count(outstanding, reference="Decision 5/CMP.1, annex")
    if free > stored:
        raise UserFault(
            "No more is set free than was stored.", remedy="Correct one of the two figures."
        )
    name = project.strip().upper()
    _write(
        call,
        StorageNotice(
            cause="reversal", project=name, day=call.day, reversed=free, outstanding=stored
        ),
        said=f"{free:,} t of {name} were set free",
    )


@command(app, "report-missing", by="authority")
def report_missing(call: Call, *, project: Project) -> None:
    """Write down that the certification report of a forest project is missing.

    Example: tonne nation report-missing MD-515
    """
    name = project.strip().upper()
    notice = StorageNotice(cause="report", project=name, day=call.day)
    _write(call, notice, said=f"The certification report of {name} is missing")


@command(app, by="authority")
def review(
    call: Call,
    *,
    party: Party,
    year: Annotated[int, typer.Option("--year", min=1990, max=2100, help="Of which year.")],
    tonnes: Annotated[str, typer.Option("--tonnes", help="Tonnes of CO2 equivalent.")],
) -> None:
    """Write down an inventory that was reviewed: the reserve is reckoned anew from its day.

    Example: tonne nation review AT --year 2010 --tonnes 84594000
    """
    letters = party.strip().upper()
    value = number(tonnes, what="An inventory", reference="Decision 11/CMP.1, annex")
    found = Inventory(year=year, tonnes=Tonnes(value))
    _write(call, found, party=letters, said=f"The inventory of {letters} for {year} is reviewed")


@command(app, "removals", by="authority")
def removals(
    call: Call,
    *,
    party: Party,
    activity: Annotated[
        int, typer.Option("--activity", min=1, max=7, help="The land use: 3 for managed forests.")
    ],
    tonnes: Annotated[
        str, typer.Option("--tonnes", help="Removed over the period; with a minus: emitted.")
    ],
    report: Annotated[
        str, typer.Option("--report", callback=words, help="Where the review says it.")
    ],
    period: Annotated[int, typer.Option("--period", min=1, help="Which period.")] = 1,
) -> None:
    """Write down what a land use removed, as reviewed: removal units are issued up to it.

    Example: tonne nation removals AT --activity 3 --tonnes 11550000 --report FCCC/ARR/2014/AUT
    """
    letters = party.strip().upper()
    reference = "Decision 16/CMP.1, annex"
    value = number(tonnes, what="What was removed", reference=reference, signed=True)
    found = Removals(
        party=letters, period=period, activity=activity, tonnes=Tonnes(value), reference=report
    )
    _write(call, found, said=f"What land use {activity} of {letters} removed is written down")


@command(app, "shown", by="authority")
def shown(
    call: Call,
    *,
    party: Party,
    met: Annotated[
        str,
        typer.Option("--met", metavar="WORDS", help=f"Which of: {', '.join(CRITERIA)}; or all."),
    ] = "all",
    report: Annotated[
        str, typer.Option("--report", metavar="DATE", help="The day its first report came.")
    ] = "",
    cleared: Annotated[
        str, typer.Option("--cleared", metavar="DATE", help="The day it was cleared.")
    ] = "",
    question_open: Annotated[
        bool, typer.Option("--question-open", help="There is a question about it.")
    ] = False,
) -> None:
    """Write down what a nation has shown; it trades only if that is enough.

    Example: tonne nation shown AT --met all --cleared 2008-04-05
    """
    letters = party.strip().upper()
    told = CRITERIA if met == "all" else tuple(met.replace(",", " ").split())
    wrong = [each for each in told if each not in CRITERIA]
    if wrong:
        raise UserFault(
            f"{wrong[0]!r} is nothing that a nation shows.",
            remedy=f"Choose from {', '.join(CRITERIA)}; or write all.",
        )
    found = Shown(
        party=letters,
        met=tuple(each for each in CRITERIA if each in told),
        report=_day(report),
        cleared=_day(cleared),
        question_open=question_open,
    )
    _write(call, found, said=f"What {letters} has shown is written down")


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise UserFault(f"{text!r} is no day.", remedy="Write it as 2008-04-05.") from fault


def _write(call: Call, finding: Finding, *, said: str, party: str = "") -> None:
    with errand(call) as at:
        noted = at.do(
            lambda books: operations.notify(
                books, at.scheme, finding, party=party, key=call.key, desk=at.desk
            )
        )
        again = "; this was done before under the same key" if noted.repeated else ""
        stands = noted.repeated or not call.dry_run
        at.tell(
            f"{said}{again}.",
            data={
                "entry": noted.number if stands else None,
                "repeated": noted.repeated,
                "key": call.key,
            },
            hint="tonne nation duties PARTY",
        )

"""The end of a commitment period: what a nation retires best, and how it was judged."""

from typing import Annotated

import typer

from tonne import operations
from tonne.cli import show
from tonne.cli.errand import errand
from tonne.cli.nation import app
from tonne.cli.options import Call, command
from tonne.compliance import Supplement
from tonne.operations import PeriodOutcome

__all__ = ["app"]

Party = Annotated[str, typer.Argument(metavar="PARTY", help="Its letters, such as AT.")]
Period = Annotated[
    int | None,
    typer.Option("--period", min=1, help="Which commitment period; else the last of the law."),
]


@command(app)
def plan(
    call: Call,
    *,
    party: Party,
    period: Period = None,
    order: Annotated[
        str, typer.Option("--order", metavar="KINDS", help="Another order, such as AAU-1,CER-1.")
    ] = "",
) -> None:
    """Show what a nation retires best of what it holds: what would be lost goes first.

    Example: tonne nation plan AT --on 2015-11-01
    """
    letters = party.strip().upper()
    kinds = tuple(order.replace(",", " ").split())
    with errand(call) as at:
        found = at.ask(
            lambda books: operations.plan_nation(
                books, at.scheme, letters, period=period, order=kinds, on=call.day
            )
        )
        then = found.plan
        at.tell(
            f"{letters} emitted {found.emissions:,} t and has retired {found.counted:,} units that "
            f"count; {then.missing:,} t would stay without a unit.",
            show.Table(
                title="To retire, in this order", columns=("Unit", "Count"),
                rows=list(then.retired),
            ),
            show.Table(
                title="What becomes of the rest", columns=("Unit", "Goes over", "Is lost"),
                rows=[
                    (kind, then.carried.get(kind, 0), then.lost.get(kind, 0))
                    for kind in found.held
                    if kind in {*then.carried, *then.lost}
                ],
            ),
            data={
                "party": letters,
                "emissions": found.emissions,
                "counted": found.counted,
                "held": dict(found.held),
                "retire": [list(each) for each in then.retired],
                "missing": then.missing,
                "carried": dict(then.carried),
                "lost": dict(then.lost),
                "to_replace": then.to_replace,
            },
            hint=f"tonne nation retire --account A --unit 'AAU-1 {letters}' --count N",
        )  # fmt: skip


@command(app, by="authority")
def judge(
    call: Call,
    *,
    party: Annotated[
        str,
        typer.Argument(
            metavar="PARTY", help="A nation, or the organisation of a bubble, such as EU."
        ),
    ],
    period: Period = None,
    no_next_period: Annotated[
        bool,
        typer.Option("--no-next-period", help="It has no commitment from which to take units."),
    ] = False,
) -> None:
    """Judge a period by reviewed inventories and retired units, and put the outcome on record.

    Of a bubble all are judged together first; if that fails, each member for itself.

    Example: tonne nation judge EU --on 2015-11-19
    """
    letters = party.strip().upper()
    with errand(call) as at:
        found = at.do(
            lambda books: operations.judge_nation(
                books, at.scheme, letters, period=period, successor=not no_next_period,
                key=call.key, desk=at.desk,
            )
        )  # fmt: skip
        share = at.ask(
            lambda books: operations.retired_share(
                books, at.scheme, letters, period=period, on=call.day
            )
        )
        stands = found.repeated or not call.dry_run
        at.tell(
            _sentence(found),
            show.Table(
                columns=("Party", "Emissions", "Retired", "Late", "Excess", "Deduction"),
                rows=[
                    (
                        each.party, each.emissions, each.counted, each.late, each.excess,
                        "no next period" if each.deduction is None else each.deduction,
                    )
                    for each in found.outcomes
                ],
            ),
            data={"entry": found.entry if stands else None, "key": call.key} | _facts(found, share),
            hint=""
            if found.met
            else "tonne nation end cancel_non_compliance --account A --unit U --count N",
        )  # fmt: skip


def _facts(found: PeriodOutcome, share: Supplement) -> dict[str, object]:
    """An outcome as plain values."""
    together = found.together and dict(zip(("emissions", "retired"), found.together, strict=True))
    return {
        "repeated": found.repeated,
        "party": found.party,
        "period": found.period,
        "met": found.met,
        "together": together,
        "corrects": found.corrects,
        "suspends": None if found.met else found.suspends,
        "from_projects": share.from_projects,
        "from_projects_per_cent": str(share.share),
        "outcomes": {
            each.party: {
                "emissions": each.emissions,
                "retired": each.counted,
                "late": each.late,
                "excess": each.excess,
                "deduction": each.deduction,
            }
            for each in found.outcomes
        },
    }


def _sentence(found: PeriodOutcome) -> str:
    """Whether a commitment was met, in a sentence."""
    short = [each.party for each in found.outcomes if each.excess]
    who = f"{found.party} has" if found.together is None else f"The members of {found.party} have"
    said = f"{who} met period {found.period}"
    if short and found.together is None:
        said = f"{found.party} has not met period {found.period}; it may not {found.suspends} units"
    elif short:
        said = (
            f"Together the members of {found.party} have not met period {found.period}, and of "
            f"themselves not {', '.join(short)}; they may not {found.suspends} units"
        )
    elif found.together is not None and found.together[0] > found.together[1]:
        said = f"Together the members of {found.party} fell short, but each met its own level"
    again = "; this was done before under the same key" if found.repeated else ""
    corrected = f"; this corrects number {found.corrects}" if found.corrects else ""
    return f"{said}{corrected}{again}."

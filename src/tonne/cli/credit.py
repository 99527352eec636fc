"""Credits: issued for a verified report less the share of proceeds, and forwarded to nations."""

from typing import Annotated, Literal

import typer

from tonne import operations
from tonne.cli.errand import Errand, again, errand
from tonne.cli.options import Call, Count, Serials, Unit, a_name, command, words
from tonne.mrv import Opinion
from tonne.operations import MonitoringReport, Transfer
from tonne.quantity import count as a_count

Judgement = Literal["verified", "verified_with_comments", "not_verified"]

app = typer.Typer(no_args_is_help=True, help="Credits of projects: issue and forward them.")


@command(app, by="authority")
def issue(
    call: Call,
    *,
    project: Annotated[
        str, typer.Option("--project", metavar="HOST-NUMBER", help="Such as BR-2569.")
    ],
    report: Annotated[
        str, typer.Option("--report", callback=a_name, help="Which monitoring report.")
    ],
    certified: Annotated[
        str, typer.Option("--certified", metavar="TONNES", help="Whole tonnes, as verified.")
    ],
    verifier: Annotated[str, typer.Option("--verifier", callback=words, help="Who verified it.")],
    unit: Annotated[
        str,
        typer.Option("--unit", metavar="KIND", help="CER-1; with the day of expiry: lCER-1/DAY."),
    ] = "CER-1",
    year: Annotated[
        int,
        typer.Option(
            "--year", metavar="YEAR", min=1000, max=9999, help="Of the reductions; for the fee."
        ),
    ],
    judgement: Annotated[
        Judgement, typer.Option("--judgement", help="What the verifier says.")
    ] = "verified",
    comment: Annotated[
        list[str] | None,
        typer.Option(
            "--comment",
            metavar="TEXT",
            callback=words,
            help="A comment or reason; may be repeated.",
        ),
    ] = None,
) -> None:
    """Issue the credits of a verified monitoring report; the share for adaptation is set aside.

    In a registry that is linked with a log they are proposed to it, and issued once it agrees.

    Example: tonne credit issue --project BR-7 --report 3 --year 2010 --certified 9 --verifier DOE
    """
    with errand(call) as at:
        told = MonitoringReport(
            project=project.strip().upper(),
            number=report,
            certified=a_count(certified, reference=at.law.on_transactions),
            year=year,
            opinion=Opinion(verifier=verifier, judgement=judgement, comments=tuple(comment or ())),
        )
        linked = at.ask(lambda books: books.link()) is not None
        (_propose if linked else _issue)(at, told, unit)


def _issue(at: Errand, told: MonitoringReport, unit: str) -> None:
    found = at.do(
        lambda books: operations.issue_for_report(
            books, at.scheme, told, unit=unit, key=at.call.key, desk=at.desk
        )
    )
    divided = found.proceeds
    at.tell(
        f"{told.certified:,} {found.unit} are issued{again(found.receipt)}: "
        f"{divided.participants:,} for the participants, {divided.adaptation:,} for "
        f"adaptation; the fee is {divided.fee}.",
        data=at.data(
            found.receipt,
            unit=found.unit,
            count=told.certified,
            participants=divided.participants,
            adaptation=divided.adaptation,
            fee=divided.fee,
        ),
        hint="tonne credit forward",
    )


def _propose(at: Errand, told: MonitoringReport, unit: str) -> None:
    standing = at.do(
        lambda books: operations.propose_credits(
            books, at.scheme, told, unit=unit, key=at.call.key, desk=at.desk
        )
    )
    assert standing.proposal is not None, "what was proposed is there"
    (piece,) = standing.proposal.pieces
    at.tell(
        f"{standing.id} is proposed: {told.certified:,} {piece.unit} once the log agrees.",
        data=at.proposed(standing, unit=piece.unit, count=told.certified),
        hint="tonne registry proposals",
    )


@command(app, by="authority")
def forward(
    call: Call,
    *,
    source: Annotated[str, typer.Option("--from", metavar="ACCOUNT", help="Who gives.")],
    target: Annotated[str, typer.Option("--to", metavar="ACCOUNT", help="Who receives.")],
    unit: Unit,
    count: Count = None,
    block: Serials = None,
) -> None:
    """Forward credits from the registry that issued them to an account of a nation's registry.

    Example: tonne credit forward --from A --to B --unit "CER-1 BR-7" --count 100
    """
    with errand(call) as at:
        units, serials = at.units("forward", unit, count, block)
        order = Transfer(
            key=call.key,
            source=at.account(source),
            target=at.account(target),
            unit=unit,
            count=units,
            block=serials,
        )
        (receipt,) = at.do(
            lambda books: operations.forward(books, at.scheme, [order], desk=at.desk)
        )
        at.tell(
            f"{units:,} {unit} are forwarded from {order.source} to {order.target}"
            f"{again(receipt)}.",
            data=at.data(receipt, unit=unit, count=units),
            hint=f"tonne statement {order.target}",
        )

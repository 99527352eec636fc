"""Tenders: the authority buys units of projects, in two stages; what each command tells of it."""

import secrets
from datetime import datetime
from typing import Annotated

import typer

from tonne.cli.auction_told import a_moment, in_money
from tonne.cli.errand import Errand, errand
from tonne.cli.options import Call, Unit, a_day, a_name, command, words
from tonne.cli.show import Table, some
from tonne.cli.tender_shown import data, proposal, results
from tonne.market import Due
from tonne.operations import auctions, tenders
from tonne.quantity import Currency, money, number
from tonne.quantity import count as a_count

app = typer.Typer(
    no_args_is_help=True, help="Buy units of projects: interest, shortlist, sealed prices, award."
)

TenderStands = tenders.TenderStands
Name = Annotated[
    str, typer.Argument(metavar="TENDER", callback=a_name, help="What the tender is called.")
]
Project = Annotated[
    str, typer.Option("--project", metavar="NAME", callback=a_name, help="Which project.")
]
Tenderer = Annotated[
    str, typer.Option("--tenderer", metavar="ACCOUNT", help="Who will deliver, by account number.")
]


@command(app, "open", by="authority")
def open_(
    call: Call,
    *,
    name: Name,
    unit: Unit,
    budget: Annotated[
        str, typer.Option("--budget", metavar="AMOUNT", help="What may be spent in all.")
    ],
    interest_closes: Annotated[
        datetime,
        typer.Option(
            "--interest-closes", metavar="MOMENT", parser=a_moment, help="The first stage's end."
        ),
    ],
    proposals_close: Annotated[
        datetime,
        typer.Option(
            "--proposals-close", metavar="MOMENT", parser=a_moment, help="The second stage's end."
        ),
    ],
) -> None:
    """Open a tender by the law; its budget is on hold in the authority's account.

    Example: tonne tender open T1 --unit EXA-1 --budget 1000
    --interest-closes 2025-06-10T12:00 --proposals-close 2025-07-10T12:00
    """
    with errand(call) as at:
        clause = at.scheme.tenders.tender.on(call.day)
        asked = tenders.NewTender(
            name=name,
            unit=unit,
            budget=money(budget, Currency(clause.value.currency), reference=clause.reference),
            interest_closes=interest_closes,
            proposals_close=proposals_close,
        )
        found = at.do(
            lambda books: tenders.open_tender(books, at.scheme, asked, key=call.key, desk=at.desk)
        )
        kinds = clause.value.ceilings
        at.tell(
            f"The tender {name} is open: {found.tender.budget} for {unit}; projects may be put "
            f"forward until {found.tender.interest_closes:%Y-%m-%d %H:%M} UTC.",
            Table(
                title="Sought",
                columns=("Kind of project", "At most for a unit"),
                rows=[[each.kind, in_money(each.price, clause.value.currency)] for each in kinds],
            ),
            data=data(at, found) | {"key": call.key},
            hint=f"tonne tender interest {name} --help",
        )


@command(app, by="operator")
def interest(
    call: Call,
    *,
    name: Name,
    project: Project,
    tenderer: Tenderer,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="The kind of project, as the law names.")
    ],
    count: Annotated[
        str, typer.Option("--count", metavar="NUMBER", help="How many units it will deliver.")
    ],
) -> None:
    """Put a project forward in the first stage.

    Example: tonne tender interest T1 --project wind --tenderer XE-120-8-0-90 --kind renewables
    --count 40
    """
    with errand(call) as at:
        units = a_count(count, reference=at.law.on_transactions)
        who = at.account(tenderer)
        found = at.do(
            lambda books: tenders.express(
                books, at.scheme, name, project=project, tenderer=who, kind=kind, count=units,
                key=call.key, desk=at.desk,
            )
        )  # fmt: skip
        at.tell(
            f"{project} is put forward in {name}, with {units:,} {found.opened.unit}.",
            data={"tender": name, "project": project, "tenderer": who, "kind": kind,
                  "count": units, "key": call.key},
            hint=f"tonne tender show {name}",
        )  # fmt: skip


@command(app, by="authority")
def shortlist(call: Call, *, name: Name) -> None:
    """Invite the projects that the first stage left to a proposal, once it has closed.

    Example: tonne tender shortlist T1
    """
    with errand(call) as at:
        found = at.do(
            lambda books: tenders.shortlist(books, at.scheme, name, key=call.key, desk=at.desk)
        )
        assert found.shortlist is not None, "it was made"
        invited = found.shortlist.invited
        at.tell(
            f"{some(len(invited), 'project')} of {name} {'is' if len(invited) == 1 else 'are'} "
            f"invited to a proposal until {found.tender.proposals_close:%Y-%m-%d %H:%M} UTC.",
            Table(columns=("Invited",), rows=[[each] for each in invited]),
            Table(columns=("Left out", "Why"),
                  rows=[[each.project, "; ".join(each.why)] for each in found.shortlist.refused]),
            data=data(at, found) | {"key": call.key},
            hint=f"tonne tender propose {name} --help",
        )  # fmt: skip


@command(app, by="operator")
def propose(
    call: Call,
    *,
    name: Name,
    project: Project,
    tenderer: Tenderer,
    price: Annotated[str, typer.Option("--price", metavar="AMOUNT", help="For one unit.")],
    due: Annotated[
        list[str],
        typer.Option("--due", metavar="DAY=NUMBER", help="So many units by that day; again."),
    ],
    advance: Annotated[
        str, typer.Option("--advance", metavar="SHARE", help="Of the price, paid at once: 0.2.")
    ] = "0",
    replacing: Annotated[
        bool,
        typer.Option(
            "--replace",
            metavar="",
            help="In the place of yours for the same project.",
        ),
    ] = False,
) -> None:
    """Propose a price under a seal: the public is told its hash alone until the award.

    Example: tonne tender propose T1 --project wind --tenderer XE-120-8-0-90 --price 8.00
    --due 2025-09-01=20 --due 2025-12-01=20 --advance 0.2
    """
    with errand(call) as at:
        reference, who, salt = at.law.on_transactions, at.account(tenderer), secrets.token_hex(16)
        asked = tenders.Proposing(
            project=project,
            tenderer=who,
            price=number(price, what="Price", reference=reference),
            schedule=tuple(_due(at, each) for each in due),
            advance_share=number(advance, what="Advance", reference=reference),
        )
        found = at.do(
            lambda books: tenders.propose(
                books, at.scheme, name, asked, salt=salt, replacing=replacing, key=call.key,
                desk=at.desk,
            )
        )  # fmt: skip
        at.tell(
            f"The proposal for {project} lies sealed in {name}: {found.commitment}.",
            data={"tender": name, **proposal(at, name, found), "key": call.key},
            hint=f"tonne tender show {name} --tenderer {who}",
        )


@command(app, by="authority")
def award(
    call: Call,
    *,
    name: Name,
    points: Annotated[
        list[str] | None,
        typer.Option(
            "--points", metavar="PROJECT=NUMBER", help="The jury's, where the law asks it; again."
        ),
    ] = None,
) -> None:
    """Open the proposals, sign with the best as long as the budget lasts, and publish.

    Each contract is delivered as any other: tonne forward. Its price is on hold for it, and the
    rest of the budget is free again.

    Example: tonne tender award T1
    """
    with errand(call) as at:
        given = dict(_points(at, each) for each in points or ())
        found = at.do(
            lambda books: tenders.award(
                books, at.scheme, name, points=given, key=call.key, desk=at.desk
            )
        )
        assert found.awarded is not None, "it was awarded"
        signed = some(len(found.awarded.contracts), "contract")
        at.tell(
            f"The tender {name}: {signed} signed, for {found.spent} of {found.tender.budget}.",
            *results(found),
            data=data(at, found) | {"key": call.key},
            hint=f"tonne tender show {name}",
        )


@command(app, "call-off", by="authority")
def call_off(
    call: Call,
    *,
    name: Name,
    reason: Annotated[str, typer.Option("--reason", callback=words, help="Why, for the record.")],
) -> None:
    """Hold a tender no more, before it is awarded: its budget is free, and no proposal counts.

    Example: tonne tender call-off T1 --reason 'the budget was cut'
    """
    with errand(call) as at:
        found = at.do(
            lambda books: tenders.call_off(
                books, at.scheme, name, reason=reason, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"The tender {name} is called off; {found.tender.budget} are free again.",
            data=data(at, found) | {"key": call.key},
            hint="tonne tender list",
        )


@command(app)
def show(
    call: Call,
    *,
    name: Name,
    tenderer: Annotated[
        str | None,
        typer.Option("--tenderer", metavar="ACCOUNT", help="With the proposals of this one."),
    ] = None,
) -> None:
    """Tell how a tender stands: its stages, its projects, the hashes of proposals, its contracts.

    Example: tonne tender show T1
    """
    with errand(call) as at:
        found = at.ask(lambda books: tenders.the_tender(books, at.scheme, name))
        stood = at.ask(lambda books: tenders.standing_proposals(books, at.scheme, name))
        listed, off = list(stood.values()), found.called_off
        who = None if tenderer is None else at.account(tenderer)
        mine = [each for each in listed if each.proposal.tenderer == who]
        invited = {each.project for each in found.invited}
        at.tell(
            f"The tender {name} is {found.status(auctions.moment(at.desk))}: "
            f"{found.tender.budget} for {found.opened.unit}; "
            f"{some(len(found.interests), 'project')}, {some(len(listed), 'proposal')}"
            f"{'.' if off is None else f'. Why: {off.reason}'}",
            Table(
                title="Put forward",
                columns=("Project", "Tenderer", "Kind", "Units", "Invited"),
                rows=[[each.project, each.tenderer, each.kind, each.count,
                       "yes" if each.project in invited else "no"] for each in found.interests],
            ),
            Table(
                title="Sealed", columns=("Hash",), rows=[[each.commitment] for each in listed]
            ),
            Table(
                title=f"Proposed by {who}",
                columns=("Project", "Price", "Units", "Advance"),
                rows=[[each.proposal.project, each.proposal.price, each.proposal.count,
                       each.proposal.advance_share] for each in mine],
            ),
            *results(found),
            data=data(at, found)
            | {
                "sealed": [each.commitment for each in listed],
                "proposals": [proposal(at, name, each) for each in mine],
            },
            hint="tonne forward show CONTRACT" if found.awarded else "tonne tender list",
        )  # fmt: skip


@command(app, "list")
def list_(call: Call) -> None:
    """List the tenders of the scheme, and how far each has come.

    Example: tonne tender list
    """
    with errand(call) as at:
        found = at.ask(lambda books: tenders.tenders(books, at.scheme))
        now = auctions.moment(at.desk)
        at.tell(
            f"{some(len(found), 'tender')}.",
            Table(
                columns=("Tender", "Is", "Unit", "Budget", "Spent", "Proposals close"),
                rows=[[each.tender.id, each.status(now), each.opened.unit, each.tender.budget,
                       each.spent, f"{each.tender.proposals_close:%Y-%m-%d %H:%M}"]
                      for each in found],
            ),
            data={"tenders": [data(at, each) for each in found]},
            hint="tonne tender show TENDER" if found else "tonne tender open --help",
        )  # fmt: skip


def _due(at: Errand, text: str) -> Due:
    """By which day how many units."""
    day, _, count = text.partition("=")
    return Due(on=a_day(day), count=a_count(count, reference=at.law.on_transactions))


def _points(at: Errand, text: str) -> tuple[str, int]:
    """Which project has how many points of the jury."""
    project, _, count = text.rpartition("=")
    return project, a_count(count, reference=at.law.on_transactions, least=0, what="Points")

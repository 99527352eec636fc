"""Tenders: the authority buys units of projects, in two stages; what each command tells of it."""

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import typer

from tonne.cli.auction_told import a_moment, in_money
from tonne.cli.errand import Errand, errand
from tonne.cli.options import Call, Unit, a_day, a_name, command
from tonne.cli.show import Table, some
from tonne.market import Due
from tonne.operations import auctions, tenders
from tonne.quantity import Currency, Money, money, number
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
            data=_data(at, found) | {"key": call.key},
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
            data=_data(at, found) | {"key": call.key},
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
                books, at.scheme, name, asked, salt=salt, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"The proposal for {project} lies sealed in {name}: {found.commitment}.",
            data={"tender": name, **_proposal(at, name, found), "key": call.key},
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
            *_results(found),
            data=_data(at, found) | {"key": call.key},
            hint=f"tonne tender show {name}",
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
        listed = at.ask(lambda books: tenders.sealed_proposals(books, at.scheme, name))
        who = None if tenderer is None else at.account(tenderer)
        mine = [each for _, each in listed if each.proposal.tenderer == who]
        invited = {each.project for each in found.invited}
        at.tell(
            f"The tender {name} is {found.status(auctions.moment(at.desk))}: "
            f"{found.tender.budget} for {found.opened.unit}; "
            f"{some(len(found.interests), 'project')}, {some(len(listed), 'proposal')}.",
            Table(
                title="Put forward",
                columns=("Project", "Tenderer", "Kind", "Units", "Invited"),
                rows=[[each.project, each.tenderer, each.kind, each.count,
                       "yes" if each.project in invited else "no"] for each in found.interests],
            ),
            Table(
                title="Sealed", columns=("Hash",), rows=[[each.commitment] for _, each in listed]
            ),
            Table(
                title=f"Proposed by {who}",
                columns=("Project", "Price", "Units", "Advance"),
                rows=[[each.proposal.project, each.proposal.price, each.proposal.count,
                       each.proposal.advance_share] for each in mine],
            ),
            *_results(found),
            data=_data(at, found)
            | {
                "sealed": [each.commitment for _, each in listed],
                "proposals": [_proposal(at, name, each) for each in mine],
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
            data={"tenders": [_data(at, each) for each in found]},
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


def _data(at: Errand, found: TenderStands) -> dict[str, Any]:
    """A tender for a program."""
    made, done, currency = found.shortlist, found.awarded, found.tender.budget.currency
    return {
        "tender": found.tender.id,
        "status": found.status(auctions.moment(at.desk)),
        "unit": found.opened.unit,
        "buyer": found.opened.buyer,
        "budget": found.tender.budget,
        "interest_closes": found.tender.interest_closes,
        "proposals_close": found.tender.proposals_close,
        "interests": found.interests,
        "invited": made and made.invited,
        "not_invited": made and made.refused,
        "spent": found.spent,
        "contracts": done
        and [
            {
                "project": each.project,
                "tenderer": each.tenderer,
                "contract": each.contract,
                "count": each.count,
                "price": in_money(each.price, currency.code),
                "cost": Money(each.cost, currency),
                "advance": Money(each.advance, currency),
            }
            for each in done.contracts
        ],
        "passed_over": done and done.passed_over,
        "not_counted": done and done.refused,
    }


def _proposal(at: Errand, name: str, found: tenders.Proposed) -> dict[str, Any]:
    """A proposal for its tenderer's program; with the salt it can check the hash."""
    asked = found.proposal
    currency = at.ask(lambda books: tenders.the_tender(books, at.scheme, name)).tender.budget
    return {
        "project": asked.project,
        "tenderer": asked.tenderer,
        "count": asked.count,
        "price": in_money(asked.price, currency.currency.code),
        "advance_share": asked.advance_share,
        "schedule": found.schedule,
        "salt": found.salt,
        "commitment": found.commitment,
    }


def _results(found: TenderStands) -> list[Table]:
    """What was signed, and what was not and why."""
    done, currency = found.awarded, found.tender.budget.currency
    if done is None:
        return []
    left: list[list[object]] = [[each, "the budget is not enough"] for each in done.passed_over]
    left += [[each.project, "; ".join(each.why)] for each in done.refused]
    rows: list[list[object]] = [
        [each.contract, each.tenderer, each.count, in_money(Decimal(each.price), currency.code),
         Money(each.cost, currency), Money(each.advance, currency)]
        for each in done.contracts
    ]  # fmt: skip
    columns = ("Contract", "Tenderer", "Units", "Price", "Cost", "Of it in advance")
    return [
        Table(title="Signed", columns=columns, rows=rows),
        Table(title="Not signed", columns=("Project", "Why"), rows=left),
    ]

"""Forwards and purchase agreements: signed from a file, delivered, remedied, valued."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from tonne import operations
from tonne.cli.errand import Errand, errand
from tonne.cli.failures import UserFault
from tonne.cli.options import Call, command
from tonne.cli.show import Table
from tonne.market import Forward, Outlook, Payment
from tonne.operations import forwards
from tonne.quantity import Currency, Money, money, number
from tonne.quantity import count as a_count

app = typer.Typer(no_args_is_help=True, help="Sign forwards; deliver, remedy and value them.")

ForwardStands = forwards.ForwardStands
Name = Annotated[str, typer.Argument(metavar="CONTRACT", help="Its name, as in its file.")]
Paper = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", exists=True, dir_okay=False, help="The contract, in TOML or JSON."
    ),
]
Units = Annotated[str, typer.Option("--count", metavar="NUMBER", help="How many units.")]
Index = Annotated[
    str | None,
    typer.Option("--index", metavar="AMOUNT", help="What the price's index says that day."),
]
Issued = Annotated[
    str | None,
    typer.Option(
        "--issued", metavar="NUMBER", help="What its project was issued for it so far, if known."
    ),
]
Spot = Annotated[
    str, typer.Option("--spot", metavar="AMOUNT", help="What a unit costs elsewhere that day.")
]


@command(app, by="operator")
def sign(call: Call, *, paper: Paper) -> None:
    """Sign a contract that is written in a file; what is paid upfront is paid at once.

    The file says, in TOML or JSON: name, buyer, seller, unit, currency; and in tables of their own

    price: kind = "fixed" and amount = "8.00"; or kind = "indexed" with index, share and perhaps
    plus; or kind = "floor" with amount, index and share

    schedule, once for each day: on = 2026-09-01 and count = 20

    remedy: kind = "make_up", "replacement" with units, "damages" with per_unit, or
    "advance_repaid"; and days = 30; trigger = "1.0" if not said

    If wanted: tick, conditions = "registration" and others in a list, risk = "project" with
    project = "wind", and upfront: share = "0.2", amount = "8.00", recovery = "pro_rata" or "first".

    Example: tonne forward sign erpa.toml
    """
    with errand(call) as at:
        contract = read(at, paper)
        found = at.do(
            lambda books: forwards.sign(books, at.scheme, contract, key=call.key, desk=at.desk)
        )
        advance = Money(found.account.advance, contract.currency)
        at.tell(
            f"{contract.id} is signed: {contract.count:,} {contract.unit} from {contract.seller} "
            f"to {contract.buyer}; {advance} is paid upfront.",
            data=as_data(at, found) | {"advance": advance, "key": call.key},
            hint=f"tonne forward show {contract.id}",
        )


@command(app, by="administrator")
def meet(
    call: Call,
    *,
    name: Name,
    condition: Annotated[
        str, typer.Argument(metavar="CONDITION", help="What has happened, such as registration.")
    ],
) -> None:
    """Write down that what a contract waits for has happened.

    Example: tonne forward meet ERPA-1 registration
    """
    with errand(call) as at:
        found = at.do(
            lambda books: forwards.meet(
                books, at.scheme, name, condition, key=call.key, desk=at.desk
            )
        )
        lacking = sorted({*found.forward.conditions} - {*found.account.met})
        rest = f"it still waits for {' and '.join(lacking)}" if lacking else "it waits for no other"
        at.tell(
            f"{name} has met {condition}; {rest}.",
            data=as_data(at, found) | {"key": call.key},
            hint=f"tonne forward deliver {name} --count NUMBER",
        )


@command(app, by="operator")
def deliver(
    call: Call,
    *,
    name: Name,
    count: Units,
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="CODE", help="Those of the contract if not said."),
    ] = None,
    index: Index = None,
    project: Annotated[
        str | None, typer.Option("--project", metavar="NAME", help="Where they come from.")
    ] = None,
    issued: Issued = None,
) -> None:
    """Deliver from the seller's account, against payment at the contract's price.

    What is recovered of the advance is not paid again.

    Example: tonne forward deliver ERPA-1 --count 20
    """
    with errand(call) as at:
        contract = _contract(at, name)
        units = a_count(count, reference=at.law.on_transactions)
        level, so_far = _minor(at, contract, index), _whole(at, issued)
        found, paid = at.do(
            lambda books: forwards.deliver(
                books, at.scheme, name, count=units, unit=unit, index=level, project=project,
                issued=so_far, key=call.key, desk=at.desk,
            )
        )  # fmt: skip
        at.tell(
            f"{units:,} {unit or contract.unit} came for {name}, worth {paid.value}: "
            f"{_paid(paid)}; {found.left:,} are left.",
            data=as_data(at, found) | _payment(paid) | {"key": call.key},
            hint=f"tonne forward show {name}",
        )


@command(app, "share-out", by="operator")
def share_out(
    call: Call,
    *,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Which was issued units.")],
    seller: Annotated[
        str, typer.Option("--seller", metavar="ACCOUNT", help="To whom it was issued them.")
    ],
    count: Units,
    rank: Annotated[
        Literal["in_order", "pro_rata"],
        typer.Option("--by", help="The first that was signed first, or all in proportion."),
    ] = "in_order",
    index: Index = None,
) -> None:
    """Share out what a project was issued among its contracts, and deliver it against payment.

    Example: tonne forward share-out wind --seller B --count 1000 --by pro_rata
    """
    with errand(call) as at:
        units, source = a_count(count, reference=at.law.on_transactions), at.account(seller)
        clause = at.scheme.registry.currency.on(call.day)
        level = _amount(index, Currency(clause.value), clause.reference)
        parts = at.do(
            lambda books: forwards.deliver_issuance(
                books, at.scheme, project=project, seller=source, count=units, by=rank, index=level,
                key=call.key, desk=at.desk,
            )
        )  # fmt: skip
        at.tell(
            f"{units:,} units of {project} are shared out among {len(parts):,} contracts.",
            Table(
                columns=("Contract", "Worth", "Recovered", "Paid"),
                rows=[
                    [name, each.value, each.recovered, each.paid] for name, each in parts.items()
                ],
            ),
            data={
                "project": project,
                "deliveries": [{"contract": n} | _payment(each) for n, each in parts.items()],
                "key": call.key,
            },
            hint="tonne forward list",
        )


@command(app, by="operator")
def remedy(call: Call, *, name: Name, spot: Spot, issued: Issued = None) -> None:
    """Carry out the remedy for what is owed and did not come; what it costs is paid at once.

    Example: tonne forward remedy ERPA-1 --spot 9.00
    """
    with errand(call) as at:
        contract = _contract(at, name)
        level, so_far = _minor(at, contract, spot), _whole(at, issued)
        assert level is not None, "the command asks for it"
        found, cured = at.do(
            lambda books: forwards.remedy(
                books, at.scheme, name, spot=level, issued=so_far, key=call.key, desk=at.desk
            )
        )
        kind = cured.kind.replace("_", " ")
        owed = {
            "make_up": "they are due later",
            "replacement": f"{' or '.join(cured.units)} may come instead by {cured.by}",
        }.get(cured.kind, f"{cured.money} is paid, {cured.interest} of it interest")
        at.tell(
            f"{cured.missing:,} units of {name} are missing; the remedy is {kind}: {owed}.",
            _schedule(at, found),
            data=as_data(at, found)
            | {
                "remedy": cured.kind,
                "missing": cured.missing,
                "paid": cured.money,
                "interest": cured.interest,
                "instead": cured.units,
                "by": cured.by,
                "key": call.key,
            },
            hint=f"tonne forward show {name}",
        )


@command(app)
def value(
    call: Call,
    *,
    name: Name,
    spot: Spot,
    delivery: Annotated[
        str,
        typer.Option("--delivery", metavar="SHARE", help="How probable it is, such as 0.8."),
    ] = "1",
    replacement: Annotated[
        str | None,
        typer.Option("--replacement", metavar="AMOUNT", help="What another unit costs; the spot."),
    ] = None,
    rate: Annotated[
        str, typer.Option("--rate", metavar="SHARE", help="A year's interest, such as 0.08.")
    ] = "0",
    compounding: Annotated[
        Literal["annual", "continuous", "simple"],
        typer.Option("--compounding", help="How the rate grows over several years."),
    ] = "annual",
) -> None:
    """Tell what the units still to come are worth to the buyer; to the seller, the opposite.

    Example: tonne forward value ERPA-1 --spot 20 --replacement 25 --delivery 0.8 --rate 0.08
    """
    with errand(call) as at:
        contract, law = _contract(at, name), at.law.on_transactions
        level = _minor(at, contract, spot)
        assert level is not None, "the command asks for it"
        yearly = number(rate, what="Rate", reference=law)
        if yearly > 1:
            raise UserFault(
                f"A rate of {yearly} a year?", remedy="Write it as a share, such as 0.08."
            )
        outlook = Outlook(
            spot=level,
            replacement=_minor(at, contract, replacement) or level,
            delivery=number(delivery, what="Probability", reference=law),
            rate=yearly,
            compounding=compounding,
        )
        found, worth = at.ask(
            lambda books: forwards.value(books, at.scheme, name, outlook, desk=at.desk)
        )
        at.tell(
            f"The {found.left:,} units still to come of {name} are worth {worth} to the buyer.",
            data=as_data(at, found) | {"value": worth},
            hint=f"tonne forward show {name}",
        )


@command(app)
def show(call: Call, *, name: Name) -> None:
    """Tell how a contract stands: what came, what is due when, what is owed, what was paid.

    Example: tonne forward show ERPA-1
    """
    with errand(call) as at:
        found = at.ask(lambda books: forwards.the_forward(books, at.scheme, name))
        contract, account = found.forward, found.account
        at.tell(
            f"{name}: {account.delivered:,} of {contract.count:,} {contract.unit} came, "
            f"{found.owed(call.day):,} are owed; {Money(account.cash, contract.currency)} was "
            f"paid, {Money(account.unearned, contract.currency)} of it in advance of units.",
            _schedule(at, found),
            data=as_data(at, found),
            hint=f"tonne forward value {name} --help",
        )


@command(app, "list")
def list_(call: Call) -> None:
    """List the contracts: what is left of each, what is owed, and what is due next.

    Example: tonne forward list
    """
    with errand(call) as at:
        found = at.ask(lambda books: forwards.forwards(books, at.scheme))
        at.tell(
            f"{len(found):,} contracts.",
            _table(found, at),
            data={"contracts": [as_data(at, each) for each in found]},
            hint="tonne forward show CONTRACT",
        )


def read(at: Errand, paper: Path) -> Forward:
    """The contract that a file says, with account numbers as the books write them."""
    contract = operations.read_contract(paper.name, paper.read_bytes(), signed_on=at.call.day)
    at.account(contract.buyer)
    at.account(contract.seller)
    return contract


def as_data(at: Errand, found: ForwardStands) -> dict[str, object]:
    """A contract for a program."""
    contract, account, day = found.forward, found.account, at.call.day
    following = found.due_next(day)
    return {
        "contract": contract.id,
        "buyer": contract.buyer,
        "seller": contract.seller,
        "unit": contract.unit,
        "count": contract.count,
        "signed_on": contract.signed_on,
        "schedule": contract.schedule,
        "conditions": contract.conditions,
        "met": account.met,
        "delivered": account.delivered,
        "forgone": account.forgone,
        "left": found.left,
        "owed": found.owed(day),
        "due_next": following,
        "paid_in_all": Money(account.cash, contract.currency),
        "advance_left": Money(account.unearned, contract.currency),
        "set_aside": Money(found.cover, contract.currency),
    }


def _schedule(at: Errand, found: ForwardStands) -> Table:
    past = found.account.delivered + found.account.forgone
    rows: list[list[object]] = []
    for each in found.forward.schedule:
        done = min(past, each.count)
        past -= done
        rows.append([each.on, each.count, done, "owed" if each.on <= at.call.day else "due"])
        if done == each.count:
            rows[-1][-1] = "done"
    return Table(title="Schedule", columns=("On", "Units", "Done", "State"), rows=rows)


def _table(found: Sequence[ForwardStands], at: Errand) -> Table:
    rows: list[list[object]] = []
    for each in found:
        following = each.due_next(at.call.day)
        rows.append(
            [each.forward.id, each.forward.seller, each.forward.buyer, each.forward.unit, each.left,
             each.owed(at.call.day), following and following.on, following and following.count]
        )  # fmt: skip
    columns = ("Contract", "Seller", "Buyer", "Unit", "Left", "Owed", "Due next", "Units due")
    return Table(columns=columns, rows=rows)


def _contract(at: Errand, name: str) -> Forward:
    return at.ask(lambda books: forwards.the_forward(books, at.scheme, name)).forward


def _paid(paid: Payment) -> str:
    recovered = f", {paid.recovered} is recovered of the advance" if paid.recovered.minor else ""
    return f"{paid.paid} is paid{recovered}"


def _payment(paid: Payment) -> dict[str, Any]:
    return {"value": paid.value, "recovered": paid.recovered, "paid": paid.paid}


def _minor(at: Errand, contract: Forward, text: str | None) -> Decimal | None:
    return _amount(text, contract.currency, at.law.on_transactions)


def _amount(text: str | None, of: Currency, reference: str) -> Decimal | None:
    """An amount in the smallest unit of its money, as the room reckons."""
    return None if text is None else Decimal(money(text, of, reference=reference, least=0).minor)


def _whole(at: Errand, text: str | None) -> int | None:
    return None if text is None else a_count(text, reference=at.law.on_transactions, least=0)

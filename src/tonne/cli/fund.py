"""Pooled funds: opened, paid into, invested in contracts; their units are distributed."""

from datetime import date
from typing import Annotated

import typer

from tonne.cli.errand import Errand, errand
from tonne.cli.failures import UserFault
from tonne.cli.forward import Paper, as_data, read
from tonne.cli.options import Call, a_day, a_name, command
from tonne.cli.show import Table
from tonne.market import Fund
from tonne.operations import funds
from tonne.quantity import Currency, Money, currency, money
from tonne.quantity import count as a_count

app = typer.Typer(
    no_args_is_help=True, help="Open pooled funds, pay in, invest, distribute what comes."
)

FundStands = funds.FundStands
Name = Annotated[
    str, typer.Argument(metavar="FUND", callback=a_name, help="Its name, such as 'Carbon Fund'.")
]
Account = Annotated[str, typer.Option("--account", metavar="ACCOUNT", help="The fund's own.")]


@command(app, "open", by="administrator")
def open_(
    call: Call,
    *,
    name: Name,
    account: Account,
    most: Annotated[
        str, typer.Option("--most", metavar="AMOUNT", help="What may be paid in altogether.")
    ],
    closes: Annotated[
        date,
        typer.Option(
            "--closes", metavar="DATE", parser=a_day, help="The last day on which it is paid in."
        ),
    ],
) -> None:
    """Open a fund; its account is for it alone.

    Example: tonne fund open Pool --account XE-121-10-0-71 --most 100000 --closes 2026-06-30
    """
    with errand(call) as at:
        clause = at.scheme.registry.currency.on(call.day)
        limit = money(most, currency(clause.value, reference=clause.reference),
                      reference=clause.reference)  # fmt: skip
        fund = Fund(name=name.strip(), most=limit, closes_on=closes)
        number = at.account(account)
        found = at.do(
            lambda books: funds.open_fund(
                books, at.scheme, fund, account=number, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"The fund {fund.name} is open until {closes}, for {limit} at most.",
            data=_data(found) | {"key": call.key},
            hint=f"tonne fund contribute '{fund.name}' ACCOUNT AMOUNT",
        )


@command(app, by="operator")
def contribute(
    call: Call,
    *,
    name: Name,
    participant: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help="Who pays, and will get units.")
    ],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="How much.")],
) -> None:
    """Pay into a fund from an account, to which its units will go.

    Example: tonne fund contribute Pool XE-120-7-0-95 100.00
    """
    with errand(call) as at:
        number, paid = at.account(participant), _amount(at, name, amount)
        found = at.do(
            lambda books: funds.contribute(
                books, at.scheme, name, participant=number, money=paid, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"{number} paid {paid} into {name}, which has {found.fund.paid_in} of "
            f"{found.fund.most}.",
            data=_data(found) | {"key": call.key},
            hint=f"tonne fund invest '{name}' FILE",
        )


@command(app, by="operator")
def invest(
    call: Call,
    *,
    name: Name,
    paper: Paper,
    most: Annotated[
        str | None,
        typer.Option(
            "--most", metavar="AMOUNT",
            help="What it may cost, with tax and fees: set aside. Its value if not said.",
        ),
    ] = None,
) -> None:  # fmt: skip
    """Sign a contract for a fund, from a file as tonne forward sign reads it.

    Example: tonne fund invest Pool erpa.toml --most 200.00
    """
    with errand(call) as at:
        contract = read(at, paper)
        limit = None if most is None else _amount(at, name, most)
        found, signed = at.do(
            lambda books: funds.invest(
                books, at.scheme, name, contract, most=limit, key=call.key, desk=at.desk
            )
        )
        kept = dict(found.fund.portfolio)[contract.id]
        at.tell(
            f"{name} has signed {contract.id}, which costs {kept} at most.",
            data=_data(found) | {"signed": as_data(at, signed), "key": call.key},
            hint=f"tonne forward deliver {contract.id} --count NUMBER",
        )


@command(app, by="operator")
def distribute(
    call: Call,
    *,
    name: Name,
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="CODE", help="Which units; all that are there if not said."),
    ] = None,
    count: Annotated[
        str | None, typer.Option("--count", metavar="NUMBER", help="How many of them.")
    ] = None,
) -> None:
    """Give a fund's units to those who paid in, in proportion, to the last one.

    Example: tonne fund distribute Pool
    """
    with errand(call) as at:
        if (unit is None) != (count is None):
            raise UserFault(
                "How many of which units?", remedy="Give both --unit and --count, or neither."
            )
        asked = (
            None if unit is None else {unit: a_count(count or "", reference=at.law.on_transactions)}
        )
        found, given = at.do(
            lambda books: funds.distribute(
                books, at.scheme, name, units=asked, key=call.key, desk=at.desk
            )
        )
        total = sum(number for parts in given.values() for number in parts.values())
        at.tell(
            f"{total:,} units of {name} went to {len(given):,} participants.",
            Table(
                columns=("Participant", "Unit", "Units"),
                rows=[
                    [who, code, number] for who, parts in given.items()
                    for code, number in parts.items()
                ],
            ),
            data=_data(found) | {"given_now": given, "key": call.key},
            hint=f"tonne fund show '{name}'",
        )  # fmt: skip


@command(app)
def show(
    call: Call,
    *,
    name: Annotated[
        str | None, typer.Argument(metavar="FUND", help="Which; all of them if not said.")
    ] = None,
) -> None:
    """Tell what was paid into a fund, what it has signed, and who got what; or list the funds.

    Example: tonne fund show Pool
    """
    with errand(call) as at:
        if name is None:
            every = at.ask(lambda books: funds.funds(books, at.scheme))
            at.tell(
                f"{len(every):,} funds.",
                Table(
                    columns=("Fund", "Account", "Paid in", "At most", "Promised", "Closes"),
                    rows=[
                        [each.fund.name, each.account, each.fund.paid_in, each.fund.most,
                         each.fund.promised, each.fund.closes_on]
                        for each in every
                    ],
                ),
                data={"funds": [_data(each) for each in every]},
                hint="tonne fund show FUND",
            )  # fmt: skip
            return
        found = at.ask(lambda books: funds.the_fund(books, at.scheme, name))
        fund = found.fund
        at.tell(
            f"{fund.name} has {fund.paid_in} of {fund.most}, and {fund.promised} is promised.",
            Table(
                title="Participants",
                columns=("Participant", "Paid in", "Units"),
                rows=[
                    [who, Money(minor, fund.most.currency), _units(found, who)]
                    for who, minor in fund.shares.items()
                ],
            ),
            Table(
                title="Contracts",
                columns=("Contract", "At most"),
                rows=[[contract, cost] for contract, cost in fund.portfolio],
            ),
            data=_data(found),
            hint="tonne forward list",
        )


def _units(found: FundStands, who: str) -> str:
    parts = found.given.get(who, {})
    return ", ".join(f"{count:,} {code}" for code, count in parts.items()) or "none"


def _data(found: FundStands) -> dict[str, object]:
    """A fund for a program."""
    fund = found.fund
    return {
        "fund": fund.name,
        "account": found.account,
        "most": fund.most,
        "closes_on": fund.closes_on,
        "paid_in": fund.paid_in,
        "promised": fund.promised,
        "contributions": fund.contributions,
        "portfolio": [{"contract": name, "most": cost} for name, cost in fund.portfolio],
        "given": found.given,
    }


def _amount(at: Errand, name: str, text: str) -> Money:
    """An amount in the money of the fund."""
    fund = at.ask(lambda books: funds.the_fund(books, at.scheme, name)).fund
    of: Currency = fund.most.currency
    return money(text, of, reference=at.law.on_transactions)

"""Money: brought in and taken out by the bank's reference, fees and penalties, statements."""

from datetime import date
from typing import Annotated

import typer

from tonne import operations
from tonne.cli.ask import named_account
from tonne.cli.errand import Errand, again, errand
from tonne.cli.options import Call, Year, a_day, a_name, command
from tonne.cli.show import Table
from tonne.operations import CashStatement
from tonne.quantity import Money, currency, money
from tonne.quantity import count as a_count

app = typer.Typer(
    no_args_is_help=True, help="Bring money in, take it out, pay fees and penalties, see it all."
)
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Whose money, by its number.")]
Amount = Annotated[
    str, typer.Argument(metavar="AMOUNT", help="How much: digits, and a point before cents.")
]
In = Annotated[
    str | None,
    typer.Option("--currency", metavar="CODE", help="Which money; that of the scheme if not said."),
]
Reference = Annotated[
    str,
    typer.Option(
        "--reference",
        metavar="TEXT",
        callback=a_name,
        help="The bank's own: sent again under it, it is done once.",
    ),
]
Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help="The number that tonne cash withdraw gave.")
]


@command(app, by="administrator", keyed=False)
def deposit(
    call: Call, *, account: Account, amount: Amount, reference: Reference, of_currency: In = None
) -> None:
    """Enter money that the bank has received for an account, under the bank's reference.

    Example: tonne cash deposit XE-120-1-0-97 2500.00 --reference SEPA-2025-0001
    """
    with errand(call) as at:
        number, paid = at.account(account), _read(at, amount, of_currency)
        receipt = at.do(
            lambda books: operations.deposit(
                books,
                at.scheme,
                account=number,
                amount=paid,
                bank_reference=reference,
                desk=at.desk,
            )
        )
        at.tell(
            f"{paid} came in for {number}{again(receipt)}.",
            data=at.data(receipt, account=number, amount=paid, reference=reference)
            | {"key": receipt.key},
            hint=f"tonne cash statement {number}",
        )


@command(app, by="operator")
def withdraw(call: Call, *, account: Account, amount: Amount, of_currency: In = None) -> None:
    """Ask for money back: it is held until the bank has paid it, and nothing else is paid with it.

    Example: tonne cash withdraw XE-120-1-0-97 1000.00
    """
    with errand(call) as at:
        number, asked = at.account(account), _read(at, amount, of_currency)
        found = at.do(
            lambda books: operations.ask_withdrawal(
                books, at.scheme, account=number, amount=asked, key=call.key, desk=at.desk
            )
        )
        stands = None if call.dry_run else found.number
        at.tell(
            f"{asked} of {number} is held as withdrawal {stands or '(not given)'}.",
            data={
                "withdrawal": stands,
                "account": number,
                "amount": asked,
                "open": found.ended is None,
                "key": call.key,
            },
            hint=f"tonne cash confirm {found.number} --reference TEXT, or tonne cash void",
        )


@command(app, by="administrator", keyed=False)
def confirm(call: Call, *, number: Number, reference: Reference) -> None:
    """Enter that the bank has paid a withdrawal out: what was held goes.

    Example: tonne cash confirm 17 --reference SEPA-2025-0002
    """
    with errand(call) as at:
        which = _number(at, number)
        receipt = at.do(
            lambda books: operations.confirm_withdrawal(
                books, at.scheme, which, bank_reference=reference, desk=at.desk
            )
        )
        at.tell(
            f"Withdrawal {which} is paid out{again(receipt)}.",
            data=at.data(receipt, withdrawal=which, reference=reference) | {"key": receipt.key},
            hint="tonne cash statement ACCOUNT",
        )


@command(app, by="administrator")
def void(call: Call, *, number: Number) -> None:
    """Let a withdrawal come to nothing: what was held is free again.

    Example: tonne cash void 17
    """
    with errand(call) as at:
        which = _number(at, number)
        found = at.do(
            lambda books: operations.void_withdrawal(
                books, at.scheme, which, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"Withdrawal {which} is void: {found.amount} of {found.account} is free again.",
            data={
                "withdrawal": which,
                "account": found.account,
                "amount": found.amount,
                "key": call.key,
            },
            hint=f"tonne cash statement {found.account}",
        )


@command(app, by="administrator")
def charge(
    call: Call,
    *,
    account: Account,
    fee: Annotated[str, typer.Option("--fee", metavar="CODE", help="Which fee of the law.")],
    count: Annotated[
        str, typer.Option("--count", metavar="NUMBER", help="For how many units.")
    ] = "1",
) -> None:
    """Take a fee of the law from an account; it goes to the treasury.

    Example: tonne cash charge XE-120-1-0-97 --fee account
    """
    with errand(call) as at:
        number = at.account(account)
        units = a_count(count, reference=at.law.on_transactions)
        receipt, taken = at.do(
            lambda books: operations.charge(
                books,
                at.scheme,
                account=number,
                fee=fee,
                count=units,
                key=call.key,
                desk=at.desk,
            )
        )
        at.tell(
            f"{number} paid the fee {fee}, {taken}{again(receipt)}.",
            data=at.data(receipt, account=number, fee=fee, amount=taken),
            hint=f"tonne cash statement {number}",
        )


@command(app, "pay-penalty", by="operator")
def pay_penalty(
    call: Call,
    *,
    account: Account,
    year: Year,
    amount: Annotated[
        str | None,
        typer.Option("--amount", metavar="AMOUNT", help="How much; all that is open if not said."),
    ] = None,
    of_currency: In = None,
) -> None:
    """Pay the penalty of a closed year into the treasury.

    Example: tonne cash pay-penalty XE-120-1-0-97 --year 2025
    """
    with errand(call) as at:
        number = at.account(account)
        offered = None if amount is None else _read(at, amount, of_currency)
        receipt, paid = at.do(
            lambda books: operations.pay_penalty(
                books,
                at.scheme,
                account=number,
                year=year,
                amount=offered,
                key=call.key,
                desk=at.desk,
            )
        )
        at.tell(
            f"{number} paid {paid} of the penalty of {year}{again(receipt)}.",
            data=at.data(receipt, account=number, year=year, amount=paid),
            hint=f"tonne cash statement {number}",
        )


@command(app)
def statement(
    call: Call,
    *,
    account: Account,
    first: Annotated[
        date | None, typer.Option("--from", metavar="DATE", parser=a_day, help="The first day.")
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", metavar="DATE", parser=a_day, help="The last day.")
    ] = None,
) -> None:
    """Tell what came and went of an account's money, what there is, and what of it is held.

    Example: tonne cash statement XE-120-1-0-97 --from 2025-01-01 --to 2025-12-31
    """
    with errand(call) as at:
        number = at.ask(lambda books: named_account(at, books, account))
        found = at.ask(
            lambda books: operations.cash_statement(
                books,
                at.scheme,
                number,
                desk=at.desk,
                first=first or date.min,
                last=last or date.max,
            )
        )
        at.tell(
            f"{number} ({found.account.name}) has {_in_words(found)}.",
            _lines(found),
            Table(
                title="Withdrawals",
                columns=("Number", "Amount"),
                rows=[[str(each.number), each.amount] for each in found.withdrawals],
            ),
            data={
                "account": number,
                "before": found.before,
                "lines": found.lines,
                "balances": found.balances,
                "held": found.held,
                "withdrawals": found.withdrawals,
            },
            hint="tonne cash withdraw --help",
        )


def _in_words(found: CashStatement) -> str:
    """What there is of each money, and what of it is held."""
    return (
        " and ".join(
            f"{balance}, of which {held} is held" if held.minor else str(balance)
            for balance, held in zip(found.balances, found.held, strict=True)
        )
        or "no money"
    )


def _lines(found: CashStatement) -> Table:
    before = [["", "", "before", "", "", each] for each in found.before if each.minor]
    return Table(
        title="Money",
        columns=("Number", "On", "What", "From or to", "Change", "Balance"),
        rows=[
            *before,
            *(
                [
                    str(each.transaction),
                    each.day,
                    each.what.replace("_", " "),
                    each.other,
                    each.change,
                    each.balance,
                ]
                for each in found.lines
            ),
        ],
    )


def _read(at: Errand, text: str, code: str | None) -> Money:
    """The amount that was written, in the money that was named, or in that of the scheme."""
    clause = at.scheme.registry.currency.on(at.call.day)
    found = currency(code or clause.value, reference=clause.reference)
    return money(text, found, reference=clause.reference)


def _number(at: Errand, text: str) -> int:
    return a_count(text, reference=at.law.on_transactions, what="The number of a withdrawal")

"""Units come into being, are given out, change hands, are cancelled; a mistake is reversed."""

from pathlib import Path
from typing import Annotated

import typer

from tonne import operations
from tonne.cli.errand import again, errand, receipts
from tonne.cli.failures import UserFault
from tonne.cli.options import Call, Count, Serials, Unit, Year, command, table_file
from tonne.cli.show import some
from tonne.operations import Transfer, given_free
from tonne.quantity import count as a_count
from tonne.registry import Dedication
from tonne.supply import AllocationMethod, OperatorKind

app = typer.Typer()

Beneficiary = Annotated[
    str | None, typer.Option("--for", metavar="NAME", help="For whom they are cancelled.")
]
Purpose = Annotated[str, typer.Option("--purpose", help="What for: a flight, a year's footprint.")]


@command(app, by="authority")
def issue(call: Call, *, year: Year, unit: Unit, count: Count) -> None:
    """Issue units of a year's cap to the authority; no more can be issued than the cap allows.

    Example: tonne issue --year 2025 --unit EXA-1 --count 90000
    """
    with errand(call) as at:
        units, _ = at.units("issue", unit, count, None)
        receipt = at.do(
            lambda books: operations.issue(
                books, at.scheme, year=year, unit=unit, count=units, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"{units:,} {unit} are issued for {year}{again(receipt)}.",
            data=at.data(receipt, year=year, unit=unit, count=units),
            hint="tonne allocate FILE, or tonne account list",
        )


@command(app, by="authority")
def allocate(
    call: Call,
    *,
    file: Annotated[Path, table_file("operator_id, year, count", "; see below")],
    unit: Unit,
    kind: Annotated[OperatorKind, typer.Option("--kind", help="Which operators.")] = "installation",
    method: Annotated[
        AllocationMethod | None,
        typer.Option("--method", help="How it was found; as the law says if not said."),
    ] = None,
) -> None:
    """Give out the units of an allocation table, whole or not at all, to accounts that are open.

    Two more columns may be there, and tonne work-out writes them.
    received: the day on which a new entrant asked; the reserve gives.
    closed_on: the day on which the operator closed; the law may end there.

    Example: tonne allocate allocation-2025.csv --unit EXA-1
    """
    with errand(call) as at:
        table = operations.read_allocations(operations.sheets(file.name, file.read_bytes()))
        found = method or given_free.lawful_method(table, at.scheme.supply)
        done = at.do(
            lambda books: operations.allocate(
                books,
                at.scheme,
                table,
                unit=unit,
                kind=kind,
                method=found,
                key=call.key,
                desk=at.desk,
            ),
            doing=f"Allocating {len(table):,} rows",
        )
        units = sum(row.count for row in table)
        drawn = sum(row.count for row in table if row.received)
        reserve = f", {drawn:,} of them from the reserve" if drawn else ""
        at.tell(
            f"{units:,} {unit} are allocated to {some(len(done), 'account')}{reserve}.",
            data={
                "transactions": len(done),
                "repeated": sum(each.repeated for each in done),
                "key": call.key,
                "unit": unit,
                "count": units,
                "from_reserve": drawn,
            },
            hint="tonne account list --kind operator",
        )


@command(app, by="operator")
def transfer(
    call: Call,
    *,
    source: Annotated[str, typer.Option("--from", metavar="ACCOUNT", help="Who gives.")],
    target: Annotated[str, typer.Option("--to", metavar="ACCOUNT", help="Who receives.")],
    unit: Unit,
    count: Count = None,
    block: Serials = None,
) -> None:
    """Transfer units to another account; the oldest go first unless certain ones are named.

    Example: tonne transfer --from XE-120-1-0-97 --to XE-120-2-0-94 --unit EXA-1 --count 40
    """
    with errand(call) as at:
        units, serials = at.units("transfer", unit, count, block)
        asked = Transfer(
            key=call.key,
            source=source.strip().upper(),
            target=target.strip().upper(),
            unit=unit,
            count=units,
            block=serials,
        )
        (receipt,) = at.do(
            lambda books: receipts(operations.transfer(books, at.scheme, [asked], desk=at.desk))
        )
        at.tell(
            f"{units:,} {unit} went from {asked.source} to {asked.target}{again(receipt)}.",
            data=at.data(receipt, unit=unit, count=units, source=asked.source, target=asked.target),
            hint=f"tonne statement {asked.target}",
        )


@command(app, by="operator")
def cancel(
    call: Call,
    *,
    account: Annotated[str, typer.Option("--account", metavar="ACCOUNT", help="Whose units.")],
    unit: Unit,
    count: Count = None,
    block: Serials = None,
    beneficiary: Beneficiary = None,
    purpose: Purpose = "",
) -> None:
    """Cancel units of one's own for ever: nobody can emit against them any more.

    Example: tonne cancel --account XE-121-7-0-65 --unit EXA-1 --count 5
    """
    verb = "cancel_voluntarily"
    with errand(call) as at:
        units, serials = at.units(verb, unit, count, block)
        asked = Transfer(
            key=call.key,
            source=account.strip().upper(),
            target="",
            unit=unit,
            count=units,
            block=serials,
            dedication=a_dedication(beneficiary, purpose),
        )
        (receipt,) = at.do(
            lambda books: receipts(
                operations.cancel(books, at.scheme, [asked], verb=verb, desk=at.desk)
            )
        )
        at.tell(
            f"{units:,} {unit} of {asked.source} are cancelled{again(receipt)}.",
            data=at.data(
                receipt,
                unit=unit,
                count=units,
                account=asked.source,
                beneficiary=beneficiary,
                purpose=purpose or None,
            ),
            hint=f"tonne statement {asked.source}",
        )


@command(app, by="administrator")
def reverse(
    call: Call,
    *,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The transaction's number.")],
) -> None:
    """Undo a transaction that was a mistake by its mirror: the same numbers go back.

    Example: tonne reverse 17
    """
    with errand(call) as at:
        original = a_count(
            number, reference=at.law.on_transactions, what="The number of a transaction"
        )
        receipt = at.do(
            lambda books: operations.reverse(books, at.scheme, original, key=call.key, desk=at.desk)
        )
        at.tell(
            f"Transaction {original} is reversed{again(receipt)}.",
            data=at.data(receipt, reverses=original),
            hint="tonne statement ACCOUNT",
        )


def a_dedication(beneficiary: str | None, purpose: str) -> Dedication | None:
    """For whom units are cancelled, if that is said."""
    if beneficiary is None or not beneficiary.strip():
        if purpose:
            raise UserFault("For whom?", remedy="Name the beneficiary with --for.")
        return None
    return Dedication(beneficiary=beneficiary.strip(), purpose=purpose.strip())

"""Nations: their registries are founded; they issue, convert, retire, replace and carry over."""

from datetime import datetime
from typing import Annotated, Literal

import typer

from tonne import operations
from tonne.cli import show
from tonne.cli.errand import Errand, again, errand, receipts
from tonne.cli.options import Call, Count, Serials, Unit, command
from tonne.operations import Conversion, Receipt, Transfer

app = typer.Typer(no_args_is_help=True, help="The registry of a nation, and what it does.")

Account = Annotated[str, typer.Option("--account", metavar="ACCOUNT", help="Whose units.")]
Ends = Literal[
    "cancel_net_source", "cancel_non_compliance", "cancel_voluntarily", "cancel_excess",
    "cancel_mandatory", "cancel_surplus", "cancel_ambition", "replace_tcer",
    "replace_lcer_expiry", "replace_lcer_reversal", "replace_lcer_report",
]  # fmt: skip


@command(app, by="administrator")
def found(
    call: Call,
    *,
    party: Annotated[str, typer.Argument(metavar="PARTY", help="Its letters, such as AT.")],
) -> None:
    """Open the accounts of a nation's registry; those it has are left as they are.

    Example: tonne nation found AT
    """
    letters = party.strip().upper()
    with errand(call) as at:
        own = at.do(lambda books: operations.found_nation(books, at.scheme, letters, desk=at.desk))
        at.tell(
            f"The registry of {letters} has its {len(own)} accounts.",
            show.Table(columns=("Kind", "Account"), rows=list(own.items())),
            data={"party": letters, "accounts": own},
            hint=f"tonne nation issue --unit 'AAU-1 {letters}' --count N; in a registry that is to "
            "talk with a log, first: tonne registry link --help",
        )


@command(app, by="authority")
def issue(
    call: Call,
    *,
    unit: Unit,
    count: Count,
) -> None:
    """Issue a nation's units into its holding account, up to what law and review assign to it.

    Example: tonne nation issue --unit "AAU-1 AT" --count 343866009
    """
    with errand(call) as at:
        units, _ = at.units("issue", unit, count, None)
        receipt = at.do(
            lambda books: operations.issue_assigned(
                books,
                at.scheme,
                unit=unit,
                count=units,
                key=call.key,
                desk=at.desk,
            )
        )
        _tell(at, receipt, f"{units:,} {unit} are issued", unit, units)


@command(app, by="authority")
def convert(
    call: Call,
    *,
    account: Account,
    unit: Unit,
    project: Annotated[int, typer.Option("--project", min=1, help="The project's number.")],
    track: Annotated[int, typer.Option("--track", min=1, max=2, help="Who verified it.")],
    count: Count = None,
    block: Serials = None,
) -> None:
    """Convert a host's units into those of a joint project: numbers and count stay.

    Example: tonne nation convert --account A --unit "AAU-1 PL" --project 24 --track 2 --count 5
    """
    with errand(call) as at:
        order = _order(at, call, "convert", account, unit, count, block)
        receipt = at.do(
            lambda books: operations.convert(
                books, at.scheme, order, project=project, track=track, desk=at.desk
            )
        )
        _tell(at, receipt, f"{order.count:,} {unit} are converted", unit, order.count)


@command(app, "carry-over", by="authority")
def carry_over(
    call: Call,
    *,
    account: Account,
    unit: Unit,
    count: Count = None,
    block: Serials = None,
) -> None:
    """Carry units over into the next period, where the law allows it and as far as it does.

    Example: tonne nation carry-over --account A --unit "AAU-1 AT" --count 5
    """
    with errand(call) as at:
        order = _order(at, call, "carry_over", account, unit, count, block)
        receipt = at.do(lambda books: operations.carry_over(books, at.scheme, order, desk=at.desk))
        _tell(at, receipt, f"{order.count:,} {unit} are carried over", unit, order.count)


@command(app, "change-expiry", by="authority")
def change_expiry(
    call: Call,
    *,
    account: Account,
    unit: Unit,
    expiry: Annotated[
        datetime, typer.Option("--expiry", formats=["%Y-%m-%d"], help="Its new last day.")
    ],
    count: Count = None,
    block: Serials = None,
) -> None:
    """Give temporary or long-term credits another last day, wherever they lie.

    Example: tonne nation change-expiry --account A --unit U --expiry 2041-05-01 --count 5
    """
    with errand(call) as at:
        order = _order(at, call, "change_expiry", account, unit, count, block)
        last = expiry.date()
        receipt = at.do(
            lambda books: operations.change_expiry(
                books, at.scheme, order, expiry=last, desk=at.desk
            )
        )
        _tell(at, receipt, f"{order.count:,} {unit} last until {last}", unit, order.count)


@command(app, by="authority")
def retire(
    call: Call, *, account: Account, unit: Unit, count: Count = None, block: Serials = None
) -> None:
    """Retire units: what lies in the retirement account is what emissions are held to.

    Example: tonne nation retire --account A --unit "AAU-1 AT" --count 5
    """
    with errand(call) as at:
        order = _order(at, call, "retire", account, unit, count, block)
        (receipt,) = at.do(
            lambda books: receipts(operations.retire(books, at.scheme, [_end(order)], desk=at.desk))
        )
        _tell(at, receipt, f"{order.count:,} {unit} are retired", unit, order.count)


@command(app, by="authority")
def end(
    call: Call,
    *,
    how: Annotated[Ends, typer.Argument(help="Which cancellation or replacement.")],
    account: Account,
    unit: Unit,
    count: Count = None,
    block: Serials = None,
) -> None:
    """Cancel units for one of the law's reasons, or put them in the place of those that expire.

    Example: tonne nation end cancel_net_source --account A --unit "AAU-1 AT" --count 5
    """
    with errand(call) as at:
        order = _order(at, call, how, account, unit, count, block)
        (receipt,) = at.do(
            lambda books: receipts(
                operations.cancel(books, at.scheme, [_end(order)], verb=how, desk=at.desk)
            )
        )
        said = how.replace("_", " ")
        _tell(at, receipt, f"{order.count:,} {unit}: {said}", unit, order.count)


def _order(  # noqa: PLR0917  as the command was told them
    at: Errand,
    call: Call,
    verb: str,
    account: str,
    unit: str,
    count: str | None,
    serials: str | None,
) -> Conversion:
    units, block = at.units(verb, unit, count, serials)
    return Conversion(
        key=call.key, account=at.account(account), unit=unit, count=units, block=block
    )


def _end(order: Conversion) -> Transfer:
    """The order as one whose target the type of transaction fixes."""
    return Transfer(
        key=order.key,
        source=order.account,
        target="",
        unit=order.unit,
        count=order.count,
        block=order.block,
    )


def _tell(at: Errand, receipt: Receipt, said: str, unit: str, count: int) -> None:
    at.tell(
        f"{said}{again(receipt)}.",
        data=at.data(receipt, unit=unit, count=count),
        hint="tonne account list",
    )

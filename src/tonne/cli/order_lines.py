"""Orders in a file, one to a line, as programs write them."""

from pathlib import Path
from typing import Literal

import msgspec
import typer
from msgspec import Struct

from tonne.cli.failures import UserFault
from tonne.cli.floor import Floor, kind_of_order, lasting
from tonne.market import Amend, Cancel, Message, NewOrder
from tonne.refusal import Refused

FAULTS_MAX = 20
"""So many faults of a file are told at once."""


class _Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do"):
    """What every line says."""

    name: str
    account: str


class NewLine(_Line, frozen=True, kw_only=True, tag="new"):
    """An order to buy or to sell."""

    side: Literal["buy", "sell"]
    count: int
    price: str | None = None
    stop: str | None = None
    lasts: str = msgspec.field(name="for", default="day")
    least: int | None = None
    spend: str | None = None
    post_only: bool = False


class AmendLine(_Line, frozen=True, kw_only=True, tag="amend"):
    """A change of an order."""

    count: int | None = None
    price: str | None = None
    stop: str | None = None


class CancelLine(_Line, frozen=True, kw_only=True, tag="cancel"):
    """An order that is wanted no more."""


Line = NewLine | AmendLine | CancelLine
_AS_LINE = msgspec.json.Decoder(Line)


def read_orders(file: Path, on: Floor) -> list[Message]:
    """The messages of a file, in its order; refused whole with every fault and its line."""
    messages: list[Message] = []
    faults: list[str] = []
    owners: dict[str, str] = {}
    for place, text in enumerate(file.read_bytes().splitlines(), 1):
        if not text.strip():
            continue
        try:
            line = _AS_LINE.decode(text)
            number = on.at.account(line.account)
            if number not in owners:
                owners[number] = on.owner(number)
            messages.append(_message(line, number, owners[number], on))
        except (msgspec.MsgspecError, Refused, UserFault, typer.BadParameter) as fault:
            faults.append(f"Line {place}: {fault}")
    if faults:
        more = len(faults) - FAULTS_MAX
        told = [*faults[:FAULTS_MAX], *([f"And {more:,} faults more."] if more > 0 else [])]
        raise UserFault("\n".join(told), remedy="Correct the lines; nothing of the file was taken.")
    if not messages:
        raise UserFault(f"{file} has no orders.", remedy="Write one JSON object to a line.")
    return messages


def _message(line: Line, account: str, owner: str, on: Floor) -> Message:
    """What a line says, as the book is told."""
    if isinstance(line, CancelLine):
        return Cancel(at=on.moment, owner=owner, cl_ord_id=line.name)
    if isinstance(line, AmendLine):
        return Amend(
            at=on.moment,
            owner=owner,
            cl_ord_id=line.name,
            order_qty=None if line.count is None else on.lots(str(line.count)),
            price=on.ticks(line.price),
            stop_px=on.ticks(line.stop),
        )
    force, until = lasting(line.lasts)
    return NewOrder(
        at=on.moment,
        account=account,
        owner=owner,
        cl_ord_id=line.name,
        side=line.side,
        ord_type=kind_of_order(line.price, line.stop),
        order_qty=on.lots(str(line.count)),
        price=on.ticks(line.price),
        stop_px=on.ticks(line.stop),
        time_in_force=force,
        expire_date=until,
        min_qty=0 if line.least is None else on.lots(str(line.least)),
        post_only=line.post_only,
        cash_order_qty=None if line.spend is None else on.money(line.spend).minor,
    )

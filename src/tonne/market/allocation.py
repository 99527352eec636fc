"""What an agent traded is given to the clients it was for: at one price, units and cents exact."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from tonne.market.deal import Leg
from tonne.market.deal_grounds import AllocationUnequal, PartiesNotApart
from tonne.market.netting import Instruction, net
from tonne.market.shares import largest_remainders
from tonne.refusal import Refusal, refuse_if_any

Side = Literal["buyer", "seller"]


class Averaged(Struct, frozen=True, kw_only=True):
    """A client's part of several fills at their average price; money in minor units."""

    client: str
    count: int
    money: int
    """What the client pays or gets for them in all."""

    difference: int
    """What it pays the other clients for it, beside its parts of the fills; less: what it gets."""


class AverageAllocation(Struct, frozen=True, kw_only=True):
    """The fills in parts, each at its own price, and what evens them out between the clients."""

    parts: tuple[Instruction, ...]
    clients: tuple[Averaged, ...]
    legs: tuple[Leg, ...]


def shared_out(
    fills: Sequence[Instruction], wanted: Mapping[str, int], *, lot: int, reference: str
) -> dict[str, int]:
    """What was filled, among those who wanted as much or more: whole lots, in proportion.

    What is left goes one lot each to the largest fractions, and of equal ones by name.
    """
    filled, asked = _filled(fills), sum(wanted.values())
    if filled > asked or any(count < 0 for count in wanted.values()):
        unequal = AllocationUnequal(
            reference=reference, trade=_name(fills), traded=filled, allocated=asked
        )
        refuse_if_any([unequal])
    lots = largest_remainders(wanted, filled // lot, first=str)
    return {client: count * lot for client, count in lots.items()}


def allocate_at_average(
    fills: Sequence[Instruction], clients: Mapping[str, int], *, side: Side, reference: str
) -> AverageAllocation:
    """Fills of one side given to clients, all at the average price.

    The other sides are paid or pay what was agreed with each, so every client has parts of fills at
    their own prices. Who has the better ones pays the difference to those who have the worse: in
    all, each pays or gets its share of the sum, which is divided to the cent by largest remainders.
    """
    parts = allocate_trade(fills, clients, side=side, reference=reference)
    named = {client: count for client, count in clients.items() if count}
    shares = largest_remainders(named, sum(each.money for each in fills), first=str)
    own = dict.fromkeys(named, 0)
    for part in parts:
        own[part.buyer if side == "buyer" else part.seller] += part.money
    sign = 1 if side == "buyer" else -1
    averaged = tuple(
        Averaged(
            client=client,
            count=count,
            money=shares[client],
            difference=sign * (shares[client] - own[client]),
        )
        for client, count in named.items()
    )
    return AverageAllocation(
        parts=parts, clients=averaged, legs=_evened(averaged, fills[0].currency)
    )


def _evened(clients: Sequence[Averaged], currency: str) -> tuple[Leg, ...]:
    """Who pays whom: as if all paid into one pot, of which nothing is left."""
    pot = ""
    legs = [
        Leg(each.client, pot, currency, each.difference)
        if each.difference > 0
        else Leg(pot, each.client, currency, -each.difference)
        for each in clients
        if each.difference
    ]
    return net(legs, "multilateral")


def allocate_trade(
    trade: Sequence[Instruction],
    clients: Mapping[str, int],
    *,
    side: Side,
    reference: str,
) -> tuple[Instruction, ...]:
    """A trade of an agent given to its clients at one price: units as told, money to the cent.

    Where the other side has given the trade to clients before, it is of several parts: each client
    has of the first that are left.
    """
    refuse_if_any(_allocation_refusals(trade, clients, side, reference))
    return tuple(_allocated(trade, clients, side))


def _allocated(
    trade: Sequence[Instruction], clients: Mapping[str, int], side: Side
) -> Iterator[Instruction]:
    waiting = deque((client, count) for client, count in clients.items() if count)
    for part in trade:
        shares: dict[str, int] = {}
        left = part.count
        while left:
            client, count = waiting.popleft()
            shares[client] = taken = min(left, count)
            left -= taken
            if count > taken:
                waiting.appendleft((client, count - taken))
        money = largest_remainders(shares, part.money, first=str)
        for client, count in shares.items():
            yield replace(part, count=count, money=money[client], **{side: client})


def _allocation_refusals(
    trade: Sequence[Instruction],
    clients: Mapping[str, int],
    side: Side,
    reference: str,
) -> Iterator[Refusal]:
    name, traded, allocated = _name(trade), _filled(trade), clients.values()
    if sum(allocated) != traded or any(count < 0 for count in allocated):
        yield AllocationUnequal(
            reference=reference, trade=name, traded=traded, allocated=sum(allocated)
        )
    others = {each.seller if side == "buyer" else each.buyer for each in trade}
    for other in sorted(other for other in others if clients.get(other)):
        yield PartiesNotApart(reference=reference, contract=name, parties=(other, other))


def _filled(fills: Sequence[Instruction]) -> int:
    return sum(each.count for each in fills)


def _name(fills: Sequence[Instruction]) -> str:
    """The trades by name, each once."""
    return ", ".join(dict.fromkeys(each.trade for each in fills))

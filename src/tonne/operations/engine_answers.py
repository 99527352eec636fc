"""What is answered to messages that are refused, and to those of a batch that was taken before."""

from collections.abc import Sequence

from tonne.market import Amend, Event, Message, NewOrder, Rejected, order_refusals
from tonne.refusal import Refusal


def rejected(message: NewOrder | Amend, number: int, refusals: tuple[Refusal, ...]) -> Rejected:
    """An order or a change that is not taken, and why."""
    return Rejected(
        at=message.at,
        owner=message.owner,
        cl_ord_id=message.cl_ord_id,
        order_id=number,
        refusals=refusals,
    )


def as_then(
    then: Sequence[tuple[Message, Sequence[Event]]], messages: Sequence[Message], reference: str
) -> list[tuple[Event, ...]]:
    """What was answered to each message of a batch that was taken before."""
    told = list(then)
    answers: list[tuple[Event, ...]] = []
    for message in messages:
        place = next((at for at, (said, _) in enumerate(told) if said == message), None)
        if place is not None:
            answers.append(tuple(told.pop(place)[1]))
        elif isinstance(message, NewOrder | Amend):
            before = order_refusals.RefusedBefore(reference=reference, order=message.cl_ord_id)
            answers.append((rejected(message, 0, (before,)),))
        else:
            answers.append(())
    return answers

"""What was said of forwards, as it is kept, and how each stands by it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from msgspec import Struct

from tonne.market import (
    Delivered,
    Due,
    Forward,
    ForwardAccount,
    Payment,
    Remedied,
    deliver_forward,
    forward_owed,
    meet_condition,
    remedied,
    sign_forward,
)
from tonne.operations.books import Books, Spoken
from tonne.operations.contract_grounds import AGREED, ForwardUnknown
from tonne.operations.heard import Heard, hear
from tonne.operations.scheme import Scheme
from tonne.refusal import Refused

FORWARD = "forward"


class Signed(Struct, frozen=True, kw_only=True, tag="signed"):
    """A contract as it was signed, and the money that is set aside for it beside the advance."""

    forward: Forward
    cover: int = 0


class Met(Struct, frozen=True, kw_only=True, tag="met"):
    """A condition precedent is met."""

    condition: str
    on: date


class Came(Struct, frozen=True, kw_only=True, tag="came"):
    """Units were delivered by a transaction; what is set aside for the rest."""

    delivered: Delivered
    transaction: int
    cover: int = 0


class Missed(Struct, frozen=True, kw_only=True, tag="missed"):
    """A remedy was carried out for units that did not come."""

    on: date
    spot: Decimal
    issued: int | None = None
    cover: int = 0


ForwardBody = Signed | Met | Came | Missed


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardStands:
    """A contract as it stands: its terms, its account, and what was said of it."""

    forward: Forward
    account: ForwardAccount
    cover: int
    """Money that is set aside for it, in minor units."""

    issued: int | None
    """What its project was issued for it, as far as anybody has said."""

    words: tuple[tuple[Spoken, ForwardBody], ...]
    payments: dict[int, Payment] = field(default_factory=dict)
    """What was paid for each delivery, by its entry."""

    remedies: dict[int, Remedied] = field(default_factory=dict)
    """What each remedy came to, by its entry."""

    @property
    def left(self) -> int:
        """Units that are still to come."""
        return self.forward.count - self.account.delivered - self.account.forgone

    def owed(self, on: date) -> int:
        """Units that should have come by the end of a day and did not."""
        return forward_owed(self.forward, self.account, on=on, issued=self.issued)

    def due_next(self, on: date) -> Due | None:
        """What is due next after a day, less what came early."""
        past = self.account.delivered + self.account.forgone
        for each in self.forward.schedule:
            count = max(0, each.count - past)
            past = max(0, past - each.count)
            if count and each.on > on:
                return Due(on=each.on, count=count)
        return None


def known(books: Books, scheme: Scheme, name: str) -> bool:
    """Whether a contract of that name was signed."""
    return bool(hear(books, scheme, FORWARD, ForwardBody, name))


def the_forward(books: Books, scheme: Scheme, name: str) -> ForwardStands:
    """A contract by its name as it stands, or refused."""
    found = hear(books, scheme, FORWARD, ForwardBody, name).get(name)
    if found is None:
        raise Refused([ForwardUnknown(reference=AGREED, contract=name, scheme=scheme.name)])
    return _stands(found, scheme)


def forwards(books: Books, scheme: Scheme) -> tuple[ForwardStands, ...]:
    """All contracts in the order in which they were signed."""
    found = hear(books, scheme, FORWARD, ForwardBody)
    return tuple(_stands(each, scheme) for each in found.values())


def _stands(heard: Sequence[Heard], scheme: Scheme) -> ForwardStands:
    """A contract out of all that was said of it."""
    rules, (first, *rest) = scheme.forwards, heard
    assert isinstance(first.body, Signed), "a contract is signed before anything else"
    forward, cover, issued = first.body.forward, first.body.cover, None
    account = sign_forward(forward, rules)
    payments: dict[int, Payment] = {}
    remedies: dict[int, Remedied] = {}
    for spoken, body in rest:
        if isinstance(body, Met):
            account = meet_condition(forward, account, body.condition)
        elif isinstance(body, Came):
            account, payments[spoken.entry] = deliver_forward(forward, account, body.delivered)
            cover, issued = body.cover, _more(issued, body.delivered.issued)
        elif isinstance(body, Missed):
            found = remedied(
                forward, account, rules, on=body.on, spot=body.spot, issued=body.issued
            )
            remedies[spoken.entry] = found
            forward, account, cover = found.forward, found.account, body.cover
            issued = _more(issued, body.issued)
    return ForwardStands(
        forward=forward,
        account=account,
        cover=cover,
        issued=issued,
        words=tuple((spoken, body) for spoken, body in heard if isinstance(body, ForwardBody)),
        payments=payments,
        remedies=remedies,
    )


def _more(issued: int | None, said: int | None) -> int | None:
    """The larger of what was said before and now: a project's issuances add up."""
    both = [each for each in (issued, said) if each is not None]
    return max(both, default=None)

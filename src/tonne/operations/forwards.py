"""Forwards and purchase agreements, lived through: signed, delivered against payment, remedied.

How a contract stands is never kept; it is worked out from what was said of it. Where the buyer's
money was set aside for a contract, each delivery is paid from it, and what is left when the
contract is over is free.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from tonne.market import (
    Delivered,
    Forward,
    Outlook,
    Payment,
    Remedied,
    deliver_forward,
    forward_value,
    from_issuance,
    meet_condition,
    remedied,
    sign_forward,
    unit_price,
)
from tonne.operations.books import Books
from tonne.operations.contract_grounds import AGREED, NameTaken, NoContractWants
from tonne.operations.forward_words import (
    FORWARD,
    Came,
    ForwardStands,
    Met,
    Missed,
    Signed,
    forwards,
    known,
    the_forward,
)
from tonne.operations.heard import (
    Wanted,
    enter,
    grounds_of,
    pay,
    promise,
    speak,
    still_held,
    subject_of,
)
from tonne.operations.project_units import issuance_refusals, project_refusals
from tonne.operations.record import Desk, Receipt, once
from tonne.operations.scheme import Scheme
from tonne.operations.settle import Trade, settle
from tonne.operations.weigh import weigh
from tonne.quantity import Money, Price
from tonne.refusal import Refusal, Refused, refuse_if_any
from tonne.registry import project_of

__all__ = [
    "ForwardStands", "deliver", "deliver_issuance", "forwards", "meet", "remedy", "sign",
    "the_forward", "tradable", "value",
]  # fmt: skip

Sharing = Literal["in_order", "pro_rata"]


def sign(
    books: Books,
    scheme: Scheme,
    forward: Forward,
    *,
    key: str,
    desk: Desk,
    cover: Money | None = None,
) -> ForwardStands:
    """Sign a contract: its advance is paid at once.

    ``cover`` is what the buyer sets aside for it in all, the advance with it.
    """
    name = forward.id
    digest, before = once(books, scheme, key, "sign_forward", (forward, cover))
    books.speak_alone(FORWARD, subject_of(scheme, name))
    if before is not None:
        return the_forward(books, scheme, name)
    day = scheme.on(desk.day)
    account, grounds = grounds_of(lambda: sign_forward(forward, scheme.forwards))
    taken = [NameTaken(reference=AGREED, what="contract", name=name)]
    refuse_if_any(
        [
            *day.act_refusals("sign_forward", desk.by),
            *grounds,
            *(taken if known(books, scheme, name) else ()),
            *tradable(books, scheme, forward, desk),
            *project_refusals([forward.unit], forward.project, day),
        ]
    )
    assert account is not None, "what is not refused is decided"
    because = (scheme.forwards.last_delivery.on(desk.day).reference,)
    entry = enter(
        books, scheme, key=key, digest=digest, kind="sign_forward", because=because, desk=desk
    )
    if account.advance:
        advance = Money(account.advance, forward.currency)
        pay(
            books, scheme, forward.buyer, forward.seller, advance,
            key=f"{key}/advance", because=(day.on_transactions, *because), desk=desk,
        )  # fmt: skip
    left = max(0, cover.minor - account.advance) if cover else 0
    _set_aside(books, scheme, entry, forward, left, desk=desk)
    speak(books, scheme, entry, FORWARD, [(name, Signed(forward=forward, cover=left))])
    return the_forward(books, scheme, name)


def meet(
    books: Books, scheme: Scheme, name: str, condition: str, *, key: str, desk: Desk
) -> ForwardStands:
    """Write down that a condition precedent is met."""
    digest, before = once(books, scheme, key, "meet_condition", (name, condition))
    books.speak_alone(FORWARD, subject_of(scheme, name))
    stands = the_forward(books, scheme, name)
    if before is not None:
        return stands
    _, grounds = grounds_of(lambda: meet_condition(stands.forward, stands.account, condition))
    refuse_if_any([*scheme.on(desk.day).act_refusals("meet_condition", desk.by), *grounds])
    because = (scheme.forwards.conditions.on(stands.forward.signed_on).reference,)
    entry = enter(
        books, scheme, key=key, digest=digest, kind="meet_condition", because=because, desk=desk
    )
    speak(books, scheme, entry, FORWARD, [(name, Met(condition=condition, on=desk.day))])
    return the_forward(books, scheme, name)


def deliver(
    books: Books,
    scheme: Scheme,
    name: str,
    *,
    count: int,
    unit: str | None = None,
    index: Decimal | None = None,
    project: str | None = None,
    issued: int | None = None,
    key: str,
    desk: Desk,
) -> tuple[ForwardStands, Payment]:
    """Deliver from the seller's holding, against payment at the contract's price.

    ``index`` is in minor units of money. What is recovered of the advance is not paid again. The
    units are those of the contract if none are named, and ``issued`` is what its project was
    issued for it so far, where it is known. Units that say their project need not be told it.
    """
    asked = (name, count, unit, index, project, issued)
    digest, before = once(books, scheme, key, "deliver_forward", asked)
    books.speak_alone(FORWARD, subject_of(scheme, name))
    stands = the_forward(books, scheme, name)
    if before is not None:
        return stands, stands.payments[before]
    day, code = scheme.on(desk.day), unit or stands.forward.unit
    delivered = Delivered(
        on=desk.day,
        unit=code,
        count=count,
        index=index,
        project=project or project_of(code, day),
        issued=issued,
    )
    refuse_if_any(
        [
            *day.act_refusals("deliver_forward", desk.by),
            *project_refusals([code], delivered.project, day),
        ]
    )
    entry = enter(
        books, scheme, key=key, digest=digest, kind="deliver_forward",
        because=(scheme.forwards.last_delivery.on(desk.day).reference,), desk=desk,
    )  # fmt: skip
    payment = _deliver(books, scheme, stands, delivered, entry=entry, key=f"{key}/trade", desk=desk)
    return the_forward(books, scheme, name), payment


def deliver_issuance(
    books: Books,
    scheme: Scheme,
    *,
    project: str,
    seller: str,
    count: int,
    by: Sharing = "in_order",
    index: Decimal | None = None,
    key: str,
    desk: Desk,
) -> dict[str, Payment]:
    """Share out what a project was issued among its contracts, and deliver to each what it gets.

    A contract wants all that is left of it, the first that was signed before the others; one whose
    conditions are not met, or which is delivered in other units, is not waited for. What no
    contract wants stays with the seller. Where units say their project, the books are asked
    whether it is this one, and whether it was issued so many.
    """
    asked = (project, seller, count, by, index)
    digest, before = once(books, scheme, key, "deliver_issuance", asked)
    if before is not None:
        return {
            each.forward.id: each.payments[done[0]]
            for each in forwards(books, scheme)
            if (done := books.known(f"{key}/{each.forward.id}")) is not None
        }
    day, because = scheme.on(desk.day), (scheme.forwards.last_delivery.on(desk.day).reference,)
    refuse_if_any(day.act_refusals("deliver_issuance", desk.by))
    enter(
        books, scheme, key=key, digest=digest, kind="deliver_issuance", because=because, desk=desk
    )
    wanting = _wanting(books, scheme, project, seller)
    units = {each.forward.unit for each in wanting.values()}
    refuse_if_any(
        issuance_refusals(books, scheme, project, units, seller=seller, count=count, day=day)
    )
    parts = from_issuance(count, {name: each.left for name, each in wanting.items()}, by=by)
    payments: dict[str, Payment] = {}
    for name, part in parts.items():
        if not part:
            continue
        stands = wanting[name]
        delivered = Delivered(
            on=desk.day,
            unit=stands.forward.unit,
            count=part,
            index=index,
            project=project,
            issued=max(stands.issued or 0, stands.account.delivered) + part,
        )
        one = f"{key}/{name}"
        digest, _ = once(books, scheme, one, "deliver_forward", (asked, name))
        entry = enter(
            books, scheme, key=one, digest=digest, kind="deliver_forward", because=because,
            desk=desk,
        )  # fmt: skip
        payments[name] = _deliver(
            books, scheme, stands, delivered, entry=entry, key=f"{one}/trade", desk=desk
        )
    if not payments:
        raise Refused([NoContractWants(reference=AGREED, project=project, seller=seller)])
    return payments


def _wanting(books: Books, scheme: Scheme, project: str, seller: str) -> dict[str, ForwardStands]:
    """The contracts that want units of a project; nobody else speaks of any until the commit."""
    for each in forwards(books, scheme):
        books.speak_alone(FORWARD, subject_of(scheme, each.forward.id))
    return {
        each.forward.id: each
        for each in forwards(books, scheme)
        if each.left
        and (each.forward.project, each.forward.seller) == (project, seller)
        and set(each.forward.conditions) <= set(each.account.met)
    }


def remedy(
    books: Books,
    scheme: Scheme,
    name: str,
    *,
    spot: Decimal,
    issued: int | None = None,
    key: str,
    desk: Desk,
) -> tuple[ForwardStands, Remedied]:
    """Carry out the remedy for what is owed and did not come; money it costs the seller is paid.

    ``spot`` is the price of a unit that day, in minor units of money.
    """
    digest, before = once(books, scheme, key, "remedy_forward", (name, spot, issued))
    books.speak_alone(FORWARD, subject_of(scheme, name))
    stands = the_forward(books, scheme, name)
    if before is not None:
        return stands, stands.remedies[before]
    found, grounds = grounds_of(
        lambda: remedied(
            stands.forward,
            stands.account,
            scheme.forwards,
            on=desk.day,
            spot=spot,
            issued=known_issued(stands, issued),
        )
    )
    day = scheme.on(desk.day)
    refuse_if_any([*day.act_refusals("remedy_forward", desk.by), *grounds])
    assert found is not None, "what is not refused is decided"
    because = (scheme.forwards.interest.on(stands.forward.signed_on).reference,)
    entry = enter(
        books, scheme, key=key, digest=digest, kind="remedy_forward", because=because, desk=desk
    )
    if found.money.minor:
        pay(
            books, scheme, stands.forward.seller, stands.forward.buyer, found.money,
            key=f"{key}/paid", because=(day.on_transactions, *because), desk=desk,
        )  # fmt: skip
    left = found.forward.count - found.account.delivered - found.account.forgone
    if not left:
        books.end_holds(entry, _kept_for(books, scheme, stands))
    cover, known_so_far = stands.cover if left else 0, known_issued(stands, issued)
    said = Missed(on=desk.day, spot=spot, issued=known_so_far, cover=cover)
    speak(books, scheme, entry, FORWARD, [(name, said)])
    return the_forward(books, scheme, name), found


def value(
    books: Books, scheme: Scheme, name: str, outlook: Outlook, *, desk: Desk
) -> tuple[ForwardStands, Money]:
    """What the units still to come are worth to the buyer on a day; to the seller, the opposite."""
    stands = the_forward(books, scheme, name)
    return stands, forward_value(stands.forward, stands.account, outlook, on=desk.day)


def known_issued(stands: ForwardStands, issued: int | None) -> int | None:
    """What a project was issued for a contract, as it is said now or was said before."""
    return stands.issued if issued is None else issued


def _deliver(
    books: Books,
    scheme: Scheme,
    stands: ForwardStands,
    delivered: Delivered,
    *,
    entry: int,
    key: str,
    desk: Desk,
) -> Payment:
    """Units against what is due for them, in one transaction; what was set aside is used first."""
    forward = stands.forward
    _, payment = deliver_forward(forward, stands.account, delivered)
    trade = _trade(forward, delivered, key, advance=payment.recovered.minor)
    weighed = weigh(books, scheme, trade, desk=desk)
    refuse_if_any(weighed.refusals)
    books.end_holds(entry, _kept_for(books, scheme, stands))
    answer = settle(books, scheme, [trade], desk=desk)[0]
    if not isinstance(answer, Receipt):
        raise Refused(answer)
    over = stands.left == delivered.count
    cover = 0 if over else max(0, stands.cover - weighed.buyer)
    _set_aside(books, scheme, entry, forward, cover, desk=desk)
    came = Came(delivered=delivered, cover=cover, transaction=answer.number)
    speak(books, scheme, entry, FORWARD, [(forward.id, came)])
    return payment


def _trade(forward: Forward, delivered: Delivered, key: str, *, advance: int) -> Trade:
    """The trade by which units are delivered, at the contract's price of the day."""
    each = unit_price(forward, delivered.index)
    return Trade(
        key=key,
        buyer=forward.buyer,
        seller=forward.seller,
        unit=delivered.unit,
        count=delivered.count,
        price=Price(minor=each, tick=each or Decimal(1), currency=forward.currency),
        public=False,
        advance=advance,
    )


def tradable(books: Books, scheme: Scheme, forward: Forward, desk: Desk) -> Iterator[Refusal]:
    """What the registry has against such a delivery: accounts, unit and money of the contract."""
    if forward.buyer != forward.seller and forward.count > 0:
        one = Price(minor=Decimal(1), tick=Decimal(1), currency=forward.currency)
        trade = Trade(
            key=f"{FORWARD} {forward.id}",
            buyer=forward.buyer,
            seller=forward.seller,
            unit=forward.unit,
            count=forward.count,
            price=one,
        )
        yield from weigh(books, scheme, trade, desk=desk).refusals


def _set_aside(
    books: Books, scheme: Scheme, entry: int, forward: Forward, minor: int, *, desk: Desk
) -> None:
    """Hold the buyer's money for what is still to come."""
    key = _cover_key(scheme, forward, entry)
    wanted = Wanted(key, forward.buyer, forward.currency.code, minor)
    if minor:
        promise(books, scheme.on(desk.day), entry, [wanted], desk=desk)


def _kept_for(books: Books, scheme: Scheme, stands: ForwardStands) -> list[str]:
    """The keys under which money is held for a contract."""
    entries = dict.fromkeys(spoken.entry for spoken, _ in stands.words)
    return still_held(books, [_cover_key(scheme, stands.forward, each) for each in entries])


def _cover_key(scheme: Scheme, forward: Forward, entry: int) -> str:
    return f"{FORWARD} {subject_of(scheme, forward.id)} {entry}"

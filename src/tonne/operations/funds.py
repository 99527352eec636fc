"""Pooled funds: many pay in, the fund buys for all, and what comes goes back pro rata, to the unit.

A fund has an account of its own. How it stands is worked out from what was said of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from msgspec import Struct

from tonne.market import (
    Contribution,
    FixedPrice,
    Forward,
    Fund,
    unit_price,
)
from tonne.market import (
    contribute as contributed,
)
from tonne.market import (
    distribute as shared,
)
from tonne.market import (
    invest as invested,
)
from tonne.operations.accounts import the_account
from tonne.operations.books import Books, Spoken
from tonne.operations.cash import unknown_money
from tonne.operations.contract_grounds import (
    AGREED,
    CostUnsaid,
    FundAccountTaken,
    FundUnknown,
    NameTaken,
    NothingToDistribute,
    NotTheFundsContract,
)
from tonne.operations.forward_words import ForwardStands
from tonne.operations.forwards import sign
from tonne.operations.heard import Heard, enter, grounds_of, hear, pay, speak, subject_of
from tonne.operations.record import Desk, Receipt, once
from tonne.operations.scheme import Scheme
from tonne.operations.units import Transfer, transfer
from tonne.quantity import Money, product, whole
from tonne.refusal import Refusal, Refused, refuse_if_any

FUND = "fund"


class Opened(Struct, frozen=True, kw_only=True, tag="opened"):
    """A fund as it was opened, and its account."""

    fund: Fund
    account: str


class PaidIn(Struct, frozen=True, kw_only=True, tag="paid_in"):
    """A contribution; the participant is named by its account."""

    contribution: Contribution
    on: date


class Placed(Struct, frozen=True, kw_only=True, tag="placed"):
    """A contract was signed for the fund, which costs so much at most."""

    contract: str
    money: Money


class Shared(Struct, frozen=True, kw_only=True, tag="shared"):
    """Units were distributed: by participant and kind, how many."""

    given: dict[str, dict[str, int]]


FundBody = Opened | PaidIn | Placed | Shared


@dataclass(frozen=True, slots=True, kw_only=True)
class FundStands:
    """A fund as it stands."""

    fund: Fund
    account: str
    given: dict[str, dict[str, int]]
    """What each participant got so far, of each kind of unit."""

    words: tuple[tuple[Spoken, FundBody], ...]
    by_entry: dict[int, dict[str, dict[str, int]]] = field(default_factory=dict)
    """Each distribution by its entry."""


def open_fund(
    books: Books, scheme: Scheme, fund: Fund, *, account: str, key: str, desk: Desk
) -> FundStands:
    """Open a fund, with an account that is its alone."""
    name = fund.name
    digest, before = once(books, scheme, key, "open_fund", (fund, account))
    books.speak_alone(FUND, subject_of(scheme, ""))
    if before is not None:
        return the_fund(books, scheme, name)
    day = scheme.on(desk.day)
    there = {each.fund.name: each for each in funds(books, scheme)}
    _, grounds = grounds_of(lambda: the_account(books, scheme, account, day))
    because = (scheme.forwards.last_delivery.on(desk.day).reference, AGREED)
    refuse_if_any(
        [
            *day.act_refusals("open_fund", desk.by),
            *unknown_money(fund.most.currency, day),
            *grounds,
            *(
                NameTaken(reference=AGREED, what="fund", name=name)
                for each in there
                if each == name
            ),
            *(
                FundAccountTaken(reference=AGREED, account=account, fund=each.fund.name)
                for each in there.values()
                if each.account == account
            ),
        ]
    )
    entry = enter(
        books, scheme, key=key, digest=digest, kind="open_fund", because=because, desk=desk
    )
    speak(books, scheme, entry, FUND, [(name, Opened(fund=fund, account=account))])
    return the_fund(books, scheme, name)


def contribute(
    books: Books,
    scheme: Scheme,
    name: str,
    *,
    participant: str,
    money: Money,
    key: str,
    desk: Desk,
) -> FundStands:
    """Pay into a fund; the participant is an account, to which its units will go."""
    digest, before = once(books, scheme, key, "contribute", (name, participant, money))
    books.speak_alone(FUND, subject_of(scheme, name))
    stands = the_fund(books, scheme, name)
    if before is not None:
        return stands
    day = scheme.on(desk.day)
    contribution = Contribution(participant=participant, money=money)
    _, grounds = grounds_of(lambda: contributed(stands.fund, contribution, on=desk.day))
    refuse_if_any([*day.act_refusals("contribute", desk.by), *grounds])
    because = (AGREED,)
    entry = enter(
        books, scheme, key=key, digest=digest, kind="contribute", because=because, desk=desk
    )
    pay(
        books, scheme, participant, stands.account, money,
        key=f"{key}/paid", because=(day.on_transactions, *because), desk=desk,
    )  # fmt: skip
    said = PaidIn(contribution=contribution, on=desk.day)
    speak(books, scheme, entry, FUND, [(name, said)])
    return the_fund(books, scheme, name)


def invest(
    books: Books,
    scheme: Scheme,
    name: str,
    forward: Forward,
    *,
    most: Money | None = None,
    key: str,
    desk: Desk,
) -> tuple[FundStands, ForwardStands]:
    """Sign a contract for a fund: what it costs at most is set aside in the fund's account.

    At a fixed price that is its value, if nothing else is said.
    """
    digest, before = once(books, scheme, key, "invest", (name, forward, most))
    books.speak_alone(FUND, subject_of(scheme, name))
    stands = the_fund(books, scheme, name)
    if before is None:
        cost = most or _cost(forward)
        refuse_if_any(
            [
                *scheme.on(desk.day).act_refusals("invest", desk.by),
                *_not_for(stands, forward, cost),
            ]
        )
        assert cost is not None, "what is not refused has a cost"
        entry = enter(
            books, scheme, key=key, digest=digest, kind="invest", because=(AGREED,), desk=desk
        )
        signed = sign(books, scheme, forward, key=f"{key}/signed", desk=desk, cover=cost)
        placed = Placed(contract=forward.id, money=cost)
        speak(books, scheme, entry, FUND, [(name, placed)])
        return the_fund(books, scheme, name), signed
    return stands, sign(
        books, scheme, forward, key=f"{key}/signed", desk=desk, cover=most or _cost(forward)
    )


def distribute(
    books: Books,
    scheme: Scheme,
    name: str,
    *,
    units: Mapping[str, int] | None = None,
    key: str,
    desk: Desk,
) -> tuple[FundStands, dict[str, dict[str, int]]]:
    """Give units to the participants in proportion to what they paid in, by largest remainders.

    All that the fund's account has free, if nothing else is said.
    """
    asked = None if units is None else sorted(units.items())
    digest, before = once(books, scheme, key, "distribute", (name, asked))
    books.speak_alone(FUND, subject_of(scheme, name))
    stands = the_fund(books, scheme, name)
    if before is not None:
        return stands, stands.by_entry[before]
    day = scheme.on(desk.day)
    refuse_if_any(day.act_refusals("distribute", desk.by))
    books.lock([stands.account])
    counts = _free_units(books, scheme, stands, desk) if units is None else dict(units)
    if not any(counts.values()):
        raise Refused([NothingToDistribute(reference=AGREED, fund=name)])
    given = {who: parts for who, parts in shared(stands.fund, counts).items() if parts}
    entry = enter(
        books, scheme, key=key, digest=digest, kind="distribute", because=(AGREED,), desk=desk
    )
    orders = [
        Transfer(
            key=f"{key}/{who}/{unit}", source=stands.account, target=who, unit=unit, count=count
        )
        for who, parts in given.items()
        for unit, count in parts.items()
    ]
    answers = transfer(books, scheme, orders, desk=desk)
    refuse_if_any(
        dict.fromkeys(no for each in answers if not isinstance(each, Receipt) for no in each)
    )
    speak(books, scheme, entry, FUND, [(name, Shared(given=given))])
    return the_fund(books, scheme, name), given


def the_fund(books: Books, scheme: Scheme, name: str) -> FundStands:
    """A fund by its name as it stands, or refused."""
    found = hear(books, scheme, FUND, FundBody, name).get(name)
    if found is None:
        raise Refused([FundUnknown(reference=AGREED, fund=name, scheme=scheme.name)])
    return _stands(found)


def funds(books: Books, scheme: Scheme) -> tuple[FundStands, ...]:
    """All funds in the order in which they were opened."""
    return tuple(_stands(each) for each in hear(books, scheme, FUND, FundBody).values())


def _not_for(stands: FundStands, forward: Forward, cost: Money | None) -> list[Refusal]:
    """Why a contract is not one that the fund can sign."""
    found: list[Refusal] = []
    if forward.buyer != stands.account or forward.currency != stands.fund.most.currency:
        found.append(
            NotTheFundsContract(
                reference=AGREED,
                fund=stands.fund.name,
                account=stands.account,
                contract=forward.id,
                buyer=forward.buyer,
            )
        )
    if cost is None or cost.minor < forward.advance:
        found.append(CostUnsaid(reference=AGREED, contract=forward.id))
    else:
        found.extend(grounds_of(lambda: invested(stands.fund, forward.id, cost))[1])
    return found


def _cost(forward: Forward) -> Money | None:
    """The value of a contract, where its price is fixed."""
    if not isinstance(forward.price, FixedPrice):
        return None
    value = product(unit_price(forward, None), Decimal(forward.count))
    return Money(whole(value), forward.currency)


def _free_units(books: Books, scheme: Scheme, stands: FundStands, desk: Desk) -> dict[str, int]:
    """What the fund's account has free, but money."""
    money = set(scheme.on(desk.day).money())
    codes = sorted(code for code in books.holdings(stands.account) if code not in money)
    free = books.free([(stands.account, code) for code in codes])
    return {code: count for (_, code), count in free.items() if count}


def _stands(heard: Sequence[Heard]) -> FundStands:
    """A fund out of all that was said of it."""
    first, *rest = heard
    assert isinstance(first.body, Opened), "a fund is opened before anything else"
    fund = first.body.fund
    given: dict[str, dict[str, int]] = {}
    by_entry: dict[int, dict[str, dict[str, int]]] = {}
    for spoken, body in rest:
        if isinstance(body, PaidIn):
            fund = contributed(fund, body.contribution, on=body.on)
        elif isinstance(body, Placed):
            fund = invested(fund, body.contract, body.money)
        elif isinstance(body, Shared):
            by_entry[spoken.entry] = body.given
            for who, parts in body.given.items():
                mine = given.setdefault(who, {})
                for unit, count in parts.items():
                    mine[unit] = mine.get(unit, 0) + count
    return FundStands(
        fund=fund,
        account=first.body.account,
        given=given,
        words=tuple((spoken, body) for spoken, body in heard if isinstance(body, FundBody)),
        by_entry=by_entry,
    )

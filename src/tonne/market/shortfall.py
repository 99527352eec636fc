"""What follows where a contract is not delivered: the remedy that both sides agreed to."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from tonne.market.forward import (
    CONTRACT,
    Due,
    Forward,
    ForwardAccount,
    RemedyKind,
    forward_owed,
    period_refusals,
    unit_price,
)
from tonne.market.forward_grounds import NothingShort
from tonne.market.forward_rules import ForwardRules
from tonne.market.valuation import PRESENT, YEAR_DAYS
from tonne.quantity import EXACT, Money, product, whole
from tonne.refusal import refuse_if_any


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedied:
    """What the seller owes for a shortfall, by when, and how the contract stands after it."""

    kind: RemedyKind
    missing: int
    units: tuple[str, ...]
    """What may be delivered instead, where the remedy is replacement."""

    money: Money
    """What the seller pays."""

    interest: Money
    """The part of it that is interest."""

    by: date
    forward: Forward
    account: ForwardAccount


def remedied(
    forward: Forward,
    account: ForwardAccount,
    rules: ForwardRules,
    *,
    on: date,
    spot: Decimal,
    issued: int | None = None,
) -> Remedied:
    """The remedy for what is owed and did not come; ``spot`` is a unit's price that day, in minor.

    * ``make_up``: it is due later, with the next units that are, or on a day of its own.
    * ``replacement``: as many units of other kinds that were named.
    * ``damages``: what other units cost more than the contract's price, and so much beside it; and
      what was paid for the missing ones in advance.
    * ``advance_repaid``: the advance on all units still to come ends, and is paid back with
      simple interest for the days since the contract was signed, in years of 365.
    """
    missing = forward_owed(forward, account, on=on, issued=issued)
    enough = product(forward.remedy.trigger, Decimal(account.delivered + missing))
    if not missing or account.delivered >= enough:
        refuse_if_any([NothingShort(reference=CONTRACT, contract=forward.id, missing=missing)])
    by = on + timedelta(days=forward.remedy.days)
    money = interest = 0
    after, contract = account, forward
    match forward.remedy.kind:
        case "make_up":
            contract = _later(forward, missing, by, on)
            refuse_if_any(period_refusals(contract, rules))
        case "replacement":
            pass
        case "damages":
            left = forward.count - account.delivered - account.forgone
            back = account.unearned * missing // left
            money = _damages(forward, missing, spot) + back
            after = replace(
                account, forgone=account.forgone + missing, repaid=account.repaid + back
            )
        case "advance_repaid":
            interest = _interest(account.unearned, forward.signed_on, on, rules)
            money = account.unearned + interest
            left = forward.count - account.delivered
            after = replace(account, repaid=account.repaid + account.unearned, forgone=left)
    return Remedied(
        kind=forward.remedy.kind,
        missing=missing,
        units=forward.remedy.units if forward.remedy.kind == "replacement" else (),
        money=Money(money, forward.currency),
        interest=Money(interest, forward.currency),
        by=by,
        forward=contract,
        account=after,
    )


def _later(forward: Forward, missing: int, by: date, on: date) -> Forward:
    """The contract with what is missing taken from the days that are past and added to the next."""
    counts = {each.on: each.count for each in forward.schedule}
    left = missing
    for day in sorted((day for day in counts if day <= on), reverse=True):
        moved = min(left, counts[day])
        counts[day] -= moved
        left -= moved
    assert not left, "what is missing was due"
    next_day = min((day for day in counts if day > on), default=by)
    counts[next_day] = counts.get(next_day, 0) + missing
    schedule = tuple(Due(on=day, count=count) for day, count in sorted(counts.items()) if count)
    return replace(forward, schedule=schedule)


def _damages(forward: Forward, missing: int, spot: Decimal) -> int:
    assert forward.remedy.per_unit is not None, "the contract was looked at when it was signed"
    dearer = max(Decimal(0), EXACT.subtract(spot, unit_price(forward, spot)))
    return whole(product(EXACT.add(dearer, forward.remedy.per_unit), Decimal(missing)))


def _interest(advance: int, since: date, until: date, rules: ForwardRules) -> int:
    days = Decimal((until - since).days)
    yearly = product(Decimal(advance), rules.interest.on(since).value, days)
    return whole(PRESENT.divide(yearly, YEAR_DAYS))

"""How many units there are for a year, and how many of them may be given or auctioned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tonne.quantity import Rounding, product, whole
from tonne.refusal import Refusal, refuse_if_any
from tonne.rulebook import Clause, NotInForce
from tonne.supply.refusals import AuctionExceedsShare
from tonne.supply.rules import (
    CapRule,
    OperatorKind,
    SupplyRules,
    allocation_law,
    rounding,
    year_end,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """The units there are for a year, and the law that says so."""

    year: int
    amount: int
    aviation_amount: int
    """Units for aircraft operators, beside the others; 0 where they are not covered."""

    clause: Clause[CapRule]

    def of(self, kind: OperatorKind) -> int:
        """The units for operators of a kind."""
        return self.amount if kind == "installation" else self.aviation_amount


def cap(year: int, rules: SupplyRules) -> Cap:
    """The cap of a year: from a table, falling in a line, or in steps.

    In a line it falls each year by a share of a reference that stays the same. The share may
    change from one year to the next; what was taken off before stays off.
    """
    clause = rules.cap.on(year_end(year))
    rule = clause.value
    aviation = 0
    if rule.aviation_reference_amount is not None:
        assert rule.aviation_share is not None, "the rule was checked when it was made"
        assert rule.aviation_rounding is not None, "the rule was checked when it was made"
        by = rounding(rule.aviation_rounding)
        aviation = share(rule.aviation_reference_amount, rule.aviation_share, by)
    return Cap(
        year=year, amount=_amount(year, clause, rules), aviation_amount=aviation, clause=clause
    )


def step(baseline: int, steps: Sequence[Decimal], place: int, by: Rounding) -> int:
    """The cap in one year of a stepwise path: a share of the baseline, not of the year before.

    >>> step(10_000_000, [Decimal("0.99"), Decimal("0.98")], 1, Rounding.FLOOR)
    9800000
    """
    if not 0 <= place < len(steps):
        what = f"the path has {len(steps)} steps, and no step {place + 1}"
        raise NotInForce(what, reference="the path")
    return share(baseline, steps[place], by)


def free_ceiling(year: int, *, kind: OperatorKind, rules: SupplyRules) -> int:
    """How many units of a year may be given free, without those kept for new entrants."""
    rule = allocation_law(year, rules).value
    amount = cap(year, rules).of(kind)
    if kind == "aircraft":
        return share(amount, rule.aviation_free_share or Decimal(0), Rounding.FLOOR)
    return max(0, share(amount, rule.free_share_max, Rounding.FLOOR) - rule.new_entrant_reserve)


def auction_ceiling(year: int, rules: SupplyRules) -> int:
    """How many units of a year may be auctioned: the cap less what must be given free."""
    rule = allocation_law(year, rules).value
    amount = cap(year, rules).amount
    return amount - share(amount, rule.free_share_min, Rounding.CEILING)


def auction(year: int, *, asked: int, auctioned: int, rules: SupplyRules) -> int:
    """The units asked for, if the law allows to auction them besides those auctioned before."""
    assert asked > 0, "an auction sells something"
    refuse_if_any(_auction_refusals(year, asked, auctioned, rules))
    return asked


def share(amount: int, part: Decimal, by: Rounding) -> int:
    """A part of a number of units, whole by a named rounding."""
    return whole(product(Decimal(amount), part), by)


def _amount(year: int, clause: Clause[CapRule], rules: SupplyRules) -> int:
    rule = clause.value
    first = clause.start.year
    if rule.amount is not None and (rule.method == "table" or year == first):
        return rule.amount
    assert rule.reference_amount is not None, "the rule was checked when it was made"
    by = rounding(rule.rounding)
    if rule.method == "stepwise":
        steps = rule.steps or ()
        if year - first >= len(steps):
            last = first + len(steps) - 1
            raise NotInForce(
                f"nothing in force in {year} for {rules.cap.name}, which ends in {last}",
                reference=clause.reference,
            )
        return step(rule.reference_amount, steps, year - first, by)
    assert rule.factor is not None, "the rule was checked when it was made"
    before = _amount(year - 1, rules.cap.on(year_end(year - 1)), rules)
    return max(0, before - share(rule.reference_amount, rule.factor, by))


def _auction_refusals(
    year: int, asked: int, auctioned: int, rules: SupplyRules
) -> Iterator[Refusal]:
    ceiling = auction_ceiling(year, rules)
    if asked + auctioned > ceiling:
        yield AuctionExceedsShare(
            reference=allocation_law(year, rules).reference,
            year=year,
            asked=asked,
            auctioned=auctioned,
            ceiling=ceiling,
        )

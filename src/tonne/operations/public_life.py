"""Where a unit has been, as far as that is public: how it began, and how it ended.

What holders do with a unit in between is theirs: the public is told only how often it changed
hands, and that only once its life has ended.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import decimal

from tonne.ledger import Block, Step, kind_of
from tonne.operations.allocations import ALLOCATE, FROM_RESERVE
from tonne.operations.ask import SERIALS, SerialUnknown, history, read_serial
from tonne.operations.books import Books
from tonne.operations.public_years import public_from, scheme_of
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.refusal import Refused
from tonne.registry import AccountKind, Dedication, HoldingAccount

SURRENDER = "surrender"
_GIVEN = (ALLOCATE, FROM_RESERVE)
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_GROUPING = re.compile(r"(?<=\d)[,.'\u2019\u066c\u00a0\u2009\u202f ](?=\d{2,3}(\D|$))")
"""What stands between figures so that they are read more easily."""

_RANGE = re.compile(r"(?P<series>.+)-(?P<first>\d+)-(?P<last>\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A step in the life of a unit, with the names that are public."""

    step: Step
    name: str
    """What the law calls the type of transaction."""

    source: HoldingAccount | None
    target: HoldingAccount | None
    reference: str
    dedication: Dedication | None = None
    changed_hands: int = 0
    """How often it had changed hands before, since the last stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeTold:
    """The life of a unit, as far as it is public."""

    scheme: str
    series: str
    number: int
    block: Block
    """The numbers beside it that have stopped wherever it did."""

    unit: str | None
    """What kind of unit it is, if it is issued."""

    unit_name: str
    stops: tuple[Stop, ...]
    place: HoldingAccount | None
    """The government's account in which it is now; none where that is not public."""


def life_told(books: Books, schemes: Mapping[str, Scheme], serial: str, *, desk: Desk) -> LifeTold:
    """How a unit began and how it ended, or 9020 if the books have no such number."""
    written = as_written(serial)
    try:
        found = history(books, written)
    except Refused:
        within = _RANGE.fullmatch(written)
        if within is None:
            raise Refused([SerialUnknown(reference=SERIALS, serial=serial)]) from None
        written = f"{within['series']}-{within['first']}"
        found = history(books, written)
    scheme = scheme_of(books, schemes, found.holder)
    if scheme is None:
        raise Refused([SerialUnknown(reference=SERIALS, serial=serial)])
    series, number = read_serial(written)
    teller = _Teller(books=books, scheme=scheme, desk=desk)
    stops = teller.stops(found.steps, found.dedications)
    blocks = [Block(series, each.step.first, each.step.last) for each in stops]
    kinds = scheme.on(desk.day).units
    kind = None if found.unit is None else kinds.get(kind_of(found.unit))
    ended = not found.steps or (bool(stops) and stops[-1].step == found.steps[-1])
    return LifeTold(
        scheme=scheme.name,
        series=series,
        number=number,
        block=Block(
            series,
            max((each.first for each in blocks), default=number),
            min((each.last for each in blocks), default=number),
        ),
        unit=found.unit,
        unit_name="" if found.unit is None else kind.name if kind else found.unit,
        stops=stops,
        place=teller.government(found.holder) if ended else None,
    )


def as_written(serial: str) -> str:
    r"""A serial as the books write it: plain digits, plain dashes, nothing between the figures.

    >>> as_written(" eu-1-4,211\u20135,460 ")
    'EU-1-4211-5460'
    """
    plain = "".join(
        str(decimal(each)) if each.isdecimal() else "-" if each in _DASHES else each
        for each in serial.strip().upper()
    )
    return _GROUPING.sub("", plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    """Says of a step what may be said in public."""

    books: Books
    scheme: Scheme
    desk: Desk

    def stops(
        self, steps: Sequence[Step], dedications: Mapping[int, Dedication]
    ) -> tuple[Stop, ...]:
        """The steps that are public, each with how often the unit had changed hands before."""
        told: list[Stop] = []
        hidden = 0
        for step in steps:
            ends = [self._account(each, step) for each in (step.source, step.target)]
            if not self._is_public(step, ends):
                hidden += 1
                continue
            day = self.scheme.on(step.day)
            row = day.types.get((step.kind, kind_of(step.asset)))
            source, target = (self._named(step, each, of_state) for each, of_state in ends)
            told.append(
                Stop(
                    step=step,
                    name=step.kind if row is None else row.type.name,
                    source=source,
                    target=target,
                    reference=day.on_transactions,
                    dedication=dedications.get(step.transaction),
                    changed_hands=hidden,
                )
            )
            hidden = 0
        return tuple(told)

    def government(self, number: str) -> HoldingAccount | None:
        """The account, if it is the government's."""
        account, of_state = self._find(number, self.scheme.on(self.desk.day).kinds)
        return account if of_state else None

    def _is_public(self, step: Step, ends: Sequence[tuple[HoldingAccount, bool]]) -> bool:
        """Whether a government had a part in it, and of a surrender whether its year is public."""
        if not any(of_state for _, of_state in ends):
            return False
        if step.kind != SURRENDER or step.year is None:
            return True
        on = public_from(self.scheme, step.year)
        return on is not None and on <= self.desk.day

    def _named(self, step: Step, account: HoldingAccount, of_state: bool) -> HoldingAccount | None:  # noqa: FBT001  the account's other half
        given = step.kind in _GIVEN or (step.kind == SURRENDER and step.year is not None)
        return account if of_state or (given and account.operator is not None) else None

    def _account(self, number: str, step: Step) -> tuple[HoldingAccount, bool]:
        return self._find(number, self.scheme.on(step.day).kinds)

    def _find(self, number: str, kinds: Mapping[str, AccountKind]) -> tuple[HoldingAccount, bool]:
        (account,) = self.books.accounts(number=number)
        kind = kinds.get(account.kind)
        return account, kind is not None and kind.government

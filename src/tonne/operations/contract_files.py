"""A contract of many fields, read from a TOML or JSON file: strictly, every fault named at once.

Money is written as people write it, such as "8.00"; the room reckons in the smallest unit of it.
"""
# ruff: noqa: ANN401  what a file says may be anything, until it is read into its shape

import json
import tomllib
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from tonne.market import (
    Due,
    FixedPrice,
    FloorPrice,
    Forward,
    IndexedPrice,
    Remedy,
    Upfront,
)
from tonne.operations.contract_grounds import AGREED, ContractUnreadable
from tonne.quantity import Currency, Money, is_currency
from tonne.refusal import Refused, refuse_if_any

BYTES_MAX = 100_000
_LARGEST, _PLACES, _DAYS_MAX = 10**12, 12, 36_500


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTerms:
    """A price for a unit: fixed, by an index, or a floor with a share of an index above it."""

    kind: Literal["fixed", "indexed", "floor"]
    amount: Decimal | None = None
    index: str | None = None
    share: Decimal | None = None
    plus: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpfrontTerms:
    """The part that is paid when it is signed; ``amount`` is the price by which it is reckoned."""

    share: Decimal
    amount: Decimal
    recovery: Literal["pro_rata", "first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyTerms:
    """What follows where too little comes."""

    kind: Literal["make_up", "replacement", "damages", "advance_repaid"]
    days: int
    trigger: Decimal = Decimal(1)
    units: tuple[str, ...] = ()
    per_unit: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTerms:
    """So many units, on a day at the latest."""

    on: date
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """All that a file of a contract says; it is signed on the day of the command."""

    name: str
    buyer: str
    seller: str
    unit: str
    currency: str
    price: PriceTerms
    schedule: tuple[DueTerms, ...]
    remedy: RemedyTerms
    tick: Decimal = Decimal("0.01")
    upfront: UpfrontTerms | None = None
    risk: Literal["guaranteed", "project"] = "guaranteed"
    project: str | None = None
    conditions: tuple[str, ...] = ()


_NEEDS = {"fixed": {"amount"}, "indexed": {"index", "share"}, "floor": {"amount", "index", "share"}}
_ALL = ("amount", "index", "share", "plus")
_MAY = _NEEDS | {"indexed": {"index", "share", "plus"}}


def read_contract(file: str, content: bytes, *, signed_on: date) -> Forward:
    """The contract that a file says, or :class:`~tonne.refusal.Refused` with its every fault."""
    page = _Page(file)
    terms = page.read(ContractTerms, page.said(content), "")
    if isinstance(terms, ContractTerms):
        page.unfit(terms)
    refuse_if_any(page.noted)
    assert isinstance(terms, ContractTerms), "what has no fault is read"
    return _forward(terms, signed_on)


class _Page:
    """A file while it is read: a fault is noted, and reading goes on."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.noted: list[ContractUnreadable] = []

    def said(self, content: bytes) -> dict[str, Any]:
        """The fields of the file, as TOML or JSON writes them."""
        read: Callable[[str], Any] = _json if self._file.lower().endswith(".json") else _toml
        try:
            if len(content) > BYTES_MAX:
                raise ValueError(f"it has {len(content):,} bytes; {BYTES_MAX:,} are read at most")  # noqa: TRY301
            found = read(content.decode("utf-8-sig"))
            str(found)  # A number too long to be shown is no number either.
        except (ValueError, ArithmeticError, RecursionError) as error:
            self._fault("", f"{error}".partition("\n")[0] or "it cannot be read")
            raise Refused(self.noted) from None
        if not isinstance(found, dict):
            self._fault("", "it says no fields")
            raise Refused(self.noted)
        return found

    def read(self, kind: Any, said: dict[str, Any], place: str) -> Any:
        """A record field by field, or nothing where a fault was noted."""
        hints, values, before = get_type_hints(kind), {}, len(self.noted)
        for name in said.keys() - hints.keys():
            self._fault(f"{place}{name}", f"it is none of {', '.join(map(repr, hints))}")
        for each in fields(kind):
            spot = f"{place}{each.name}"
            if each.name in said:
                values[each.name] = self._value(hints[each.name], said[each.name], spot)
            elif each.default is MISSING:
                self._fault(spot, "it is lacking")
        return kind(**values) if len(self.noted) == before else None

    def unfit(self, terms: ContractTerms) -> None:
        """What is well-formed and yet no contract."""
        self._unfit_price(terms.price, terms.tick)
        upfront, remedy = terms.upfront, terms.remedy
        amounts = {
            "price.amount": terms.price.amount,
            "price.share": terms.price.share,
            "upfront.amount": None if upfront is None else upfront.amount,
            "remedy.per_unit": remedy.per_unit,
        }
        for name, amount in amounts.items():
            if amount is not None and amount < 0:
                self._fault(name, "it is not less than nothing")
        if not is_currency(terms.currency):
            self._fault("currency", f"{terms.currency!r} is no currency")
        if not 0 < remedy.days <= _DAYS_MAX:
            self._fault("remedy.days", f"it is from 1 to {_DAYS_MAX:,}")
        for place, due in enumerate(terms.schedule, 1):
            if due.count < 1:
                self._fault(f"schedule[{place}].count", "it is of something")

    def _unfit_price(self, price: PriceTerms, tick: Decimal) -> None:
        told = {name for name in _ALL if getattr(price, name) is not None}
        for name in sorted(_NEEDS[price.kind] - told):
            self._fault(f"price.{name}", f"a price that is {price.kind!r} needs it")
        for name in sorted(told - _MAY[price.kind]):
            self._fault(f"price.{name}", f"a price that is {price.kind!r} has none")
        if tick <= 0:
            self._fault("tick", "it is more than nothing")
        elif price.kind == "fixed" and price.amount is not None and price.amount % tick:
            self._fault("price.amount", f"it is no multiple of the tick, {tick}")

    def _value(self, kind: Any, said: Any, place: str) -> Any:
        """A value of the kind that the shape asks for, or nothing where a fault was noted."""
        inner, origin = get_args(kind), get_origin(kind)
        if origin is UnionType:
            return self._value(inner[0], said, place)
        if is_dataclass(kind) and isinstance(said, dict):
            return self.read(kind, said, f"{place}.")
        if origin is tuple and is_dataclass(inner[0]) and isinstance(said, list):
            return tuple(
                self._value(inner[0], each, f"{place}[{number}]")
                for number, each in enumerate(said, 1)
            )
        try:
            return _plain(kind, said)
        except ValueError as error:
            self._fault(place, str(error).partition(" - ")[0])
            return None

    def _fault(self, place: str, what: str) -> None:
        self.noted.append(
            ContractUnreadable(reference=AGREED, file=self._file, field=place, fault=what)
        )


def _plain(kind: Any, said: Any) -> Any:
    """A single value or a list of texts; a number is of a size that can be reckoned with."""
    if is_dataclass(kind) or (get_origin(kind) is tuple and is_dataclass(get_args(kind)[0])):
        raise ValueError("it is a table" if is_dataclass(kind) else "it is a list of tables")
    found = msgspec.convert(said, kind)
    if isinstance(found, Decimal) and not (
        found.is_finite() and abs(found) <= _LARGEST and found == round(found, _PLACES)
    ):
        raise ValueError(f"it is no number up to {_LARGEST:,} with at most {_PLACES} places")
    if isinstance(found, int) and abs(found) > _LARGEST:
        raise ValueError(f"it is no number up to {_LARGEST:,}")
    texts = found if isinstance(found, tuple) else (found,)
    if any((isinstance(each, str) and each.strip() != each) or each == "" for each in texts):
        raise ValueError("it is empty, or has blanks around it")
    return found


def _forward(terms: ContractTerms, signed_on: date) -> Forward:
    """The contract in the words of the room: money in its smallest unit."""
    currency = Currency(terms.currency)
    whole = Decimal(Money.of(Decimal(1), currency).minor)

    def minor(amount: Decimal | None) -> Decimal:
        return (amount or Decimal(0)) * whole

    price, upfront, remedy = terms.price, terms.upfront, terms.remedy
    share = price.share or Decimal(0)
    by_kind: dict[str, FixedPrice | IndexedPrice | FloorPrice] = {
        "fixed": FixedPrice(minor=minor(price.amount)),
        "indexed": IndexedPrice(index=price.index or "", share=share, plus=minor(price.plus)),
        "floor": FloorPrice(index=price.index or "", floor=minor(price.amount), share=share),
    }
    return Forward(
        id=terms.name,
        buyer=terms.buyer,
        seller=terms.seller,
        unit=terms.unit,
        signed_on=signed_on,
        schedule=tuple(Due(on=each.on, count=each.count) for each in terms.schedule),
        price=by_kind[price.kind],
        currency=currency,
        tick=minor(terms.tick),
        remedy=Remedy(
            kind=remedy.kind,
            trigger=remedy.trigger,
            days=remedy.days,
            units=remedy.units,
            per_unit=None if remedy.per_unit is None else minor(remedy.per_unit),
        ),
        risk=terms.risk,
        project=terms.project,
        upfront=None
        if upfront is None
        else Upfront(share=upfront.share, minor=minor(upfront.amount), recovery=upfront.recovery),
        conditions=terms.conditions,
    )


def _toml(text: str) -> Any:
    return tomllib.loads(text.replace("\r\n", "\n"), parse_float=Decimal)


def _json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a field is said twice")
        return found

    return json.loads(text, parse_float=Decimal, object_pairs_hook=once)

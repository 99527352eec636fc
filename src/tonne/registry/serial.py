"""Serial numbers of Kyoto units as registries write them, and the codes that say the same.

A block is written ``PARTY-TYPE-FIRST-LAST-ORIGINAL-APPLICABLE-ACTIVITY-PROJECT``, followed by the
track and the day of expiry where there are such. The books know the same units by a code, which is
their kind and where they come from, and by their numbers in the party's series.
"""

import re
from dataclasses import dataclass
from datetime import date

from tonne.ledger import LAST_NUMBER, Asset, Block, kind_of
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry.day import DayRules
from tonne.registry.rules import PeriodRule, UnitKind
from tonne.registry.serial_grounds import (
    NotANationsLetters,
    OriginNotSaid,
    SerialKindUnknown,
    SerialUnreadable,
)

_SERIAL = re.compile(
    r"(?P<party>[A-Z]{2,3})-(?P<type>[1-9])-(?P<first>[1-9]\d{0,18})-(?P<last>[1-9]\d{0,18})"
    r"-(?P<original>\d{1,2})-(?P<applicable>\d{1,2})-(?P<activity>\d)-(?P<project>0|[1-9]\d{0,14})"
    r"(-(?P<track>\d)(-(?P<expiry>\d{8}))?)?",
    re.ASCII,
)
_ORIGIN = re.compile(
    r"(?P<party>[A-Z]{2,3})(-(?P<project>[1-9]\d{0,14}))?(?P<more>(/[^/:]+)*)(:(?P<original>[1-9]\d?))?",
    re.ASCII,
)
_FORMS = {"track": r"[12]", "activity": r"[1-7]", "expiry": r"\d{4}-\d\d-\d\d"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Serial:
    """A block of Kyoto units with every attribute that registries exchange.

    >>> serial = Serial.read("BR-5-60482913-60488206-1-1-0-2486", reference="Annex")
    >>> serial.party, serial.project, str(serial)
    ('BR', 2486, 'BR-5-60482913-60488206-1-1-0-2486')
    """

    party: str
    """Whose registry gave the numbers; of a certified emission reduction the host."""

    type_number: int
    first: int
    last: int
    original: int
    """The commitment period for which the units were issued."""

    applicable: int
    """The commitment period for which they count; another one after a carry-over."""

    activity: int = 0
    """The land use that removed the carbon, from 1 to 7; 0 for none."""

    project: int = 0
    """The project's number at its host; 0 for none."""

    track: int = 0
    """Who verified a joint project: 1 its party, 2 the supervisory committee; 0 for none."""

    expiry: date | None = None
    """The last day of a temporary or long-term unit."""

    def __post_init__(self) -> None:
        assert 0 < self.first <= self.last <= LAST_NUMBER, "a block runs from first to last"

    @classmethod
    def read(cls, text: str, *, reference: str) -> "Serial":
        """A serial as people write it, or :class:`~tonne.refusal.Refused`."""
        found = _SERIAL.fullmatch(text.strip().upper())
        expiry = _day(found["expiry"]) if found and found["expiry"] else None
        wrong = (
            found is None
            or (found["expiry"] is not None and expiry is None)
            or not int(found["first"]) <= int(found["last"]) <= LAST_NUMBER
        )
        if wrong:
            refuse_if_any([SerialUnreadable(reference=reference, serial=text)])
        assert found is not None, "what is not refused was read"
        return cls(
            party=found["party"],
            type_number=int(found["type"]),
            first=int(found["first"]),
            last=int(found["last"]),
            original=int(found["original"]),
            applicable=int(found["applicable"]),
            activity=int(found["activity"]),
            project=int(found["project"]),
            track=int(found["track"] or 0),
            expiry=expiry,
        )

    @property
    def block(self) -> Block:
        """The numbers in the series of their party."""
        return Block(self.party, self.first, self.last)

    def __str__(self) -> str:
        said = (
            f"{self.party}-{self.type_number}-{self.first}-{self.last}-{self.original}"
            f"-{self.applicable}-{self.activity}-{self.project}"
        )
        if self.track or self.expiry:
            said += f"-{self.track}"
        return f"{said}-{self.expiry:%Y%m%d}" if self.expiry else said


def unit_of(serial: Serial, day: DayRules) -> Asset:
    """The units of a serial as the books know them, or a refusal.

    ``BR-5-1-10-1-1-0-2569`` is ``CER-1 BR-2569``, numbered in the series ``BR``.
    """
    kind = day.serial_kinds.get((serial.type_number, serial.applicable))
    periods = {period.number for period in day.periods.values()}
    if kind is None or serial.original not in periods:
        refuse_if_any([SerialKindUnknown(reference=day.on_transactions, serial=str(serial))])
    assert kind is not None, "what is not refused is known"
    code = code_of(kind, serial)
    asset = origin_asset(code, day)
    if asset is None or serial_of(code, serial.block, day) != serial:
        refuse_if_any([_unsaid(code, kind, day)])
    assert asset is not None, "what is not refused says its origin"
    return asset


def code_of(kind: UnitKind, serial: Serial) -> str:
    """The code by which the books know the units of a serial."""
    said = f"{kind.code} {serial.party}"
    if serial.project:
        said += f"-{serial.project}"
    if serial.track and "track" in kind.origin:
        said += f"/{serial.track}"
    if serial.activity and "activity" in kind.origin:
        said += f"/{serial.activity}"
    if serial.expiry is not None:
        said += f"/{serial.expiry}"
    return said if serial.original == serial.applicable else f"{said}:{serial.original}"


def serial_of(code: str, block: Block, day: DayRules) -> Serial | None:
    """The serial under which registries know units of a code, or none if the code says too little.

    What stands between slashes may be left out from its end: it is not always published. After a
    colon stands an earlier period of the scheme, so that nothing is written in two ways.
    """
    kind = day.units.get(kind_of(code))
    found = _ORIGIN.fullmatch(code.partition(" ")[2])
    if kind is None or not kind.origin or found is None or found["party"] != block.series:
        return None
    more = _more(kind, found["more"])
    if more is None or (found["project"] is None) == ("project" in kind.origin):
        return None
    period: PeriodRule = day.period_of(kind.code)
    earlier = {each.number for each in day.periods.values() if each.number < period.number}
    original = int(found["original"] or period.number)
    if found["original"] and original not in earlier:
        return None
    return Serial(
        party=found["party"],
        type_number=kind.type_number or 0,
        first=block.first,
        last=block.last,
        original=original,
        applicable=period.number,
        activity=int(more.get("activity", kind.activity or 0)),
        project=int(found["project"] or 0),
        track=int(more.get("track", 0)),
        expiry=_day(more["expiry"]) if "expiry" in more else None,
    )


def project_of(code: str, day: DayRules) -> str | None:
    """The project that the code of units says they come from; none where the kind says none.

    The units ``CER-1 BR-2569`` come from ``BR-2569``.
    """
    kind, found = day.units.get(kind_of(code)), _ORIGIN.fullmatch(code.partition(" ")[2])
    if kind is None or "project" not in kind.origin or found is None or not found["project"]:
        return None
    return f"{found['party']}-{found['project']}"


def origin_asset(code: str, day: DayRules) -> Asset | None:
    """The units of a code with the series of their party; none if the code does not say whose.

    A kind whose units are all alike has no origin, and its code is the kind alone.
    """
    kind = day.units.get(kind_of(code))
    if kind is None:
        return None
    if not kind.origin:
        return kind.asset if code == kind.code else None
    party = re.match(r"[A-Z]{2,3}", code.partition(" ")[2])
    if party is None or serial_of(code, Block(party[0], 1, 1), day) is None:
        return None
    return Asset(code, party[0])


def told_asset(code: str, day: DayRules) -> Asset:
    """The units of a code, or a refusal that says how the code of such units is written."""
    found = origin_asset(code, day)
    if found is None:
        kind = day.units.get(kind_of(code))
        refuse_if_any([day.untyped("hold", code) if kind is None else _unsaid(code, kind, day)])
    assert found is not None, "what is not refused was found"
    return found


def letters_refusals(party: str, day: DayRules) -> list[Refusal]:
    """3225: what cannot be the code of a nation's registry."""
    if re.fullmatch(r"[A-Z]{2}", party):
        return []
    return [NotANationsLetters(reference=day.on_accounts, party=party)]


def _unsaid(code: str, kind: UnitKind, day: DayRules) -> OriginNotSaid:
    return OriginNotSaid(reference=day.on_transactions, unit=code, origin=kind.origin)


def _more(kind: UnitKind, text: str) -> dict[str, str] | None:
    """What stands between slashes, by name; none where it is not what the kind says."""
    names: list[str] = [name for name in kind.origin if name in _FORMS]
    parts = text.split("/")[1:]
    told = dict(zip(names, parts, strict=False))
    right = len(parts) <= len(names) and all(
        re.fullmatch(_FORMS[name], part, re.ASCII) for name, part in told.items()
    )
    return told if right and ("expiry" not in told or _day(told["expiry"])) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""How the code of a unit is read at the log, which knows no law: who issues what, and what becomes.

A code is ``KIND-PERIOD PARTY-PROJECT/..:ORIGINAL``, as ``ERU-AAU-2 PL-24/2:1``: the kind and its
period, the party from which the units come and in whose series they are numbered, the project, what
else the kind says, and the period for which the units were issued if it was an earlier one. The
code of a scheme whose units are all alike is one word, and says nothing of that.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple


class UnitRow(NamedTuple):
    """A kind of unit as all registries know it: who issues it, what it says, what may become."""

    issued_by: Literal["party", "listed", "nobody"]
    """The party of the series; who is listed to issue for it; or it only comes of a change."""

    says: tuple[str, ...]
    """What its code says after the party."""

    becomes: Mapping[str, str]
    """By the kind of a proposal, what it may become."""


UNITS: Mapping[str, UnitRow] = {
    "AAU": UnitRow("party", (), {"convert": "ERU-AAU", "carry_over": "AAU"}),
    "RMU": UnitRow("party", ("activity",), {"convert": "ERU-RMU"}),
    "ERU-AAU": UnitRow("nobody", ("project", "track"), {"carry_over": "ERU-AAU"}),
    "ERU-RMU": UnitRow("nobody", ("project", "track", "activity"), {}),
    "CER": UnitRow("listed", ("project",), {"carry_over": "CER"}),
    "tCER": UnitRow("listed", ("project", "expiry"), {"change_expiry": "tCER"}),
    "lCER": UnitRow("listed", ("project", "expiry"), {"change_expiry": "lCER"}),
}
"""The kinds that are issued under the Kyoto Protocol (decisions 13/CMP.1 and 5/CMP.1, annexes)."""

SAID_ANEW: Mapping[str, tuple[str, ...]] = {
    "convert": ("project", "track"),
    "carry_over": ("period",),
    "change_expiry": ("expiry",),
}
"""By the kind of a proposal, what a code says otherwise once the units have become others."""

_CODE = re.compile(
    r"(?P<kind>[A-Za-z]+(-[A-Z]+)?)-(?P<period>[1-9]\d?) (?P<party>[A-Z]{2,3})"
    r"(-(?P<project>[1-9]\d{0,14}))?(?P<more>(/[^/:]+)*)(:(?P<original>[1-9]\d?))?",
    re.ASCII,
)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*", re.ASCII)
_FORMS = {"track": r"[12]", "activity": r"[1-7]", "expiry": r"\d{4}-\d\d-\d\d"}


class UnitCode(NamedTuple):
    """The code of a unit, read: its kind, and what it says by name."""

    kind: str
    says: Mapping[str, str]
    """Nothing, if units of the kind are all alike."""

    @property
    def party(self) -> str:
        """From whom units come that are not all alike."""
        return self.says.get("party", "")

    @property
    def says_all(self) -> bool:
        """Whether nothing is left out that units of the kind say."""
        return not self.says or all(name in self.says for name in UNITS[self.kind].says)


def read_unit(code: str) -> UnitCode | None:
    """The code of a unit, read; none if it is none.

    What stands between slashes may be left out from its end: of old units it is not always known.

    >>> read_unit("ALA"), read_unit("CER-1 PL"), read_unit("[/red] x")
    (UnitCode(kind='ALA', says={}), None, None)
    """
    found = _CODE.fullmatch(code)
    if found is None:
        named = {code, code.rpartition("-")[0]} & UNITS.keys()
        return UnitCode(code, {}) if _PLAIN.fullmatch(code) and not named else None
    row = UNITS.get(found["kind"])
    if row is None or (found["project"] is None) == ("project" in row.says):
        return None
    names = [name for name in row.says if name in _FORMS]
    parts = found["more"].split("/")[1:]
    told = dict(zip(names, parts, strict=False))
    original = found["original"] or found["period"]
    if len(parts) > len(names) or not all(_is_right(*each) for each in told.items()):
        return None
    if found["original"] and int(original) >= int(found["period"]):
        return None
    told |= {name: found[name] for name in ("party", "period")} | {"original": original}
    return UnitCode(
        found["kind"], told | ({"project": found["project"]} if found["project"] else {})
    )


def may_issue(unit: UnitCode, *, in_own_series: bool) -> bool:
    """Whether units may be issued by the registry of their series, or by who is listed for it.

    They are issued for their own period.
    """
    if not unit.says:
        return in_own_series
    by = "party" if in_own_series else "listed"
    return UNITS[unit.kind].issued_by == by and unit.says["original"] == unit.says["period"]


def may_become(change: str, was: UnitCode, unit: UnitCode) -> bool:
    """Whether units may become others by a change: only that is said anew which it is about.

    >>> aau, eru, cer = map(read_unit, ("AAU-1 AT", "ERU-AAU-1 AT-7/1", "CER-1 AT-7"))
    >>> may_become("convert", aau, eru), may_become("convert", aau, cer)
    (True, False)
    """
    if not was.says or not unit.says:
        return change != "change_expiry" and was.says == unit.says
    anew = SAID_ANEW[change]
    if change == "carry_over" and int(unit.says["period"]) != int(was.says["period"]) + 1:
        return False
    return (
        unit.kind == UNITS[was.kind].becomes.get(change)
        and all(name in unit.says for name in anew)
        and _without(was, anew) == _without(unit, anew)
    )


def _without(unit: UnitCode, names: tuple[str, ...]) -> dict[str, str]:
    return {name: said for name, said in unit.says.items() if name not in names}


def _is_right(name: str, said: str) -> bool:
    """Whether something is said in its form; a day is one of the calendar."""
    if not re.fullmatch(_FORMS[name], said, re.ASCII):
        return False
    try:
        return name != "expiry" or bool(date.fromisoformat(said))
    except ValueError:
        return False

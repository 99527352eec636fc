"""Worked cases: does the program decide as the authority does? Read from a scheme and run.

``cases.toml`` in a scheme's folder holds examples with their source: the rule that is asked, what
is given, what is expected. The rules, and what each takes and finds, are in
:mod:`tonne.operations.case_rules`.
"""
# ruff: noqa: ANN401  what a file says may be anything, until it is read into its shape

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from inspect import Parameter, signature
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tonne.operations.case_rules import RULES, CaseRule
from tonne.operations.scheme import Scheme
from tonne.quantity import Gas, Tonnes, gas
from tonne.refusal import Refusal, Refused, refuse_if_any
from tonne.rulebook import NotInForce

CASES = "cases.toml"
ALWAYS_FOUND = ("accepted", "refusals", "in_force")
"""Found of every case: whether it was allowed, the numbers of refusals, whether there was law."""
_REQUIRED: Mapping[str, type] = {
    "name": str, "rule": str, "source": str, "given": dict, "expected": dict
}  # fmt: skip
_HEAD = re.compile(r"^[ \t]*\[\[\s*case\s*\]\]", re.MULTILINE)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_FORMS = {
    int: "a whole number, none or more",
    Decimal: 'a number, such as 0.5 or "40.00"',
    Tonnes: 'a number of tonnes, such as 0.5 or "40.00"',
    str: "a text",
    bool: "true or false",
    date: "a day, such as 2005-01-01",
    Gas: "a greenhouse gas",
    tuple: "a list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """A case that was run: what was expected, and what was found of it."""

    name: str
    source: str
    line: int
    passed: bool
    expected: Mapping[str, object]
    found: Mapping[str, object]
    message: str
    """What differs, and what was refused; nothing to say where all is as expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyCase(Refusal):
    """A worked case says what it may not."""

    file: str
    line: int
    place: str
    expected: str
    found: str

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}: {self.place}: expected {self.expected}, found {self.found}"
        )


def _kind(name: str, number: int, rule: str, remedy: str) -> type[FaultyCase]:
    said = {"__doc__": rule, "__module__": __name__, "__slots__": ()}
    return type(name, (FaultyCase,), said | {"number": number, "remedy": remedy})


# fmt: off
CaseFileUnreadable = _kind("CaseFileUnreadable", 9100, "A file of cases is text in UTF-8.",
    "Save the file as UTF-8, where it can be read.")
CaseFileNotToml = _kind("CaseFileNotToml", 9101, "A file of cases is well-formed TOML.",
    "Correct the line; the cases of the example scheme show how one is written.")
CaseFieldUnknown = _kind("CaseFieldUnknown", 9102, "A case holds only what its rule takes.",
    "Correct the field's name, or take it out.")
CaseFieldMissing = _kind("CaseFieldMissing", 9103, "A case holds all that its rule needs.",
    "Add the field.")
CaseWithoutSource = _kind("CaseWithoutSource", 9104, "A case says where it was worked out.",
    'Add the source: source = "Example Act, explanatory note, table 1".')
CaseValueUnfit = _kind("CaseValueUnfit", 9105, "A value in a case is of the type its rule takes.",
    "Write the value in the form expected.")
CaseRuleUnknown = _kind("CaseRuleUnknown", 9106, "A case asks a rule that is known.",
    "Choose a known rule; a new one is a small function, with its name in the table.")
CaseExpectsUnknown = _kind("CaseExpectsUnknown", 9107, "A case expects something its rule finds.",
    "Expect one or more of the things named.")
CaseNamedTwice = _kind("CaseNamedTwice", 9108, "No two cases of a file have one name.",
    "Give each case a name of its own.")
CaseImpossible = _kind("CaseImpossible", 9109, "What a case gives is possible in its scheme.",
    "Correct what the sentence speaks of.")
# fmt: on


def run_cases(scheme: Scheme, folder: Path) -> list[CaseResult]:
    """Every case of a scheme's folder, run; or :class:`Refused` with every fault of the file."""
    if not (folder / CASES).exists():
        return []
    page = _Page(file=folder / CASES)
    results = [result for case in page.cases() if (result := page.run(case, scheme)) is not None]
    page.noted.sort(key=lambda fault: fault.line)
    refuse_if_any(page.noted)
    return results


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A case that was read without a fault."""

    at: int
    name: str
    source: str
    rule: CaseRule
    given: Mapping[str, Any]
    expected: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class _Page:
    """A file of cases while it is read: a fault is noted, and reading goes on."""

    file: Path
    text: str = ""
    noted: list[FaultyCase] = field(default_factory=list)

    def cases(self) -> Iterator[_Case]:
        """The cases that have no fault; what the others lack is noted."""
        said = self._said()
        for name in sorted(said.keys() - {"case"}):
            self._fault(CaseFieldUnknown, None, name, "[[case]]", name)
        listed = said.get("case", [])
        if not (isinstance(listed, list) and all(isinstance(each, dict) for each in listed)):
            self._fault(CaseValueUnfit, None, "case", "cases, each under [[case]]", listed)
            return
        names = [each.get("name") for each in listed]
        for at, each in enumerate(listed):
            before = len(self.noted)
            case = self._case(at, each)
            if each.get("name") in names[:at]:
                self._fault(CaseNamedTwice, at, "name", "a name of its own", each["name"])
            if case is not None and len(self.noted) == before:
                yield case

    def run(self, case: _Case, scheme: Scheme) -> CaseResult | None:
        """What comes of a case, or nothing where it asks the impossible."""
        found: dict[str, object] = {"accepted": True, "refusals": [], "in_force": True}
        said = []
        try:
            found |= case.rule.run(scheme, **case.given)
        except Refused as no:
            numbers = sorted({each.number for each in no.refusals})
            found |= {"accepted": False, "refusals": numbers}
            said = [str(no)]
        except NotInForce as no:
            found |= {"accepted": False, "in_force": False}
            said = [str(no)]
        except ValueError as no:
            self._fault(CaseImpossible, case.at, "given", "what agrees with itself", no)
            return None
        told = {name: found.get(name) for name in case.expected}
        wrong = [
            f"{name}: expected {_shown(value)}, found {_shown(told[name])}"
            for name, value in case.expected.items()
            if not _same(value, told[name])
        ]
        return CaseResult(
            name=case.name,
            source=case.source,
            line=self._line(case.at, "case"),
            passed=not wrong,
            expected=case.expected,
            found=told,
            message="\n".join([*wrong, *said] if wrong else []),
        )

    def _said(self) -> dict[str, Any]:
        try:
            self.text = self.file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
            return tomllib.loads(self.text, parse_float=Decimal)
        except (OSError, UnicodeDecodeError) as error:
            self._fault(CaseFileUnreadable, None, CASES, "text in UTF-8", error)
        except (ValueError, ArithmeticError, RecursionError) as error:
            at = re.search(r"at line (\d+)", str(error))
            line = int(at[1]) if at else self.text.rstrip().count("\n") + 1
            self._fault(CaseFileNotToml, None, CASES, "TOML", error, line=line)
        return {}

    def _case(self, at: int, said: dict[str, Any]) -> _Case | None:
        """A case in its shape: the rule it names says what it is given and what it expects."""
        self._head(at, said)
        asked, given, expected = (said.get(name) for name in ("rule", "given", "expected"))
        rule = RULES.get(str(asked))
        if rule is None and isinstance(asked, str):
            self._fault(CaseRuleUnknown, at, "rule", _near(asked, RULES), asked)
        if rule is None or not isinstance(given, dict) or not isinstance(expected, dict):
            return None
        known = (*rule.finds, *ALWAYS_FOUND)
        if not expected:
            self._fault(CaseExpectsUnknown, at, "expected", " or ".join(map(repr, known)))
        for name in sorted(expected.keys() - set(known)):
            self._fault(CaseExpectsUnknown, at, name, _near(name, known), name)
        values = self._given(at, rule, given)
        name, source = str(said.get("name")), str(said.get("source"))
        return _Case(at=at, name=name, source=source, rule=rule, given=values, expected=expected)

    def _head(self, at: int, said: dict[str, Any]) -> None:
        """The fields of every case: all there, none blank, and no other."""
        for name in sorted(said.keys() - _REQUIRED.keys()):
            self._fault(CaseFieldUnknown, at, name, _near(name, _REQUIRED), name)
        for name, kind in _REQUIRED.items():
            value = said.get(name)
            fits = isinstance(value, kind) and (kind is dict or str(value).strip() != "")
            if not fits and name == "source":
                self._fault(CaseWithoutSource, at, name, "where it was worked out", value)
            elif name not in said:
                self._fault(CaseFieldMissing, at, name, f"{name} = ...")
            elif not fits:
                form = "a table" if kind is dict else "a text"
                self._fault(CaseValueUnfit, at, name, form, _shown(value))

    def _given(self, at: int, rule: CaseRule, said: dict[str, Any]) -> dict[str, Any]:
        """What the function of the rule takes, each of its type."""
        hints = get_type_hints(rule.run)
        taken = [each for each in signature(rule.run).parameters.values() if each.name != "scheme"]
        needed = [each.name for each in taken if each.default is Parameter.empty]
        return self._fields(
            at, "given", said, {each.name: hints[each.name] for each in taken}, needed
        )

    def _fields(
        self, at: int, place: str, said: dict[str, Any], hints: Mapping[str, Any], needed: list[str]
    ) -> dict[str, Any]:
        for name in sorted(said.keys() - hints.keys()):
            self._fault(CaseFieldUnknown, at, f"{place}.{name}", _near(name, hints), name)
        for name in needed:
            if name not in said:
                self._fault(CaseFieldMissing, at, f"{place}.{name}", f"{name} = ...")
        return {
            name: self._value(at, f"{place}.{name}", hints[name], said[name])
            for name in hints
            if name in said
        }

    def _value(self, at: int, place: str, kind: Any, said: Any) -> Any:
        """A value of a type; nothing where a fault was noted."""
        origin, inner = get_origin(kind) or kind, get_args(kind)
        if origin in (Union, UnionType):
            (kind,) = (each for each in inner if each is not NoneType)
            return self._value(at, place, kind, said)
        if origin is tuple and isinstance(said, list):
            numbered = enumerate(said, start=1)
            return tuple(self._value(at, f"{place}[{n}]", inner[0], each) for n, each in numbered)
        if origin is Mapping and isinstance(said, dict):
            return {
                name: self._value(at, f"{place}.{name}", inner[1], each)
                for name, each in said.items()
            }
        if is_dataclass(origin) and origin not in _FORMS and isinstance(said, dict):
            return self._record(at, place, origin, said)
        try:
            return _plain(origin, inner, said)
        except ValueError:
            method = origin is Literal
            form = " or ".join(map(repr, inner)) if method else _FORMS.get(origin, "a table")
            self._fault(CaseValueUnfit, at, place, form, _shown(said))
            return None

    def _record(self, at: int, place: str, kind: Any, said: dict[str, Any]) -> Any:
        before = len(self.noted)
        needed = [each.name for each in fields(kind) if each.default is MISSING]
        values = self._fields(at, place, said, get_type_hints(kind), needed)
        if len(self.noted) > before:
            return None
        try:
            return kind(**values)
        except (ValueError, AssertionError) as error:
            reason = str(error).partition("\n")[0]
            self._fault(CaseImpossible, at, place, "what agrees with itself", reason)
            return None

    def _fault(
        self,
        kind: type[FaultyCase],
        at: int | None,
        place: str,
        form: str,
        found: object = None,
        *,
        line: int = 0,
    ) -> None:
        named = place if at is None else f"case {at + 1}, {place}"
        self.noted.append(
            kind(
                file=str(self.file),
                line=line or self._line(at, place),
                place=named,
                expected=form,
                found="nothing" if found is None else f"{found!s:.80}",
                reference="tonne.operations.case_rules",
            )
        )

    def _line(self, at: int | None, place: str) -> int:
        """The line of the last name of a place that is found in its case, or where that begins."""
        starts = [head.start() for head in _HEAD.finditer(self.text)]
        begin, end = 0, len(self.text)
        if at is not None and at < len(starts):
            begin, end = (*starts, end)[at : at + 2]
        names = re.sub(r"\[\d+\]", "", place).split(".")
        for name in reversed(names):
            sought = re.compile(rf"""(?<![\w-]){re.escape(name)}["']?[ \t]*[=\]]""")
            if found := sought.search(self.text, begin, end):
                begin = found.start()
                break
        return self.text.count("\n", 0, begin) + 1


def _plain(kind: Any, known: tuple[Any, ...], said: Any) -> Any:
    """A single value, exact and of its own kind: a truth is no number, an hour no day."""
    if kind is Tonnes:
        return Tonnes(_plain(Decimal, (), said))
    if kind is Gas and isinstance(said, str):
        try:
            return gas(said)
        except Refused as no:
            raise ValueError(said) from no
    if kind is Decimal and isinstance(said, str) and _NUMBER.fullmatch(said):
        return Decimal(said)
    if kind is Decimal and type(said) in (int, Decimal) and Decimal(said).is_finite():
        return Decimal(said)
    method = kind is Literal and any(type(said) is type(each) and said == each for each in known)
    if method or (type(said) is kind is not Decimal and not (kind is int and said < 0)):
        return said
    raise ValueError(said)


def _same(expected: Any, found: Any) -> bool:
    """Whether what a file says is what was found; a number may stand in a text."""
    if isinstance(expected, dict) and isinstance(found, Mapping):
        return expected.keys() == found.keys() and all(
            _same(expected[name], found[name]) for name in expected
        )
    if isinstance(expected, list) and isinstance(found, list | tuple):
        return len(expected) == len(found) and all(map(_same, expected, found))
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(found, Decimal) and isinstance(expected, str) and _NUMBER.fullmatch(expected):
        return Decimal(expected) == found
    return bool(expected == found)


def _shown(value: object) -> str:
    """A value as a sentence shows it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_shown(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_shown, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "nothing" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _near(name: str, known: Any) -> str:
    """A name that may have been meant, or all that there are."""
    return " or ".join(map(repr, get_close_matches(name, known, 1) or known))

"""The law of a scheme, read from its folder: the whole law, or every fault of it at once."""
# ruff: noqa: ANN401  what a file says may be anything, until it is read into its shape

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from tonne.refusal import Refusal, Refused, refuse_if_any
from tonne.rulebook import faults
from tonne.rulebook.dated import Clause, Dated, MonthDay
from tonne.rulebook.lines import Place, line_of

S = TypeVar("S")
Kind = type[faults.FaultyLaw]
_BYTES_MAX = 100_000  # No law is longer; to find each fault of a longer file would take minutes.
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_FORMS = {
    int: "a whole number",
    Decimal: 'a number, such as 0.5 or "40.00"',
    str: "a text",
    bool: "true or false",
    date: "a day, such as 2005-01-01",
    MonthDay: 'a month and a day, such as "04-30"',
    tuple: "a list",
    Dated: "clauses, each under the rule's name in [[ ]]",
}
_LACKING = {"start": faults.UndatedClause, "reference": faults.ClauseWithoutReference}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The law of one scheme by file name, and a fingerprint that any change of it changes."""

    name: str
    rules: Mapping[str, object]
    fingerprint: str


def load_all(folder: Path, shapes: Mapping[str, type]) -> Rulebook:
    """The law of a scheme's folder, or :class:`Refused` with the faults of all its files."""
    rules: dict[str, object] = {}
    refused: list[Refusal] = []
    mark = sha256()
    for name, shape in sorted(shapes.items()):
        try:
            text, rules[name] = _read(folder / name, shape)
            mark.update(f"{name}\0{text}\0".encode())
        except Refused as no:
            refused.extend(no.refusals)
    refuse_if_any(refused)
    return Rulebook(name=folder.resolve().name, rules=rules, fingerprint=mark.hexdigest())


def load(file: Path, shape: type[S]) -> S:
    """The law of one file in its shape, or :class:`Refused` with every fault of the file."""
    _, law = _read(file, shape)
    assert isinstance(law, shape)
    return law


def _read(file: Path, shape: type) -> tuple[str, object]:
    page = _Page(file=file, shape=shape)
    try:
        if (size := file.stat().st_size) > _BYTES_MAX:
            raise ValueError(f"{size:,} bytes; no law file has more than {_BYTES_MAX:,}")  # noqa: TRY301
        page = replace(page, text=file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
        return page.text, _law(file, shape, file.resolve().parent.name, page.text)
    except OSError as error:
        page.fault(faults.LawFileMissing, (), "a law file", error.strerror)
    except UnicodeDecodeError as error:
        page.fault(faults.LawFileNotText, (), "UTF-8", f"{error.reason} at byte {error.start}")
    except (ValueError, ArithmeticError, RecursionError) as error:
        at = re.search(r"at line (\d+)", str(error))
        line = int(at[1]) if at else page.text.rstrip().count("\n") + 1
        page.fault(faults.LawFileNotToml, (), "TOML", error, line)
    raise Refused(page.noted)


@lru_cache(maxsize=200)  # What says the same again is the same law, and is not read anew.
def _law(file: Path, shape: type, scheme: str, text: str) -> object:
    said = tomllib.loads(text, parse_float=Decimal)
    str(said)  # A number too long to be shown is refused here, as one too long to be read.
    return _Page(file=file, shape=shape, scheme=scheme, text=text, said=said).law()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A law file while it is read: a fault is noted, and reading goes on."""

    file: Path
    shape: type
    scheme: str = ""
    text: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    noted: list[faults.FaultyLaw] = field(default_factory=list)

    def law(self) -> object:
        """Every rule of the shape, and no other."""
        law = self.table(self.shape, self.said, ())
        self.noted.sort(key=lambda fault: fault.line)
        refuse_if_any(self.noted)
        return law

    def table(self, kind: Any, said: dict[str, Any], place: Place, **known: Any) -> Any:
        """A law, a clause or a table in its value: a dataclass, read field by field."""
        hints, values, before = get_type_hints(kind) | known, {}, len(self.noted)
        unknown = faults.UnknownField if place else faults.UnknownRule
        lacking = faults.MissingField if place else faults.MissingRule
        for name in sorted(said.keys() - hints.keys()):
            near = " or ".join(map(repr, get_close_matches(name, hints, 1) or hints))
            self.fault(unknown, (*place, name), f"perhaps {near}", name)
        for each in fields(kind):
            spot = (*place, each.name)
            if each.name in said:
                values[each.name] = self.value(hints[each.name], said[each.name], spot)
            elif each.default is MISSING:
                wrong = _LACKING.get(each.name, lacking) if kind is Clause else lacking
                form = f"{each.name} = ..." if place else f"[[{each.name}]]"
                self.fault(wrong, spot, form, line=line_of(self.text, place))
        try:
            return kind(**values) if len(self.noted) == before else None
        except (ValueError, AssertionError) as error:
            reason = str(error).partition("\n")[0]
            self.fault(faults.ImpossibleValue, place, "fields that agree", reason)
            return None

    def value(self, kind: Any, said: Any, place: Place) -> Any:
        """A value of the kind the shape asks for, or nothing where a fault was noted."""
        origin, inner = get_origin(kind) or kind, get_args(kind)
        tables = isinstance(said, list) and all(isinstance(each, dict) for each in said)
        if origin in (Union, UnionType):
            (kind,) = (each for each in inner if each is not NoneType)
            return self.value(kind, said, place)
        if origin is tuple and isinstance(said, list):
            return tuple(self.value(inner[0], each, (*place, n)) for n, each in enumerate(said))
        if origin is Dated and tables and said:
            return self.history(inner[0], said, place)
        if is_dataclass(origin) and origin not in _FORMS and isinstance(said, dict):
            return self.table(kind, said, place)
        try:
            return _plain(origin, inner, said)
        except ValueError:
            method, shown = origin is Literal, repr(said) if isinstance(said, str) else said
            form = " or ".join(map(repr, inner)) if method else _FORMS.get(origin, "a table")
            self.fault(faults.UnknownMethod if method else faults.WrongType, place, form, shown)
            return None

    def history(self, kind: Any, said: list[dict[str, Any]], place: Place) -> Dated[Any] | None:
        """All clauses of a rule, no two of one day; a blank reference is none."""
        before, days, law = len(self.noted), [each.get("start") for each in said], []
        for n, each in enumerate(said):
            blank = {"reference"} if not str(each.get("reference", "")).strip() else set()
            told = {name: each[name] for name in each.keys() - blank}
            law.append(self.table(Clause, told, (*place, n), value=kind))
            if days[n] is not None and days[n] in days[:n]:
                self.fault(faults.DoublyDatedClause, (*place, n, "start"), "another day", days[n])
        name = f"the rule {place[-1]!r} of {self.scheme!r}"
        return Dated(law, name=name) if len(self.noted) == before else None

    def fault(
        self, kind: Kind, place: Place, form: str, found: object = "nothing", line: int = 0
    ) -> None:
        """Note what is wrong, and where."""
        names = "".join(f"[{each + 1}]" if isinstance(each, int) else f".{each}" for each in place)
        self.noted.append(
            kind(
                file=str(self.file),
                line=line or line_of(self.text, place),
                rule=names.removeprefix(".") or self.file.stem,
                expected=form,
                found=f"{found!s:.80}",
                reference=f"{self.shape.__module__}.{self.shape.__qualname__}",
            )
        )


def _plain(kind: Any, known: tuple[Any, ...], said: Any) -> Any:
    """A single value, exact and of its own kind: a truth is no number, an hour no day."""
    if kind is MonthDay and isinstance(said, str):
        return MonthDay.parse(said)
    if kind is Decimal and isinstance(said, str) and _NUMBER.fullmatch(said):
        return Decimal(said)
    if kind is Decimal and type(said) in (int, Decimal) and Decimal(said).is_finite():
        return Decimal(said)
    method = kind is Literal and any(type(said) is type(each) and said == each for each in known)
    if method or type(said) is kind is not Decimal:
        return said
    raise ValueError(said)

"""Law for tests: that of the schemes that come with Tonne, and a small one to try things with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Literal, TypeVar

import pytest

from tonne.refusal import Refused
from tonne.rulebook import Dated, MonthDay, load

S = TypeVar("S")


def law_of(scheme: str, file: str, shape: type[S]) -> S:
    """The law in a file of a scheme that comes with Tonne."""
    with as_file(files("tonne") / "schemes" / scheme / file) as path:
        return load(path, shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    year: int
    share: Decimal
    method: Literal["table", "linear"] = "table"
    note: str | None = None

    def __post_init__(self) -> None:
        assert self.share <= 1, "a share is at most one"
        if self.year < 2005:
            raise ValueError(f"no scheme in {self.year}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    cap: Dated[int]
    factor: Dated[Decimal]
    currency: Dated[str]
    banking: Dated[bool]
    adopted: Dated[date]
    deadline: Dated[MonthDay]
    method: Dated[Literal["table", "linear"]]
    gases: Dated[tuple[str, ...]]
    step: Dated[Step]
    path: Dated[tuple[Step, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fine:
    penalty: Dated[Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    path: Dated[tuple[Step, ...]]


VALUES = {
    "cap": "100",
    "factor": '"0.022"',
    "currency": '"EUR"',
    "banking": "true",
    "adopted": "2003-10-13",
    "deadline": '"04-30"',
    "method": '"linear"',
    "gases": '["CO2", "N2O"]',
    "step": '{ year = 2005, share = 0.5, method = "linear", note = "first" }',
    "path": "[\n  { year = 2005, share = 1 },\n  { year = 2006, share = 0.5 },\n]",
}

Write = Callable[..., Path]
"""Writes the example law, with some of its rules changed, and says where it is."""


def clause(rule: str, value: str, start: str = "2005-01-01") -> str:
    """A clause as it stands in a law file."""
    return f'[[{rule}]]\nstart = {start}\nvalue = {value}\nreference = "Example Act, s. 1"\n\n'


def faults(file: Path, shape: type = Law) -> list[Any]:
    """Every fault of a law file."""
    with pytest.raises(Refused) as refused:
        load(file, shape)
    return list(refused.value.refusals)


def fault(file: Path, shape: type = Law) -> Any:  # noqa: ANN401  one of many kinds
    """The only fault of a law file."""
    (only,) = faults(file, shape)
    return only


def line(file: Path, text: str) -> int:
    """The line on which a text stands for the first time."""
    return file.read_text().partition(text)[0].count("\n") + 1

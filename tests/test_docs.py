"""The documents are true to the house: links, commands, names and figures in them are checked."""

import csv
import doctest
import re
import shlex
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import cache, reduce
from importlib import import_module
from inspect import isfunction, signature
from io import StringIO
from pathlib import Path

import pytest

from tonne import operations
from tonne.cli import main
from world import NewDatabase

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "src" / "tonne"
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("README.md")]
)
PACKAGES = {path.parent.name for path in HOUSE.glob("*/__init__.py")} | {"refusal", "working_days"}

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`]+)`")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_NAME = re.compile(rf"({'|'.join(sorted(PACKAGES))})((?:\.[A-Za-z_]+)+)")
_PATH = re.compile(r"(src|tests|docs|bench|requirements)/[\w./-]+")


def modules() -> Iterator[tuple[str, str]]:
    """The name of each module of the house, and its text."""
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE.parent).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        yield name, path.read_text("utf-8")


def each(pages: list[Path]) -> pytest.MarkDecorator:
    """One test for each page, which is named by where it lies."""
    return pytest.mark.parametrize("page", pages, ids=[str(p.relative_to(ROOT)) for p in pages])


# Links and names.


@each(PAGES)
def test_every_link_leads_to_something(page: Path) -> None:
    broken = [link for link in links(page) if not leads_somewhere(page, link)]
    assert not broken


@each(PAGES)
def test_every_path_that_is_named_is_there(page: Path) -> None:
    named = [span for span in spans(page) if _PATH.fullmatch(span)]
    named += [found[0] for _, text in fences(page) for found in _PATH.finditer(text)]
    assert not [path for path in named if not (ROOT / path).exists()]


@each(PAGES)
def test_every_name_of_the_code_is_in_the_code(page: Path) -> None:
    named = [found for span in spans(page) if (found := _NAME.fullmatch(span)) is not None]
    names = [found for found in named if found[2] != ".toml"]
    assert not [found[0] for found in names if not in_the_code(found[1], found[2])]


@each(PAGES)
def test_every_test_that_is_named_exists(page: Path) -> None:
    named = [span for span in spans(page) if re.fullmatch(r"test_\w+", span)]
    assert not [name for name in named if f"def {name}(" not in code("tests")]


def test_every_threat_is_stopped_by_what_a_test_shows() -> None:
    stopped, _, left = (ROOT / "docs/threats.md").read_text("utf-8").partition("## What is not")
    rows = [row for row in stopped.split("\n## What happened")[1].splitlines() if row[:1] == "|"]
    threats = [row for row in rows if set(row) - set("|- ") and "stopped by" not in row]
    assert len(threats) > 30
    assert not [row for row in threats if not re.search(r"`test_\w+`", row)]
    assert "`test_" not in left


@each(PAGES)
def test_every_setting_that_is_named_is_read_somewhere(page: Path) -> None:
    named = set(re.findall(r"TONNE_[A-Z_]+", page.read_text("utf-8")))
    assert not [name for name in named if name not in code("src") + code("tests")]


# Commands and examples.


@pytest.mark.parametrize("module", [name for name, text in modules() if ">>> " in text])
def test_every_example_of_the_code_comes_to_what_it_says(module: str) -> None:
    wrong, tried = doctest.testmod(import_module(module))
    assert tried
    assert not wrong


@each(PAGES)
def test_every_target_of_make_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {found[1] for line in commands(page) if (found := re.match(r"make ([a-z]+)", line))}
    assert named <= targets


@each([page for page in PAGES if "tonne " in page.read_text("utf-8")])
def test_every_command_and_option_exists(page: Path) -> None:
    for line in commands(page):
        if not line.startswith("tonne "):
            continue
        told = help_of(tuple(command_words(line)))
        assert told is not None, line
        lacking = {word for word in re.findall(r"(?<!\S)--[a-z-]+", line) if f"{word} " not in told}
        assert not lacking, line


def test_the_tour_runs_as_it_is_written(
    new_database: NewDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TONNE_SCHEME", "example")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("TONNE_DATABASE", raising=False)
    said: dict[str, str] = {}
    with new_database() as address:
        monkeypatch.setenv("TONNE_DATABASE_URL", address)
        for line in tour():
            words = shlex.split(line.replace("/tmp/", f"{tmp_path}/"))  # noqa: S108  its words
            if words[0] == "printf":
                Path(words[-1]).write_text(words[1].replace("\\n", "\n"), encoding="utf-8")
                continue
            assert main(words[1:]) == 0, line
            said[words[1]] = capsys.readouterr().out
    assert len([line for line in tour() if line.startswith("tonne ")]) == 10
    for command, sentence in told_of_the_tour():
        assert said[command].startswith(sentence)


def test_a_command_that_does_not_exist_is_noticed() -> None:
    assert main(["account", "abolish", "--help"]) != 0


# Figures and pictures.


def test_the_figures_of_the_replay_are_those_that_were_published() -> None:
    with (HOUSE / "schemes/eu_ets/history/totals_by_year.csv").open(encoding="utf-8") as file:
        published = {
            (row["year"], row["kind"]): (row["alloc_total"], row["verified"], row["surrendered"])
            for row in csv.DictReader(file)
        }
    rows = re.findall(
        r"^  (20\d\d)( aircraft)? +[\d,]+ +([\d,]+) +([\d,]+) +([\d,]+)",
        (ROOT / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert len(rows) >= 4
    for year, aircraft, *figures in rows:
        shown = tuple(figure.replace(",", "") for figure in figures)
        assert shown == published[year, "aircraft" if aircraft else "installation"]


def test_the_picture_of_the_imports_is_the_contract_of_the_imports() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = {each["id"]: each for each in settings["tool"]["importlinter"]["contracts"]}
    drawn = section("ARCHITECTURE.md", "Who may import whom")
    picture = [line.strip().replace("│", "|") for line in _FENCE.findall(drawn)[0][1].splitlines()]
    assert picture == contracts["house"]["layers"]


def test_every_package_has_its_row_and_no_other_has() -> None:
    rows = section("ARCHITECTURE.md", "Packages under `src/tonne/`")
    named = set(re.findall(r"^\| `(\w+)`", rows, re.MULTILINE))
    assert named == PACKAGES


def test_every_operation_is_told_in_the_architecture() -> None:
    told = {span.removeprefix("operations.") for span in spans(ROOT / "ARCHITECTURE.md")}
    ours = {
        name
        for name in operations.__all__
        if isfunction(found := getattr(operations, name))
        and {"books", "desk"} <= signature(found).parameters.keys()
    }
    assert "close_year" in ours
    assert not ours - told


# Forms.


@each(PAGES)
def test_every_piece_of_law_can_be_read(page: Path) -> None:
    for language, text in fences(page):
        if language == "toml":
            assert tomllib.loads(text)


@each(PAGES)
def test_a_page_has_one_title_and_no_line_runs_on(page: Path) -> None:
    prose = _FENCE.sub("", page.read_text("utf-8"))
    assert len(re.findall(r"^# ", prose, re.MULTILINE)) == 1
    long = [line for line in prose.splitlines() if len(line) > 120 and not line.startswith("|")]
    assert not long


def test_the_changes_are_told_under_three_headings() -> None:
    told = _HEADING.findall((ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert told[1:5] == ["Unreleased", "Safety and performance", "Features", "Internals"]


def test_the_decisions_are_numbered_without_a_gap() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


@each(DECISIONS)
def test_a_decision_says_what_and_why_and_what_else(page: Path) -> None:
    title, *parts = _HEADING.findall(_FENCE.sub("", page.read_text("utf-8")))
    assert title.startswith(f"{page.name[:4]} ")
    assert [part for part in parts if part in FOUR] == FOUR


FOUR = ["Context", "Decision", "Consequences", "Alternatives"]


# What a page says.


def links(page: Path) -> list[str]:
    """Every link that does not leave this repository."""
    found = _LINK.findall(_FENCE.sub("", page.read_text("utf-8")))
    return [link for link in found if not re.match(r"https?://|mailto:", link)]


def leads_somewhere(page: Path, link: str) -> bool:
    """Whether there is such a file, and in it such a heading."""
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(page: Path) -> set[str]:
    """The headings of a page as links write them."""
    headings = _HEADING.findall(_FENCE.sub("", page.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@cache
def fences(page: Path) -> list[tuple[str, str]]:
    """Every block of code: its language and its text."""
    return _FENCE.findall(page.read_text("utf-8"))


@cache
def spans(page: Path) -> list[str]:
    """Every piece of code within a sentence, on one line."""
    prose = _FENCE.sub("", page.read_text("utf-8"))
    return [" ".join(span.split()) for span in _SPAN.findall(prose)]


def commands(page: Path) -> Iterator[str]:
    """Every command that a page quotes."""
    for span in spans(page):
        if span.startswith(("tonne ", "make ")):
            yield span
    for language, text in fences(page):
        if language == "sh":
            yield from (line.partition(" #")[0].strip() for line in text.splitlines())


def command_words(line: str) -> Iterator[str]:
    """The words that name a command, without what it is told: ``account open``."""
    for word in line.split()[1:]:
        if not re.fullmatch(r"[a-z][a-z-]*", word):
            return
        yield word


@cache
def help_of(words: tuple[str, ...]) -> str | None:
    """What a command says of itself, if there is such a command."""
    with pytest.MonkeyPatch.context() as settings, redirect_stdout(StringIO()) as told:
        settings.setenv("COLUMNS", "300")
        return told.getvalue() if main([*words, "--help"]) == 0 else None


def tour() -> list[str]:
    """The lines of the tour that do something."""
    text = section("README.md", "A tour in ten commands")
    (_, lines) = _FENCE.findall(text)[0]
    return [line for line in lines.splitlines() if line.startswith(("tonne ", "printf "))]


def told_of_the_tour() -> list[tuple[str, str]]:
    """What README says that commands of the tour say."""
    text = section("README.md", "A tour in ten commands")
    rows: list[tuple[str, str]] = re.findall(r"^\| `tonne (\w+)` \| (.+) \|$", text, re.MULTILINE)
    assert rows
    return rows


def section(name: str, heading: str) -> str:
    """What stands on a page under a heading of the second rank."""
    parts = re.split(r"^## (.+)$", (ROOT / name).read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]


def in_the_code(package: str, rest: str) -> bool:
    """Whether a package's front door leads to a name; a field of a record is one too."""
    try:
        reduce(getattr, rest[1:].split("."), import_module(f"tonne.{package}"))
    except AttributeError:
        return False
    return True


@cache
def code(folder: str) -> str:
    """All that is written in the modules of a folder."""
    return "\n".join(path.read_text("utf-8") for path in (ROOT / folder).rglob("*.py"))

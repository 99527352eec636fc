"""The house keeps its own rules: what can be measured in the style guide is measured here."""

import ast
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "src" / "tonne"
TESTS = ROOT / "tests"

EMPTY_NAMES = {
    "utils", "common", "helpers", "core", "models", "services", "managers", "repositories",
    "events", "exceptions", "constants", "workflow", "policy_engine", "blockchain",
}  # fmt: skip
PURE = ("quantity", "ledger", "rulebook", "registry", "supply", "mrv", "compliance", "linking")
CORE = ("refusal", "working_days", *PURE, "market", "people", "operations", "signin")
LINES = {"quantity": 450, "rulebook": 400, "ledger": 810}

OURS = sorted(HOUSE.rglob("*.py"))
MODULES = [*OURS, *sorted(TESTS.rglob("*.py"))]
TEST_MODULES = sorted(TESTS.rglob("test_*.py"))
CORE_MODULES = [path for path in OURS if path.relative_to(HOUSE).parts[0].split(".")[0] in CORE]

Function = ast.FunctionDef | ast.AsyncFunctionDef

# What speaks to other machines, or lets them speak to it: what the house calls of its own stands in
# these modules alone, each told in docs/security.md.
NETWORK = {
    "socket", "ssl", "smtplib", "ftplib", "http.client", "http.server", "urllib.request",
    "socketserver", "xmlrpc", "requests", "httpx", "aiohttp", "authlib", "uvicorn",
}  # fmt: skip
SPEAKERS = {"abroad", "carrying", "posting", "serve", "serving", "telling"}

# A string that is a statement of SQL begins like one.
SQL = re.compile(
    r"\s*(select\b.*\bfrom|with\s+(recursive\s+)?\w+.*\bas\s*(not\s+materialized\s*)?\(|"
    r"insert\s+into|update\s+\S+\s+(as\s+)?(\w+\s+)?set|delete\s+from|truncate\s|"
    r"copy\s+\S+.*\b(from|to)\s+std|(create|alter|drop)\s+(table|view|index|function|schema|role))",
    re.IGNORECASE | re.DOTALL,
)
# The letters in brackets keep this file from finding itself.
ELSEWHERE = re.compile(
    r"py[p]i\.|pythonh[o]sted|np[m]js|d[e]b\.debian|"
    r"(^|[^A-Za-z0-9_.])/(w[o]rk|f[a]rm|r[o]ot|h[o]me|U[s]ers)/"
)


def each(paths: list[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """One test for all the files, which names by where it lies each that is not as it should be."""

    def over(test: Callable[[Path], None]) -> Callable[[], None]:
        def whole() -> None:
            faults = {}
            for path in paths:
                try:
                    test(path)
                except AssertionError as fault:
                    faults[str(path.relative_to(ROOT))] = str(fault)
            assert not faults, "\n".join(f"{name}: {fault}" for name, fault in faults.items())

        whole.__name__, whole.__doc__ = test.__name__, test.__doc__
        return whole

    return over


@each(MODULES)
def test_a_module_is_named_for_what_is_in_it(path: Path) -> None:
    names = {path.stem, *path.relative_to(ROOT).parts[:-1]}
    assert not names & EMPTY_NAMES


@each(MODULES)
def test_a_module_says_in_its_first_line_what_it_is_for(path: Path) -> None:
    module = nodes(path)[0]
    assert isinstance(module, ast.Module)
    assert ast.get_docstring(module), "a module begins with its docstring"


@each(MODULES)
def test_a_module_fits_in_one_sitting(path: Path) -> None:
    """A front door is a list of names that nobody reads from end to end: it may be longer."""
    assert lines(path) <= (600 if path.name == "__init__.py" else 400)


@each(MODULES)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    functions = [node for node in nodes(path) if isinstance(node, Function)]
    long = [f"line {node.lineno}: {node.name}" for node in functions if length(node) > 70]
    assert not long


@each(MODULES)
def test_a_package_is_at_most_two_folders_deep(path: Path) -> None:
    inside = HOUSE if path.is_relative_to(HOUSE) else TESTS
    assert len(path.relative_to(inside).parts) - 1 <= 2


@each(MODULES)
def test_another_package_is_entered_by_the_front_door(path: Path) -> None:
    assert not list(back_doors(path))


@each(CORE_MODULES)
def test_no_float_is_in_the_core(path: Path) -> None:
    floats = [
        f"line {node.lineno}"
        for node in nodes(path)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]
    assert not floats


@each(CORE_MODULES)
def test_the_core_reads_no_clock_and_takes_no_chance(path: Path) -> None:
    banned = {"random", "secrets", "time", "uuid"}
    found = [f"line {line}: {name}" for line, name, _ in imports(path) if name in banned]
    found += [
        f"line {node.lineno}: {node.attr}"
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}
        if ast.unparse(node.value).split(".")[-1] in {"datetime", "date"}
    ]
    assert not found


@each([path for path in OURS if not path.is_relative_to(HOUSE / "store")])
def test_only_the_store_speaks_sql(path: Path) -> None:
    spoken = [f"line {line}" for line, text in strings(path) if SQL.match(text)]
    assert not spoken


@each([path for path in OURS if path not in {HOUSE / "cli" / f"{name}.py" for name in SPEAKERS}])
def test_nothing_calls_home_by_itself(path: Path) -> None:
    assert not {name for name in imported(path) if any(_within(name, each) for each in NETWORK)}


@pytest.mark.parametrize("name", sorted(SPEAKERS))
def test_who_may_speak_to_other_machines_does(name: str) -> None:
    found = imported(HOUSE / "cli" / f"{name}.py")
    assert any(_within(module, each) for module in found for each in NETWORK)


def imported(path: Path) -> set[str]:
    """The modules that a file imports, each with what it takes from them."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{each.name}" for each in node.names}
    return found


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("package", LINES)
def test_a_small_package_stays_within_its_lines(package: str) -> None:
    assert sum(map(lines, (HOUSE / package).rglob("*.py"))) <= LINES[package]


def test_the_pure_packages_together_stay_within_their_lines() -> None:
    assert sum(lines(path) for name in PURE for path in (HOUSE / name).rglob("*.py")) <= 15450


def test_the_market_stays_within_its_lines() -> None:
    assert sum(lines(path) for path in (HOUSE / "market").rglob("*.py")) <= 7800


def test_the_people_stay_within_their_lines() -> None:
    assert sum(lines(path) for path in (HOUSE / "people").rglob("*.py")) <= 1750


@each(TEST_MODULES)
def test_the_name_of_a_test_is_a_sentence(path: Path) -> None:
    names = [node.name for node in nodes(path) if isinstance(node, Function)]
    short = [name for name in names if name.startswith("test_") and name.count("_") < 4]
    assert not short


def test_no_two_test_modules_have_the_same_name() -> None:
    names = Counter(path.name for path in TEST_MODULES)
    assert not [name for name, times in names.items() if times > 1]


def test_no_file_names_a_registry_host_or_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if ELSEWHERE.search(line)
    ]
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "select account, count\n  from holding",
        "\n    insert into movement values (1)",
        "with moved as (select 1) select 2",
        "update holding set count = 1",
        "create table movement ()",
    ],
)
def test_a_statement_of_sql_is_known_by_how_it_begins(text: str) -> None:
    assert SQL.match(text)


@pytest.mark.parametrize(
    "text",
    ["Select a file.", "Update the report and send it", "With care", "Copy the file", "from"],
)
def test_a_sentence_for_people_is_not_taken_for_sql(text: str) -> None:
    assert not SQL.match(text)


def length(node: Function) -> int:
    """Lines from ``def`` to the end."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def lines(path: Path) -> int:
    """All lines of a file: a blank one and a comment are read too."""
    return source(path).count("\n")


def back_doors(path: Path) -> Iterator[str]:
    """Imports of another package's inner module or private name."""
    home = path.relative_to(HOUSE if path.is_relative_to(HOUSE) else TESTS).parts[0]
    for line, module, names in imports(path):
        house, *rooms = module.split(".")
        inner = len(rooms) > 1 or any(name.startswith("_") for name in names)
        if house == "tonne" and rooms and inner and rooms[0] != home:
            yield f"line {line}: use the front door of {rooms[0]}"


def imports(path: Path) -> Iterator[tuple[int, str, list[str]]]:
    """Line, module, and what is taken from it."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "", [alias.name for alias in node.names]


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every string that is not a docstring."""
    told = {id(node.value) for node in nodes(path) if isinstance(node, ast.Expr)}
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def texts() -> Iterator[tuple[Path, str]]:
    """Every file that is kept, or would be, and can be read as text."""
    listing = [
        "git",
        "-C",
        str(ROOT),
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    kept = subprocess.run(listing, capture_output=True, check=False, text=True)
    names = kept.stdout.split("\0") if kept.returncode == 0 else []
    for path in [ROOT / name for name in names if name] or MODULES:
        try:
            yield path, path.read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue


@cache
def source(path: Path) -> str:
    """The text of a module."""
    return path.read_text("utf-8")


@cache
def nodes(path: Path) -> list[ast.AST]:
    """What Python makes of a module: the module itself, and all that is in it."""
    return list(ast.walk(ast.parse(source(path))))


@pytest.fixture(autouse=True, scope="module")
def _forgotten() -> Iterator[None]:
    """All nodes of all modules are millions: they are not kept beside the tests that follow."""
    yield
    nodes.cache_clear()

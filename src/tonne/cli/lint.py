"""Every fault of a scheme's law, by file and line, before anybody is bound by it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from tonne.cli import show
from tonne.cli.errand import folder_of
from tonne.cli.failures import SHOWN_MAX, THEIRS, complain_of_more, reader_of_terminal
from tonne.cli.options import PLAIN, Call, command
from tonne.languages import told
from tonne.operations import (
    CALENDAR,
    COUNTED,
    Scheme,
    cases,
    instrument_faults,
    load_scheme,
    scheme_names,
    schemes_folder,
)
from tonne.refusal import Refusal, Refused
from tonne.registry import DayRules
from tonne.rulebook import NotInForce, clauses

app = typer.Typer()


@command(app, options=PLAIN)
def lint(
    call: Call,
    *,
    scheme: Annotated[
        str | None,
        typer.Argument(metavar="[NAME|FOLDER]", help="Which scheme; all of ours if not said."),
    ] = None,
) -> None:
    """Find every fault in the law of a scheme: undated clauses, unknown rules, failing cases.

    Example: tonne lint schemes/my_country
    """
    folders = [folder_of(scheme)] if scheme else [schemes_folder() / n for n in scheme_names()]
    faults = [fault for folder in folders for fault in _faults(folder)]
    if call.as_json:
        data = [_as_data(each) if isinstance(each, Refusal) else each for each in faults]
        show.as_json({"ok": not faults, "schemes": [f.name for f in folders], "faults": data})
    elif faults:
        for fault in faults[:SHOWN_MAX]:
            show.complain(_as_text(fault))
        complain_of_more(len(faults))
        show.complain(f"{show.some(len(faults), 'fault')}.")
    else:
        names = " and ".join(folder.name for folder in folders)
        show.tell(f"No fault in the law of {names}.", hint="tonne scheme show NAME")
    if faults:
        raise typer.Exit(THEIRS)


Fault = dict[str, object]


def _faults(folder: Path) -> Iterator[Fault | Refusal]:
    try:
        scheme = load_scheme(folder)
        contradictions = [*_contradictions(scheme, folder), *_uncounted(scheme, folder)]
        yield from contradictions or _undeliverable(scheme, folder)
        yield from _failed_cases(scheme, folder)
    except Refused as refused:
        yield from refused.refusals


def _uncounted(scheme: Scheme, folder: Path) -> Iterator[Fault]:
    """Law that counts working days where no calendar says which they are."""
    for name in COUNTED:
        if name in scheme.laws and CALENDAR not in scheme.laws:
            message = f"its days are working days, and there is no {CALENDAR}"
            yield {"file": str(folder / name), "line": 1, "message": message}


def _undeliverable(scheme: Scheme, folder: Path) -> Iterator[Fault]:
    """What is traded though the registry could not deliver it."""
    file = folder / instrument_faults.FILE
    for code, message in dict.fromkeys(instrument_faults.found_in(scheme)):
        lines = file.read_text("utf-8").splitlines()
        named = [place for place, line in enumerate(lines, 1) if f'code = "{code}"' in line]
        yield {"file": str(file), "line": min(named, default=1), "message": message}


def _failed_cases(scheme: Scheme, folder: Path) -> Iterator[Fault]:
    """Worked examples that the law, as it is written here, does not give."""
    for case in cases.run_cases(scheme, folder):
        if not case.passed:
            message = f"{case.name}: {case.message} (source: {case.source})"
            yield {"file": str(folder / cases.CASES), "line": case.line, "message": message}


def _as_data(refusal: Refusal) -> Fault:
    """A fault of a file for programs: the place stands in facts of its own."""
    message = _without_place(refusal, str(refusal))
    more = {"message": message, "number": refusal.number, "remedy": refusal.remedy}
    return {**refusal.facts(), **more}


def _as_text(fault: Fault | Refusal) -> str:
    """A fault for people: the place, the number of the rule, and what is wrong."""
    if not isinstance(fault, Refusal):
        return f"{fault['file']}:{fault['line']}: {fault['message']}"
    said = told(fault, reader_of_terminal()).sentence
    facts = fault.facts()
    return (
        f"{facts.get('file')}:{facts.get('line')}: [{fault.number}] {_without_place(fault, said)}"
    )


def _without_place(refusal: Refusal, said: str) -> str:
    """A sentence without file and line, which stand before it."""
    facts = refusal.facts()
    if "line" not in facts or str(facts.get("file")) not in said:
        return said
    return said.partition(str(facts["file"]))[2].partition(": ")[2]


def _contradictions(scheme: Scheme, folder: Path) -> Iterator[Fault]:
    """Tables of the registry that do not fit each other on some day."""
    last = ""
    for day in sorted({clause.start for _, clause in clauses(scheme.registry)}):
        try:
            DayRules.on(scheme.registry, day)
        except NotInForce:
            continue
        except ValueError as fault:
            said = str(fault).partition(": ")[2]
            if said != last:
                yield {"file": str(folder / "scheme.toml"), "line": 1, "message": str(fault)}
            last = said

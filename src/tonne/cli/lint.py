"""Every fault of a scheme's law, by file and line, before anybody is bound by it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from tonne.cli import show
from tonne.cli.errand import folder_of
from tonne.cli.failures import SHOWN_MAX, THEIRS
from tonne.cli.options import PLAIN, Call, command
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
        show.as_json({"ok": not faults, "schemes": [f.name for f in folders], "faults": faults})
    elif faults:
        for fault in faults[:SHOWN_MAX]:
            show.complain(f"{fault['file']}:{fault['line']}: {fault['message']}")
        if len(faults) > SHOWN_MAX:
            show.complain(f"and {len(faults) - SHOWN_MAX:,} more; --json lists them all")
        show.complain(f"{show.some(len(faults), 'fault')}.")
    else:
        names = " and ".join(folder.name for folder in folders)
        show.tell(f"No fault in the law of {names}.", hint="tonne scheme show NAME")
    if faults:
        raise typer.Exit(THEIRS)


Fault = dict[str, object]


def _faults(folder: Path) -> Iterator[Fault]:
    try:
        scheme = load_scheme(folder)
        contradictions = [*_contradictions(scheme, folder), *_uncounted(scheme, folder)]
        yield from contradictions or _undeliverable(scheme, folder)
        yield from _failed_cases(scheme, folder)
    except Refused as refused:
        for each in refused.refusals:
            told = {"message": _message(each), "number": each.number, "remedy": each.remedy}
            yield {**each.facts(), **told}


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


def _message(refusal: Refusal) -> str:
    """The sentence without its place, which stands before it."""
    facts = refusal.facts()
    place = f"{facts.get('file')}:{facts.get('line')}: "
    return f"[{refusal.number}] {str(refusal).removeprefix(place)}"


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

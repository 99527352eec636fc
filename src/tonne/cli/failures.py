"""How a failure is told, and whose it was: 2 where the caller can mend it, 1 where we must.

A command that compares ends with 3 where something differs: that is an answer, and no failure.
"""

import os
import traceback
from datetime import UTC

from typer import Abort, TyperException

from tonne.cli import show
from tonne.languages import LANGUAGES, Reading, of_terminal, told, worded
from tonne.operations import LawNotInForce
from tonne.refusal import Refusal, Refused
from tonne.registry import Answer
from tonne.rulebook import NotInForce

THEIRS, OURS, DIFFERS, STOPPED = 2, 1, 3, 130
"""Exit codes; a command that compares says with its own that something differs."""

SHOWN_MAX = 100
"""So many refusals of one request are shown to a person; programs get them all."""


class UserFault(Exception):  # noqa: N818  it is the caller's, and can be mended
    """What the caller asked for cannot be done, for a reason that is no rule of the scheme."""

    def __init__(self, what: str, *, remedy: str) -> None:
        """What is wrong, and what to do."""
        self.what, self.remedy = what, remedy
        super().__init__(what)


class Unanswered(Exception):  # noqa: N818  the answer did not come
    """The server of the books does not answer, or does not let us in."""


class RefusedInRehearsal(Refused):
    """A dry run that was refused, with what every check said."""

    def __init__(self, refused: Refused, checks: list[Answer]) -> None:
        """The refusals as they came."""
        self.checks = checks
        super().__init__(refused.refusals)


def tell(fault: Exception, *, as_json: bool) -> int:
    """Say what went wrong, to a person or to a program; the exit code."""
    if os.environ.get("TONNE_DEBUG"):
        traceback.print_exception(fault)
    if isinstance(fault, NotInForce):
        fault = Refused([LawNotInForce(reference=fault.reference, asked=str(fault))])
    if isinstance(fault, Refused):
        _tell_refused(fault, as_json=as_json)
        return THEIRS
    if isinstance(fault, Abort):
        return STOPPED
    if isinstance(fault, TyperException) and not fault.format_message():
        return THEIRS  # Nothing was asked, and help was shown.
    title, what, remedy, code = _said(fault)
    if as_json:
        show.as_json({"title": title, "detail": what, "remedy": remedy})
    else:
        show.complain(f"{what}\n  remedy: {remedy}" if remedy else what)
    return code


def _said(fault: Exception) -> tuple[str, str, str, int]:
    """A title, what is wrong, what to do, and the exit code."""
    if isinstance(fault, UserFault):
        return "Not possible", fault.what, fault.remedy, THEIRS
    if isinstance(fault, Unanswered):
        remedy = "See that the server runs, and that the address in TONNE_DATABASE_URL is right."
        # A server that says no has heard an address that is wrong; from no answer nobody can tell.
        return "No answer", str(fault), remedy, THEIRS if "FATAL:" in str(fault) else OURS
    if isinstance(fault, TyperException):
        context = getattr(fault, "ctx", None)
        path = "tonne" if context is None else context.command_path
        said = fault.format_message().replace("Value error, ", "")
        return "Wrong usage", said, f"See {path} --help.", THEIRS
    what = f"{type(fault).__name__}: {fault}".strip()
    remedy = "This is not your fault. TONNE_DEBUG=1 shows where it happened."
    return "Our fault", what, remedy, OURS


def _tell_refused(refused: Refused, *, as_json: bool) -> None:
    checks = refused.checks if isinstance(refused, RefusedInRehearsal) else None
    if as_json:
        found: dict[str, object] = {
            "title": "Refused",
            "refusals": [each.as_dict() for each in refused.refusals],
        }
        if checks is not None:
            found |= {"dry_run": True, "checks": show.checks_as_data(checks)}
        show.as_json(found)
        return
    if checks:
        show.tables(show.checks_as_table(checks))
    reader = reader_of_terminal()
    for each in refused.refusals[:SHOWN_MAX]:
        show.complain(_sentence(each, reader))
    complain_of_more(len(refused.refusals))
    show.complain(worded("Refused; nothing was written.", reader.language))


def complain_of_more(count: int) -> None:
    """Say to a person of how many refusals the rest is not shown."""
    if count > SHOWN_MAX:
        reader = reader_of_terminal()
        said = worded("and {} more; --json lists them all", reader.language)
        show.complain(said.replace("{}", reader.count(count - SHOWN_MAX)))


def reader_of_terminal() -> Reading:
    """Who reads what a command refuses: in the language that the terminal is set to."""
    language = LANGUAGES[of_terminal(os.environ)]
    return Reading(language=language, digits=language.digits, calendar=language.calendar, zone=UTC)


def _sentence(refusal: Refusal, reader: Reading) -> str:
    said = told(refusal, reader)
    rule, remedy = (worded(each, reader.language) for each in ("rule", "remedy"))
    first = f"[{refusal.number}] {said.sentence}"
    return f"{first}\n  {rule}: {refusal.reference}\n  {remedy}: {said.remedy}"

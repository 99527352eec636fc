"""The letters of a registry: its keys, who signed what, and what was refused."""

from tonne import operations
from tonne.cli import evidence
from tonne.cli.errand import errand
from tonne.cli.keys import NewFile, OldFile, tell_pair
from tonne.cli.log_letters import About
from tonne.cli.options import PLAIN, Call, command
from tonne.cli.registry import app

__all__ = ["app"]


@command(app, options=PLAIN)
def key(call: Call, *, to: NewFile = None, of: OldFile = None) -> None:
    """Make a pair of keys for a registry, or say the public half of one.

    Example: tonne registry key --to at.key
    """
    tell_pair(call, to, of)


@command(app)
def letters(call: Call, *, about: About) -> None:
    """Tell what the log signed about something, so that anybody can check it.

    Example: tonne registry letters --about AT-17 --json
    """
    with errand(call) as at:
        ours = at.ask(operations.linked)
        found = at.ask(lambda books: books.evidence(about, here=ours.code))
        finding, data, tables = evidence.tell_letters(about, found)
        at.tell(finding, *tables, data=data, hint="tonne log verify --help")


@command(app)
def refused(call: Call) -> None:
    """List which letters this registry refused and why.

    Example: tonne registry refused
    """
    with errand(call) as at:
        written, strangers = at.ask(lambda books: (books.written(), books.strangers()))
        finding, data, tables = evidence.tell_refused(written, strangers)
        at.tell(finding, *tables, data=data)

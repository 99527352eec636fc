"""The log between registries: named, told of its registries, served, asked, set right."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, TypeVar

import typer

from tonne import operations
from tonne.cli import show
from tonne.cli.carrying import Contact
from tonne.cli.errand import a_block
from tonne.cli.failures import DIFFERS, UserFault
from tonne.cli.keys import KeyFile, read_key
from tonne.cli.opening import USUAL_LOG, books_login, open_log
from tonne.cli.options import BOOKS, Call, command
from tonne.cli.serving import serve
from tonne.cli.waiting import patience
from tonne.linking import Letter, Patience, Place, PrivateKey, PublicKey, Signed
from tonne.operations import Hearing, LogBooks, Seen
from tonne.store import Bell, LogStore

T = TypeVar("T")
app = typer.Typer(
    no_args_is_help=True, help="Keep the log through which registries exchange units."
)
Registry = Annotated[str, typer.Option("--registry", metavar="CODE", help="Which registry.")]


def _said_why(reason: str) -> str:
    """A reason that says something."""
    if not reason.strip():
        raise UserFault("Why? A reason is kept.", remedy="Say it: --reason 'ruling 7'.")
    return reason


Reason = Annotated[str, typer.Option("--reason", help="Why, for the record.", callback=_said_why)]
Port = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="Where it listens, on this machine only.")
]
_YEAR = 365 * 24 * 3600
Within = Annotated[
    int | None,
    typer.Option(
        "--within", metavar="SECONDS", min=1, max=_YEAR, help="So long an answer is waited for."
    ),
]


@command(app, options=BOOKS)
def found(
    call: Call,
    *,
    name: Annotated[str, typer.Option("--name", metavar="CODE", help="What it is called.")],
) -> None:
    """Give the log its name, for ever.

    Example: tonne log found --name ITL
    """
    with open_log(call.database, make=True) as store:
        store.run(lambda books: operations.found_log(books, name))
    tell(call, f"The log is called {name}.", {"log": name}, hint="tonne log register --help")


@command(app, options=BOOKS)
def compare(call: Call, *, registry: Registry) -> None:
    """Ask a registry which numbers it holds; the answer comes while the log is served.

    Example: tonne log compare --registry AT
    """
    with open_log(call.database) as store:
        name = store.run(
            partial(operations.ask_for_holdings, registry=registry, at=datetime.now(UTC))
        )
    tell(call, f"{registry} is asked.", {"round": name}, hint="tonne log differences")


@command(app, options=BOOKS)
def differences(call: Call) -> None:
    """Name every range of numbers of which the log and a registry differ.

    Example: tonne log differences
    """
    with asking(call) as ask:
        rounds = ask(lambda books: books.rounds())
    rows, blocked = (
        [
            [code, each.block, each.log, each.registry]
            for code, one in rounds.items()
            for each in one.differences or ()
            if one.answered is answered
        ]
        for answered in (True, False)
    )
    waiting = [code for code, one in rounds.items() if not one.answered]
    late = f" {', '.join(waiting)} has not answered yet." if waiting else ""
    tell(
        call,
        f"{len(rows)} ranges differ.{late}",
        {
            "differences": [dict(zip(_DIFFERENCE, row, strict=True)) for row in rows],
            "waiting": waiting,
            "still_blocked": [dict(zip(_DIFFERENCE, row, strict=True)) for row in blocked],
        },
        show.Table(columns=("Registry", "Numbers", "Log", "Registry says"), rows=rows),
        show.Table(columns=("Registry", "Blocked still", "Log", "Registry said"), rows=blocked),
        hint="tonne log correct --help",
    )
    if rows:
        raise typer.Exit(DIFFERS)


_DIFFERENCE = ("registry", "block", "log", "registry_says")


@command(app, options=BOOKS)
def correct(
    call: Call,
    *,
    block: Annotated[str, typer.Option("--block", metavar="SERIES-FIRST-LAST")],
    reason: Reason,
    holder: Annotated[str, typer.Option("--holder", metavar="CODE", help="Who holds it.")] = "",
    unit: Annotated[str, typer.Option("--unit", metavar="CODE", help="As what.")] = "",
    place: Annotated[Place, typer.Option("--place", help="Where it is.")] = "held",
) -> None:
    """Set the log's own copy right after a comparison, for a reason that is kept.

    Example: tonne log correct --block AT-41-45 --holder AT --unit 'AAU-1 AT' --reason 'ruling 7'
    """
    numbers = a_block(block)
    if place != "unissued" and not (holder and unit):
        raise UserFault("Who holds the numbers, and as what?", remedy="Give --holder and --unit.")
    with open_log(call.database) as store:
        store.run(
            partial(
                operations.correct_line,
                block=numbers,
                holder=holder,
                unit=unit,
                place=place,
                reason=reason,
                at=datetime.now(UTC),
            )
        )
    data: dict[str, object] = {"block": str(numbers)}
    tell(call, f"{numbers} is set right.", data, hint="tonne log compare --help")


@command(app, options=BOOKS)
def history(
    call: Call,
    *,
    serial: Annotated[str, typer.Argument(help="A serial number: SERIES-NUMBER.")],
    checks: Annotated[
        bool,
        typer.Option("--checks", metavar="", help="And the checks that each proposal had passed."),
    ] = False,
) -> None:
    """Tell where a serial number has been by the log's own copy, and by which proposals.

    Example: tonne log history PL-45
    """
    with asking(call) as ask:
        found = ask(lambda books: operations.line_history(books, serial))
        here = ask(operations.named)
    names = [e.proposal for e in found if e.proposal is not None] if checks else []
    passed = operations.checks_of_log(here) if names else ()
    rows = [
        [str(e.at), e.proposal or "", e.move.holder, e.move.unit, e.move.place, e.reason]
        for e in found
    ]
    tell(
        call,
        f"{serial} was moved {len(rows)} times.",
        {"moves": [dict(zip(_MOVE, row, strict=True)) for row in rows]}
        | ({"checks": dict.fromkeys(names, show.plain(passed))} if checks else {}),
        show.Table(columns=("When", "By", "Holder", "As", "Place", "Why"), rows=rows),
        show.Table(
            title=f"Checks passed by {', '.join(names)}, each",
            columns=("Number", "Check", "Written in"),
            rows=[[str(each.number), each.sentence, each.reference] for each in passed],
        ),
    )


_MOVE = ("at", "proposal", "holder", "unit", "place", "reason")


@command(app, options=BOOKS)
def check(call: Call) -> None:
    """Work out the line anew from its moves, and compare.

    Example: tonne log check
    """
    with asking(call) as ask:
        faults = ask(operations.line_faults)
    finding = "; ".join(faults) or "Nothing differs: the line follows from its moves."
    tell(call, finding, {"ok": not faults, "faults": faults})
    if faults:
        raise typer.Exit(DIFFERS)


@command(app, "serve", options=BOOKS)
def serve_log(call: Call, *, key_file: KeyFile, port: Port = 8100, within: Within = None) -> None:
    """Hear registries, check what they propose, and carry the answers, until stopped.

    Example: tonne log serve --port 8100 --key-file itl.key
    """
    waits, key = patience(within), read_key(key_file)
    with open_log(call.database) as first:
        name = first.run(operations.named, keep=False)
        url = books_login(call.database, USUAL_LOG)

        def began(at: int) -> None:
            tell(call, f"The log {name} listens on port {at}.", {"log": name, "port": at})

        every = min(60, waits.word.total_seconds() / 2)
        serve(
            lambda: _Served(LogStore(url), name, waits, key),
            lambda: Bell(url),
            port=port,
            every=every,
            began=began,
        )


class _Served:
    """The log, as a side of the talk."""

    def __init__(self, store: LogStore, name: str, waits: Patience, key: PrivateKey) -> None:
        self._store, self._name, self._patience, self.key = store, name, waits, key
        self.close = store.close

    def known(self) -> Mapping[str, PublicKey]:
        return self._store.run(lambda books: operations.keys_of(books.listed()), keep=False)

    def hear(self, raws: Sequence[Seen]) -> list[Hearing]:
        return self._store.run(
            partial(
                operations.hear_at_log,
                raws=raws,
                key=self.key,
                at=datetime.now(UTC),
                patience=self._patience,
            )
        )

    def contacts(self) -> Mapping[str, Contact]:
        listed = self._store.run(lambda books: books.listed())
        return {each.code: Contact(address=each.address, key=each.key) for each in listed.values()}

    def waiting(self, addressee: str, after: int, limit: int) -> list[Letter]:
        return self._store.run(
            lambda books: books.waiting(self._name, addressee=addressee, after=after, limit=limit)
        )

    def was_heard(self, receipts: Mapping[int, Signed]) -> None:
        self._store.run(lambda books: books.was_heard(receipts, at=datetime.now(UTC)))

    def end_waits(self) -> None:
        self._store.run(
            partial(operations.end_waits_at_log, at=datetime.now(UTC), patience=self._patience)
        )


Ask = Callable[[Callable[[LogBooks], T]], T]


@contextmanager
def asking(call: Call) -> Iterator["Asker"]:
    """Questions to a log's books."""
    with open_log(call.database) as store:
        yield Asker(store)


class Asker:
    """Asks a log's books; nothing is kept."""

    def __init__(self, store: LogStore) -> None:
        self._store = store

    def __call__(self, question: Callable[[LogBooks], T]) -> T:
        """The answer to a question."""
        return self._store.run(question, keep=False)


def tell(
    call: Call, finding: str, data: dict[str, object], *tables: show.Table, hint: str = ""
) -> None:
    """Tell the answer in the form that was asked for."""
    if call.as_json:
        show.as_json(data)
    else:
        show.tell(finding, *tables, hint=hint)

"""What every command may be told beside its own matter, declared once."""

import inspect
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from inspect import Parameter
from typing import Annotated, Any, get_args, get_type_hints

import typer
from typer.core import TyperCommand

from tonne.registry import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """How a command was called: under which law, on what day, in which books, in what form."""

    scheme: str | None = None
    day: date
    database: str | None = None
    by: Role = "authority"
    key: str = ""
    dry_run: bool = False
    as_json: bool = False
    writes: bool = False
    """Whether the command changes the books, so that it may begin new ones."""


NAME_BYTES_MAX = 500

Body = Callable[..., None]
"""A command as it is written: a call, and its own matter by keyword."""


def a_day(text: str) -> date:
    """A day as people write it, or a sentence about what is wrong."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    # Python reads 20260430 and 2026-W18-4 too, which people write by mistake.
    if found is None or found.isoformat() != text:
        raise typer.BadParameter(f"{text!r} is no day; write it as 2026-04-30.")
    return found


def words(text: str | list[str] | None) -> str | list[str] | None:
    """A text that says something, or a sentence about what is wrong."""
    for each in [text] if isinstance(text, str) else text or []:
        if not each.strip():
            raise typer.BadParameter("it is empty.")
    return text


def a_name(text: str | list[str] | None) -> str | list[str] | None:
    """A text by which something is found again: not empty, and not too long for an index."""
    for each in [text] if isinstance(text, str) else text or []:
        if len(each.encode()) > NAME_BYTES_MAX:
            raise typer.BadParameter(f"it is longer than {NAME_BYTES_MAX} bytes.")
    return words(text)


class Whole(TyperCommand):
    """A command that names everything it lacks at once."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  Typer's own type
        """Read the words, or say which are missing."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except typer.TyperException as fault:
            said, _, _ = self.make_parser(ctx).parse_args(args=given)
            parameters: list[Any] = self.get_params(ctx)
            missing = [
                each for each in parameters if each.required and not said.get(each.name or "")
            ]
            if len(missing) > 1 and getattr(fault, "param", None) in missing:
                *most, last = (each.get_error_hint() for each in missing)
                ctx.fail(f"Missing {', '.join(most)} and {last}.")
            raise


Year = Annotated[
    int, typer.Option("--year", metavar="YEAR", min=1000, max=9999, help="The year it is for.")
]
Unit = Annotated[
    str, typer.Option("--unit", metavar="CODE", help="The kind of unit, by its code in the scheme.")
]
Count = Annotated[
    str | None, typer.Option("--count", metavar="NUMBER", help="How many units, in digits.")
]
Serials = Annotated[
    str | None,
    typer.Option("--block", metavar="SERIES-FIRST-LAST", help="Which ones, by number: EX-1-41-80."),
]

_SCHEME = Annotated[
    str | None,
    typer.Option(
        "--scheme",
        metavar="NAME|FOLDER",
        envvar="TONNE_SCHEME",
        help="Under whose law: a scheme that comes with Tonne, or a folder.",
    ),
]
_DAY = Annotated[
    date | None,
    typer.Option(
        "--on", metavar="DATE", parser=a_day, help="The day it takes effect; today if not said."
    ),
]
_DATABASE = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="NAME",
        envvar="TONNE_DATABASE",
        help="Which books, if not the usual ones.",
    ),
]
_BY = Annotated[Role, typer.Option("--as", help="In which role you act.")]
_KEY = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="TEXT",
        callback=a_name,
        help="Your name for this request: sent again under it, it is done once. "
        "A new one is made if none is given.",
    ),
]
_DRY_RUN = Annotated[
    bool,
    typer.Option("--dry-run", metavar="", help="Only say what every check answers; write nothing."),
]
_JSON = Annotated[bool, typer.Option("--json", metavar="", help="Answer in JSON, for programs.")]

_OPTIONS: dict[str, tuple[object, object]] = {
    "scheme": (_SCHEME, None),
    "day": (_DAY, None),
    "by": (_BY, "authority"),
    "key": (_KEY, None),
    "dry_run": (_DRY_RUN, False),
    "database": (_DATABASE, None),
    "as_json": (_JSON, False),
}
PLAIN = ("as_json",)
BOOKS = ("database", "as_json")
LAW = ("scheme", "day", "as_json")
ASKING = ("scheme", "day", "database", "as_json")
WRITING = tuple(_OPTIONS)
KEYLESS = tuple(name for name in _OPTIONS if name != "key")


def table_file(columns: str, more: str = "") -> Any:  # noqa: ANN401  Typer's own type
    """An argument that is a file with a table of those columns, or what else it may be."""
    return typer.Argument(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help=f"A table (.csv, .xlsx) with the columns {columns}{more}.",
    )


def command(
    app: typer.Typer,
    name: str | None = None,
    *,
    options: Sequence[str] = ASKING,
    by: Role | None = None,
    keyed: bool = True,
) -> Callable[[Body], Body]:
    """Make a function a command with those options; they reach it as its :class:`Call`.

    One that says by whom it is usually done writes, and has the options of writing. Where a bank's
    reference is the key of a request, no other is asked for.
    """
    chosen = options if by is None else WRITING if keyed else KEYLESS

    def made(body: Body) -> Body:
        def run(**given: Any) -> None:  # noqa: ANN401  whatever the command is told
            told = {option: given.pop(option) for option in chosen}
            body(_call(told | {"writes": by is not None}), **given)

        hints = get_type_hints(body, include_extras=True)
        first, *own = inspect.signature(body).parameters.values()
        assert hints[first.name] is Call, "a command takes its call first"
        parameters = [
            *(each.replace(annotation=hints[each.name]) for each in own),
            *(_parameter(option, by) for option in chosen),
        ]
        run.__doc__, run.__name__ = body.__doc__, body.__name__
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        app.command(name, cls=Whole)(run)
        return body

    return made


def _parameter(option: str, by: Role | None) -> Parameter:
    annotation, default = _OPTIONS[option]
    if option == "by":
        default = by
    return Parameter(option, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _call(told: dict[str, Any]) -> Call:
    """The call, with today and a new key where none were given."""
    told["day"] = told.get("day") or datetime.now(UTC).astimezone().date()
    told["key"] = told.get("key") or str(uuid.uuid4())
    assert told.get("by", "authority") in get_args(Role), "a role is one of three"
    return Call(**told)

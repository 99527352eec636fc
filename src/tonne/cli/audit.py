"""Who saw or did what, as it was kept before they were answered; told at the machine alone."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from tonne.cli import show
from tonne.cli.lodging import Of, code_of, the_lodge
from tonne.cli.opening import open_store, own_place
from tonne.cli.options import BOOKS, Call, command
from tonne.cli.working import a_moment
from tonne.store import trail

app = typer.Typer(no_args_is_help=True, help="Tell who saw or did what; forget what is old.")

KEPT_DAYS = 1827
"""Five years, if nothing else is said."""

KEPT_DAYS_MIN = 30


@command(app, "list", options=BOOKS)
def listed(
    call: Call,
    *,
    person: Of = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="ACCOUNT", help="Only about this account.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            metavar="MOMENT",
            parser=a_moment,
            help="Only from then on, as 2026-11-22T09:00+01:00.",
        ),
    ] = None,
    after: Annotated[
        int, typer.Option("--after", metavar="NUMBER", min=0, help="Only later ones.")
    ] = 0,
    limit: Annotated[
        int, typer.Option("--limit", metavar="NUMBER", min=1, max=10_000, help="So many.")
    ] = 200,
) -> None:
    """Tell every request of who was let in: who, when, from where, which address, what came of it.

    Example: tonne audit list --account XE-120-1-0-97 --since 2026-11-22T00:00+00:00
    """
    whose = None
    if person is not None:
        with the_lodge(call) as lodge:
            whose = code_of(lodge, person)
    with open_store(call.database, make=False), own_place(call.database) as place:
        found = trail.found(
            place,
            person=whose,
            account=None if account is None else account.strip().upper(),
            since=since,
            after=after,
            limit=limit,
        )
    more = len(found) == limit
    if call.as_json:
        traces = [{"number": number, **asdict(trace)} for number, trace in found]
        show.as_json({"traces": traces, "has_more": more})
        return
    rows = [
        [str(number), f"{each.at:%Y-%m-%d %H:%M:%S UTC}", each.person, each.key or "", each.place,
         f"{each.method} {each.path}", str(each.status), each.request]
        for number, each in found
    ]  # fmt: skip
    columns = ("Number", "When", "Who", "Key", "From", "Asked", "Answered", "Request")
    show.tell(
        f"{show.some(len(rows), 'request')}.",
        show.Table(columns=columns, rows=rows),
        hint=f"tonne audit list --after {found[-1][0]}" if more else "",
    )


@command(app, options=BOOKS)
def forget(
    call: Call,
    *,
    days: Annotated[
        int,
        typer.Option(
            "--days",
            metavar="NUMBER",
            min=KEPT_DAYS_MIN,
            envvar="TONNE_AUDIT_DAYS",
            help="How long traces are kept.",
        ),
    ] = KEPT_DAYS,
) -> None:
    """Forget traces that are older than the law, or your rule of data protection, lets you keep.

    Example: tonne audit forget --days 1827
    """
    before = datetime.now(UTC) - timedelta(days=days)
    with open_store(call.database, make=False), own_place(call.database) as place:
        count = trail.forget(place, before=before)
    if call.as_json:
        show.as_json({"forgotten": count, "before": before})
    else:
        show.tell(f"{show.some(count, 'trace')} of before {before:%Y-%m-%d} forgotten.")

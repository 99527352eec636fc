"""Notices of a log: given, listed, and told of in the same columns on both sides."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated

import typer

from tonne import operations
from tonne.cli import show
from tonne.cli.errand import a_block
from tonne.cli.failures import UserFault
from tonne.cli.log import Registry, app, asking, tell
from tonne.cli.opening import open_log
from tonne.cli.options import BOOKS, Call, command
from tonne.ledger import LAST_NUMBER
from tonne.linking import TEXT_MAX, NoticeStanding

__all__ = ["NOTICE", "NOTICE_COLUMNS", "a_text", "app", "notice_rows"]


def a_text(text: str) -> str:
    """A text that goes into a letter."""
    if len(text) > TEXT_MAX:
        raise UserFault(
            f"A text of {len(text):,} characters does not go into a letter.",
            remedy=f"Say it in {TEXT_MAX:,}.",
        )
    return text


@command(app, options=BOOKS)
def notify(
    call: Call,
    *,
    registry: Registry,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="Of what notice is given.")],
    count: Annotated[
        int, typer.Option("--count", min=1, max=LAST_NUMBER, help="So many units it is about.")
    ],
    block: Annotated[
        list[str] | None, typer.Option("--block", metavar="SERIES-FIRST-LAST", help="Which units.")
    ] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DAY", help="Until when.")] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="DAY", help="The new day of expiry.")
    ] = None,
    text: Annotated[str, typer.Option("--text", help="What is the matter.", callback=a_text)] = "",
) -> None:
    """Give a registry notice of a duty, such as reversal_of_storage or reserve_broken.

    Example: tonne log notify --registry AT --kind excess_issuance --count 40 --due 2009-06-30
    """
    with open_log(call.database) as store:
        notice = store.run(
            partial(
                operations.give_notice,
                registry=registry,
                kind=kind,
                count=count,
                blocks=[a_block(each) for each in block or ()],
                due=None if due is None else _day(due),
                expires=None if expires is None else _day(expires),
                text=text,
                at=datetime.now(UTC),
            )
        )
    data: dict[str, object] = {"notice": notice.id, "due": str(notice.due)}
    tell(
        call, f"{registry} is given the notice {notice.id}.", data, hint="tonne log notices --help"
    )


@command(app, "notify-expiry", options=BOOKS)
def notify_expiry(
    call: Call,
    *,
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="What expires until then.")],
) -> None:
    """Give notice of all retired temporary credits that expire until a day, once of each.

    Example: tonne log notify-expiry --until 2012-12-31
    """
    with open_log(call.database) as store:
        made = store.run(
            partial(operations.give_notice_of_expiry, until=_day(until), at=datetime.now(UTC))
        )
    names = [each.id for each in made]
    tell(call, f"{len(made)} notices were given.", {"notices": names}, hint="tonne log notices")


@command(app, options=BOOKS)
def notices(call: Call) -> None:
    """List the notices that were given, and how far their duties have come.

    Example: tonne log notices
    """
    with asking(call) as ask:
        found = ask(lambda books: books.log_notices())
    rows = notice_rows(found.values(), datetime.now(UTC).date())
    tell(
        call,
        f"{len(rows)} notices were given.",
        {"notices": [dict(zip(NOTICE, row, strict=True)) for row in rows]},
        show.Table(columns=NOTICE_COLUMNS, rows=rows),
        hint="tonne log notify --help",
    )


NOTICE = ("notice", "registry", "kind", "count", "due", "status", "proposals", "text", "amiss")
NOTICE_COLUMNS = (
    "Notice", "To", "Kind", "Units", "Due", "Status", "Answered with", "What", "Still amiss"
)  # fmt: skip


def notice_rows(found: Iterable[NoticeStanding], day: date) -> list[list[object]]:
    """Notices as rows of a table."""
    return [
        [
            each.notice.id,
            each.notice.registry,
            each.notice.kind,
            each.notice.count,
            str(each.notice.due),
            each.status.name.lower() + (", late" if each.is_late(day) else ""),
            ", ".join(each.proposals),
            each.notice.text,
            "; ".join(reason.sentence for reason in each.reasons),
        ]
        for each in found
    ]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserFault(f"{text!r} is no day.", remedy="Write it as 2012-12-31.") from None

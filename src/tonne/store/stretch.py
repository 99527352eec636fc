"""What statements ask of a stretch of time: whether an entry of the journal was made in it."""

from datetime import datetime

from tonne.ledger import Span

_MADE = """
    (%(since)s::timestamptz is null
     or exists (select from journal e where e.number = {entry}
                   and e.at >= %(since)s and e.at < %(until)s::timestamptz))
"""


def made_then(entry: str) -> str:
    """That the entry was made in the stretch, if one is asked for."""
    return _MADE.format(entry=entry)


def bounds(made: Span | None) -> dict[str, datetime | None]:
    """The stretch, as statements ask for it."""
    since, until = made or (None, None)
    return {"since": since, "until": until}

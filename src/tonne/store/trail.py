"""What PostgreSQL keeps of who saw and did what: added by the application, read by the owner."""

from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import datetime

import psycopg
from psycopg.rows import dict_row

from tonne.signin import Trace
from tonne.store.application import Application

_COLUMNS = tuple(each.name for each in fields(Trace))
_ADD = """
    insert into trace (at, request, person, key, session, place, method, route, path, account,
                       status)
    select * from unnest(%s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[],
                         %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                         %s::smallint[])
"""
_FIND = """
    select number, at, request, person, key, session, place, method, route, path, account, status
      from trace
     where number > %(after)s
       and (%(person)s::text is null or person = %(person)s)
       and (%(account)s::text is null or account = %(account)s)
       and (%(since)s::timestamptz is null or at >= %(since)s)
     order by number
     limit %(limit)s
"""
_FORGET = "delete from trace where at < %s"


class TrailStore(Application):
    """The trail as the application has it: it may add, and nothing else."""

    def add(self, traces: Sequence[Trace]) -> None:
        """Keep traces, all of them or none; a connection that broke is made anew, once."""
        rows = [list(each) for each in zip(*map(astuple, traces), strict=True)]
        try:
            self._open().execute(_ADD, rows)
        except psycopg.OperationalError:
            self.close()
            self._open().execute(_ADD, rows)


def found(
    url: str,
    *,
    person: str | None = None,
    account: str | None = None,
    since: datetime | None = None,
    after: int = 0,
    limit: int,
) -> list[tuple[int, Trace]]:
    """Traces with their numbers, in order, as the owner of the database finds them."""
    asked = {"person": person, "account": account, "since": since, "after": after, "limit": limit}
    with psycopg.connect(url, row_factory=dict_row) as connection:
        rows = connection.execute(_FIND, asked).fetchall()
    return [(row["number"], Trace(**{name: row[name] for name in _COLUMNS})) for row in rows]


def forget(url: str, *, before: datetime) -> int:
    """Forget traces of before then, as the owner of the database; how many they were."""
    with psycopg.connect(url) as connection:
        return connection.execute(_FORGET, (before,)).rowcount

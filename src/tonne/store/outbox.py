"""What PostgreSQL keeps of letters to people until they are sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tonne.store.application import Application

_READ = "select upto from mail_read where source = %s"
_ADVANCE = """
    insert into mail_read (source, upto) values (%s, %s)
    on conflict (source) do update set upto = greatest(mail_read.upto, excluded.upto)
"""
_ADD = """
    insert into mail (key, address, subject, body, language, made_at, next_at)
    values (%s, %s, %s, %s, %s, %s, %s)
    on conflict (key) do nothing
"""
_DUE = """
    select number, key, address, subject, body, language, tries
      from mail
     where sent_at is null and not given_up and next_at <= %s
     order by next_at, number
     limit %s
"""
_SENT = "update mail set sent_at = %s, tries = tries + 1 where number = %s"
_FAILED = """
    update mail set tries = tries + 1, next_at = %s, given_up = %s, said = %s where number = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A letter to somebody, written in their language."""

    key: str
    """What it is about: of two with one key the second is not kept."""

    address: str
    subject: str
    body: str
    language: str
    number: int = 0
    tries: int = 0


class OutboxStore(Application):
    """The letters that are to be sent, for one thread."""

    def read(self, source: str) -> int | None:
        """How far a source was read; nothing if it never was."""
        row = self._open().execute(_READ, (source,)).fetchone()
        return None if row is None else int(row[0])

    def keep(self, source: str, upto: int, letters: Sequence[Mail], *, at: datetime) -> None:
        """Keep letters, and how far their source was read: both, or neither."""
        with self._open().transaction():
            for each in letters:
                told = (each.key, each.address, each.subject, each.body, each.language, at, at)
                self._open().execute(_ADD, told)
            self._open().execute(_ADVANCE, (source, upto))

    def due(self, at: datetime, *, limit: int = 100) -> list[Mail]:
        """Letters that are to be tried now."""
        names = ("number", "key", "address", "subject", "body", "language", "tries")
        rows = self._open().execute(_DUE, (at, limit)).fetchall()
        return [Mail(**dict(zip(names, row, strict=True))) for row in rows]

    def sent(self, number: int, at: datetime) -> None:
        """A letter was taken by the server."""
        self._open().execute(_SENT, (at, number))

    def failed(self, number: int, next_at: datetime, *, given_up: bool, said: str) -> None:
        """A letter was not taken; when it is tried again, if it is."""
        self._open().execute(_FAILED, (next_at, given_up, said, number))

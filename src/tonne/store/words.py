"""What the books in PostgreSQL keep of what was said, word for word, and how things stand by it."""

from collections.abc import Sequence
from datetime import datetime

from tonne.ledger import KeptWord, Matter, Span
from tonne.store.columns import texts
from tonne.store.direct import MANY
from tonne.store.loaded import Spoken
from tonne.store.payments import Paying
from tonne.store.stretch import bounds, made_then

SPEAK_ALONE = "select pg_advisory_xact_lock(hashtextextended($1, 20050104))"

SPEAK_BESIDE = "select pg_advisory_xact_lock_shared(hashtextextended($1, 20050104))"

SAY = """
    insert into word (journal, topic, subject, body)
    select $1::bigint, w.topic, w.subject, w.body
      from unnest($2::text[], $3::text[], $4::text[]) with ordinality
           as w (topic, subject, body, place)
     order by w.place
"""

SAY_STATE = """
    insert into word (journal, topic, subject, body, state, account, about, due)
    select $1::bigint, w.topic, w.subject, w.body, w.state, w.account, w.about,
           nullif(w.due, '')::timestamptz
      from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                  $8::text[]) with ordinality
           as w (topic, subject, body, state, account, about, due, place)
     order by w.place
"""

WORDS = """
    select w.number, w.journal, j.day, j.at, w.topic, w.subject, w.body,
           w.state, w.account, w.about, w.due
      from word w join journal j on j.number = w.journal
     where w.topic = %(topic)s and (%(subject)s::text is null or w.subject = %(subject)s)
       and w.number > %(after)s
     order by w.number
"""

LAST_WORD = """
    select w.number, w.journal, j.day, j.at, w.topic, w.subject, w.body,
           w.state, w.account, w.about, w.due
      from word w join journal j on j.number = w.journal
     where w.topic = %(topic)s and w.subject = %(subject)s and w.number > %(after)s
     order by w.number desc limit 1
"""

LAST_WORDS = """
    select distinct on (w.subject) w.number, w.journal, j.day, j.at, w.topic, w.subject, w.body,
           w.state, w.account, w.about, w.due
      from word w join journal j on j.number = w.journal
     where w.topic = %(topic)s and w.number > %(after)s
     order by w.subject, w.number desc
"""

_MATTERS = """
    select m.topic, m.subject, m.state, m.account, m.about, m.due, m.number
      from matter m
     where m.topic = %(topic)s
       and (%(subject)s::text is null or m.subject = %(subject)s)
       and (%(states)s::text[] is null or m.state = any (%(states)s))
       and (%(account)s::text is null or m.account = %(account)s)
       and (%(about)s::text is null or m.about = %(about)s)
       and (%(due)s::timestamptz is null or m.due <= %(due)s)
       and {made}
       and m.number > %(after)s and m.number < coalesce(%(before)s, 9223372036854775807)
     order by m.number {order}
     limit %(limit)s
"""

_MADE = made_then("(select w.journal from word w where w.number = m.number)")
MATTERS = _MATTERS.format(made=_MADE, order="asc")
MATTERS_NEWEST = _MATTERS.format(made=_MADE, order="desc")

SUBJECTS = """
    select w.subject from word w where w.topic = %s and w.about = %s
     group by w.subject order by min(w.number)
"""

_PLAIN = KeptWord("", "", "")[3:]


class Speaking(Paying):
    """What was said."""

    def speak_alone(self, topic: str, subject: str) -> None:
        """Let nobody else speak about this subject until the commit."""
        self.direct.later("speak alone", SPEAK_ALONE, (f"{topic} {subject}",))

    def speak_beside(self, topic: str, subject: str) -> None:
        """Let nobody speak alone about this subject until the commit; others may stand beside."""
        self.direct.later("speak beside", SPEAK_BESIDE, (f"{topic} {subject}",))

    def say(self, entry: int, words: Sequence[KeptWord]) -> None:
        """Keep what was said, in this order."""
        if words:
            columns = [texts(column) for column in zip(*(each[:3] for each in words), strict=True)]
            if any(each[3:] != _PLAIN for each in words):
                columns += [texts(c) for c in zip(*(each[3:6] for each in words), strict=True)]
                columns.append(texts([each.due.isoformat() if each.due else "" for each in words]))
                self.direct.later("say state", SAY_STATE, (str(entry), *columns))
            else:
                self.direct.later("say", SAY, (str(entry), *columns))
            if len(words) >= MANY:
                self.direct.hurry()

    def words(
        self, topic: str, subject: str | None = None, *, after: int = 0, last: bool = False
    ) -> list[Spoken]:
        """What was said on a topic, of all subjects or of one, in order, after some number."""
        asked = {"topic": topic, "subject": subject, "after": after}
        statement = WORDS if not last else LAST_WORDS if subject is None else LAST_WORD
        found = [
            Spoken(number, entry, day, at, KeptWord(*word))
            for number, entry, day, at, *word in self._execute(statement, asked).fetchall()
        ]
        return sorted(found, key=lambda each: each.number) if last else found

    def matters(
        self,
        topic: str,
        subject: str | None = None,
        *,
        states: Sequence[str] | None = None,
        account: str | None = None,
        about: str | None = None,
        due: datetime | None = None,
        made: Span | None = None,
        after: int = 0,
        before: int | None = None,
        newest: bool = False,
        limit: int | None = None,
    ) -> list[Matter]:
        """How the subjects of a topic stand that fit, by their first words, in either order."""
        asked = {
            "topic": topic, "subject": subject, "states": None if states is None else list(states),
            "account": account, "about": about, "due": due, "after": after, "limit": limit,
            "before": before, **bounds(made),
        }  # fmt: skip
        statement = MATTERS_NEWEST if newest else MATTERS
        return [Matter(*row) for row in self._execute(statement, asked).fetchall()]

    def subjects(self, topic: str, about: str) -> list[str]:
        """The subjects of a topic of which some word concerns somebody, as they came up."""
        return [subject for (subject,) in self._execute(SUBJECTS, (topic, about)).fetchall()]

"""What the books in PostgreSQL keep of what was said in the market, word for word."""

from collections.abc import Sequence

from tonne.market import MarketWord
from tonne.store.columns import texts
from tonne.store.direct import MANY
from tonne.store.loaded import Spoken
from tonne.store.payments import Paying

SPEAK_ALONE = "select pg_advisory_xact_lock(hashtextextended($1, 20050104))"

SAY = """
    insert into market_word (journal, topic, subject, body)
    select $1::bigint, w.topic, w.subject, w.body
      from unnest($2::text[], $3::text[], $4::text[]) with ordinality
           as w (topic, subject, body, place)
     order by w.place
"""

WORDS = """
    select w.number, w.journal, j.day, j.at, w.topic, w.subject, w.body
      from market_word w join journal j on j.number = w.journal
     where w.topic = %(topic)s and (%(subject)s::text is null or w.subject = %(subject)s)
       and w.number > %(after)s
     order by w.number
"""

LAST_WORD = """
    select w.number, w.journal, j.day, j.at, w.topic, w.subject, w.body
      from market_word w join journal j on j.number = w.journal
     where w.topic = %(topic)s and w.subject = %(subject)s and w.number > %(after)s
     order by w.number desc limit 1
"""

LAST_WORDS = """
    select distinct on (w.subject) w.number, w.journal, j.day, j.at, w.topic, w.subject, w.body
      from market_word w join journal j on j.number = w.journal
     where w.topic = %(topic)s and w.number > %(after)s
     order by w.subject, w.number desc
"""


class Speaking(Paying):
    """What was said in the market."""

    def speak_alone(self, topic: str, subject: str) -> None:
        """Let nobody else speak about this subject of the market until the commit."""
        self.direct.later("speak alone", SPEAK_ALONE, (f"{topic} {subject}",))

    def say(self, entry: int, words: Sequence[MarketWord]) -> None:
        """Keep what was said in the market, in this order."""
        if words:
            topics, subjects, bodies = (texts(column) for column in zip(*words, strict=True))
            self.direct.later("say", SAY, (str(entry), topics, subjects, bodies))
            if len(words) >= MANY:
                self.direct.hurry()

    def words(
        self, topic: str, subject: str | None = None, *, after: int = 0, last: bool = False
    ) -> list[Spoken]:
        """What was said on a topic, of all subjects or of one, in order, after some number."""
        asked = {"topic": topic, "subject": subject, "after": after}
        statement = WORDS if not last else LAST_WORDS if subject is None else LAST_WORD
        found = [
            Spoken(number, entry, day, at, MarketWord(*word))
            for number, entry, day, at, *word in self._execute(statement, asked).fetchall()
        ]
        return sorted(found) if last else found

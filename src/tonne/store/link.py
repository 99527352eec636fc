"""What the books of a registry in PostgreSQL keep of its talk with the log."""

from psycopg.types.json import Jsonb

from tonne.ledger import Block
from tonne.linking import (
    Asked,
    Comparison,
    Held,
    Link,
    PublicKey,
    differences_as_data,
    differences_from_data,
)
from tonne.store.talk import Talking

LINK = "select code, log, address, key from link order by journal desc limit 1"

ADD_LINK = "insert into link (journal, code, log, address, key) values (%s, %s, %s, %s, %s)"

NAME = "select nextval('proposal_number')"

ADD_ASKED = "insert into proposal_asked (journal, proposal, verb, year) values (%s, %s, %s, %s)"

ASKED_IN = "select proposal from proposal_asked where journal = %s"

ASKED_OF = "select journal, verb, year from proposal_asked where proposal = %s"

RANGES = """
    select s.code, l.first, l.last, x.code, a.number
      from line l
      join series s on s.id = l.series
      join asset x on x.id = l.asset
      join account a on a.id = l.account
     order by l.series, l.last
"""

ADD_COMPARISON = """
    insert into comparison (journal, round, differences, blocked) values (%s, %s, %s, %s)
"""

COMPARISON = """
    select round, differences, blocked from comparison order by journal desc limit 1
"""


class Corresponding(Talking):
    """The registry's side of the talk."""

    def link(self) -> Link | None:
        """Which registry these books are, and with which log it talks."""
        row = self._execute(LINK).fetchone()
        if row is None:
            return None
        code, log, address, key = row
        return Link(code, log, address, PublicKey(key))

    def add_link(self, entry: int, link: Link) -> None:
        """Say which registry these books are, and with which log it talks from now on."""
        self._execute(ADD_LINK, (entry, *link[:3], link.key.value))

    def name_proposal(self, registry: str) -> str:
        """A name that no proposal of this registry has."""
        row = self._execute(NAME).fetchone()
        assert row is not None, "a sequence goes on"
        return f"{registry}-{row[0]}"

    def add_asked(self, entry: int, proposal: str, *, verb: str, year: int | None) -> None:
        """Keep what was asked for in a proposal, beside what it says to the log."""
        self._execute(ADD_ASKED, (entry, proposal, verb, year))

    def asked_in(self, entry: int) -> str | None:
        """The proposal that was made by an entry."""
        row = self._execute(ASKED_IN, (entry,)).fetchone()
        return None if row is None else str(row[0])

    def asked_of(self, proposal: str) -> Asked:
        """What was asked for in a proposal of this registry."""
        row = self._execute(ASKED_OF, (proposal,)).fetchone()
        assert row is not None, "a proposal of ours was asked for"
        return Asked(*row)

    def ranges(self) -> list[Held]:
        """Every number that is issued or was received, in which account it lies, and as what."""
        return [
            Held(Block(series, first, last), unit, account)
            for series, first, last, unit, account in self._execute(RANGES).fetchall()
        ]

    def add_comparison(self, entry: int, comparison: Comparison) -> None:
        """Keep what a comparison came to."""
        differences = Jsonb(differences_as_data(comparison.differences))
        blocked = list(comparison.blocked)
        self._execute(ADD_COMPARISON, (entry, comparison.round, differences, blocked))

    def comparison(self) -> Comparison | None:
        """The last comparison with the log."""
        row = self._execute(COMPARISON).fetchone()
        if row is None:
            return None
        return Comparison(row[0], differences_from_data(row[1]), tuple(row[2]))

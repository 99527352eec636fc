"""What the public asks of the books in PostgreSQL; each answer is bounded."""

from collections.abc import Sequence

from tonne.ledger import Step
from tonne.registry import HoldingAccount
from tonne.store.check import Checking
from tonne.store.rows import as_holder

LAST_LETTER = "\U0010ffff"
"""After everything that begins with a word comes the word with this letter."""

WALKED_MAX = 2_000
"""So many accounts are walked for a page; further on it is faster to put all in order."""

Tally = tuple[str, int, int, int, int]
"""A status, and of the operators that have it: how many, tonnes, units, what is missing."""

YearRow = tuple[str, str, str, str, int | None, int, int]
"""An account, its operator, the name, the status, tonnes, units, and what is missing."""

# The first candidates in order of the word, so that a letter that thousands begin with is no harder
# than a whole name; every other word that was asked for begins a word of the same account.
FIND = """
    select a.scheme, a.number, a.kind, a.status, a.opened, a.name, a.registry, a.operator
      from (select w.word, w.account
              from account_word w
              join account a on a.id = w.account
             where w.word >= %(word)s and w.word < %(past)s
               and a.operator is not null and a.scheme = any (%(schemes)s)
               and not exists (
                   select from unnest(%(others)s::text[], %(pasts)s::text[]) as o (word, past)
                    where not exists (select from account_word x
                                       where x.account = w.account
                                         and x.word >= o.word and x.word < o.past))
             order by w.word, w.account
             limit %(candidates)s) as c
      join account a on a.id = c.account
     group by a.id
     order by min(c.word), a.id
     limit %(limit)s
"""

CLOSED_YEARS = """
    select y.year
      from unnest(%s::smallint[]) as y (year)
     cross join lateral (select from outcome o
                          where o.year = y.year
                            and (select a.scheme from account a where a.id = o.account) = %s
                          limit 1) one
     order by y.year
"""

TALLIES = """
    select s.status, count(*), coalesce(sum(s.verified), 0)::bigint,
           sum(s.surrendered)::bigint, sum(s.missing)::bigint
      from standing s join account a on a.id = s.account
     where s.year = %(year)s and a.scheme = %(scheme)s
     group by s.status
     order by s.status collate "C"
"""

ROWS = """
    select a.number, a.operator, a.name, s.status, s.verified, s.surrendered, s.missing
      from standing s join account a on a.id = s.account
     where s.year = %(year)s and a.scheme = %(scheme)s
       and (%(status)s::text is null or s.status = %(status)s)
     order by case when %(sort)s = 'verified' then s.verified end desc nulls last,
              case %(sort)s when 'surrendered' then s.surrendered when 'missing' then s.missing end
                  desc nulls last,
              case %(sort)s when 'name' then a.name when 'status' then s.status end collate "C",
              a.id
     limit %(limit)s offset %(skip)s
"""

# By name the accounts are walked in the order of an index, each looked up for the year, until there
# is a page. To put a year in order means to read all of it, which pays only far from its beginning.
ROWS_BY_NAME = """
    select a.number, a.operator, a.name, s.status, s.verified, s.surrendered, s.missing
      from account a
     cross join lateral (select o.status, o.verified, o.surrendered, o.missing
                           from outcome o
                          where o.account = a.id and o.year = %(year)s::smallint
                          order by o.journal desc limit 1) s
     where a.scheme = %(scheme)s
       and (%(status)s::text is null or s.status = %(status)s)
     order by a.name collate "C", a.id
     limit %(limit)s offset %(skip)s
"""

GIVEN = """
    select j.kind, j.year, sum(m.count)::bigint
      from movement m join journal j on j.number = m.transaction
     where m.target = (select id from account where number = %(account)s)
       and j.kind = any (%(kinds)s) and j.year is not null
     group by j.kind, j.year
     order by j.year, j.kind collate "C"
"""

TAKEN = """
    select j.kind, j.year, sum(m.count)::bigint
      from movement m join journal j on j.number = m.transaction
     where m.source = (select id from account where number = %(account)s)
       and j.kind = any (%(kinds)s) and j.year is not null
     group by j.kind, j.year
     order by j.year, j.kind collate "C"
"""

ARRIVALS = """
    select m.line, m.transaction, j.kind, j.year, j.day, j.at, a.number, b.number, x.code, m.count,
           s.code, coalesce(m.first, 0), coalesce(m.last, 0), coalesce(m.prior, 0)
      from movement m
      join journal j on j.number = m.transaction
      join account a on a.id = m.source
      join account b on b.id = m.target
      join asset x on x.id = m.asset
      left join series s on s.id = m.series
     where m.target = (select id from account where number = %(account)s)
       and m.transaction <= %(entry)s and (m.transaction, m.line) < (%(entry)s, %(line)s)
     order by m.transaction desc, m.line desc
     limit %(limit)s
"""


class PublicReading(Checking):
    """What the public asks: bounded, however large the books are."""

    def find_accounts(
        self, words: Sequence[str], *, schemes: Sequence[str], limit: int
    ) -> list[tuple[str, HoldingAccount]]:
        """Operators' accounts with words that begin so, each of them: the nearest words first."""
        if not words:
            return []
        word, *others = sorted(words, key=len, reverse=True)
        arguments = {
            "word": word,
            "past": word + LAST_LETTER,
            "others": others,
            "pasts": [each + LAST_LETTER for each in others],
            "schemes": list(schemes),
            "candidates": 10 * limit,
            "limit": limit,
        }
        return [(row[0], as_holder(row[1:])) for row in self._rows(FIND, arguments)]

    def closed_years(self, scheme: str, years: Sequence[int]) -> list[int]:
        """Which of these years were closed for somebody, in order."""
        return [year for (year,) in self._rows(CLOSED_YEARS, (list(years), scheme))]

    def tallies(self, scheme: str, year: int) -> list[Tally]:
        """A closed year summed up by status, as it stands now."""
        return [
            (status, count, verified, surrendered, missing)
            for status, count, verified, surrendered, missing in self._rows(
                TALLIES, {"scheme": scheme, "year": year}
            )
        ]

    def year_rows(
        self, scheme: str, year: int, *, status: str | None, sort: str, limit: int, skip: int
    ) -> list[YearRow]:
        """A page of how operators stand with a closed year."""
        arguments = {
            "scheme": scheme,
            "year": year,
            "status": status,
            "sort": sort,
            "limit": limit,
            "skip": skip,
        }
        near = sort == "name" and status is None and skip + limit <= WALKED_MAX
        return [
            (number, operator or "", name, stands, verified, surrendered, missing)
            for number, operator, name, stands, verified, surrendered, missing in self._rows(
                ROWS_BY_NAME if near else ROWS, arguments
            )
        ]

    def given(
        self, account: str, kinds: Sequence[str], *, outgoing: bool
    ) -> dict[tuple[str, int], int]:
        """Units that transactions of these kinds gave an account or took from it, by their year."""
        statement = TAKEN if outgoing else GIVEN
        rows = self._rows(statement, {"account": account, "kinds": list(kinds)})
        return {(kind, year): count for kind, year, count in rows}

    def arrivals(
        self, account: str, *, before: tuple[int, int], limit: int
    ) -> list[tuple[int, Step]]:
        """What came into an account before a line of a transaction, the latest first."""
        entry, line = before
        arguments = {"account": account, "entry": entry, "line": line, "limit": limit}
        return [(row[0], Step(*row[1:])) for row in self._rows(ARRIVALS, arguments)]

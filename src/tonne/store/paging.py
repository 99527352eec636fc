"""What the books in PostgreSQL tell page by page: each page is found by an index alone."""

from collections.abc import Sequence
from datetime import date, datetime

from tonne.ledger import KeptWord, Matter, Span, Step
from tonne.registry import Dedication, HoldingAccount
from tonne.store.loaded import BLOCKS_SHOWN, Closing, Given, Spoken
from tonne.store.reading import Reading
from tonne.store.rows import as_closing, as_holder
from tonne.store.stretch import bounds, made_then

ACCOUNTS_PAGE = """
    select number, kind, status, opened, name, registry, operator
      from account
     where scheme = %(scheme)s
       and id > coalesce((select a.id from account a where a.number = %(after)s), 0)
       and (not %(operated)s or operator is not null)
       and (%(registry)s::text is null or registry = %(registry)s)
     order by id
     limit %(limit)s
"""

UNVERIFIED_PAGE = """
    select a.number, a.kind, a.status, a.opened, a.name, a.registry, a.operator,
           exists (select from emission e
                    where e.account = a.id and e.year = %(year)s::smallint
                      and e.kind = 'reported')
      from account a
     where a.scheme = %(scheme)s and a.operator is not null and a.status <> 'closed'
       and a.opened <= %(last)s
       and not exists (select from emission e
                        where e.account = a.id and e.year = %(year)s::smallint
                          and e.kind in ('verified', 'determined', 'corrected', 'excluded'))
     order by a.id
     limit %(limit)s offset %(skip)s
"""

UNVERIFIED_COUNT = """
    select count(*)
      from account a
     where a.scheme = %(scheme)s and a.operator is not null and a.status <> 'closed'
       and a.opened <= %(last)s
       and not exists (select from emission e
                        where e.account = a.id and e.year = %(year)s::smallint
                          and e.kind in ('verified', 'determined', 'corrected', 'excluded'))
"""

KEPT_BY = """
    select scheme, number, kind, status, opened, name, registry, operator
      from account
     where number = any (%s)
"""

_STEPS_FIT = """
    m.transaction > %(after)s
    and m.transaction < coalesce(%(before)s, 9223372036854775807) and {made}
"""
STEPS_PAGE = """
    with it as (select id from account where number = %(account)s),
    page as materialized (
        select transaction
          from ((select distinct m.transaction from movement m
                  where m.source = (select id from it) and {fits}
                  order by m.transaction {order} limit %(limit)s)
                union
                (select distinct m.transaction from movement m
                  where m.target = (select id from it) and {fits}
                  order by m.transaction {order} limit %(limit)s)) either
         order by transaction {order} limit %(limit)s
    )
    select m.transaction, j.kind, j.year, j.day, j.at, a.number, b.number, x.code, m.count,
           s.code, coalesce(m.first, 0), coalesce(m.last, 0), coalesce(m.prior, 0)
      from page p
      join movement m on m.transaction = p.transaction
                     and (select id from it) in (m.source, m.target)
      join journal j on j.number = m.transaction
      join account a on a.id = m.source
      join account b on b.id = m.target
      join asset x on x.id = m.asset
      left join series s on s.id = m.series
     order by m.transaction {order}, m.line
"""

# Accounts of other schemes that close the same years are passed over.
CLOSINGS_PAGE = """
    select distinct on (o.account)
           a.number, coalesce(a.operator, a.number), o.year, o.status, o.verified, o.surrendered,
           o.missing, o.excess, o.penalty, o.currency, o.extra, o.made_good, o.carried,
           o.published, o.unreported, o.because, o.journal, j.day, a.name
      from outcome o
      join account a on a.id = o.account
      join journal j on j.number = o.journal
     where o.year = %(year)s::smallint and a.scheme = %(scheme)s
       and o.account > coalesce((select p.id from account p where p.number = %(after)s), 0)
     order by o.account, o.journal desc
     limit %(limit)s
"""

GIVEN_PAGE = """
    with page as materialized (
        select d.journal, b.scheme, j.kind, j.day, j.at, d.beneficiary, d.purpose
          from dedication d
          join journal j on j.number = d.journal
          join rulebook b on b.id = j.rulebook
         where b.scheme = any (%(schemes)s)
           and d.journal < coalesce(%(before)s, 9223372036854775807)
           and exists (select from movement m where m.transaction = d.journal)
         order by d.journal desc
         limit %(limit)s
    )
    select p.journal, p.scheme, p.kind, p.day, p.at, p.beneficiary, p.purpose,
           t.asset, t.count, s.code, m.first, m.last,
           (select r.number from journal r where r.reverses = p.journal)
      from page p
     cross join lateral (select min(x.code) as asset, sum(w.count)::bigint as count
                           from movement w join asset x on x.id = w.asset
                          where w.transaction = p.journal) t
      left join movement m on m.transaction = p.journal and m.line <= %(blocks)s
                          and m.series is not null
      left join series s on s.id = m.series
     order by p.journal desc, m.line
"""

WORDS_PAGE = """
    select w.number, w.journal, j.day, j.at, w.topic, w.subject, w.body,
           w.state, w.account, w.about, w.due
      from (select * from word
             where topic = %(topic)s and subject = %(subject)s and number > %(after)s
               and number < coalesce(%(before)s, 9223372036854775807)
             order by number {order}
             limit %(limit)s) w
      join journal j on j.number = w.journal
     order by w.number {order}
"""

LAST_MATTERS = """
    select m.topic, m.subject, m.state, m.account, m.about, m.due, m.number
      from matter m
     where m.topic = %(topic)s and m.state = %(state)s
     order by m.number desc
     limit %(limit)s
"""

# A loose walk over the index: of a subject of which much was said only one row is read.
SUBJECTS_PAGE = """
    with recursive named as (
        (select w.subject, 1 as place from word w
          where w.topic = %(topic)s and w.subject > %(after)s and w.subject >= %(begin)s
          order by w.subject limit 1)
        union all
        select (select w.subject from word w
                 where w.topic = %(topic)s and w.subject > n.subject
                 order by w.subject limit 1), n.place + 1
          from named n
         where n.subject is not null and starts_with(n.subject, %(begin)s)
           and n.place < %(limit)s
    )
    select subject from named where starts_with(subject, %(begin)s) order by place
"""

# Numbers are given before the commit, so a lower one may come after a higher. What was begun before
# the second of these marks is over once the third has reached it.
LATEST_WORD = """
    select coalesce((select max(number) from word), 0),
           pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
           pg_snapshot_xmin(pg_current_snapshot())::text::bigint
"""

LATEST_MOMENT = "select at from journal order by number desc limit 1"

STATES_PAGE = """
    select w.number, w.journal, j.day, j.at, w.topic, w.subject, w.body,
           w.state, w.account, w.about, w.due
      from (select * from word s
             where s.topic = %(topic)s and s.state <> ''
               and s.number > %(after)s and s.number <= %(upto)s
               and (%(accounts)s::text[] is null
                    or exists (select from matter m
                                where m.topic = s.topic and m.subject = s.subject
                                  and (m.account = any (%(accounts)s) or m.about = %(about)s)))
               and {made}
             order by s.number {order}
             limit %(limit)s) w
      join journal j on j.number = w.journal
     order by w.number {order}
"""
_SIDES = "buyer", "seller"
OWN_TRADES = """
    select w.number, w.journal, j.day, j.at, w.topic, w.subject, w.body,
           w.state, w.account, w.about, w.due
      from (select distinct on (s.number) s.*
              from unnest(%(accounts)s::text[]) a (id)
             cross join lateral ({buyer} union all {seller}) s
             order by s.number {order}
             limit %(limit)s) w
      join journal j on j.number = w.journal
     order by w.number {order}
"""
_OWN_TRADES = """
    (select * from word
      where topic = 'trade' and body::jsonb #>> '{{traded,{side}}}' = a.id
        and number > %(after)s and number <= %(upto)s and starts_with(subject, %(begin)s)
        and (%(since)s::timestamptz is null
             or ((body::jsonb #>> '{{traded,at}}')::timestamptz >= %(since)s
                 and (body::jsonb #>> '{{traded,at}}')::timestamptz < %(until)s::timestamptz))
      order by number {order}
      limit %(limit)s)
"""


class Paging(Reading):
    """Questions that are answered a page at a time."""

    def accounts_page(
        self,
        scheme: str,
        *,
        operated: bool = False,
        registry: str | None = None,
        after: str | None = None,
        limit: int,
    ) -> list[HoldingAccount]:
        """Accounts of a scheme in the order in which they were opened, after one of them."""
        asked = {"scheme": scheme, "after": after, "limit": limit} | {
            "operated": operated, "registry": registry
        }  # fmt: skip
        return [as_holder(row) for row in self._rows(ACCOUNTS_PAGE, asked)]

    def kept_by(self, numbers: Sequence[str]) -> dict[str, tuple[str, HoldingAccount]]:
        """The accounts with these numbers that there are, each with its scheme."""
        rows = self._rows(KEPT_BY, (list(numbers),))
        return {number: (scheme, as_holder((number, *rest))) for scheme, number, *rest in rows}

    def unverified(
        self, scheme: str, year: int, *, skip: int = 0, limit: int | None = None
    ) -> list[tuple[HoldingAccount, bool]]:
        """Operators' accounts without a figure of a year, and whether anything was reported."""
        asked = {
            "scheme": scheme, "year": year, "last": date(year, 12, 31), "skip": skip,
            "limit": limit,
        }  # fmt: skip
        rows = self._rows(UNVERIFIED_PAGE, asked)
        return [(as_holder(tuple(account)), reported) for *account, reported in rows]

    def count_unverified(self, scheme: str, year: int) -> int:
        """How many these are."""
        asked = {"scheme": scheme, "year": year, "last": date(year, 12, 31)}
        ((count,),) = self._rows(UNVERIFIED_COUNT, asked)
        return int(count)

    def closings_page(
        self, scheme: str, year: int, *, after: str | None = None, limit: int
    ) -> list[tuple[Closing, str]]:
        """The outcome of a year that stands for each account, with the account's name."""
        asked = {"scheme": scheme, "year": year, "after": after, "limit": limit}
        rows = self._rows(CLOSINGS_PAGE, asked)
        return [(as_closing(row[:-1]), row[-1]) for row in rows]

    def given_page(
        self, schemes: Sequence[str], *, before: int | None = None, limit: int
    ) -> list[Given]:
        """What was given up for somebody in these schemes, the newest first, before a number."""
        asked = {
            "schemes": list(schemes),
            "before": before,
            "limit": limit,
            "blocks": BLOCKS_SHOWN,
        }
        found: dict[int, Given] = {}
        for row in self._rows(GIVEN_PAGE, asked):
            (number, scheme, kind, day, at, whom, what, asset, count, series, first, last, undone,
            ) = row  # fmt: skip
            block = () if series is None else ((series, first, last),)
            before_it = found.get(number)
            found[number] = Given(
                number=number,
                scheme=scheme,
                kind=kind,
                day=day,
                at=at,
                dedication=Dedication(beneficiary=whom, purpose=what),
                asset=asset,
                count=count,
                blocks=block if before_it is None else before_it.blocks + block,
                reversed_by=undone,
            )
        return list(found.values())

    def steps_page(
        self,
        account: str,
        *,
        after: int = 0,
        before: int | None = None,
        newest: bool = False,
        made: Span | None = None,
        limit: int,
    ) -> list[Step]:
        """What moved something of an account: so many transactions between two, whole.

        The oldest come first, or the newest; of each, the movements in their order.
        """
        fits = _STEPS_FIT.format(made=made_then("m.transaction"))
        statement = STEPS_PAGE.format(order="desc" if newest else "asc", fits=fits)
        asked = {"account": account, "after": after, "before": before, "limit": limit}
        return [Step(*row) for row in self._rows(statement, asked | bounds(made))]

    def words_page(
        self,
        topic: str,
        subject: str,
        *,
        after: int = 0,
        before: int | None = None,
        newest: bool = False,
        limit: int,
    ) -> list[Spoken]:
        """What was said about a subject between two numbers, the oldest or the newest first."""
        statement = WORDS_PAGE.format(order="desc" if newest else "asc")
        asked = {
            "topic": topic,
            "subject": subject,
            "after": after,
            "before": before,
            "limit": limit,
        }
        return [
            Spoken(number, entry, day, at, KeptWord(*word))
            for number, entry, day, at, *word in self._rows(statement, asked)
        ]

    def last_matters(self, topic: str, state: str, *, limit: int) -> list[Matter]:
        """The last so many subjects of a topic that stand so, in the order of their first words."""
        asked = {"topic": topic, "state": state, "limit": limit}
        return [Matter(*row) for row in reversed(self._rows(LAST_MATTERS, asked))]

    def subjects_page(self, topic: str, begin: str, *, after: str = "", limit: int) -> list[str]:
        """The subjects of a topic that begin so, by name, after one of them."""
        asked = {"topic": topic, "begin": begin, "after": after, "limit": limit}
        return [subject for (subject,) in self._rows(SUBJECTS_PAGE, asked)]

    def latest_word(self) -> tuple[int, int, int]:
        """The last number of a word, by which mark all before it is over, and what is over now."""
        ((number, mark, over),) = self._rows(LATEST_WORD, ())
        return number, mark, over

    def latest_moment(self) -> datetime | None:
        """When the last entry of the journal was made."""
        rows = self._rows(LATEST_MOMENT, ())
        found: datetime | None = next((at for (at,) in rows), None)
        return found

    def states_page(
        self,
        topic: str,
        *,
        accounts: Sequence[str] | None,
        about: str,
        after: int,
        upto: int,
        newest: bool = False,
        made: Span | None = None,
        limit: int,
    ) -> list[Spoken]:
        """What became of the subjects of a topic, of all or of those of accounts or a person."""
        order = "desc" if newest else "asc"
        statement = STATES_PAGE.format(order=order, made=made_then("s.journal"))
        asked = {
            "topic": topic, "accounts": None if accounts is None else list(accounts),
            "about": about, "after": after, "upto": upto, "limit": limit, **bounds(made),
        }  # fmt: skip
        return [
            Spoken(number, entry, day, at, KeptWord(*word))
            for number, entry, day, at, *word in self._rows(statement, asked)
        ]

    def own_trades_page(
        self,
        begin: str,
        accounts: Sequence[str],
        *,
        after: int,
        upto: int,
        newest: bool = False,
        made: Span | None = None,
        limit: int,
    ) -> list[Spoken]:
        """The trades between two numbers in which one of these accounts has a side."""
        order = "desc" if newest else "asc"
        buyer, seller = (_OWN_TRADES.format(side=each, order=order) for each in _SIDES)
        statement = OWN_TRADES.format(buyer=buyer, seller=seller, order=order)
        asked = {
            "begin": begin, "accounts": list(accounts), "after": after, "upto": upto,
            "limit": limit, **bounds(made),
        }  # fmt: skip
        return [
            Spoken(number, entry, day, at, KeptWord(*word))
            for number, entry, day, at, *word in self._rows(statement, asked)
        ]

"""Does everything in the database still follow from the movements? One statement looks.

One statement sees one state of the books, so others may go on posting while it runs.
"""

from tonne.ledger import Difference, Total
from tonne.store.paging import Paging


class Checking(Paging):
    """The books worked out again from the movements."""

    def check(self) -> list[Difference]:
        """Everything derived, worked out again from the movements, where it differs."""
        return [
            Difference(what=what, where=where, expected=expected, found=found)
            for what, where, expected, found in self._execute(_CHECK)
        ]

    def schemes(self) -> list[str]:
        """The schemes that have accounts in the books, by name."""
        return [name for (name,) in self._execute(_SCHEMES)]

    def totals(self, scheme: str) -> list[Total]:
        """What a scheme's sources have issued, and where it lies now.

        Of money, which schemes in the same books share, all of it.
        """
        found: dict[str, Total] = {}
        held: dict[str, dict[str, int]] = {}
        for asset, issued, kind, count in self._execute(_TOTALS, {"scheme": scheme}):
            kinds = held.setdefault(asset, {})
            if kind is not None:
                kinds[kind] = count
            found[asset] = Total(asset=asset, issued=issued, held=kinds)
        return list(found.values())


_SCHEMES = "select distinct scheme from account order by scheme"

# What the rules look at. Numbers that a source holds are of no kind of unit yet: asset 0.
_SEEN = """
    step as (
        select m.transaction, m.source, m.target, m.asset, m.series, m.first, m.last, m.prior,
               m.count,
               case when m.series is not null and s.is_source then 0 else m.asset end as leaves,
               case when m.series is not null and t.is_source then 0 else m.asset end as enters
          from movement m
          left join account s on s.id = m.source
          left join account t on t.id = m.target
    ),
    lot as (
        select b.series, b.first, b.last, b.account, coalesce(b.asset, 0) as asset, b.since,
               b.last - b.first + 1 as count
          from line b
    ),
    flow as (
        select account, asset, series, sum(count) as count
          from (select source, leaves, series, -count from step
                union all
                select target, enters, series, count from step
                union all
                select source, 0, id, 9223372036854775807 from series)
               as side (account, asset, series, count)
         group by account, asset, series
    ),
    went as (
        select prior as since, source as account, leaves as asset, series, first, last, count,
               transaction <> prior as later
          from step where series is not null
        union all
        select since, account, asset, series, first, last, count, true from lot
    ),
    recorded as (
        select journal, account, asset, sum(count) as count
          from (select journal, buyer, asset, count from trade_record
                union all
                select journal, seller, asset, -count from trade_record
                union all
                select journal, buyer, currency,
                       -buyer_fee - case when free then 0 else paid + vat - advance end
                  from trade_record
                union all
                select journal, seller, currency,
                       -seller_fee + case when free then 0 else paid + vat - advance end
                  from trade_record) as side (journal, account, asset, count)
         group by journal, account, asset
    ),
    settled as (
        select transaction as journal, account, asset, sum(count) as count
          from (select transaction, source, asset, -count from step
                union all
                select transaction, target, asset, count from step)
               as side (transaction, account, asset, count)
         where (transaction, account) in (select journal, account from recorded)
         group by transaction, account, asset
    ),
    promised as (
        select h.account, h.asset, sum(h.count) as count
          from hold h
         where not exists (select from hold_end e where e.key = h.key)
         group by h.account, h.asset
    )
"""

# Each finds rows: entry, account, asset, series, numbers, expected, found.
_RULES = {
    "a holding is what came in less what went out": """
        select null, account, asset, null, null,
               coalesce(f.count, 0)::text, coalesce(h.count, 0)::text
          from (select account, asset, count from flow where series is null) f
          full join holding h using (account, asset)
         where coalesce(f.count, 0) <> coalesce(h.count, 0)
    """,
    "the blocks of an account are what came in less what went out": """
        select null, account, asset, series, null,
               coalesce(f.count, 0)::text, coalesce(b.count, 0)::text
          from (select account, asset, series, count from flow where series is not null) f
          full join (select account, asset, series, sum(count) as count
                       from lot group by account, asset, series) b
               using (account, asset, series)
         where coalesce(f.count, 0) <> coalesce(b.count, 0)
    """,
    "only a source holds less than nothing": """
        select null, h.account, h.asset, null, null, '0 or more', h.count::text
          from holding h left join account a on a.id = h.account
         where h.count < 0 and a.is_source is not true
    """,
    "each block begins where another ends": """
        select null, null, null, b.series, b.floor || '-' || b.last,
               'an end at ' || b.floor - 1, 'none'
          from block_end b
         where b.floor < 1 or b.floor > b.last
            or b.floor > 1 and not exists (
                   select from block_end e where e.series = b.series and e.last = b.floor - 1)
    """,
    "the blocks of a series reach the end of the line": """
        select null, null, null, s.id, null,
               '9223372036854775807', coalesce(max(b.last)::text, 'no block')
          from series s left join block_end b on b.series = s.id
         group by s.id
        having max(b.last) is distinct from 9223372036854775807
    """,
    "a block is where a movement brought it": """
        select b.since, b.account, b.asset, b.series, b.first || '-' || b.last,
               'brought by ' || b.since, 'not brought'
          from lot b
         where b.since <> 0
           and not exists (select from step m
                            where m.transaction = b.since and m.series = b.series
                              and m.target = b.account and m.enters = b.asset
                              and m.first <= b.first and b.last <= m.last)
        union all
        select null, b.account, b.asset, b.series, b.first || '-' || b.last,
               'never issued', 'held'
          from lot b left join series s on s.id = b.series
         where b.since = 0 and (b.asset <> 0 or b.account is distinct from s.source)
    """,
    "a movement takes what a movement brought": """
        select m.transaction, m.source, m.leaves, m.series, m.first || '-' || m.last,
               'brought by ' || m.prior, 'not brought'
          from step m
         where m.series is not null and m.prior <> 0
           and not exists (select from step p
                            where p.transaction = m.prior and p.series = m.series
                              and p.target = m.source and p.enters = m.leaves
                              and p.first <= m.first and m.last <= p.last)
        union all
        select m.transaction, m.source, m.leaves, m.series, m.first || '-' || m.last,
               'never issued', 'taken'
          from step m left join series s on s.id = m.series
         where m.prior = 0 and (m.leaves <> 0 or m.source is distinct from s.source)
    """,
    "what a transaction brought is there or has gone on": """
        select since, account, asset, series, null,
               coalesce(c.count, 0)::text, coalesce(w.count, 0)::text
          from (select transaction as since, target as account, enters as asset, series,
                       sum(count) as count
                  from step where series is not null
                 group by transaction, target, enters, series) c
          full join (select since, account, asset, series, sum(count) as count
                       from went group by since, account, asset, series) w
               using (since, account, asset, series)
         where since <> 0 and coalesce(c.count, 0) <> coalesce(w.count, 0)
    """,
    "what a transaction brought goes on once": """
        select since, account, asset, series, first || '-' || last,
               'first after ' || previous, 'first ' || first
          from (select since, account, asset, series, first, last,
                       lag(last) over (partition by since, account, asset, series
                                       order by first) as previous
                  from went where later) g
         where previous >= first
    """,
    "what is issued is held": """
        select null, null, x.id, null, null,
               coalesce(i.count, 0)::text, coalesce(h.count, 0)::text
          from asset x
          left join (select asset, sum(case when leaves = 0 then count else 0 end
                                       - case when enters = 0 then count else 0 end) as count
                       from step where series is not null group by asset) i on i.asset = x.id
          left join (select asset, sum(count) as count from lot group by asset) h
               on h.asset = x.id
         where x.series is not null and coalesce(i.count, 0) <> coalesce(h.count, 0)
        union all
        select null, null, h.asset, null, null, '0 over all accounts', sum(h.count)::text
          from holding h
         group by h.asset having sum(h.count) <> 0
    """,
    "the status of an account is the last it was given": """
        select null, a.id, null, null, null, coalesce(c.status, 'open'), a.status
          from account a
          left join (select distinct on (account) account, status
                       from account_change order by account, journal desc) c on c.account = a.id
         where a.status <> coalesce(c.status, 'open')
    """,
    "nothing moves without law": """
        select m.transaction, null, null, null, null, 'an entry with its law',
               case when j.number is null then 'no entry'
                    when r.id is null then 'no rulebook' else 'no law' end
          from (select distinct transaction from movement) m
          left join journal j on j.number = m.transaction
          left join rulebook r on r.id = j.rulebook
         where j.number is null or r.id is null or cardinality(j.because) = 0
    """,
    "a trade is settled as its record says": """
        select journal, account, asset, null, null,
               coalesce(r.count, 0)::text, coalesce(m.count, 0)::text
          from recorded r full join settled m using (journal, account, asset)
         where coalesce(r.count, 0) <> coalesce(m.count, 0)
    """,
    "a trade has its record": """
        select j.number, null, null, null, null, 'a record', 'none'
          from journal j
         where j.kind = 'trade'
           and not exists (select from trade_record t where t.journal = j.number)
    """,
    "what is promised is held": """
        select null, p.account, p.asset, null, null,
               'at least ' || p.count, coalesce(held(p.account, p.asset), 0)::text
          from promised p where p.count > coalesce(held(p.account, p.asset), 0)
    """,
    "an open hold has not ended": """
        select null, coalesce(o.account, h.account), coalesce(o.asset, h.asset), null, null,
               coalesce(h.count, 0)::text, coalesce(o.count, 0)::text
          from (select * from hold w
                 where not exists (select from hold_end e where e.key = w.key)) h
          full join open_hold o using (key)
         where (h.account, h.asset, h.count) is distinct from (o.account, o.asset, o.count)
    """,
    "a matter stands as its last word says": """
        select null, null, null, null,
               coalesce(w.topic || ' ' || w.subject, m.topic || ' ' || m.subject),
               coalesce(w.state, 'nothing'), coalesce(m.state, 'nothing')
          from (select distinct on (topic, subject) *,
                       min(number) over (partition by topic, subject) as began,
                       first_value(about) over (partition by topic, subject order by number) as whom
                  from word where state <> '' order by topic, subject, number desc) w
          full join matter m using (topic, subject)
         where (w.state, w.account, w.due, w.began, w.whom)
               is distinct from (m.state, m.account, m.due, m.number, m.about)
    """,
    "a hold is used once, by the entry that names it": """
        select j.number, null, null, null, null, j.hold || ' ended by ' || j.number,
               coalesce('ended by ' || e.journal, 'open')
          from journal j left join hold_end e on e.key = j.hold
         where j.hold is not null and e.journal is distinct from j.number
    """,
}


def _whole(rules: dict[str, str]) -> str:
    """All rules in one statement, with the names of what they found."""
    found = " union all ".join(
        f"""
        select '{what}', entry::bigint, account::integer, asset::integer, series::integer,
               numbers, expected, found
          from ({rows}) as rule (entry, account, asset, series, numbers, expected, found)
        """  # noqa: S608  ours
        for what, rows in rules.items()
    )
    return f"""
        with {_SEEN},
        found (what, entry, account, asset, series, numbers, expected, found) as ({found})
        select f.what,
               concat_ws(' ', f.entry, a.number,
                         case when f.asset = 0 then 'unissued' else x.code end,
                         nullif(concat_ws('-', s.code, f.numbers), '')),
               f.expected, f.found
          from found f
          left join account a on a.id = f.account
          left join asset x on x.id = f.asset
          left join series s on s.id = f.series
    """  # noqa: S608  ours


_CHECK = _whole(_RULES)

_TOTALS = """
    with issued as (
        select asset, sum(count)::bigint as count
          from (select m.asset, m.count, a.scheme
                  from movement m join account a on a.id = m.source
                 where a.is_source
                union all
                select m.asset, -m.count, a.scheme
                  from movement m join account a on a.id = m.target
                 where a.is_source) as side (asset, count, scheme)
         group by asset
        having bool_or(scheme = %(scheme)s)
    ),
    held as (
        select h.asset, a.kind, sum(h.count)::bigint as count
          from (select account, asset, sum(last - first + 1) as count
                  from line where asset is not null group by account, asset
                union all
                select account, asset, count from holding where not is_source and count <> 0) h
          join account a on a.id = h.account
         group by h.asset, a.kind
    )
    select x.code, i.count, h.kind, h.count
      from issued i
      join asset x on x.id = i.asset
      left join held h on h.asset = i.asset
     order by x.id, h.kind
"""

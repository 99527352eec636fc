"""The statements about one account or one transaction, planned once and kept.

A server asks them of ever other accounts. It keeps how a statement is answered if that is as good
for all of them, and it is so where the account is what every row is found by. One statement for one
account and for all is planned anew each time, and for a small question that is most of the work.
"""

from tonne.store.statements import EMISSION_COLUMNS, OUTCOME_COLUMNS

ACCOUNT = """
    select number, kind, status, opened, name, registry, operator
      from account
     where number = %(number)s
       and (%(scheme)s::text is null or scheme = %(scheme)s)
       and (%(operator)s::text is null or operator = %(operator)s)
       and (%(operated)s::boolean is null or (operator is not null) = %(operated)s)
"""

LOTS = """
    select a.number, s.code, b.first, b.last, b.since, j.kind
      from block b
      join account a on a.id = b.account
      join series s on s.id = b.series
      join journal j on j.number = b.since
     where a.number = %(account)s
       and b.asset = (select x.id from asset x where x.code = %(asset)s)
     order by b.since, b.last
"""

_STEPS = """
    select m.transaction, j.kind, j.year, j.day, j.at, a.number, b.number, x.code, m.count,
           s.code, coalesce(m.first, 0), coalesce(m.last, 0), coalesce(m.prior, 0)
      from {movements} m
      join journal j on j.number = m.transaction
      join account a on a.id = m.source
      join account b on b.id = m.target
      join asset x on x.id = m.asset
      left join series s on s.id = m.series
     where (%(transaction)s::bigint is null or m.transaction = %(transaction)s)
       and (%(series)s::text is null or s.code = %(series)s)
       and (%(number)s::bigint is null or %(number)s between m.first and m.last)
     order by m.transaction, m.line
"""

STEPS_OF_TRANSACTION = _STEPS.format(
    movements="(select * from movement where transaction = %(transaction)s)"
)

# What an account gave and what it was given lie in two indexes; nothing moves from it to itself.
STEPS_OF_ACCOUNT = _STEPS.format(
    movements="""(select g.* from movement g
                   where g.source = (select id from account where number = %(account)s)
                  union all
                  select t.* from movement t
                   where t.target = (select id from account where number = %(account)s))"""
)

_MOVED = """
    select a.number, j.year, sum(m.count)::bigint
      from account a
      join movement m on m.{side} = a.id
      join journal j on j.number = m.transaction
     where a.number = %(account)s and a.scheme = %(scheme)s
       and j.kind = %(kind)s and j.year = any (%(years)s)
       and (%(by)s::date is null or j.day <= %(by)s)
       and (%(entry)s::bigint is null or j.number > %(entry)s or j.day > %(day)s)
       {of_asset}
     group by a.number, j.year
"""
_OF_ASSET = """
       and (select x.code = %(asset)s or starts_with(x.code, %(asset)s || ' ')
              from asset x where x.id = m.asset)
"""

MOVED = {
    (outgoing, named): _MOVED.format(
        side="source" if outgoing else "target", of_asset=_OF_ASSET if named else ""
    )
    for outgoing in (False, True)
    for named in (False, True)
}
"""What transactions of a kind took from an account or gave it, of all its units or of a kind."""

EMISSIONS = (
    EMISSION_COLUMNS
    + """
      from account a
      join emission e on e.account = a.id
      join journal j on j.number = e.journal
     where a.number = %(account)s and a.scheme = %(scheme)s and e.year = any (%(years)s)
       and e.kind = any (%(kinds)s)
       and (%(entry)s::bigint is null or e.journal > %(entry)s or e.day > %(day)s)
     order by e.journal, e.line
"""
)

# An account has few outcomes, so all are read, and years are no question to the index.
OUTCOMES = (
    OUTCOME_COLUMNS
    + """
      from account a
      join outcome o on o.account = a.id
      join journal j on j.number = o.journal
     where a.number = %(account)s and a.scheme = %(scheme)s
       and o.year + 0 = any (%(years)s::integer[])
     order by o.journal
"""
)

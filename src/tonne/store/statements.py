"""The statements with which PostgreSQL is asked; the tables are in ``migrations``."""

LOAD = """
    select tag, place, word, a, b, c
      from load_books($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""

OPEN_HOLDS = """
    select h.key, a.number, a.is_source, x.code, s.code, h.count
      from open_hold h
      join account a on a.id = h.account
      join asset x on x.id = h.asset
      left join series s on s.id = x.series
     where h.key = any (%s)
"""

SAVE = """
    select save_books($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                      $18, $19, $20, $21, $22)
"""

END_HOLDS = """
    insert into hold_end (key, journal) select unnest($1::text[]), $2::bigint
"""

ENTER = "select enter_book(%s, %s, %s, %s::smallint, %s, %s, %s, %s)"

LOCK = "select lock_accounts($1)"

KNOWN = "select number, digest from journal where key = %s"

RULEBOOK = "select id from rulebook where fingerprint = %s"

RECORD_RULEBOOK = """
    insert into rulebook (scheme, fingerprint) values (%s, %s)
    on conflict (fingerprint) do nothing
"""

NAMES = """
    select 'account', number, id, kind, opened from account where number = any (%(accounts)s)
    union all
    select 'asset', code, id, null, null from asset where code = any (%(assets)s)
    union all
    select 'series', code, id, null, null from series
     where id in (select series from asset where code = any (%(assets)s))
"""

OPEN_ACCOUNTS = """
    insert into account (number, scheme, kind, is_source, operator, registry, name, opened, journal)
    select t.number, %s, t.kind, t.is_source, t.operator, t.registry, t.name, t.opened, %s
      from unnest(%s::text[], %s::text[], %s::boolean[], %s::text[], %s::text[], %s::text[],
                  %s::date[])
           as t (number, kind, is_source, operator, registry, name, opened)
"""

ADD_WORDS = """
    insert into account_word (word, account)
    select w.word, a.id
      from unnest(%s::text[], %s::text[]) as w (word, number)
      join account a on a.number = w.number
"""

CHANGE_STATUS = """
    insert into account_change (journal, account, status, reason)
    values (%s, (select id from account where number = %s), %s, %s)
"""

ADD_DEDICATIONS = """
    insert into dedication (journal, beneficiary, purpose)
    select * from unnest(%s::bigint[], %s::text[], %s::text[])
"""

DEDICATIONS = """
    select journal, beneficiary, purpose from dedication where journal = any (%s) order by journal
"""

ADD_NOTICE = """
    insert into notice (journal, kind, subject, names, facts) values (%s, %s, %s, %s, %s)
"""

NOTICES = """
    select n.journal, n.kind, n.subject, j.day, n.names, n.facts
      from notice n join journal j on j.number = n.journal
      join rulebook r on r.id = j.rulebook
     where r.scheme = %s and n.kind = any (%s)
     order by n.journal
"""

WAIT_FOR_POSTS = "select pg_advisory_xact_lock(20050101)"

ADD_SERIES = """
    insert into series (code, source)
    select t.code, a.id
      from unnest(%s::text[], %s::text[]) with ordinality as t (code, source, place)
      left join account a on a.number = t.source
     order by t.place
    on conflict (code) do nothing
"""

ADD_ASSETS = """
    with added as (
        insert into asset (code, series)
        select t.code, s.id
          from unnest(%s::text[], %s::text[]) with ordinality as t (code, series, place)
          left join series s on s.code = t.series
         order by t.place
        returning code, id, series
    )
    select a.code, a.id, s.code, s.id from added a left join series s on s.id = a.series
"""

ACCOUNTS = """
    select number, kind, status, opened, name, registry, operator
      from account
     where (%(scheme)s::text is null or scheme = %(scheme)s)
       and (%(operator)s::text is null or operator = %(operator)s)
       and (%(operated)s::boolean is null or (operator is not null) = %(operated)s)
     order by id
"""

ASSETS = """
    select x.code, s.code from asset x left join series s on s.id = x.series order by x.id
"""

ASSETS_NAMED = """
    select x.code, s.code
      from asset x left join series s on s.id = x.series
     where x.code = any (%(codes)s)
     order by x.id
"""

HOLDINGS = """
    select x.code, h.count
      from (select b.asset, sum(b.last - b.first + 1)::bigint as count
              from block b join account a on a.id = b.account
             where a.number = %(account)s and b.asset is not null
             group by b.asset
            union all
            select f.asset, f.count
              from holding f join account a on a.id = f.account
             where a.number = %(account)s) as h
      join asset x on x.id = h.asset
     where h.count <> 0
     order by x.id
"""

FREE = "select * from free_of($1, $2, $3)"

BALANCES = """
    select a.number, x.code, h.count
      from (select account, asset, sum(last - first + 1)::bigint as count
              from line where asset is not null group by account, asset
            union all
            select account, asset, count from holding where not is_source) as h
      join account a on a.id = h.account and a.scheme = %s
      join asset x on x.id = h.asset
     where h.count <> 0
     order by a.id, x.id
"""

LOTS = """
    select a.number, s.code, b.first, b.last, b.since, j.kind
      from block b
      join account a on a.id = b.account
      join asset x on x.id = b.asset
      join series s on s.id = b.series
      join journal j on j.number = b.since
     where a.number = any (%(accounts)s) and x.code = %(asset)s
     order by a.id, b.since, b.last
"""

HOLDER = """
    select a.number, x.code, b.first, b.last, b.since
      from series s
     cross join lateral (select * from block u
                          where u.series = s.id and u.last >= %(number)s
                          order by u.last limit 1) b
      join account a on a.id = b.account
      left join asset x on x.id = b.asset
     where s.code = %(series)s and %(number)s >= 1
"""

STEPS = """
    select m.transaction, j.kind, j.year, j.day, j.at, a.number, b.number, x.code, m.count,
           s.code, coalesce(m.first, 0), coalesce(m.last, 0), coalesce(m.prior, 0)
      from movement m
      join journal j on j.number = m.transaction
      join account a on a.id = m.source
      join account b on b.id = m.target
      join asset x on x.id = m.asset
      left join series s on s.id = m.series
     where (%(series)s::text is null or s.code = %(series)s)
       and (%(number)s::bigint is null or %(number)s between m.first and m.last)
     order by m.transaction, m.line
"""

CLOSED_ON = """
    select a.number, max(j.day)
      from account a
      join account_change c on c.account = a.id and c.status = 'closed'
      join journal j on j.number = c.journal
     where a.scheme = %s and a.status = 'closed'
     group by a.number
"""

SOURCES = "select number, is_source from account where number = any (%s)"

ADD_HOLDS = """
    insert into hold (key, account, asset, count, journal)
    select h.key, a.id, x.id, h.count, $1::bigint
      from unnest($2::text[], $3::text[], $4::text[], $5::bigint[])
           as h (key, account, asset, count)
      left join account a on a.number = h.account
      left join asset x on x.code = h.asset
"""

TRANSACTION = """
    select key, kind, year, because, reverses,
           (select r.number from journal r where r.reverses = j.number),
           b.scheme, b.fingerprint, day, at
      from journal j join rulebook b on b.id = j.rulebook
     where number = %s
"""

SIZE = "select count(distinct transaction), count(*) from movement"

MOVED = """
    select sum(m.count)::bigint
      from movement m
      join journal j on j.number = m.transaction
      join asset x on x.id = m.asset
     where j.kind = %(kind)s and x.code = %(asset)s
"""

# Of a year no more is read than its own entries, and their movements one by one: asked as a join,
# the server takes few movements for those of an asset, and looks up the entries of all of them.
MOVED_FOR_YEAR = """
    select sum(o.count)::bigint
      from journal j
     cross join lateral (select sum(m.count) as count from movement m
                          where m.transaction = j.number
                            and m.asset = (select x.id from asset x where x.code = %(asset)s)) o
     where j.kind = %(kind)s and j.year = %(year)s
"""

# Summed before the accounts are joined, so that the plan is good however little is known of the
# tables: fresh books have no statistics yet.
MOVED_BY_ACCOUNT = """
    with moved as materialized (
        select case when %(outgoing)s then m.source else m.target end as account, j.year,
               sum(m.count)::bigint as count
          from journal j
          join movement m on m.transaction = j.number
         where j.kind = %(kind)s and j.year = any (%(years)s)
           and (%(by)s::date is null or j.day <= %(by)s)
           and (%(entry)s::bigint is null or j.number > %(entry)s or j.day > %(day)s)
           and (%(asset)s::text is null
                or m.asset in (select x.id from asset x
                                where x.code = %(asset)s or starts_with(x.code, %(asset)s || ' ')))
         group by 1, 2
    )
    select a.number, m.year, m.count
      from moved m
      join account a on a.id = m.account
     where a.scheme = %(scheme)s
"""

ADD_EMISSIONS = """
    insert into emission (journal, line, account, year, kind, tonnes, exact, day, late, note,
                          reference)
    select %s, t.line, a.id, t.year, t.kind, t.tonnes, t.exact, t.day, t.late, t.note, t.reference
      from unnest(%s::text[], %s::smallint[], %s::text[], %s::bigint[], %s::numeric[],
                  %s::date[], %s::boolean[], %s::text[], %s::text[]) with ordinality
           as t (account, year, kind, tonnes, exact, day, late, note, reference, line)
      left join account a on a.number = t.account
"""

EMISSION_COLUMNS = """
    select a.number, coalesce(a.operator, a.number), e.year, e.kind, e.tonnes, e.exact, e.day,
           e.late, e.note, e.reference, j.at, e.journal
"""
EMISSIONS = (
    EMISSION_COLUMNS
    + """
      from emission e
      join journal j on j.number = e.journal
      join account a on a.id = e.account
     where a.scheme = %(scheme)s and e.year = any (%(years)s)
       and e.kind = any (%(kinds)s)
       and (%(entry)s::bigint is null or e.journal > %(entry)s or e.day > %(day)s)
     order by e.journal, e.line
"""
)

ADD_STREAMS = """
    insert into stream (journal, report, line, stream, name, approach, gas, size, leaves,
                        plan_tiers, activity, activity_unit, ncv, ef, ef_unit, of, cf,
                        carbon_content, hours, flow, concentration, biomass_fraction, tiers,
                        tier_reason, uncertainty)
    select %s, t.report, t.line, t.stream, t.name, t.approach, t.gas, t.size, t.leaves,
           string_to_array(t.plan_tiers, E'\\x1f'), t.activity, t.activity_unit, t.ncv, t.ef,
           t.ef_unit, t.of, t.cf, t.carbon_content, t.hours, t.flow, t.concentration,
           t.biomass_fraction, string_to_array(t.tiers, E'\\x1f'), t.tier_reason, t.uncertainty
      from unnest(%s::integer[], %s::integer[], %s::text[], %s::text[], %s::text[], %s::text[],
                  %s::text[], %s::boolean[], %s::text[], %s::numeric[], %s::text[],
                  %s::numeric[], %s::numeric[], %s::text[], %s::numeric[], %s::numeric[],
                  %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[],
                  %s::text[], %s::text[], %s::numeric[])
           as t (report, line, stream, name, approach, gas, size, leaves, plan_tiers, activity,
                 activity_unit, ncv, ef, ef_unit, of, cf, carbon_content, hours, flow,
                 concentration, biomass_fraction, tiers, tier_reason, uncertainty)
"""

STREAMS = """
    select a.number, coalesce(a.operator, a.number), e.year, e.exact, e.day, e.note,
           s.journal, s.report,
           s.stream, s.name, s.approach, s.gas, s.size, s.leaves, s.plan_tiers,
           s.activity, s.activity_unit, s.ncv, s.ef, s.ef_unit, s.of, s.cf, s.carbon_content,
           s.hours, s.flow, s.concentration, s.biomass_fraction, s.tiers, s.tier_reason,
           s.uncertainty
      from emission e
      join account a on a.id = e.account
      join stream s on s.journal = e.journal and s.report = e.line
     where a.scheme = %(scheme)s and e.year = any (%(years)s)
       and (%(account)s::text is null or a.number = %(account)s)
     order by s.journal, s.report, s.line
"""

ADD_OUTCOMES = """
    insert into outcome (journal, account, year, status, verified, surrendered, missing, excess,
                         penalty, currency, extra, made_good, carried, published, unreported,
                         because)
    select %s, a.id, t.year, t.status, t.verified, t.surrendered, t.missing, t.excess,
           t.penalty, t.currency, t.extra, t.made_good, t.carried, t.published, t.unreported,
           string_to_array(t.because, E'\\x1f')
      from unnest(%s::text[], %s::smallint[], %s::text[], %s::bigint[], %s::bigint[],
                  %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[],
                  %s::bigint[], %s::bigint[], %s::boolean[], %s::boolean[], %s::text[])
           as t (account, year, status, verified, surrendered, missing, excess, penalty, currency,
                 extra, made_good, carried, published, unreported, because)
      left join account a on a.number = t.account
"""

OUTCOME_COLUMNS = """
    select a.number, coalesce(a.operator, a.number), o.year, o.status, o.verified, o.surrendered,
           o.missing, o.excess, o.penalty, o.currency, o.extra, o.made_good, o.carried,
           o.published, o.unreported, o.because, o.journal, j.day
"""
OUTCOMES = (
    OUTCOME_COLUMNS
    + """
      from outcome o
      join journal j on j.number = o.journal
      join account a on a.id = o.account
     where a.scheme = %(scheme)s and o.year = any (%(years)s)
     order by o.journal, a.id
"""
)

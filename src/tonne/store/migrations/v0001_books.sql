-- The books: what is added and never changed, and what is derived from it by the database itself.
--
-- The application's role (tonne_app) may add to the journal and its rows and may read. It may not
-- update, delete or truncate anything, and it may not write what is derived (block, holding,
-- account.status): triggers that belong to the owner keep those, and check the books a second time.

create sequence journal_number;

create table rulebook (
    id          integer generated always as identity primary key,
    scheme      text not null,
    fingerprint text not null unique,
    check (fingerprint <> '')
);

create table journal (
    number   bigint primary key,
    key      text not null unique,
    digest   bytea not null,
    kind     text not null,
    year     smallint,
    day      date not null,
    at       timestamptz not null,
    rulebook integer not null,
    because  text[] not null,
    reverses bigint references journal,
    hold     text,
    constraint journal_because_check
        check (cardinality(because) > 0 and key <> '' and (reverses is null or reverses < number))
);
create index journal_year on journal (year, kind);
create unique index journal_reverses on journal (reverses) where reverses is not null;

create table account (
    id        integer generated always as identity primary key,
    number    text not null unique,
    scheme    text not null,
    kind      text not null,
    is_source boolean not null default false,
    status    text not null default 'open',
    operator  text,
    registry  text,
    name      text not null default '',
    opened    date not null,
    journal   bigint not null references journal
);
create index account_operator on account (scheme, operator);

create table account_change (
    journal bigint not null references journal,
    account integer not null references account,
    status  text not null,
    reason  text not null,
    primary key (journal, account)
);

create table series (
    id     integer generated always as identity primary key,
    code   text not null unique,
    source integer not null references account
);

create table asset (
    id     integer generated always as identity primary key,
    code   text not null unique,
    series integer references series
);

-- Every number of a series is held by somebody, unissued numbers by the source (asset is null).
-- Each block begins where another ends: two unique keys and a foreign key make the blocks tile.
create table block (
    series  integer not null,
    first   bigint not null,
    last    bigint not null,
    account integer,
    asset   integer,
    since   bigint not null,
    before  bigint generated always as (case when first = 0 then null else first - 1 end) stored,
    primary key (series, last),
    unique (series, first),
    foreign key (series, before) references block (series, last) deferrable initially deferred,
    check (first = 0 and last = 0 and account is null
           or first > 0 and last >= first and account is not null)
);
-- And the last block reaches the end of the line, so none is lost there either.
alter table series
    add last bigint not null generated always as (9223372036854775807) stored,
    add foreign key (id, last) references block (series, last) deferrable initially deferred;
create index block_held on block (account, asset, since, first);

create table holding (
    account   integer not null references account,
    asset     integer not null references asset,
    count     bigint not null,
    is_source boolean not null,
    primary key (account, asset),
    check (count >= 0 or is_source)
);

create table movement (
    transaction bigint not null,
    line        integer not null,
    source      integer not null,
    target      integer not null,
    asset       integer not null,
    count       bigint not null,
    series      integer,
    first       bigint,
    last        bigint,
    prior       bigint,
    primary key (transaction, line),
    check (source <> target and count > 0
           and (series is null and first is null and last is null and prior is null
                or series is not null and first > 0 and last - first = count - 1
                   and last is not null and prior is not null))
);
create index movement_source on movement (source, transaction);
create index movement_target on movement (target, transaction);

create table hold (
    key     text primary key,
    account integer not null references account,
    asset   integer not null references asset,
    count   bigint not null check (count > 0),
    journal bigint not null references journal
);
create index hold_account on hold (account, asset);

create table hold_end (
    key     text primary key references hold,
    journal bigint not null references journal
);

create table emission (
    journal   bigint not null references journal,
    line      integer not null,
    account   integer not null references account,
    year      smallint not null,
    kind      text not null,
    tonnes    bigint check (tonnes >= 0),
    exact     numeric,
    day       date not null,
    late      boolean not null,
    note      text not null,
    reference text not null,
    primary key (journal, line)
);
create index emission_account on emission (account, year);

create table outcome (
    journal     bigint not null references journal,
    account     integer not null references account,
    year        smallint not null,
    status      text not null,
    verified    bigint,
    surrendered bigint not null,
    missing     bigint not null check (missing >= 0),
    excess      bigint not null check (excess >= 0),
    penalty     bigint not null check (penalty >= 0),
    currency    text not null,
    extra       bigint not null,
    carried     bigint not null,
    published   boolean not null,
    unreported  boolean not null,
    because     text[] not null check (cardinality(because) > 0),
    primary key (account, year, journal)
);

-- A new series: the stone (0, 0), held by nobody, and one block of everything, held by its source.
create function lay_series() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    if not (select is_source from account where id = new.source) then
        raise exception 'only a source holds what is not yet issued'
            using errcode = 'check_violation';
    end if;
    insert into block (series, first, last, account, asset, since)
    values (new.id, 0, 0, null, null, 0),
           (new.id, 1, 9223372036854775807, new.source, null, 0);
    return null;
end $$;

create trigger series_is_laid after insert on series
    for each row execute function lay_series();

create function keep_status() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    update account set status = new.status where id = new.account;
    return null;
end $$;

create trigger change_keeps_status after insert on account_change
    for each row execute function keep_status();

-- Holdings of fungible assets follow their movements.
create function move_fungible(moves movement[]) returns void language plpgsql
    set search_path = public, pg_temp as $$
begin
    if exists (select from unnest(moves) m
                where not exists (select from journal j, account s, account t, asset x
                                   where j.number = m.transaction and s.id = m.source
                                     and j.xmin = pg_current_xact_id()::xid
                                     and t.id = m.target and x.id = m.asset
                                     and x.series is null))
    then
        raise exception 'a movement names what is not there'
            using errcode = 'foreign_key_violation';
    end if;
    insert into holding (account, asset, count, is_source)
    select distinct a.id, m.asset, 0, a.is_source
      from unnest(moves) m join account a on a.id in (m.source, m.target)
     order by 1, 2
    on conflict do nothing;
    perform from holding h
      where exists (select from unnest(moves) m where h.asset = m.asset
                       and h.account in (m.source, m.target))
      order by h.account, h.asset for update of h;
    update holding h set count = h.count + net.count
      from (select account, asset, sum(count) as count
              from (select source, asset, -count from unnest(moves)
                    union all
                    select target, asset, count from unnest(moves))
                   as side (account, asset, count)
             group by account, asset) as net
     where (h.account, h.asset) = (net.account, net.asset);
end $$;

-- Every movement belongs to a journal entry of its own database transaction, so that nothing is
-- added to an entry later. It must lie inside one block that its source holds as that asset. The block is then
-- cut and the piece handed over: the last part of a block keeps the row (its end stays), the other
-- parts are new rows. A few movements are taken one by one, many as one set: for a few it costs more
-- to start the set than to do the work. Movements of a set carry disjoint numbers.
create function move_units() returns trigger language plpgsql security definer
    set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    wanted    integer;
    changed   integer;
    step      movement;
    here      block;
    new_asset integer;
    whole     boolean;
    fits      boolean;
begin
    if (select count(*) from (select from moved limit 9) few) < 9 then
        for step in select * from moved where series is not null order by transaction, line loop
            select * into here from block u
             where u.series = step.series and u.last >= step.first order by u.last limit 1;
            select case when t.is_source then null else step.asset end,
                   here.account = step.source and here.since = step.prior
                       and here.first <= step.first and step.last <= here.last
                       and case when here.asset is null
                           then exists (select from account s, asset x
                                         where s.id = step.source and s.is_source
                                           and x.id = step.asset and x.series = step.series)
                           else here.asset = step.asset end
                       and exists (select from journal j where j.number = step.transaction
                                      and j.xmin = pg_current_xact_id()::xid)
              into new_asset, fits
              from account t where t.id = step.target;
            whole := step.last = here.last;
            if fits then
                update block u
                   set first = case when whole then step.first else step.last + 1 end,
                       account = case when whole then step.target else here.account end,
                       asset = case when whole then new_asset else here.asset end,
                       since = case when whole then step.transaction else here.since end
                 where u.series = here.series and u.last = here.last and u.first = here.first
                   and u.account = here.account and u.since = here.since;
                fits := found;
            end if;
            if fits is not true then
                raise exception 'a movement takes numbers that its source does not hold'
                    using errcode = 'TN001';
            end if;
            if not whole then
                insert into block (series, first, last, account, asset, since)
                values (step.series, step.first, step.last, step.target, new_asset,
                        step.transaction);
            end if;
            if step.first > here.first then
                insert into block (series, first, last, account, asset, since)
                values (step.series, here.first, step.first - 1, here.account, here.asset,
                        here.since);
            end if;
        end loop;
    else
        with held as (
            select m.transaction, m.series, m.first, m.last, m.target,
                   case when t.is_source then null else m.asset end as asset,
                   b.first as block_first, b.last as block_last, b.account, b.asset as block_asset,
                   b.since,
                   b.first <= m.first and m.last <= b.last and b.account = s.id
                       and b.since = m.prior and x.series = m.series and t.id is not null
                       and b.asset is not distinct from case when s.is_source then null else x.id end
                       and j.xmin = pg_current_xact_id()::xid as good
              from moved m
              left join journal j on j.number = m.transaction
              left join account s on s.id = m.source
              left join account t on t.id = m.target
              left join asset x on x.id = m.asset
              left join lateral (select * from block b
                                  where b.series = m.series and b.last >= m.first
                                  order by b.last limit 1) b on true
             where m.series is not null
        ), piece as (
            select *, lag(last) over line as previous, lead(first) over line as next
              from held
            window line as (partition by series, block_last order by first)
        ), part as (
            select series, first, last, target as account, asset, transaction as since,
                   block_first, block_last, account as owner,
                   good and (previous is null or previous < first) as good
              from piece
            union all
            select series, coalesce(previous + 1, block_first), first - 1, account, block_asset, since,
                   block_first, block_last, account, good
              from piece where coalesce(previous + 1, block_first) < first
            union all
            select series, last + 1, block_last, account, block_asset, since,
                   block_first, block_last, account, good
              from piece where next is null and last < block_last
        ), kept as (
            update block b
               set first = p.first, account = p.account, asset = p.asset, since = p.since
              from part p
             where p.last = p.block_last and p.good
               and b.series = p.series and b.last = p.block_last and b.first = p.block_first
               and b.account = p.owner
         returning 1
        ), tally as (
            select count(*) filter (where p.last = p.block_last or not coalesce(p.good, false)) as wanted,
                   (select count(*) from kept) as changed
              from part p
        ), laid as (
            insert into block (series, first, last, account, asset, since)
            select p.series, p.first, p.last, p.account, p.asset, p.since
              from tally t join part p on t.wanted = t.changed and p.last < p.block_last
         returning 1
        )
        select t.wanted, t.changed into wanted, changed from tally t, (select count(*) from laid) l;

        if wanted is distinct from changed then
            raise exception 'a movement takes numbers that its source does not hold'
                using errcode = 'TN001';
        end if;
    end if;

    if exists (select from moved where series is null) then
        perform move_fungible(array(select row(t.*)::movement from moved t where t.series is null));
    end if;
    if exists (select from hold) and exists (
        select from moved m join hold h on h.account = m.source and h.asset = m.asset)
    then
        perform check_promises(array(
            select h.key from moved m join hold h on h.account = m.source and h.asset = m.asset));
    end if;
    return null;
end $$;

-- How many of an asset an account holds. A source holds minus what it has issued.
create function held(of_account integer, of_asset integer) returns bigint language sql stable as $$
    select case
        when x.series is null then
            coalesce((select h.count from holding h
                       where h.account = of_account and h.asset = of_asset), 0)
        when a.is_source then
            (select -coalesce(sum(b.last - b.first + 1), 0)::bigint from block b
              where b.asset = of_asset)
        else
            (select coalesce(sum(b.last - b.first + 1), 0)::bigint from block b
              where b.account = of_account and b.asset = of_asset)
        end
      from account a, asset x
     where a.id = of_account and x.id = of_asset
$$;

create trigger movement_moves_units after insert on movement
    referencing new table as moved
    for each statement execute function move_units();

-- What is promised of an account's asset, by open holds, is never more than it holds.
create function check_promises(keys text[]) returns void language plpgsql stable
    set search_path = public, pg_temp as $$
begin
    if exists (
        select from hold h
         where (h.account, h.asset) in (select k.account, k.asset from hold k where k.key = any (keys))
           and not exists (select from hold_end e where e.key = h.key)
         group by h.account, h.asset
        having sum(h.count) > held(h.account, h.asset))
    then
        raise exception 'more is promised than is held' using errcode = 'TN002';
    end if;
end $$;

create function check_hold() returns trigger language plpgsql
    set search_path = public, pg_temp as $$
begin
    perform check_promises(array[new.key]);
    return null;
end $$;

create trigger hold_is_covered after insert on hold
    for each row execute function check_hold();

-- What an operation reads before it decides, in one call. Accounts that give are locked in order
-- of their id; what they hold is read after that, by fresh snapshots. Each row is tagged:
--   a  account that is not open: id, status, kind    k  key already used: entry, key, digest
--   l  lot of a giver, s of a source, b of a named block: place, series, first, last, since
--   h  held back, f fungible holding: place, count    n  the numbers to use, one for each key
create function load_books(
    keys text[], givers integer[], assets integer[], named integer[], lots_max integer,
    sources integer[], source_series integer[],
    block_givers integer[], block_assets integer[], block_series integer[], block_first bigint[])
returns table (tag text, place bigint, word text, more text, a bigint, b bigint, c bigint)
language plpgsql volatile security definer
    set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    perform pg_advisory_xact_lock_shared(20050101);
    perform from account g where g.id = any (givers || sources) order by g.id for no key update;
    return query
    select 'a', g.id::bigint, g.status, g.kind, null::bigint, null::bigint, null::bigint
      from account g where g.id = any (named) and g.status <> 'open'
     union all
    select 'k', j.number, j.key, encode(j.digest, 'hex'), null, null, null
      from journal j where j.key = any (keys);
    return query
    select 'l', w.place, t.series::text, null::text, t.first, t.last, t.since
      from unnest(givers, assets) with ordinality as w (account, asset, place)
     cross join lateral (
           select u.first, u.last, u.since, u.series from block u
            where u.account = w.account and u.asset = w.asset
            order by u.since, u.first limit lots_max) t;
    if cardinality(sources) > 0 then
        return query
        select 's', w.place, u.series::text, null::text, u.first, u.last, u.since
          from unnest(sources, source_series) with ordinality as w (account, series, place)
          join block u on u.account = w.account and u.asset is null and u.series = w.series;
    end if;
    if cardinality(block_givers) > 0 then
        return query
        select 'b', w.place, w.series::text, null::text, t.first, t.last, t.since
          from unnest(block_givers, block_assets, block_series, block_first) with ordinality
               as w (account, asset, series, first, place)
         cross join lateral (
               select u.first, u.last, u.since, u.account, u.asset from block u
                where u.series = w.series and u.last >= w.first
                order by u.last limit 1) t
         where t.account = w.account and t.asset = w.asset;
    end if;
    if exists (select from hold) then
        return query
        select 'h', w.place, null::text, null::text, sum(h.count)::bigint,
               null::bigint, null::bigint
          from unnest(givers, assets) with ordinality as w (account, asset, place)
          join hold h on h.account = w.account and h.asset = w.asset
         where not exists (select from hold_end e where e.key = h.key)
         group by w.place;
    end if;
    if exists (select from holding) then
        return query
        select 'f', w.place, null::text, null::text, f.count, null::bigint, null::bigint
          from unnest(givers, assets) with ordinality as w (account, asset, place)
          join holding f on f.account = w.account and f.asset = w.asset;
    end if;
    -- Last, so that a transaction's number is above those of all it was decided on.
    return query
    select 'n', null::bigint, string_agg(nextval('journal_number')::text, ','), null::text,
           null::bigint, null::bigint, null::bigint
      from unnest(keys);
end $$;

-- A batch is written into the journal; the triggers move the units and check again.
create function save_books(
    numbers bigint[], keys text[], digests bytea[], kinds text[], years smallint[],
    becauses text[], reversed bigint[], holds text[],
    on_day date, at_moment timestamptz, by_rulebook integer,
    transactions bigint[], lines integer[], sources integer[], targets integer[],
    assets integer[], counts bigint[], series_ bigint[], firsts bigint[], lasts bigint[],
    priors bigint[])
returns void language plpgsql volatile
    set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan as $$
begin
    insert into journal (number, key, digest, kind, year, day, at, rulebook, because, reverses,
                         hold)
    select t.number, t.key, t.digest, t.kind, t.year, on_day, at_moment, by_rulebook,
           string_to_array(t.because, E'\x1f'), t.reverses, t.hold
      from unnest(numbers, keys, digests, kinds, years, becauses, reversed, holds)
           as t (number, key, digest, kind, year, because, reverses, hold);
    if cardinality(array_remove(holds, null)) > 0 then
        insert into hold_end (key, journal)
        select t.hold, t.number from unnest(holds, numbers) as t (hold, number)
         where t.hold is not null;
    end if;
    insert into movement (transaction, line, source, target, asset, count, series, first, last,
                          prior)
    select *
      from unnest(transactions, lines, sources, targets, assets, counts, series_, firsts, lasts,
                  priors);
end $$;

do $$
begin
    if not exists (select from pg_roles where rolname = 'tonne_app') then
        create role tonne_app nologin;
    end if;
    if not pg_has_role(current_user, 'tonne_app', 'member') then
        execute format('grant tonne_app to %I', current_user);
    end if;
end $$;

grant usage on schema public to tonne_app;
grant usage on sequence journal_number to tonne_app;
grant select, insert on rulebook, journal, account, account_change, series, asset, movement,
    hold, hold_end, emission, outcome to tonne_app;
grant select on block, holding to tonne_app;

-- The books: what is added and never changed, and what is derived from it by the database itself.
--
-- The application's role (tonne_app) may add to the journal and its rows and may read. It may not
-- update, delete or truncate anything, and it may not write movements or what is derived from them
-- (block_end, holding): save_books, which belongs to the owner, does, and checks a second time.

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
        check (number > 0 and cardinality(because) > 0 and key <> '' and (reverses is null or reverses < number))
);
create index journal_year on journal (year, kind) where year is not null;
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
    journal   bigint not null references journal,
    check (status in ('open', 'restricted', 'suspended', 'closed'))
);
-- An operator has one account, and another only when that is closed.
create unique index account_operator on account (scheme, operator)
    where operator is not null and status <> 'closed';
create index account_of_scheme on account (scheme, id);
create index account_named on account (scheme, name collate "C", id);

-- The words by which an account is found: its name and its operator's, without case and accents.
create table account_word (
    word    text collate "C" not null check (word <> ''),
    account integer not null references account,
    primary key (account, word)
);
create index account_word_begins on account_word (word, account);

create table account_change (
    journal bigint not null references journal,
    account integer not null references account,
    status  text not null,
    reason  text not null,
    primary key (journal, account)
);

create table dedication (
    journal     bigint primary key references journal,
    beneficiary text not null check (beneficiary <> ''),
    purpose     text not null
);

create table notice (
    journal bigint primary key references journal,
    kind    text not null check (kind in ('reversal', 'report', 'inventory', 'shown', 'judgement',
                                           'credits', 'removals')),
    subject text not null check (subject <> ''),
    names   text[] not null,
    facts   text[] not null check (cardinality(names) = cardinality(facts))
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

-- Every number of a series is held by somebody, unissued numbers by the source (asset is null). A row
-- is the end of a block: the block begins where the one before it ends. So each number lies in just
-- one block, that of the first end at or above it, whatever rows there are: blocks tile the line.
-- The floor says how far down to look for the end before: no number below it was ever in the block.
create table block_end (
    series  integer not null,
    last    bigint not null,
    floor   bigint not null,
    account integer not null,
    asset   integer,
    since   bigint not null,
    primary key (series, last)
);
create index block_held on block_end (account, asset, since, last);
-- There is an end at the end of the line, so every number has an end above it.
alter table series
    add last bigint not null generated always as (9223372036854775807) stored,
    add foreign key (id, last) references block_end (series, last) deferrable initially deferred;

-- An end is never moved or removed, not even by the owner: what it divided would be one block.
create function keep_ends() returns trigger language plpgsql as $$
begin
    raise exception 'the end of a block stays where it is' using errcode = 'integrity_constraint_violation';
end $$;

create trigger ends_stay before update of series, last or delete or truncate on block_end
    for each statement execute function keep_ends();

-- A block with its first number: for a few blocks, and for the whole line at once.
create view block as
    select b.series, coalesce((select e.last + 1 from block_end e
                                where e.series = b.series and e.last >= b.floor and e.last < b.last
                                order by e.last desc limit 1), b.floor) as first,
           b.last, b.account, b.asset, b.since
      from block_end b;
create view line as
    select series, lag(last, 1, 0::bigint) over (partition by series order by last) + 1 as first,
           last, account, asset, since
      from block_end;

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
    check (count > 0 and (series is null or count = last - first + 1 and prior <= transaction))
);
create index movement_source on movement (source, transaction);
create index movement_target on movement (target, transaction);

-- An exchange promises and frees hundreds at once: what a row of these belongs to is looked at for all
-- of a statement together (hold_entry_is_own, open_holds, end_holds).
create table hold (
    key     text primary key,
    account integer not null,
    asset   integer not null,
    count   bigint not null check (count > 0),
    journal bigint not null
);
create index hold_account on hold (account);

create table hold_end (
    key     text primary key,
    journal bigint not null
);

-- Those that have not ended, kept by triggers: of a busy account many have.
create table open_hold (
    key     text primary key,
    account integer not null,
    asset   integer not null,
    count   bigint not null
);
create index open_hold_account on open_hold (account, asset);

-- Tens of thousands at once: that their entry and their accounts are there is looked at for all of a
-- statement together (rows_belong). Neither is ever removed.
create table emission (
    journal   bigint not null,
    line      integer not null,
    account   integer not null,
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

-- What a report was worked out from, stream by stream: the plan's words, then what was found.
create table stream (
    journal          bigint not null,
    report           integer not null,
    line             integer not null,
    stream           text not null,
    name             text not null,
    approach         text not null,
    gas              text not null,
    size             text not null,
    leaves           boolean not null,
    plan_tiers       text[] not null,
    activity         numeric,
    activity_unit    text not null,
    ncv              numeric,
    ef               numeric,
    ef_unit          text not null,
    of               numeric,
    cf               numeric,
    carbon_content   numeric,
    hours            numeric,
    flow             numeric,
    concentration    numeric,
    biomass_fraction numeric,
    tiers            text[] not null,
    tier_reason      text not null,
    uncertainty      numeric,
    primary key (journal, report, line),
    unique (journal, report, stream),
    foreign key (journal, report) references emission (journal, line)
);

create table outcome (
    journal     bigint not null,
    account     integer not null,
    year        smallint not null,
    status      text not null,
    verified    bigint,
    surrendered bigint not null,
    missing     bigint not null check (missing >= 0),
    excess      bigint not null check (excess >= 0),
    penalty     bigint not null check (penalty >= 0),
    currency    text not null,
    extra       bigint not null,
    made_good   bigint not null check (made_good >= 0),
    carried     bigint not null,
    published   boolean not null,
    unreported  boolean not null,
    because     text[] not null check (cardinality(because) > 0),
    primary key (account, year, journal)
);
create index outcome_year on outcome (year, account, journal desc);
-- How each stands with a year: what the last closing said.
create view standing as
    select distinct on (year, account) year, account, status, verified, surrendered, missing
      from outcome
     order by year, account, journal desc;

-- What was agreed of a trade, beside the movements that settle it; trades that are netted share an
-- entry. Prices and amounts are in the smallest unit of the currency.
create table trade_record (
    journal        bigint not null,
    line           integer not null,
    buyer          integer not null,
    seller         integer not null,
    asset          integer not null,
    count          bigint not null,
    currency       integer not null,
    price          numeric not null,
    paid           bigint not null,
    free           boolean not null,
    treatment      text not null,
    rate           numeric not null,
    vat            bigint not null,
    buyer_country  text not null,
    seller_country text not null,
    buyer_fee      bigint not null,
    seller_fee     bigint not null,
    public         boolean not null,
    delay          integer not null,
    advance        bigint not null,
    primary key (journal, line),
    check (count > 0 and buyer <> seller and asset <> currency and least(price, paid, vat) >= 0
           and least(buyer_fee, seller_fee, delay, advance) >= 0 and advance <= paid
           and rate >= 0 and rate < 1
           and treatment in ('charged', 'reverse_charge', 'zero_rated', 'exempt', 'outside'))
);

-- What was said, word for word: orders, trades, bids, deals; people, mandates, proposals. How things
-- stand is worked out from it. Whoever speaks about a subject does so alone, so that the numbers are in
-- order.
create table word (
    number  bigint generated always as identity primary key,
    journal bigint not null,
    topic   text not null check (topic <> ''),
    subject text not null check (subject <> ''),
    body    text not null,
    state   text not null default '',
    account text not null default '',
    about   text not null default '',
    due     timestamptz
);
create index word_subject on word (topic, subject, number);
create index word_about on word (topic, about, number) where about <> '';
create index word_state on word (topic, number) where state <> '';

-- How each subject stands that has a state: kept by a trigger from the words, so that it is found again.
create table matter (
    topic   text not null,
    subject text not null,
    state   text not null,
    account text not null,
    about   text not null,
    due     timestamptz,
    number  bigint not null,
    primary key (topic, subject)
);
create index matter_state on matter (topic, state, number);
create index matter_account on matter (topic, account, state, number) where account <> '';
create index matter_about on matter (topic, about, state, number) where about <> '';
create index matter_due on matter (topic, state, due) where due is not null;

-- A record belongs to an entry of its own database transaction, so nothing is added to one later. The
-- entries are looked up one by one: the journal is long, and a statement adds few records or many.
create function entry_is_own() returns trigger language plpgsql security definer
    set search_path = public, pg_temp
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    if exists (select from (select distinct journal from added) a
                where not exists (select from journal j where j.number = a.journal
                                     and j.xmin = pg_current_xact_id()::xid))
    then
        raise exception 'a record of an entry that is not made with it'
            using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;

create function rows_belong() returns trigger language plpgsql security definer
    set search_path = public, pg_temp
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    if exists (select from (select distinct journal from added) a
                where not exists (select from journal j where j.number = a.journal
                                     and j.xmin = pg_current_xact_id()::xid))
       or exists (select from (select distinct account from added) a
                   where not exists (select from account t where t.id = a.account))
    then
        raise exception 'a record of what is not there' using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;

-- What an account is found by is said when it is opened, and never added to.
create function words_belong() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    if exists (select from (select distinct account from added) a
                where not exists (select from account t where t.id = a.account
                                     and t.xmin = pg_current_xact_id()::xid))
    then
        raise exception 'a word of an account that was opened before'
            using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;

create function trades_belong() returns trigger language plpgsql security definer
    set search_path = public, pg_temp
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    if exists (select from (select distinct journal from added) a
                where not exists (select from journal j where j.number = a.journal
                                     and j.xmin = pg_current_xact_id()::xid))
       or exists (select from (select buyer from added union select seller from added) a (id)
                   where not exists (select from account t where t.id = a.id))
       or exists (select from (select distinct asset, currency from added) a
                   where not exists (select from asset x where x.id = a.asset)
                      or not exists (select from asset x where x.id = a.currency
                                                           and x.series is null))
    then
        raise exception 'a record of what is not there' using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;

create trigger trades_belong after insert on trade_record
    referencing new table as added for each statement execute function trades_belong();
create trigger emissions_belong after insert on emission
    referencing new table as added for each statement execute function rows_belong();
create trigger outcomes_belong after insert on outcome
    referencing new table as added for each statement execute function rows_belong();
create trigger account_entry_is_own after insert on account
    referencing new table as added for each statement execute function entry_is_own();
create trigger words_belong after insert on account_word
    referencing new table as added for each statement execute function words_belong();
create trigger change_entry_is_own after insert on account_change
    referencing new table as added for each statement execute function entry_is_own();
create trigger dedication_entry_is_own after insert on dedication
    referencing new table as added for each statement execute function entry_is_own();
create trigger notice_entry_is_own after insert on notice
    referencing new table as added for each statement execute function entry_is_own();
create trigger stream_entry_is_own after insert on stream
    referencing new table as added for each statement execute function entry_is_own();
-- What waits for a second person is let pass by another than who said it first.
create function keep_matter() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
declare
    stood matter;
begin
    select * into stood from matter m where m.topic = new.topic and m.subject = new.subject;
    if stood.state = 'awaiting_approval' and stood.about = new.about
       and new.state not in ('awaiting_approval', 'rejected', 'cancelled', 'terminated')
    then
        raise exception 'nobody approves what they proposed themselves'
            using errcode = 'integrity_constraint_violation';
    end if;
    insert into matter values (new.topic, new.subject, new.state, new.account, new.about, new.due,
                               new.number)
        on conflict (topic, subject) do update
           set state = new.state, account = new.account, due = new.due;
    return null;
end $$;

create trigger word_keeps_matter after insert on word
    for each row when (new.state <> '') execute function keep_matter();
create trigger word_entry_is_own after insert on word
    referencing new table as added for each statement execute function entry_is_own();
create trigger hold_entry_is_own after insert on hold
    referencing new table as added for each statement execute function entry_is_own();
create trigger hold_end_entry_is_own after insert on hold_end
    referencing new table as added for each statement execute function entry_is_own();

-- Which registry these books are, and the log it talks to; the last row counts.
create table link (
    journal bigint primary key references journal,
    code    text not null,
    log     text not null,
    address text not null,
    -- The public key of the log.
    key     bytea not null check (length(key) = 32)
);

-- What a registry asked for in a proposal of its own (v0001_talk.sql), beside what it told the log.
create sequence proposal_number;

create table proposal_asked (
    journal  bigint primary key references journal,
    proposal text not null unique,
    verb     text not null,
    year     smallint
);

-- What a comparison with the log came to, and the accounts that are blocked since.
create table comparison (
    journal     bigint primary key references journal,
    round       text not null,
    differences jsonb not null,
    blocked     text[] not null
);

create trigger link_entry_is_own after insert on link
    referencing new table as added for each statement execute function entry_is_own();
create trigger asked_entry_is_own after insert on proposal_asked
    referencing new table as added for each statement execute function entry_is_own();
create trigger comparison_entry_is_own after insert on comparison
    referencing new table as added for each statement execute function entry_is_own();

-- A new series is one block, held by its source.
create function lay_series() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    if not (select is_source from account where id = new.source) then
        raise exception 'only a source holds what is not yet issued'
            using errcode = 'check_violation';
    end if;
    insert into block_end (series, last, floor, account, asset, since)
    values (new.id, 9223372036854775807, 1, new.source, null, 0);
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

-- The same of numbered units, but counted no further than to so many: they come in ever smaller
-- blocks, and who asks whether there is enough need not have all counted. The first in come first.
create function count_blocks(of_account integer, of_asset integer, enough bigint)
returns bigint language plpgsql stable
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
    total bigint := 0;
    piece bigint;
begin
    for piece in
        select b.last - b.first + 1 from block b
         where b.account = of_account and b.asset = of_asset order by b.since, b.last
    loop
        exit when total >= enough;
        total := total + piece;
    end loop;
    return total;
end $$;

-- What accounts hold beyond what is promised of it, in order: all of it, or at least so much as is
-- enough, if they have that. For many at once: to call a function for each would take longest.
create function beyond(accounts integer[], assets integer[], promised bigint[], enough bigint[])
returns setof bigint language plpgsql stable
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
    set enable_bitmapscan = off as $$
begin
    return query
    select coalesce(case
        when x.series is null then
            (select h.count from holding h where h.account = w.account and h.asset = w.asset)
        when a.is_source then held(w.account, w.asset)
        else (select case when f.count >= w.needed or f.blocks < 4 then f.count
                          else count_blocks(w.account, w.asset, w.needed) end
                from (select sum(u.count)::bigint as count, count(*) as blocks
                        from (select b.last - b.first + 1 as count from block b
                               where b.account = w.account and b.asset = w.asset
                               order by b.since, b.last limit 4) u) f)
        end, 0) - w.promised
      from (select v.account, v.asset, v.promised, v.place,
                   coalesce(v.promised + v.enough, 9223372036854775807) as needed
              from unnest(accounts, assets, promised, enough) with ordinality
                   as v (account, asset, promised, enough, place)) w
      left join account a on a.id = w.account
      left join asset x on x.id = w.asset
     order by w.place;
end $$;

-- What is promised of an account's asset, by open holds, is never more than it holds.
create function check_promises(keys text[]) returns void language plpgsql stable
    set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    if exists (
        select from (
            select array_agg(p.account) as accounts, array_agg(p.asset) as assets,
                   array_agg(p.count) as counts, array_agg(0::bigint) as nothing
              from (select k.account, k.asset,
                           (select sum(h.count)::bigint from open_hold h
                             where h.account = k.account and h.asset = k.asset) as count
                      from (select distinct o.account, o.asset from unnest(keys) as w (key)
                              join open_hold o on o.key = w.key) k) p) g
         cross join lateral beyond(g.accounts, g.assets, g.counts, g.nothing) as b (count)
         where b.count < 0)
    then
        raise exception 'more is promised than is held' using errcode = 'TN002';
    end if;
end $$;

-- What accounts hold and have not promised, in order: all of it, or at least so much as is enough.
create function free_of(accounts text[], assets text[], enough bigint[])
returns setof bigint language plpgsql stable security definer
    set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    return query
    select b.free from (
        select array_agg(a.id order by w.place) as accounts,
               array_agg(x.id order by w.place) as assets,
               array_agg((select coalesce(sum(h.count), 0)::bigint from open_hold h
                           where h.account = a.id and h.asset = x.id) order by w.place) as promised
          from unnest(accounts, assets) with ordinality as w (account, asset, place)
          left join account a on a.number = w.account
          left join asset x on x.code = w.asset) g
     cross join lateral beyond(g.accounts, g.assets, g.promised, enough) as b (free);
end $$;

create function open_holds() returns trigger language plpgsql security definer
    set search_path = public, pg_temp
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    perform from account g where g.id in (select a.account from added a)
      order by g.id for no key update;
    if exists (select from (select distinct account from added) a
                where not exists (select from account t where t.id = a.account))
       or exists (select from (select distinct asset from added) a
                   where not exists (select from asset x where x.id = a.asset))
    then
        raise exception 'a promise of what is not there' using errcode = 'foreign_key_violation';
    end if;
    insert into open_hold (key, account, asset, count)
    select a.key, a.account, a.asset, a.count from added a;
    perform check_promises(array(select a.key from added a));
    return null;
end $$;

create function end_holds() returns trigger language plpgsql security definer
    set search_path = public, pg_temp
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    ended bigint;
begin
    delete from open_hold where key in (select a.key from added a);
    get diagnostics ended = row_count;
    if ended <> (select count(*) from added) then
        raise exception 'the end of a promise that is not there'
            using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;

create trigger hold_is_covered after insert on hold
    referencing new table as added for each statement execute function open_holds();
create trigger hold_is_over after insert on hold_end
    referencing new table as added for each statement execute function end_holds();

-- What an operation reads before it decides, in one call. Accounts that give are locked in order
-- of their id; what they hold is read after that, by a fresh snapshot. Each row is tagged:
--   a  account that is not open: id, status          k  key already used: place, digest, entry
--   h  held back: place, count                       n  the numbers to use, one for each key
--   f  fungible holdings, each column an array: place, count
--   g  if the books talk with a log
--   l  lots of givers, s of sources, b of named blocks, each column an array: place, series, first,
--      last, since. Of a giver the first ``lots_max`` lots, or all.
-- The first ``numbered`` of the givers' assets have lots, the others are fungible.
create function load_books(
    keys text[], givers integer[], assets integer[], numbered integer, named integer[],
    lots_max integer, sources integer[], source_series integer[],
    block_givers integer[], block_assets integer[], block_series integer[], block_first bigint[])
returns table (tag text, place text, word text, a text, b text, c text)
language plpgsql volatile security definer
    set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    perform pg_advisory_xact_lock_shared(20050101);
    perform from account g where g.id = any (givers || sources) order by g.id for no key update;
    return query
    select 'a', g.id::text, g.status, null, null, null
      from account g where g.id = any (named) and g.status <> 'open';
    return query
    select 'k', w.place::text, encode(j.digest, 'hex'), j.number::text, null, null
      from unnest(keys) with ordinality as w (key, place) join journal j on j.key = w.key;
    if exists (select from link) then
        return query select 'g', null, null, null, null, null;
    end if;
    return query
    select 'l', array_agg(w.place)::text, array_agg(t.series)::text, array_agg(t.first)::text,
           array_agg(t.last)::text, array_agg(t.since)::text
      from unnest(givers[:numbered], assets[:numbered]) with ordinality
           as w (account, asset, place)
     cross join lateral (
           select * from block u where u.account = w.account and u.asset = w.asset
            order by u.since, u.last limit lots_max) t
    having count(*) > 0;
    if cardinality(sources) > 0 then
        return query
        select 's', array_agg(w.place)::text, array_agg(u.series)::text, array_agg(u.first)::text,
               array_agg(u.last)::text, array_agg(u.since)::text
          from unnest(sources, source_series) with ordinality as w (account, series, place)
          join block u on u.account = w.account and u.asset is null and u.series = w.series
        having count(*) > 0;
    end if;
    if cardinality(block_givers) > 0 then
        return query
        select 'b', array_agg(w.place)::text, array_agg(w.series)::text, array_agg(t.first)::text,
               array_agg(t.last)::text, array_agg(t.since)::text
          from unnest(block_givers, block_assets, block_series, block_first) with ordinality
               as w (account, asset, series, first, place)
         cross join lateral (
               select u.first, u.last, u.since, u.account, u.asset from block u
                where u.series = w.series and u.last >= w.first
                order by u.last limit 1) t
         where t.account = w.account and t.asset = w.asset
        having count(*) > 0;
    end if;
    if exists (select from open_hold) then
        return query
        select 'h', w.place::text, null, sum(h.count)::text, null, null
          from unnest(givers, assets) with ordinality as w (account, asset, place)
          join open_hold h on h.account = w.account and h.asset = w.asset
         group by w.place;
    end if;
    if numbered < cardinality(givers) then
        return query
        select 'f', array_agg(numbered + w.place)::text, null, array_agg(f.count)::text, null, null
          from unnest(givers[numbered + 1:], assets[numbered + 1:]) with ordinality
               as w (account, asset, place)
          join holding f on f.account = w.account and f.asset = w.asset
        having count(*) > 0;
    end if;
    -- Last, so that a transaction's number is above those of all it was decided on.
    return query
    select 'n', null, null, array_agg(nextval('journal_number'))::text, null, null
      from unnest(keys);
end $$;

-- One movement of numbered units. It must lie inside one block that its source holds as that asset
-- since ``before_that``. The block is cut at both ends of the piece, and the piece is the target's.
create function move_block(
    by_transaction bigint, from_account integer, to_account integer, of_asset integer,
    of_series integer, from_first bigint, to_last bigint, before_that bigint)
returns void language plpgsql
    set plan_cache_mode = force_generic_plan as $$
declare
    here      block_end;
    new_asset integer;
    cut_below boolean;
    fits      boolean;
begin
    select * into here from block_end u
     where u.series = of_series and u.last >= from_first order by u.last limit 1;
    select case when t.is_source then null else of_asset end,
           from_first > 1 and not exists (
               select from block_end e where e.series = of_series and e.last = from_first - 1),
           here.asset = of_asset or here.asset is null and x.series = of_series
      into new_asset, cut_below, fits
      from account t, asset x where t.id = to_account and x.id = of_asset;
    if fits is not true or here.account <> from_account or here.since <> before_that
       or to_last > here.last or from_first > to_last or from_first < 1
       or from_account = to_account
    then
        raise exception 'a movement takes numbers that its source does not hold'
            using errcode = 'TN001';
    end if;
    if cut_below then
        insert into block_end (series, last, floor, account, asset, since)
        values (of_series, from_first - 1, here.floor, here.account, here.asset, here.since);
    end if;
    if to_last < here.last then
        insert into block_end (series, last, floor, account, asset, since)
        values (of_series, to_last, from_first, to_account, new_asset, by_transaction);
    else
        update block_end u
           set floor = from_first, account = to_account, asset = new_asset, since = by_transaction
         where u.series = of_series and u.last = to_last;
    end if;
end $$;

-- The same for many movements as one set: no two of them carry the same number.
create function move_blocks(
    numbers bigint[], entries integer[], sources integer[], targets integer[], assets integer[],
    series_ integer[], firsts bigint[], lasts bigint[], priors bigint[])
returns void language plpgsql
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    fits boolean;
begin
    with held as materialized (
        select numbers[m.entry] as transaction, m.series, m.first, m.last, m.target,
               case when t.is_source then null else m.asset end as asset,
               b.last as ends, b.floor, b.account as owner, b.asset as owned, b.since,
               b.account = m.source and b.since = m.prior and m.first between 1 and m.last
                   and m.last <= b.last and m.source <> m.target and t.id is not null
                   and (b.asset = m.asset or b.asset is null and x.series = m.series) as good
          from unnest(entries, sources, targets, assets, series_, firsts, lasts, priors)
               as m (entry, source, target, asset, series, first, last, prior)
          left join account t on t.id = m.target
          left join asset x on x.id = m.asset
          left join lateral (select * from block_end u
                              where u.series = m.series and u.last >= m.first
                              order by u.last limit 1) b on true
    ), piece as materialized (
        select *, lag(last) over (partition by series, ends order by first) as previous from held
    ), handed as (
        update block_end u
           set floor = p.first, account = p.target, asset = p.asset, since = p.transaction
          from piece p where p.last = p.ends and u.series = p.series and u.last = p.ends
    ), cut as (
        insert into block_end (series, last, floor, account, asset, since)
        select series, last, first, target, asset, transaction from piece where last < ends
        union all
        select series, first - 1, floor, owner, owned, since
          from piece p
         where first > 1 and previous is distinct from first - 1
           and not exists (select from block_end e
                            where e.series = p.series and e.last = p.first - 1)
    )
    select bool_and(coalesce(good and (previous is null or previous < first), false))
      into fits from piece;
    if not fits then
        raise exception 'a movement takes numbers that its source does not hold'
            using errcode = 'TN001';
    end if;
end $$;

-- Holdings of fungible assets follow their movements: what each account's come to, in order, so that
-- two who move at once do not wait for each other in a ring: it is kept, since all that is left to
-- the planner here is to look up one holding after the other. What nobody held before comes last.
create function move_fungible(
    sources integer[], targets integer[], assets integer[], counts bigint[])
returns void language plpgsql
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    net_of     integer[];
    net_assets integer[];
    nets       bigint[];
    met        integer[];
    place      integer;
begin
    if exists (select from unnest(sources, targets, counts) as m (source, target, count)
                where m.count <= 0 or m.source = m.target)
       or exists (select from unnest(assets) as w (asset)
                   where not exists (select from asset x where x.id = w.asset and x.series is null))
    then
        raise exception 'a movement names what is not there'
            using errcode = 'foreign_key_violation';
    end if;
    select array_agg(n.account), array_agg(n.asset), array_agg(n.count)
      into net_of, net_assets, nets
      from (select side.account, side.asset, sum(side.count)::bigint as count
              from unnest(sources || targets, assets || assets,
                          array(select -c from unnest(counts) as c) || counts)
                   as side (account, asset, count)
             group by side.account, side.asset order by side.account, side.asset) n;
    with moved as (
        update holding h set count = h.count + n.count
          from unnest(net_of, net_assets, nets) with ordinality as n (account, asset, count, place)
         where h.account = n.account and h.asset = n.asset
        returning n.place)
    select array_agg(m.place) into met from moved m;
    if cardinality(met) = cardinality(nets) then
        return;
    end if;
    for place in
        select generate_series(1, cardinality(nets)) except select unnest(met) order by 1
    loop
        insert into holding (account, asset, count, is_source)
        select a.id, net_assets[place], 0, a.is_source from account a where a.id = net_of[place]
        on conflict do nothing;
        update holding h set count = h.count + nets[place]
         where h.account = net_of[place] and h.asset = net_assets[place];
        if not found then
            raise exception 'a movement names what is not there'
                using errcode = 'foreign_key_violation';
        end if;
    end loop;
end $$;

-- A batch is written into the journal and the units are moved. A movement names its entry by its
-- place among the entries of this call, so nothing is added to an entry later. Movements without
-- a series are fungible. They come in runs, each known by the place of its last: all of a run are
-- fungible or none, and no two carry the same number. Givers are locked here too, whoever calls.
create function save_books(
    numbers bigint[], keys text[], digests bytea[], kinds text[], years smallint[],
    becauses text[], reversed bigint[], holds text[],
    on_day date, at_moment timestamptz, by_rulebook integer,
    runs integer[], entries integer[], lines integer[], sources integer[], targets integer[],
    assets integer[], counts bigint[], series_ integer[], firsts bigint[], lasts bigint[],
    priors bigint[])
returns void language plpgsql volatile security definer
    set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan as $$
declare
    low  integer := 1;
    high integer;
begin
    if not exists (select from rulebook where id = by_rulebook) then
        raise exception 'an entry without a rulebook' using errcode = 'foreign_key_violation';
    end if;
    perform from account g where g.id = any (sources) order by g.id for no key update;
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
    select numbers[m.entry], m.line, m.source, m.target, m.asset,
           m.count, m.series, m.first, m.last, m.prior
      from unnest(entries, lines, sources, targets, assets, counts, series_, firsts, lasts, priors)
           as m (entry, line, source, target, asset, count, series, first, last, prior);
    foreach high in array runs || cardinality(entries) loop
        continue when high = low - 1 and high = cardinality(entries);  -- The runs told the last.
        if high is null or high < low or high > cardinality(entries) then
            raise exception 'runs that are not those of the movements'
                using errcode = 'invalid_parameter_value';
        end if;
        if series_[low] is null then
            perform move_fungible(sources[low:high], targets[low:high], assets[low:high],
                                  counts[low:high]);
        elsif high - low < 4 then
            for place in low..high loop
                perform move_block(numbers[entries[place]], sources[place], targets[place],
                                   assets[place], series_[place], firsts[place], lasts[place],
                                   priors[place]);
            end loop;
        else
            perform move_blocks(numbers, entries[low:high], sources[low:high], targets[low:high],
                                assets[low:high], series_[low:high], firsts[low:high],
                                lasts[low:high], priors[low:high]);
        end if;
        low := high + 1;
    end loop;
    if exists (select from open_hold) then
        perform check_promises(array(
            select h.key from unnest(sources, assets) as m (source, asset)
              join open_hold h on h.account = m.source and h.asset = m.asset));
    end if;
end $$;

-- An entry that moves nothing.
create function enter_book(
    by_key text, by_digest bytea, of_kind text, of_year smallint, on_day date,
    at_moment timestamptz, by_rulebook integer, by_law text[])
returns bigint language plpgsql volatile security definer
    set search_path = public, pg_temp as $$
declare
    entry bigint;
begin
    if not exists (select from rulebook where id = by_rulebook) then
        raise exception 'an entry without a rulebook' using errcode = 'foreign_key_violation';
    end if;
    insert into journal (number, key, digest, kind, year, day, at, rulebook, because)
    values (nextval('journal_number'), by_key, by_digest, of_kind, of_year, on_day, at_moment,
            by_rulebook, by_law)
    returning number into entry;
    return entry;
end $$;

-- Accounts stay as they are until the commit, but for what is done here; in order of their id.
create function lock_accounts(numbers text[]) returns void language plpgsql volatile
    security definer set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock_shared(20050101);
    perform from account g where g.number = any (numbers) order by g.id for no key update;
end $$;

do $$
declare
    -- Since PostgreSQL 16 who makes a role administers it, but may not take it on.
    newer constant boolean := current_setting('server_version_num')::int >= 160000;
begin
    -- An administrator may have prepared the role; then no right to make roles is needed.
    if not exists (select from pg_roles where rolname = 'tonne_app') then
        create role tonne_app nologin;
    end if;
    if not pg_has_role(current_user, 'tonne_app', case when newer then 'set' else 'member' end) then
        execute format('grant tonne_app to %I', current_user)
             || case when newer then ' with set true' else '' end;
    end if;
end $$;

grant usage on schema public to tonne_app;
grant usage on sequence journal_number, proposal_number to tonne_app;
grant select, insert on rulebook, account, account_word, account_change, dedication, notice, series,
    asset, hold, hold_end, trade_record, word, emission, stream, outcome, link, proposal_asked, comparison
    to tonne_app;
grant select on journal, movement, block_end, block, line, holding, standing, open_hold, matter,
    alembic_version
    to tonne_app;
-- Everybody may call a new function, unless that is taken away; most of these run as the owner.
revoke all on all functions in schema public from public;
alter default privileges revoke execute on functions from public;
grant execute on function held, free_of, load_books, save_books, enter_book, lock_accounts to tonne_app;

-- The books of a log between registries: who is on its list, and its own copy of who holds what.
--
-- The application's role (tonne_app) may add and read. The line of each series (line_end) is moved by
-- move_line alone, which belongs to the owner, writes down every move, and checks a second time.

create table registry_listed (
    number  bigint generated always as identity primary key,
    code    text not null check (code <> '' and code not like '%-%'),
    address text not null,
    -- The public key of the registry, from now on.
    key     bytea not null check (length(key) = 32),
    status  text not null check (status in ('in service', 'suspended', 'gone')),
    -- What it issues beside the series of its own name.
    series  text[] not null default '{}' check (array_position(series, null) is null),
    -- Whether it may give units to others, and take units from others.
    may     text not null default 'both' check (may in ('both', 'transfer', 'acquire', 'neither')),
    reason  text not null,
    at      timestamptz not null
);
create index registry_by_code on registry_listed (code, number);

-- The log's own name; one row.
create table log_named (
    place smallint primary key default 1 check (place = 1),
    code text not null check (code <> '' and code not like '%-%')
);

-- A row is the end of a tile, which begins where the one before it ends (decision 0008). Nobody holds
-- what is not issued. So each number lies in just one tile, whatever rows there are.
create table line_end (
    series text not null,
    last   bigint not null,
    holder text not null,
    unit   text not null,
    place  text not null,
    primary key (series, last),
    check (last between 1 and 9223372036854775807),
    check (place in ('unissued', 'held', 'cancelled', 'retired', 'replaced')),
    check ((place = 'unissued') = (holder = '') and (holder = '') = (unit = ''))
);

create table series_known (
    series text primary key,
    last   bigint not null generated always as (9223372036854775807) stored,
    foreign key (series, last) references line_end (series, last) deferrable initially deferred
);

create function keep_ends() returns trigger language plpgsql as $$
begin
    raise exception 'the end of a tile stays where it is' using errcode = 'integrity_constraint_violation';
end $$;

create trigger ends_stay before update of series, last or delete or truncate on line_end
    for each statement execute function keep_ends();

create function lay_line() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    insert into line_end (series, last, holder, unit, place)
    values (new.series, 9223372036854775807, '', '', 'unissued');
    return null;
end $$;

create trigger series_is_laid after insert on series_known
    for each row execute function lay_line();

-- Every move, by a proposal that was completed or by a correction with its reason.
create table line_move (
    number   bigint generated always as identity primary key,
    at       timestamptz not null,
    proposal text,
    reason   text not null,
    series   text not null,
    first    bigint not null,
    last     bigint not null,
    giver    text,
    holder   text not null,
    unit     text not null,
    place    text not null,
    check (first between 1 and last),
    check (proposal is not null or reason <> '')
);
create index line_move_of on line_move (series, last);

-- The numbers of a proposal, so that another about the same is found.
create table proposal_block (
    proposal text not null,
    series   text not null,
    first    bigint not null,
    last     bigint not null,
    primary key (proposal, series, first)
);

create table round (
    number      bigint generated always as identity primary key,
    id          text not null,
    registry    text not null,
    began       timestamptz not null,
    differences jsonb,
    answered    boolean not null
);
create index round_with on round (registry, number);

-- Numbers change their holder, their kind or their place. By a proposal they leave the giver, in whose
-- hands every one of them must be; nobody's, when they are issued. What is out of use stays where it is.
-- A correction (no proposal) says why.
create function move_line(
    at_moment timestamptz, by_proposal text, why text, of_series text, from_first bigint,
    to_last bigint, from_giver text, to_holder text, as_unit text, in_place text)
returns void language plpgsql security definer
    set search_path = public, pg_temp as $$
declare
    above line_end;
    edge  bigint;
begin
    if not exists (select from series_known k where k.series = of_series)
       or from_first < 1 or from_first > to_last
    then
        raise exception 'there is no such block' using errcode = 'TN001';
    end if;
    -- Cut at both edges: each new end gives the lower part the holder of the whole tile.
    foreach edge in array array[from_first - 1, to_last] loop
        select * into above from line_end e
         where e.series = of_series and e.last >= edge order by e.last limit 1;
        if edge > 0 and above.last > edge then
            insert into line_end (series, last, holder, unit, place)
            values (of_series, edge, above.holder, above.unit, above.place);
        end if;
    end loop;
    if by_proposal is not null and exists (
        select from line_end e
         where e.series = of_series and e.last between from_first and to_last
           and (e.holder <> from_giver
                or e.place not in ('held', 'unissued') and (e.place, e.holder) <> (in_place, to_holder)))
    then
        raise exception 'a move takes numbers that its giver does not hold' using errcode = 'TN001';
    end if;
    update line_end e set holder = to_holder, unit = as_unit, place = in_place
     where e.series = of_series and e.last between from_first and to_last;
    insert into line_move (at, proposal, reason, series, first, last, giver, holder, unit, place)
    values (at_moment, by_proposal, why, of_series, from_first, to_last, from_giver, to_holder,
            as_unit, in_place);
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
grant select, insert on registry_listed, log_named, series_known, proposal_block, round to tonne_app;
grant select on line_end, line_move, alembic_version to tonne_app;
-- Everybody may call a new function, unless that is taken away; most of these run as the owner.
revoke all on all functions in schema public from public;
alter default privileges revoke execute on functions from public;
grant execute on function move_line to tonne_app;

-- Who signs in, by what, and what came of it. It stands beside the books and touches none of their tables.
-- What may change in a row is granted to the application column by column; what is over stays over.

create table signin_person (
    number        bigint generated always as identity unique,
    code          text primary key check (length(code) = 30),
    login         text not null unique check (login <> ''),
    name          text not null,
    administrator boolean not null,
    barred        boolean not null default false,
    enrolled_at   timestamptz not null
);

-- A secret is sealed, a public key or a digest, by its kind. A counter never falls: a code is good once.
create table signin_factor (
    number       bigint generated always as identity unique,
    id           text primary key,
    person       text not null references signin_person,
    kind         text not null check (kind in ('password', 'totp', 'passkey', 'recovery', 'device',
                                               'provider')),
    secret       bytea not null,
    counter      bigint not null,
    label        text not null,
    made_at      timestamptz not null,
    confirmed_at timestamptz,
    used_at      timestamptz,
    removed_at   timestamptz
);
create index signin_factor_of on signin_factor (person) where removed_at is null;
create unique index signin_one_password on signin_factor (person)
    where kind = 'password' and removed_at is null;

-- Who somebody is at a provider is one person here.
create unique index signin_one_subject on signin_factor (secret)
    where kind = 'provider' and removed_at is null;

-- Houses elsewhere that let their own people in; what they gave us to show is sealed.
create table signin_provider (
    number     bigint generated always as identity unique,
    id         text primary key,
    name       text not null check (name <> ''),
    issuer     text not null check (issuer <> ''),
    client     text not null check (client <> ''),
    secret     bytea not null,
    enough     text[] not null,
    made_at    timestamptz not null,
    removed_at timestamptz
);

create table signin_session (
    number       bigint generated always as identity unique,
    id           text primary key,
    person       text not null references signin_person,
    token        bytea not null unique check (length(token) = 32),
    factors      text[] not null,
    enrolling    boolean not null,
    place        text not null,
    agent        text not null,
    opened_at    timestamptz not null,
    confirmed_at timestamptz not null,
    seen_at      timestamptz not null,
    until        timestamptz not null,
    ended_at     timestamptz,
    ended_why    text not null default '',
    check (until > opened_at)
);
create index signin_session_of on signin_session (person) where ended_at is null;

-- Good once and for a short while: enrolment codes, challenges to passkeys, acts that were confirmed.
create table signin_ticket (
    number    bigint generated always as identity primary key,
    digest    bytea not null check (length(digest) = 32),
    kind      text not null check (kind in ('enrolment', 'register', 'enter', 'step-up', 'proof',
                                            'provider', 'second')),
    person    text references signin_person,
    session   text references signin_session,
    act       bytea not null,
    challenge bytea not null,
    made_at   timestamptz not null,
    until     timestamptz not null,
    used_at   timestamptz
);
create index signin_ticket_unused on signin_ticket (digest) where used_at is null;
create index signin_ticket_until on signin_ticket (until);

create table signin_key (
    number       bigint generated always as identity unique,
    id           text primary key,
    person       text not null references signin_person,
    organisation text,
    label        text not null,
    digest       bytea not null unique check (length(digest) = 32),
    scopes       text[] not null check (cardinality(scopes) > 0),
    live         boolean not null,
    made_at      timestamptz not null,
    used_at      timestamptz,
    revoked_at   timestamptz,
    check (not scopes @> array['transfers:propose', 'transfers:approve']),
    check (not scopes @> array['market:trade', 'transfers:approve'])
);
create index signin_key_of on signin_key (person);

-- Where programs are told what happened: an address, a sealed secret, and how far it has been told. What is to
-- be told stands in the books, and is found by its number.
create table signin_hook (
    number        bigint generated always as identity unique,
    id            text primary key,
    person        text not null references signin_person,
    key           text not null references signin_key,
    scheme        text not null,
    url           text not null,
    kinds         text[] not null,
    secret        bytea not null,
    old_secret    bytea,
    old_until     timestamptz,
    made_at       timestamptz not null,
    position      bigint not null check (position >= 0),
    again         bigint[] not null,
    failures      integer not null check (failures >= 0),
    failing_since timestamptz,
    due_at        timestamptz not null,
    stopped_at    timestamptz,
    stopped_why   text not null default '',
    removed_at    timestamptz,
    version       bigint not null
);
create index signin_hook_of on signin_hook (person) where removed_at is null;
create index signin_hook_due on signin_hook (due_at) where removed_at is null and stopped_at is null;

create table signin_hook_try (
    number bigint generated always as identity primary key,
    hook   text not null references signin_hook,
    event  bigint not null,
    at     timestamptz not null,
    status integer,
    fault  text not null
);
create index signin_hook_try_of on signin_hook_try (hook, number);

-- One administrator asks, another agrees, and neither is the person.
create table signin_recovery (
    number     bigint generated always as identity unique,
    id         text primary key,
    person     text not null references signin_person,
    reason     text not null,
    asked_by   text not null references signin_person,
    asked_at   timestamptz not null,
    until      timestamptz not null,
    agreed_by  text references signin_person,
    agreed_at  timestamptz,
    signs_from timestamptz,
    check (asked_by <> person and agreed_by <> person and agreed_by <> asked_by),
    check (num_nonnulls(agreed_by, agreed_at, signs_from) in (0, 3)),
    check (agreed_at < until)
);
create index signin_recovery_of on signin_recovery (person);

create table signin_tally (
    key      bytea primary key check (length(key) = 32),
    failures integer not null check (failures >= 0),
    last_at  timestamptz not null,
    until    timestamptz not null
);
create index signin_tally_last on signin_tally (last_at);

create table signin_event (
    number bigint generated always as identity primary key,
    at     timestamptz not null,
    kind   text not null,
    person text,
    by     text,
    place  text not null,
    what   text not null
);
create index signin_event_of on signin_event (person, number);
create index signin_event_by on signin_event (by, number) where by is not null;

create function signin_is_over() returns trigger language plpgsql as $$
begin
    raise exception 'what is over stays over' using errcode = 'check_violation';
end $$;

create trigger signin_removed before update on signin_factor for each row
    when (old.removed_at is not null or new.counter < old.counter) execute function signin_is_over();
create trigger signin_ended before update on signin_session for each row
    when (old.ended_at is not null) execute function signin_is_over();
create trigger signin_used before update on signin_ticket for each row
    when (old.used_at is not null) execute function signin_is_over();
create trigger signin_revoked before update on signin_key for each row
    when (old.revoked_at is not null) execute function signin_is_over();
create trigger signin_hook_removed before update on signin_hook for each row
    when (old.removed_at is not null or new.version <= old.version) execute function signin_is_over();
create trigger signin_agreed before update on signin_recovery for each row
    when (old.agreed_at is not null) execute function signin_is_over();

create trigger signin_provider_gone before update on signin_provider for each row
    when (old.removed_at is not null) execute function signin_is_over();

-- A provider is removed, and not changed.
grant select, insert, update (removed_at) on signin_provider to tonne_app;
grant select, insert on signin_person, signin_factor, signin_session, signin_ticket, signin_key,
    signin_recovery, signin_tally, signin_event, signin_hook, signin_hook_try to tonne_app;
-- A person is barred and admitted.
grant update (barred) on signin_person to tonne_app;
-- A factor is confirmed once, used, and removed; its secret stays, and a new one is a new row.
grant update (counter, confirmed_at, used_at, removed_at) on signin_factor to tonne_app;
-- A session is seen, gets another token when its rights rise, and ends.
grant update (token, confirmed_at, seen_at, ended_at, ended_why) on signin_session to tonne_app;
-- A ticket is used; one that has long been over tells nothing and is forgotten, for strangers can ask for many.
grant update (used_at), delete on signin_ticket to tonne_app;
-- When a key was last used, and that it is revoked.
grant update (used_at, revoked_at) on signin_key to tonne_app;
-- How far a webhook has been told, by which secret, and that it is stopped or removed.
grant update (secret, old_secret, old_until, position, again, failures, failing_since, due_at, stopped_at,
    stopped_why, removed_at, version) on signin_hook to tonne_app;
-- That another agreed.
grant update (agreed_by, agreed_at, signs_from) on signin_recovery to tonne_app;
-- Failures are counted and forgotten; what stays of them is an event.
grant update (failures, last_at, until), delete on signin_tally to tonne_app;

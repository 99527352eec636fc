-- What a side of the talk between registries keeps: in the books of a registry and in those of a log.
-- It is added to and never changed. Two small tables are derived from it, so that what is still to be
-- done is found at once however much was done before: open_proposal and letter_waiting.

create table proposal (
    id   text primary key,
    body jsonb not null
);

-- How far a proposal has come. A word may overtake its proposal, so there may be none yet.
create table proposal_state (
    number   bigint generated always as identity primary key,
    proposal text not null,
    state    smallint not null check (state between 1 and 8),
    since    timestamptz not null,
    reasons  jsonb not null,
    is_final boolean not null
);
create index proposal_state_of on proposal_state (proposal, number);
create unique index proposal_ends_once on proposal_state (proposal) where is_final;

create table open_proposal (
    proposal text primary key
);

create function keep_open() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    if exists (select from proposal_state s
                where s.proposal = new.proposal and s.is_final and s.number < new.number)
    then
        raise exception 'what is final stays as it is' using errcode = 'check_violation';
    end if;
    if new.is_final then
        delete from open_proposal where proposal = new.proposal;
    else
        insert into open_proposal (proposal) values (new.proposal) on conflict do nothing;
    end if;
    return null;
end $$;

create trigger state_keeps_open after insert on proposal_state
    for each row execute function keep_open();

-- Every letter that somebody on the list has signed, heard or not, with the public key by which that can
-- be told: it stays so whatever keys come after. The text is what is signed, to the last byte.
create table letter_kept (
    digest    text primary key,
    sender    text not null,
    about     text not null,
    letter    text not null,
    signature text not null check (length(signature) = 128),
    key       bytea not null check (length(key) = 32),
    at        timestamptz not null
);
create index letter_kept_about on letter_kept (about);

create table letter_heard (
    sender text not null,
    nonce  bigint not null,
    digest text not null references letter_kept,
    at     timestamptz not null,
    primary key (sender, nonce)
);

create table letter_out (
    nonce     bigint generated always as identity primary key,
    addressee text not null,
    at        timestamptz not null,
    body      jsonb not null
);

-- What is not brought any more: it was heard, and the receipt is signed by whom it was for, with the key
-- that is named; or it was taken back, and has none.
create table letter_sent (
    nonce   bigint primary key references letter_out,
    at      timestamptz not null,
    receipt text check (length(receipt) = 128),
    key     bytea check (length(key) = 32),
    check ((receipt is null) = (key is null))
);

-- Who carries letters is told of a new one once it is committed, and need not ask again and again.
create table letter_waiting (
    nonce bigint primary key
);

create function keep_waiting() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    if tg_table_name = 'letter_out' then
        insert into letter_waiting (nonce) values (new.nonce);
        notify letter_waiting;
    else
        delete from letter_waiting where nonce = new.nonce;
    end if;
    return null;
end $$;

create trigger letter_waits after insert on letter_out
    for each row execute function keep_waiting();
create trigger letter_waits_no_more after insert on letter_sent
    for each row execute function keep_waiting();

-- What was refused and why. The sender is who the letter claims to be from.
create table refused (
    id       bigint generated always as identity primary key,
    at       timestamptz not null,
    sender   text not null,
    nonce    bigint,
    number   integer not null,
    code     text not null,
    sentence text not null
);

-- How many letters of a day nobody known has signed. Whatever is added counts one more, so strangers fill
-- a row a day.
create table stranger (
    day     date primary key,
    letters bigint not null default 1
);

create function count_stranger() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    update stranger set letters = letters + 1 where day = new.day;
    if found then
        return null;
    end if;
    new.letters := 1;
    return new;
end $$;

create trigger stranger_counts before insert on stranger
    for each row execute function count_stranger();

-- What the log gave notice of, and how far the duty has come; the last row of a notice counts.
create table log_notice (
    id   text primary key,
    body jsonb not null
);

create table log_notice_state (
    number    bigint generated always as identity primary key,
    notice    text not null references log_notice,
    since     timestamptz not null,
    status    smallint not null check (status between 1 and 3),
    proposals text[] not null,
    reasons   jsonb not null,
    text      text not null
);
create index log_notice_state_of on log_notice_state (notice, number);
create unique index log_notice_ends_once on log_notice_state (notice) where status = 3;

grant select, insert on proposal, proposal_state, letter_kept, letter_heard, letter_out, letter_sent,
    refused, stranger, log_notice, log_notice_state to tonne_app;
grant select on open_proposal, letter_waiting to tonne_app;

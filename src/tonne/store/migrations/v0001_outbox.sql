-- Letters to people: each once, by its key, and what became of it. How far we have read of what happened.

create table mail (
    number   bigint generated always as identity primary key,
    key      text not null unique check (key <> ''),
    address  text not null check (address ~ '^[^[:cntrl:][:space:]]+$'),
    subject  text not null check (subject !~ '[[:cntrl:]]'),
    body     text not null,
    language text not null,
    made_at  timestamptz not null,
    tries    integer not null default 0 check (tries >= 0),
    next_at  timestamptz not null,
    sent_at  timestamptz,
    given_up boolean not null default false,
    said     text not null default ''
);
create index mail_due on mail (next_at) where sent_at is null and not given_up;

create table mail_read (
    source text primary key,
    upto   bigint not null
);

create function mail_is_over() returns trigger language plpgsql as $$
begin
    raise exception 'what is over stays over' using errcode = 'check_violation';
end $$;
create trigger mail_sent before update on mail for each row
    when (old.sent_at is not null) execute function mail_is_over();

grant select, insert on mail, mail_read to tonne_app;
-- A letter is tried, sent or given up; what it says stays.
grant update (tries, next_at, sent_at, given_up, said) on mail to tonne_app;
grant update (upto) on mail_read to tonne_app;

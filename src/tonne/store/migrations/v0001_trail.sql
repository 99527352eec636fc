-- The trail: every request of who was let in. The application adds to it, and neither reads nor changes it:
-- who looked at an account is told at the machine, by who owns the database. There it is forgotten, too.

create table trace (
    number  bigint generated always as identity primary key,
    at      timestamptz not null,
    request text not null check (request <> ''),
    person  text not null check (person <> ''),
    key     text,
    session text,
    place   text not null,
    method  text not null,
    route   text not null,
    path    text not null,
    account text,
    status  smallint not null
);
create index trace_at on trace (at);
create index trace_of on trace (person, number);
create index trace_about on trace (account, number) where account is not null;

grant insert on trace to tonne_app;

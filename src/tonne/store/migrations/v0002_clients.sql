-- Programs that sign for themselves (OAuth 2, client credentials): of such a one its public key is kept, of a token
-- its digest, and of an assertion that it was used, for as long as it would be good.

alter table signin_key add column public_key text check (public_key <> '');

create table signin_token (
    number  bigint generated always as identity primary key,
    digest  bytea not null unique check (length(digest) = 32),
    key     text not null references signin_key,
    scopes  text[] not null check (cardinality(scopes) > 0),
    made_at timestamptz not null,
    until   timestamptz not null,
    check (until > made_at)
);
create index signin_token_until on signin_token (until);

create table signin_assertion (
    digest bytea primary key check (length(digest) = 32),
    until  timestamptz not null
);
create index signin_assertion_until on signin_assertion (until);

-- A token is good for no more than what its key is good for, and is given to who signs for themselves alone.
create function signin_token_fits() returns trigger language plpgsql as $$
begin
    if not exists (select from signin_key
                    where id = new.key and public_key is not null and revoked_at is null
                      and scopes @> new.scopes) then
        raise exception 'a token is within its key' using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger signin_token_within before insert on signin_token for each row
    execute function signin_token_fits();

-- What is over tells nothing any more and is forgotten; nothing of it is ever changed.
grant select, insert, delete on signin_token, signin_assertion to tonne_app;

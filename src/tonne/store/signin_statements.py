"""The statements with which the records of sign-in are asked; the tables are in ``migrations``."""

ADD_PERSON = """
    insert into signin_person (code, login, name, administrator, barred, enrolled_at)
    values (%(code)s, %(login)s, %(name)s, %(administrator)s, %(barred)s, %(enrolled_at)s)
"""
PERSON = """
    select code, login, name, administrator, barred, enrolled_at from signin_person
     where code = %s
"""
PERSON_BY_LOGIN = """
    select code, login, name, administrator, barred, enrolled_at from signin_person
     where login = %s
"""
PEOPLE = """
    select code, login, name, administrator, barred, enrolled_at from signin_person
     order by number
"""
BAR = "update signin_person set barred = %s where code = %s"

ADD_FACTOR = """
    insert into signin_factor (id, person, kind, secret, counter, label, made_at, confirmed_at,
                               used_at, removed_at)
    values (%(id)s, %(person)s, %(kind)s, %(secret)s, %(counter)s, %(label)s, %(made_at)s,
            %(confirmed_at)s, %(used_at)s, %(removed_at)s)
"""
FACTORS = """
    select id, person, kind, secret, counter, label, made_at, confirmed_at, used_at, removed_at
      from signin_factor where person = %s and removed_at is null order by number
"""
FACTOR = """
    select id, person, kind, secret, counter, label, made_at, confirmed_at, used_at, removed_at
      from signin_factor where id = %s and kind = %s and removed_at is null
"""
LINKED = """
    select id, person, kind, secret, counter, label, made_at, confirmed_at, used_at, removed_at
      from signin_factor where secret = %s and kind = 'provider' and removed_at is null
"""
ADD_PROVIDER = """
    insert into signin_provider (id, name, issuer, client, secret, enough, made_at, removed_at)
    values (%(id)s, %(name)s, %(issuer)s, %(client)s, %(secret)s, %(enough)s, %(made_at)s,
            %(removed_at)s)
"""
PROVIDERS = """
    select id, name, issuer, client, secret, enough, made_at, removed_at
      from signin_provider where removed_at is null order by number
"""
REMOVE_PROVIDER = """
    update signin_provider set removed_at = %s where id = %s and removed_at is null
"""
CONFIRM_FACTOR = "update signin_factor set confirmed_at = %s where id = %s and removed_at is null"
USE_FACTOR = """
    update signin_factor set counter = %(counter)s, used_at = %(at)s
     where id = %(id)s and counter = %(after)s and removed_at is null
"""
REMOVE_FACTOR = "update signin_factor set removed_at = %s where id = %s and removed_at is null"

ADD_TICKET = """
    insert into signin_ticket (digest, kind, person, session, act, challenge, made_at, until)
    values (%(digest)s, %(kind)s, %(person)s, %(session)s, %(act)s, %(challenge)s, %(made_at)s,
            %(until)s)
"""
TAKE_TICKET = """
    update signin_ticket set used_at = %(at)s
     where number = (select number from signin_ticket
                      where digest = %(digest)s and kind = %(kind)s and used_at is null
                        and until > %(at)s
                      order by number desc limit 1 for update)
       and used_at is null
    returning digest, kind, person, session, act, challenge, made_at, until
"""
VOID_TICKETS = """
    update signin_ticket set used_at = %s where person = %s and kind = %s and used_at is null
"""
FORGET_TICKETS = "delete from signin_ticket where until < %s"
FORGET_OLD_TALLIES = "delete from signin_tally where last_at < %s and until < %s"

ADD_SESSION = """
    insert into signin_session (id, person, token, factors, enrolling, place, agent, opened_at,
                                confirmed_at, seen_at, until, ended_at, ended_why)
    values (%(id)s, %(person)s, %(token)s, %(factors)s, %(enrolling)s, %(place)s, %(agent)s,
            %(opened_at)s, %(confirmed_at)s, %(seen_at)s, %(until)s, %(ended_at)s, %(ended_why)s)
"""
SESSION = """
    select id, person, token, factors, enrolling, place, agent, opened_at, confirmed_at, seen_at,
           until, ended_at, ended_why
      from signin_session where token = %s
"""
SESSIONS = """
    select id, person, token, factors, enrolling, place, agent, opened_at, confirmed_at, seen_at,
           until, ended_at, ended_why
      from signin_session where person = %s and ended_at is null order by number
"""
SEE_SESSION = "update signin_session set seen_at = %s where id = %s and ended_at is null"
TURN_SESSION = """
    update signin_session set token = %(token)s, confirmed_at = %(at)s, seen_at = %(at)s
     where id = %(id)s
"""
END_SESSION = """
    update signin_session set ended_at = %s, ended_why = %s where id = %s and ended_at is null
"""

ADD_KEY = """
    insert into signin_key (id, person, organisation, label, digest, scopes, live, made_at,
                            used_at, revoked_at, public_key)
    values (%(id)s, %(person)s, %(organisation)s, %(label)s, %(digest)s, %(scopes)s, %(live)s,
            %(made_at)s, %(used_at)s, %(revoked_at)s, %(public_key)s)
"""
KEYS = """
    select id, person, organisation, label, digest, scopes, live, made_at, used_at, revoked_at,
           public_key
      from signin_key
     where %(person)s::text is null or person = %(person)s
     order by number
"""
KEY = """
    select id, person, organisation, label, digest, scopes, live, made_at, used_at, revoked_at,
           public_key
      from signin_key where id = %s
"""
KEY_BY_DIGEST = """
    select id, person, organisation, label, digest, scopes, live, made_at, used_at, revoked_at,
           public_key
      from signin_key where digest = %s
"""
USE_KEY = "update signin_key set used_at = %s where id = %s and revoked_at is null"
REVOKE_KEY = "update signin_key set revoked_at = %s where id = %s and revoked_at is null"

USE_ASSERTION = """
    insert into signin_assertion (digest, until) values (%s, %s) on conflict do nothing
"""
ADD_TOKEN = """
    insert into signin_token (digest, key, scopes, made_at, until)
    values (%(digest)s, %(key)s, %(scopes)s, %(made_at)s, %(until)s)
"""  # noqa: S105  a statement
TOKEN = """
    select digest, key, scopes, made_at, until from signin_token where digest = %s
"""  # noqa: S105  a statement
FORGET_TOKENS = "delete from signin_token where until < %s"
FORGET_ASSERTIONS = "delete from signin_assertion where until < %s"

ADD_HOOK = """
    insert into signin_hook (id, person, key, scheme, url, kinds, secret, old_secret, old_until,
                             made_at, position, again, failures, failing_since, due_at, stopped_at,
                             stopped_why, removed_at, version)
    values (%(id)s, %(person)s, %(key)s, %(scheme)s, %(url)s, %(kinds)s, %(secret)s,
            %(old_secret)s, %(old_until)s, %(made_at)s, %(position)s, %(again)s, %(failures)s,
            %(failing_since)s, %(due_at)s, %(stopped_at)s, %(stopped_why)s, %(removed_at)s,
            %(version)s)
"""
HOOK = """
    select id, person, key, scheme, url, kinds, secret, old_secret, old_until, made_at, position,
           again, failures, failing_since, due_at, stopped_at, stopped_why, removed_at, version
      from signin_hook where id = %s and removed_at is null
"""
HOOKS = """
    select id, person, key, scheme, url, kinds, secret, old_secret, old_until, made_at, position,
           again, failures, failing_since, due_at, stopped_at, stopped_why, removed_at, version
      from signin_hook
     where person = %s and scheme = %s and removed_at is null
     order by number
"""
HOOKS_DUE = """
    select h.id, h.person, h.key, h.scheme, h.url, h.kinds, h.secret, h.old_secret, h.old_until,
           h.made_at, h.position, h.again, h.failures, h.failing_since, h.due_at, h.stopped_at,
           h.stopped_why, h.removed_at, h.version
      from signin_hook h
      join signin_key k on k.id = h.key and k.revoked_at is null
      join signin_person p on p.code = h.person and not p.barred
     where h.due_at <= %s and h.stopped_at is null and h.removed_at is null
     order by h.due_at, h.number
     limit %s
"""
PUT_HOOK = """
    update signin_hook
       set secret = %(secret)s, old_secret = %(old_secret)s, old_until = %(old_until)s,
           position = %(position)s, again = %(again)s, failures = %(failures)s,
           failing_since = %(failing_since)s, due_at = %(due_at)s, stopped_at = %(stopped_at)s,
           stopped_why = %(stopped_why)s, removed_at = %(removed_at)s, version = version + 1
     where id = %(id)s and version = %(version)s and removed_at is null
"""
ADD_TRY = """
    insert into signin_hook_try (hook, event, at, status, fault)
    values (%(hook)s, %(event)s, %(at)s, %(status)s, %(fault)s)
"""
FORGET_TRIES = "delete from signin_hook_try where at < %s"
TRIES = """
    select number, hook, event, at, status, fault from signin_hook_try
     where hook = %(hook)s and number < coalesce(%(before)s::bigint, 9223372036854775807)
       and (%(since)s::timestamptz is null
            or (at >= %(since)s and at < %(until)s::timestamptz))
     order by number desc limit %(limit)s
"""

ADD_RECOVERY = """
    insert into signin_recovery (id, person, reason, asked_by, asked_at, until, agreed_by,
                                 agreed_at, signs_from)
    values (%(id)s, %(person)s, %(reason)s, %(asked_by)s, %(asked_at)s, %(until)s, %(agreed_by)s,
            %(agreed_at)s, %(signs_from)s)
"""
RECOVERIES = """
    select id, person, reason, asked_by, asked_at, until, agreed_by, agreed_at, signs_from
      from signin_recovery where %s::text in (id, '') order by number
"""
AGREE = """
    update signin_recovery set agreed_by = %s, agreed_at = %s, signs_from = %s
     where id = %s and agreed_at is null
"""
SIGNS_FROM = "select max(signs_from) from signin_recovery where person = %s"

BEGIN_TALLIES = """
    insert into signin_tally (key, failures, last_at, until)
    select key, 0, 'epoch', 'epoch' from unnest(%s::bytea[]) as t (key) order by key
    on conflict do nothing
"""
TALLIES = """
    select key, failures, last_at, until from signin_tally
     where key = any (%s::bytea[]) order by key for update
"""
PUT_TALLY = """
    insert into signin_tally (key, failures, last_at, until)
    values (%(key)s, %(failures)s, %(last_at)s, %(until)s)
    on conflict (key) do update
       set failures = excluded.failures, last_at = excluded.last_at, until = excluded.until
"""
FORGET_TALLIES = "delete from signin_tally where key = any (%s::bytea[])"

ADD_EVENT = """
    insert into signin_event (at, kind, person, by, place, what)
    values (%(at)s, %(kind)s, %(person)s, %(by)s, %(place)s, %(what)s)
"""
EVENTS = """
    select number, at, kind, person, by, place, what from signin_event
     where (%(person)s::text is null or person = %(person)s or by = %(person)s)
       and number > %(after)s
     order by number limit %(limit)s
"""

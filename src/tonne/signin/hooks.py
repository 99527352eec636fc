"""Webhooks: programs are told what their person sees, by the rules of Standard Webhooks 1.0.

What is to be told is nowhere kept a second time: each webhook stands at a number in what is kept,
and goes on from there. So each event is told at least once, in order, and one that was not heard is
told again, later and later, until it is heard or the webhook is stopped.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from tonne.signin.codes import is_code
from tonne.signin.hook_records import Hook, HookTry
from tonne.signin.hook_refusals import (
    HookAddressUnfit,
    HookChangedMeanwhile,
    HookUnknown,
    TooManyHooks,
)
from tonne.signin.keeping import Keeping
from tonne.signin.lodge import HOUSE, Lodge, clean, refuse
from tonne.signin.records import EventKind, Key

__all__ = [
    "AGAIN", "Changed", "HookMade", "address_fault", "begin_telling", "change_hook", "due_hooks",
    "forget_deliveries", "hook_of", "hooks_of_key", "is_public", "make_hook", "note_telling",
    "signatures", "skip", "stop_hook", "tries_of", "turn_secret",
]  # fmt: skip

AGAIN = tuple(
    timedelta(seconds=each) for each in (5, 60, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)
"""So long after each failure is tried again; then always as long as the last."""

GIVEN_UP_AFTER = timedelta(days=5)
"""What failed for so long is stopped; once it is started again it goes on where it was."""

OLD_SECRET_FOR = timedelta(hours=24)
LEASE = timedelta(seconds=60)
HOOKS_MAX, URL_MAX, AGAIN_MAX = 20, 500, 100
_SECRET_BYTES, _PREFIX = 32, "whsec_"
_GONE = 410
_HERE = ("localhost", ".local", ".internal")
_EMBEDDING = tuple(
    map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96"))
)
"""Nets of IPv6 in whose addresses stands one of IPv4, which could be a private one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookMade:
    """A webhook with its secret, which is told once."""

    hook: Hook
    secret: str


Changed = Callable[[Hook], Hook]
"""How a webhook stands after a change."""


def make_hook(
    lodge: Lodge,
    key: Key,
    *,
    scheme: str,
    url: str,
    kinds: Sequence[str],
    position: int,
    loopback: bool,
) -> HookMade:
    """Make a webhook, which is told what comes after a position."""
    why = address_fault(url, loopback=loopback)
    if why:
        raise refuse(HookAddressUnfit(reference=HOUSE, why=why))
    code, secret, at = lodge.code("whe"), lodge.chance(_SECRET_BYTES), lodge.now()
    hook = Hook(
        id=code, person=key.person, key=key.id, scheme=scheme, url=url,
        kinds=tuple(sorted(set(kinds))), secret=_sealed(lodge, code, secret), old_secret=None,
        old_until=None, made_at=at, position=position, again=(), failures=0, failing_since=None,
        due_at=at, stopped_at=None, stopped_why="", removed_at=None,
    )  # fmt: skip

    def add(keeping: Keeping) -> HookMade:
        if len(keeping.hooks(key.person, scheme)) >= HOOKS_MAX:
            raise refuse(TooManyHooks(reference=HOUSE, most=HOOKS_MAX))
        keeping.add_hook(hook)
        _note(lodge, keeping, "webhook made", hook, by=key)
        return HookMade(hook=hook, secret=_shown(secret))

    return lodge.run(add)


def hooks_of_key(lodge: Lodge, key: Key, *, scheme: str) -> Sequence[Hook]:
    """The webhooks of a key's person in a scheme."""
    return lodge.ask(lambda keeping: keeping.hooks(key.person, scheme))


def hook_of(keeping: Keeping, key: Key, scheme: str, code: str) -> Hook:
    """A webhook of a key's person, or 9185."""
    found = keeping.hook(code) if is_code(code, "whe") else None
    if found is None or (found.person, found.scheme) != (key.person, scheme):
        raise refuse(HookUnknown(reference=HOUSE, hook=clean(code)))
    return found


def change_hook(
    lodge: Lodge, key: Key, scheme: str, code: str, changed: Changed, *, what: str = ""
) -> Hook:
    """Change how a webhook stands: go back, start again, remove it."""

    def change(keeping: Keeping) -> Hook:
        found = changed(hook_of(keeping, key, scheme, code))
        _put(keeping, found)
        if what:
            _note(lodge, keeping, "webhook changed", found, by=key, what=what)
        return found

    return lodge.run(change)


def turn_secret(lodge: Lodge, key: Key, scheme: str, code: str) -> HookMade:
    """Give a webhook a new secret; the one before signs too, for a day."""
    secret = lodge.chance(_SECRET_BYTES)

    def changed(hook: Hook) -> Hook:
        return replace(
            hook,
            secret=_sealed(lodge, hook.id, secret),
            old_secret=hook.secret,
            old_until=lodge.now() + OLD_SECRET_FOR,
        )

    hook = change_hook(lodge, key, scheme, code, changed, what="new secret")
    return HookMade(hook=hook, secret=_shown(secret))


def tries_of(
    lodge: Lodge,
    key: Key,
    scheme: str,
    code: str,
    *,
    before: int | None,
    made: tuple[datetime, datetime] | None = None,
    limit: int,
) -> Sequence[HookTry]:
    """How the tellings of a webhook went, the newest first; or those of a stretch of time."""

    def look(keeping: Keeping) -> Sequence[HookTry]:
        hook = hook_of(keeping, key, scheme, code)
        return keeping.tries(hook.id, before=before, made=made, limit=limit)

    return lodge.ask(look)


# Who tells.


def due_hooks(lodge: Lodge, *, limit: int = 100) -> Sequence[Hook]:
    """Webhooks that may be told something now."""
    return lodge.ask(lambda keeping: keeping.hooks_due(lodge.now(), limit=limit))


def begin_telling(lodge: Lodge, hook: Hook) -> Hook | None:
    """Take a webhook in hand, so that no other worker does; none if another was faster."""
    return skip(lodge, replace(hook, due_at=lodge.now() + LEASE))


def skip(lodge: Lodge, hook: Hook) -> Hook | None:
    """Keep where a webhook stands; none if it was changed since it was read."""
    done = lodge.run(lambda keeping: keeping.put_hook(hook))
    return replace(hook, version=hook.version + 1) if done else None


def note_telling(
    lodge: Lodge, hook: Hook, event: int, *, status: int | None, fault: str
) -> Hook | None:
    """Write down how the telling of an event went, and when is told next."""
    at = lodge.now()
    tried = HookTry(hook=hook.id, event=event, at=at, status=status, fault=clean(fault))
    stands = _after(hook, event, at, status=status, heard=not fault)

    def note(keeping: Keeping) -> bool:
        keeping.add_try(tried)
        done = keeping.put_hook(stands)
        if done and stands.stopped_at is not None:
            _note(lodge, keeping, "webhook stopped", stands, what=stands.stopped_why)
        return done

    return replace(stands, version=hook.version + 1) if lodge.run(note) else None


def forget_deliveries(lodge: Lodge) -> int:
    """Forget how tellings went that are old; the events stay, and can be told again."""
    before = lodge.now() - lodge.terms.deliveries
    return lodge.run(lambda keeping: keeping.forget_tries(before))


def stop_hook(lodge: Lodge, hook: Hook, *, why: str) -> None:
    """Tell a webhook nothing any more, until it is started again."""
    stopped = replace(hook, stopped_at=lodge.now(), stopped_why=clean(why))

    def stop(keeping: Keeping) -> None:
        if keeping.put_hook(stopped):
            _note(lodge, keeping, "webhook stopped", stopped, what=stopped.stopped_why)

    lodge.run(stop)


def _after(hook: Hook, event: int, at: datetime, *, status: int | None, heard: bool) -> Hook:
    """How a webhook stands after a telling."""
    if heard:
        if hook.again[:1] == (event,):
            hook = replace(hook, again=hook.again[1:])
        else:
            hook = replace(hook, position=max(hook.position, event))
        return replace(hook, failures=0, failing_since=None, due_at=at)
    since = hook.failing_since or at
    wait = AGAIN[min(hook.failures, len(AGAIN) - 1)]
    hook = replace(hook, failures=hook.failures + 1, failing_since=since, due_at=at + wait)
    if status == _GONE:
        return replace(hook, stopped_at=at, stopped_why="It was answered that it is gone (410).")
    if at - since >= GIVEN_UP_AFTER:
        days = GIVEN_UP_AFTER.days
        return replace(hook, stopped_at=at, stopped_why=f"Nothing was heard for {days} days.")
    return hook


def signatures(lodge: Lodge, hook: Hook, message: str, at: datetime, body: bytes) -> str:
    """How a message is signed: by the secret, and by the one before as long as that holds."""
    sealed = [hook.secret]
    if hook.old_secret is not None and hook.old_until is not None and at < hook.old_until:
        sealed.append(hook.old_secret)
    said = f"{message}.{int(at.timestamp())}.".encode() + body
    made = (hmac.digest(lodge.key.open(each, of=hook.id), said, hashlib.sha256) for each in sealed)
    return " ".join(f"v1,{base64.b64encode(each).decode()}" for each in made)


# Where may be told.


def address_fault(url: str, *, loopback: bool) -> str:
    """What is wrong with an address, as far as it can be seen without looking it up."""
    try:
        found = urlsplit(url)
        host, port = (found.hostname or "").rstrip("."), found.port
    except ValueError:
        return "it is not well formed"
    http = loopback and found.scheme == "http"
    plain = len(url) <= URL_MAX and url.isascii() and url.isprintable() and " " not in url
    for wrong, why in (
        (not plain, "it is too long, or has signs that no address has"),
        (found.scheme != "https" and not http, "it does not begin with https"),
        (not host or port == 0, "it names no host"),
        ("@" in found.netloc or bool(found.fragment), "a name, a password or a fragment is in it"),
        (not _may_be_public(host, loopback=loopback), "it is not public"),
    ):
        if wrong:
            return why
    return ""


def _may_be_public(host: str, *, loopback: bool) -> bool:
    try:
        number = ip_address(host)
    except ValueError:
        return loopback or not host.endswith(_HERE)
    return is_public(number, loopback=loopback)


def is_public(number: IPv4Address | IPv6Address, *, loopback: bool) -> bool:
    """Whether everybody on the internet reaches an address; or this machine, where that is let."""
    if isinstance(number, IPv6Address):
        if number.ipv4_mapped is not None:
            return is_public(number.ipv4_mapped, loopback=loopback)
        if number.is_loopback:
            return loopback
        if number.is_site_local or any(number in net for net in _EMBEDDING):
            return False
    if number.is_loopback:
        return loopback
    return number.is_global and not (
        number.is_multicast or number.is_reserved or number.is_link_local or number.is_unspecified
    )


def _put(keeping: Keeping, hook: Hook) -> None:
    if not keeping.put_hook(hook):
        raise refuse(HookChangedMeanwhile(reference=HOUSE, hook=hook.id))


def _sealed(lodge: Lodge, code: str, secret: bytes) -> bytes:
    return lodge.key.close(secret, of=code, chance=lodge.chance)


def _shown(secret: bytes) -> str:
    return _PREFIX + base64.b64encode(secret).decode()


def _note(
    lodge: Lodge,
    keeping: Keeping,
    kind: EventKind,
    hook: Hook,
    *,
    by: Key | None = None,
    what: str = "",
) -> None:
    said = f"{hook.id}: {what or hook.url}"
    place = "the worker" if by is None else f"key {by.id}"
    lodge.note(keeping, kind, hook.person, place=place, what=said)

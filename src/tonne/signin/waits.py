"""How long nobody is heard after failures, so that guessing is slow and nobody is locked out.

Failures are counted twice: by the name that was tried, and by where they come from. A browser that
the person has used before is counted by itself alone, and a passkey cannot be guessed: so strangers
who fail in a person's name keep only other strangers waiting. An attempt is counted before it is
judged, and taken back if it succeeds: many at one time are as slow as one after another.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from tonne.refusal import Refusal
from tonne.signin.moments import seconds_until
from tonne.signin.records import Tally
from tonne.signin.refusals import WaitFirst
from tonne.signin.terms import Terms
from tonne.signin.tokens import digest

_NET_BITS = 64
_DOUBLINGS_MAX = 30


def of_person(login: str) -> bytes:
    """What failures in a name are counted by, whether anybody has it or not."""
    return digest(f"person {login}")


def of_place(place: str) -> bytes:
    """What failures from an address are counted by; of IPv6 by the net that one customer has."""
    try:
        found = ip_address(place)
    except ValueError:
        return digest(f"place {place}")
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        if mapped is None:
            return digest(f"place {int(found) >> _NET_BITS:x}/{_NET_BITS}")
        found = mapped
    return digest(f"place {found}")


def of_device(device: str) -> bytes:
    """What failures at a known browser are counted by."""
    return digest(f"device {device}")


def of_session(session: str) -> bytes:
    """What wrong codes within a session are counted by."""
    return digest(f"session {session}")


def wait_refusals(tallies: Iterable[Tally], at: datetime) -> Iterator[Refusal]:
    """Why somebody is not heard now."""
    wait = max((seconds_until(each.until, at) for each in tallies), default=0)
    if wait:
        yield WaitFirst(reference="OWASP ASVS 4.0.3, 2.2.1", seconds=wait)


def one_more(
    keys: Mapping[bytes, int], tallies: Iterable[Tally], at: datetime, terms: Terms
) -> Iterator[Tally]:
    """The tallies with one failure more; by each key, how many are free."""
    kept = {each.key: each for each in tallies}
    for key, free in keys.items():
        before = kept.get(key)
        failures = 1
        if before is not None and at - before.last_at < terms.forgotten:
            failures += before.failures
        until = at + wait_after(failures - free, terms)
        yield Tally(key=key, failures=failures, last_at=at, until=until)


def wait_after(failures: int, terms: Terms) -> timedelta:
    """How long nobody is heard after so many failures beyond the free ones."""
    if failures < 0:
        return timedelta(0)
    wait: timedelta = terms.first_wait * 2 ** min(failures, _DOUBLINGS_MAX)
    return min(wait, terms.longest_wait)

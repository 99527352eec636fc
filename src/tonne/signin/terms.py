"""How long things last at the door, and how many failures are borne. No law sets these."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashing:
    """How much work a password's hash is, by argon2id.

    The OWASP Password Storage Cheat Sheet asks for 46 MiB in one pass, or an equal to it; the ASVS
    asks for two passes (2.4.5). This is both: 46 MiB, two passes, one lane.
    """

    memory_kib: int = 47_104
    passes: int = 2
    lanes: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long sessions, codes and waits last."""

    idle: timedelta = timedelta(minutes=30)
    whole: timedelta = timedelta(hours=12)
    fresh: timedelta = timedelta(minutes=10)
    """So long after a factor was shown, factors and keys may be changed."""

    step_up: timedelta = timedelta(minutes=3)
    """So long a confirmed act may wait to be done."""

    ceremony: timedelta = timedelta(minutes=5)
    """So long a passkey may take to answer."""

    enrolment: timedelta = timedelta(minutes=60)
    recovery: timedelta = timedelta(hours=72)
    """So long another administrator has to agree."""

    cool_off: timedelta = timedelta(hours=24)
    """So long after a recovery the person looks and does not sign, so that a thief is noticed."""

    token: timedelta = timedelta(minutes=10)
    """So long a token of a program that signs for itself is good."""

    assertion: timedelta = timedelta(minutes=5)
    """No assertion is good for longer: so long it is kept that it was used."""

    noted: timedelta = timedelta(minutes=1)
    """What was used within this is not noted again."""

    first_wait: timedelta = timedelta(seconds=2)
    """After as many failures as are borne; it doubles with every further one."""

    longest_wait: timedelta = timedelta(minutes=15)
    forgotten: timedelta = timedelta(hours=24)
    """A failure is forgotten after this."""

    failures_borne: int = 5
    """So many wrong passwords or codes of a person, or at a known browser, before a wait."""

    borne_of_place: int = 20
    """So many from one address, behind which may be many people."""

    deliveries: timedelta = timedelta(days=90)
    """So long it is kept how the telling of a webhook went."""

    step_up_failures: int = 5
    """After so many wrong codes in a session it ends."""

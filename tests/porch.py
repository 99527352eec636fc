"""A lodge to try sign-in at: a clock that is moved, known chance, and people who enrolled."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest

from passkey_device import Device
from tonne import signin
from tonne.refusal import Refused
from tonne.signin import (
    Actor,
    Caller,
    EnrolmentCode,
    Hashing,
    Lodge,
    Opened,
    Records,
    Seal,
    Session,
    Site,
)

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MACHINE = Actor(person=None, place="the machine")
HOME = Caller(place="192.0.2.1", agent="a browser")
ELSEWHERE = Caller(place="198.51.100.7", agent="another browser")
PASSWORD = "seven herons under a slow train"  # noqa: S105  nobody's
SITE = Site(rp_id="registry.example", name="Tonne", origins=("https://registry.example",))
EASY = Hashing(memory_kib=8, passes=1, lanes=1)
ACT = signin.digest_of_act("Move 10 EXA-1 from A to B")


@dataclass
class Someone:
    """A person as they know themself."""

    code: str
    login: str
    seed: str
    recovery_codes: tuple[str, ...]


@dataclass
class Porch:
    """What stands before the lodge."""

    records: Records
    at: datetime = START
    drawn: int = 0
    hashing: Hashing = EASY
    site: Site = SITE
    lodge: Lodge = field(init=False)

    def __post_init__(self) -> None:
        self.lodge = Lodge(
            records=self.records,
            now=lambda: self.at,
            chance=self.chance,
            site=self.site,
            seal=Seal(bytes(range(32))),
            hashing=self.hashing,
        )

    def chance(self, count: int) -> bytes:
        """Bytes that never come twice."""
        self.drawn += 1
        return hashlib.shake_256(f"chance {self.drawn}".encode()).digest(count)

    def later(self, **by: int) -> None:
        """Time passes."""
        self.at += timedelta(**by)

    def begin(
        self, login: str = "ana", *, administrator: bool = False
    ) -> tuple[EnrolmentCode, str]:
        """Somebody who is enrolling, and the token of the enrolment."""
        made = signin.enrol(
            self.lodge, login=login, name="Ana Novak", administrator=administrator, by=MACHINE
        )
        return made, signin.open_enrolment(self.lodge, code=made.code, caller=HOME).token

    def enrolled(self, login: str = "ana", *, administrator: bool = False) -> Someone:
        """Somebody with a password and an app for codes."""
        made, token = self.begin(login, administrator=administrator)
        return self.set_up(made.person.code, login, token)

    def set_up(self, person: str, login: str, token: str) -> Someone:
        """Set password and app, and finish."""
        signin.set_password(self.lodge, token, new=PASSWORD)
        seed = signin.begin_codes(self.lodge, token)
        first = pyotp.TOTP(seed.secret).at(self.at)
        signin.confirm_codes(self.lodge, token, factor=seed.factor, code=first)
        codes = signin.finish_enrolment(self.lodge, token)
        self.later(minutes=1)
        return Someone(code=person, login=login, seed=seed.secret, recovery_codes=codes)

    def with_passkey(self, login: str = "ana") -> tuple[str, Device]:
        """Somebody with a passkey alone, and the device."""
        made, token = self.begin(login)
        device = self.add_passkey(token)
        signin.finish_enrolment(self.lodge, token)
        return made.person.code, device

    def add_passkey(self, token: str, device: Device | None = None) -> Device:
        """Make a passkey in a device, and keep it."""
        device = device or Device(id=b"passkey " + self.chance(8))
        begun = signin.begin_new_passkey(self.lodge, token)
        response = device.make(begun.options)
        signin.add_passkey(
            self.lodge, token, ticket=begun.ticket, response=response, label="a phone"
        )
        return device

    def code(self, who: Someone, *, steps: int = 0) -> str:
        """What the app of somebody shows now, or some steps later."""
        return pyotp.TOTP(who.seed).at(self.at, counter_offset=steps)

    def sign_in(
        self, who: Someone, *, caller: Caller = HOME, password: str = PASSWORD, code: str = ""
    ) -> Opened:
        """Sign in with a code that was not used before."""
        self.later(seconds=30)
        return signin.sign_in(
            self.lodge,
            login=who.login,
            password=password,
            code=code or self.code(who),
            caller=caller,
        )

    def by_passkey(self, device: Device, *, caller: Caller = HOME) -> Opened:
        """Sign in by a passkey."""
        begun = signin.begin_passkey(self.lodge)
        return signin.sign_in_by_passkey(
            self.lodge, ticket=begun.ticket, response=device.answer(begun.options), caller=caller
        )

    def fail(self, login: str, times: int, *, caller: Caller = ELSEWHERE) -> None:
        """Strangers fail, and wait as long as they are told."""
        for _ in range(times):
            found = numbers(
                signin.sign_in,
                self.lodge,
                login=login,
                password="not this one at all",  # noqa: S106  nobody's
                code="000000",
                caller=caller,
            )
            assert found == [9130]

    def told(self, person: str | None = None) -> list[str]:
        """What was written down, in few words."""
        found = signin.events_of(self.lodge, person=person, by=MACHINE, limit=1000)
        return [f"{each.kind}: {each.what}" for each in found]

    def session(self, token: str) -> Session:
        """The session of a token."""
        return signin.who(self.lodge, token)


def numbers(call: Any, /, *words: Any, **facts: Any) -> list[int]:  # noqa: ANN401  whatever is tried
    """The numbers of the refusals that an act is answered with."""
    with pytest.raises(Refused) as no:
        call(*words, **facts)
    return [each.number for each in no.value.refusals]

"""The registry of the Example Act with its people: two seniors, and representatives of accounts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from land import Land
from tonne.operations import Books, Desk, people, proposals
from tonne.people import HolderKnown, LifeEvent, Person, Proposal, Registered
from tonne.registry import Role
from tonne.signin import CHANCE_BYTES, new_code

T = TypeVar("T")

SENIORS = ("sara", "soren")
MONDAY = datetime(2026, 3, 2, 11, tzinfo=UTC)
"""A working day of the Act, within its hours; in March its clock shows UTC."""


def usr(name: str) -> str:
    """The code of a person who is called so."""
    return new_code("usr", MONDAY, sha256(name.encode()).digest()[:CHANCE_BYTES])


def org(name: str) -> str:
    """The code of a holder that is called so."""
    return f"org_{name:0<26}"


@dataclass(slots=True)
class Bureau:
    """A settled land, its registry's people, and short words for what they do."""

    land: Land
    now: datetime = MONDAY
    keys: int = 0
    codes: dict[str, str] = field(default_factory=dict)

    def begin(self) -> "Bureau":
        """Name the first administrators, at the machine."""
        first = [(usr(name), Registered(name=name, email=f"{name}@xe.example")) for name in SENIORS]
        self.do(people.begin, first, role="administrator")
        return self

    def settle(self) -> "Bureau":
        """Begin, and give the steelworks ann and bob, and the kiln carl and dora."""
        self.begin()
        for holder, account, names in (
            ("steelco", "steel", ("ann", "bob")),
            ("kilnco", "kiln", ("carl", "dora")),
        ):
            self.hold(holder, account)
            for name in names:
                self.enrol(name)
                self.represent(account, name, "initiate_and_approve")
        return self

    def hold(self, holder: str, account: str) -> None:
        """Make a holder known, and give it an account."""
        said = HolderKnown(kind="organisation", name=holder.capitalize(), country="XE")
        self.staff(people.register_holder, org(holder), said)
        self.agreed(proposals.HandOver(account=self.number(account), holder=org(holder)))

    def enrol(self, name: str) -> Person:
        """Register a person, look at them, and enrol them."""
        said = Registered(name=name.capitalize(), email=f"{name}@example.org")
        self.staff(people.register_person, usr(name), said)
        self.staff(people.turn_person, usr(name), "validate")
        return self.staff(people.turn_person, usr(name), "enrol")

    def represent(self, account: str, name: str, right: str) -> Proposal:
        """Let a person represent an account, as two administrators want it."""
        return self.agreed(
            proposals.Appoint(account=self.number(account), person=usr(name), right=right)
        )

    def verifier(self, name: str) -> None:
        """Enrol a person, and make them a verifier."""
        self.enrol(name)
        self.agreed(proposals.TakePosition(person=usr(name), position="verifier"))

    def verified_by(
        self, name: str, account: str, by: tuple[str, str], years: tuple[int, int] = (2025, 2026)
    ) -> None:
        """Two representatives of an account appoint its verifier."""
        first, last = years
        wish = proposals.AppointVerifier(
            account=self.number(account), person=usr(name), first_year=first, last_year=last
        )
        self.decide(self.propose(wish, by=by[0]).code, "approve", by=by[1])

    def agreed(self, wish: proposals.Wish) -> Proposal:
        """What one senior administrator proposes and the other approves."""
        made = self.propose(wish, by=SENIORS[0])
        return self.decide(made.code, "approve", by=SENIORS[1])

    def propose(
        self, wish: proposals.Wish, *, by: str, key: str = "", signed: str = ""
    ) -> Proposal:
        """Somebody proposes something."""
        return self.do(proposals.propose, wish, of=by, key=key or self.key(), signed=signed)

    def rehearse(self, wish: proposals.Wish, *, by: str) -> proposals.Forecast:
        """Somebody asks what would become of it; nothing is kept."""
        return self.do(proposals.rehearse, wish, of=by, keep=False)

    def decide(self, code: str, event: LifeEvent, *, by: str, comment: str = "") -> Proposal:
        """Somebody decides of a proposal."""
        return self.do(proposals.decide, code, event, of=by, comment=comment)

    def wait(self, **time: float) -> list[str]:
        """Time goes by, and what is due is carried out."""
        self.now += timedelta(**time)
        return proposals.carry_out_due(self.land.run, self.land.scheme, desk=self.desk())

    def proposal(self, code: str) -> Proposal:
        """A proposal as it stands."""
        return self.land.run(lambda books: proposals.proposal(books, self.land.scheme, code))

    def staff(self, operation: Callable[..., T], *words: object, **more: Any) -> T:  # noqa: ANN401  what it takes
        """What a senior administrator does alone."""
        return self.do(operation, *words, of=SENIORS[0], key=self.key(), **more)

    def do(
        self,
        operation: Callable[..., T],
        *words: object,
        of: str | None = None,
        role: Role = "operator",
        keep: bool = True,
        **more: Any,  # noqa: ANN401  what the operation takes
    ) -> T:
        """Do an operation now, as somebody."""
        if of is not None:
            more["by"] = usr(of)

        def whole(books: Books) -> T:
            return operation(books, self.land.scheme, *words, desk=self.desk(role), **more)

        return self.land.run(whole, keep=keep)

    def desk(self, by: Role = "operator") -> Desk:
        """The desk, now."""
        return Desk(by=by, day=self.now.date(), at=self.now)

    def number(self, account: str) -> str:
        """The number of an account."""
        return self.land.number(account)

    def key(self) -> str:
        """A key that was not used before."""
        self.keys += 1
        return f"wish {self.keys}"

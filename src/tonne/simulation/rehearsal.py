"""People for a rehearsal: of every role, in the books of a replay that left a year open.

The operators and their figures are those that were published. Who acts for them, what they own in
money, and what is offered on the exchange is made up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from tonne.market import NewOrder
from tonne.operations import Desk, Engine, Scheme, deposit, owner_of, people, proposals
from tonne.people import HolderKnown, Position, Registered
from tonne.quantity import Currency, Money
from tonne.registry import HoldingAccount, Role
from tonne.simulation.scope import unit_of

OFFERS = (Decimal("6.80"), Decimal("6.90"), Decimal("7.10"))
"""At each of these prices six tenths of what the short operator lacks are offered."""

MONEY = "EUR"
CEMENT = ("cement", "ciment", "zement", "cemento", "salonit")
"""An operator whose name says so makes cement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody of the rehearsal: how they are called, who they are, and for whom they act."""

    name: str
    login: str
    code: str
    who: str
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody, and what the rehearsal is about."""

    actors: tuple[Actor, ...]
    short: HoldingAccount
    """Whose units do not suffice for the open year."""

    lacks: int
    long: HoldingAccount
    """Who offers what they have too many of."""

    instrument: str
    year: int


@dataclass(slots=True, kw_only=True)
class Rehearsal:
    """The people of a rehearsal on their way into the books."""

    run: Callable[..., Any]
    scheme: Scheme
    at: datetime
    year: int
    progress: Callable[[str, int], None] = lambda _what, _count: None
    actors: list[Actor] = field(default_factory=list)

    def settle_in(self) -> Cast:
        """Let everybody in: staff, two representatives of each operator, money, and offers."""
        unit = unit_of(self.scheme, "installation", self.year)
        short, lacks, long = self._sides(unit)
        self._staff()
        for account, names in (
            (short, ("Ana Kovač", "Bojan Zupan")),
            (long, ("Clara Weiss", "Dario Conti")),
        ):
            self._represent(account, names)
            self._appoint_verifier(account, names)
        self._pay_in(short, lacks)
        instrument = self._offer(long, unit, lacks)
        return Cast(
            actors=tuple(self.actors), short=short, lacks=lacks, long=long,
            instrument=instrument, year=self.year,
        )  # fmt: skip

    def _sides(self, unit: str) -> tuple[HoldingAccount, int, HoldingAccount]:
        """A cement works that lacks units for the year, and an operator who has far too many."""
        name = self.scheme.name
        accounts = {each.number: each for each in self.run(lambda b: b.accounts(scheme=name))}
        held: Mapping[tuple[str, str], int] = self.run(lambda b: b.balances(name))
        figures = self.run(lambda b: b.figures(name, [self.year]))
        spare = {
            number: held.get((number, unit), 0) - figure.tonnes
            for number, figure in figures
            if accounts[number].status == "open"
        }
        lacking = sorted((-count, number) for number, count in spare.items() if count < 0)
        cement = [each for each in lacking if _makes_cement(accounts[each[1]])]
        fitting = [each for each in cement or lacking if each[0] > 1_000] or cement or lacking  # noqa: PLR2004  enough to be worth a trade
        lacks, number = fitting[0]
        most = max(spare, key=lambda each: spare[each])
        return accounts[number], lacks, accounts[most]

    def _staff(self) -> None:
        first = [("Mira Novak", "senior"), ("Janez Hribar", "senior")]
        begun = [(_code(name), _registered(name)) for name, _ in first]
        self._do(people.begin, begun, role="administrator")
        self.actors += [
            Actor(name=name, login=_mail(name), code=_code(name), who="senior administrator")
            for name, _ in first
        ]
        others: tuple[tuple[str, Position, str], ...] = (
            ("Olga Berg", "authority", "officer of the authority"),
            ("Omar Haddad", "authority", "officer of the authority"),
            ("Jun Park", "junior", "junior administrator"),
            ("Vera Lind", "verifier", "verifier"),
            ("Audun Moe", "auditor", "auditor"),
        )
        for name, position, who in others:
            code = self._enrol(name)
            self._agreed(proposals.TakePosition(person=code, position=position))
            self.actors.append(Actor(name=name, login=_mail(name), code=code, who=who))
        self.progress("staff", len(self.actors))

    def _represent(self, account: HoldingAccount, names: tuple[str, ...]) -> None:
        """A holder for an account, and people who act for it."""
        holder = people.code_for("org", "rehearsal", account.number)
        said = HolderKnown(kind="organisation", name=account.name, country=account.registry)
        self._alone(people.register_holder, holder, said)
        self._agreed(proposals.HandOver(account=account.number, holder=holder))
        for name in names:
            code = self._enrol(name)
            wish = proposals.Appoint(
                account=account.number, person=code, right="initiate_and_approve"
            )
            self._agreed(wish)
            self.actors.append(
                Actor(
                    name=name, login=_mail(name), code=code,
                    who=f"representative of {account.name}", account=account.number,
                )
            )  # fmt: skip
        self.progress("representatives", len(names))

    def _appoint_verifier(self, account: HoldingAccount, names: tuple[str, ...]) -> None:
        """One representative proposes the verifier of the years that are open, another agrees."""
        first, second = (_code(name) for name in names)
        wish = proposals.AppointVerifier(
            account=account.number, person=_code("Vera Lind"), first_year=self.year,
            last_year=self.year + 1,
        )  # fmt: skip
        key = f"rehearsal verifier {account.number}"
        made = self._do(proposals.propose, wish, by=first, key=key)
        self._do(proposals.decide, made.code, "approve", by=second)

    def _pay_in(self, account: HoldingAccount, lacks: int) -> None:
        """Twice what the units would cost that are lacking."""
        amount = Money.of(OFFERS[-1] * lacks * 2, Currency(MONEY))
        self._do(
            deposit, account=account.number, amount=amount, bank_reference="REHEARSAL-1",
            role="administrator",
        )  # fmt: skip

    def _offer(self, account: HoldingAccount, unit: str, lacks: int) -> str:
        """Units for sale, in the book of the instrument that delivers them."""
        clause = self.scheme.instruments.instruments.on(self.at.date())
        instrument = next(each for each in clause.value if each.unit == unit)
        owner = self.run(lambda b: owner_of(b, self.scheme, account.number, self.at.date()))
        orders = []
        for place, price in enumerate(OFFERS):
            ticks, between = instrument.ticks_of(price, reference=clause.reference)
            assert not between, "an offer is on the tick"
            orders.append(
                NewOrder(
                    at=self.at, account=account.number, owner=owner, cl_ord_id=f"offer {place}",
                    side="sell", order_qty=max(1, lacks * 6 // 10 // instrument.lot),
                    price=ticks, time_in_force="good_till_cancel",
                )
            )  # fmt: skip
        engine = Engine(self.scheme, instrument.code)
        engine.serve(self.run, orders, key="rehearsal offers", desk=self._desk("operator"))
        self.progress("offers", len(orders))
        return instrument.code

    def _enrol(self, name: str) -> str:
        code = _code(name)
        self._alone(people.register_person, code, _registered(name))
        for event in ("validate", "enrol"):
            self._alone(people.turn_person, code, event)
        return code

    def _alone(self, operation: Callable[..., Any], code: str, *words: object) -> None:
        """What a senior administrator does alone."""
        key = f"rehearsal {operation.__name__} {code} {' '.join(map(str, words))[:80]}"
        self._do(operation, code, *words, by=_code("Mira Novak"), key=key)

    def _agreed(self, wish: proposals.Wish) -> None:
        """What one senior administrator proposes and another approves."""
        key = f"rehearsal {wish}"[:400]
        made = self._do(proposals.propose, wish, by=_code("Mira Novak"), key=key)
        self._do(proposals.decide, made.code, "approve", by=_code("Janez Hribar"))

    def _do(
        self,
        operation: Callable[..., Any],
        *words: object,
        role: Role = "operator",
        **more: Any,  # noqa: ANN401  what it takes
    ) -> Any:  # noqa: ANN401  what it answers
        return self.run(
            lambda books: operation(books, self.scheme, *words, desk=self._desk(role), **more)
        )

    def _desk(self, role: Role) -> Desk:
        return Desk(by=role, day=self.at.date(), at=self.at)


def _makes_cement(account: HoldingAccount) -> bool:
    return any(word in account.name.casefold() for word in CEMENT)


def _code(name: str) -> str:
    return people.code_for("usr", "rehearsal", name)


def _mail(name: str) -> str:
    first = name.casefold().partition(" ")[0]
    return f"{first}@rehearsal.example"


def _registered(name: str) -> Registered:
    return Registered(name=name, email=_mail(name))

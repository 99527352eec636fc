"""What would become of a wish, and what is against it: looked at before anything is decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tonne import people
from tonne.operations.books import Books
from tonne.operations.heard import moment
from tonne.operations.people import frozen_refusals, mandates_on, people_of, person
from tonne.operations.proposal_book import Wish, wish_of
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.operations.wishes import Move, units_refusals
from tonne.operations.wishes_of_deals import ConfirmDeal, ProposeDeal
from tonne.operations.wishes_of_emissions import Verify
from tonne.operations.wishes_of_trade import Traded, is_large
from tonne.operations.wishes_of_verifiers import independence_refusals
from tonne.people import AccountPeople, DayMandates, Person, Proposal
from tonne.refusal import Refusal
from tonne.registry import SourceDoesNotExist


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What would become of a proposal: said before anybody signs it."""

    verb: str
    second: bool
    """Whether a second person must agree."""

    due: datetime | None
    """When it is carried out, if that is not at once, counted from now."""

    trusted: bool
    """Whether the other account is one that is trusted, if there is one."""

    @property
    def waits(self) -> bool:
        """Whether it is not done at once."""
        return self.second or self.due is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is looked at of a wish before anything is decided."""

    law: DayMandates
    who: Person
    people: AccountPeople | None
    forecast: Forecast


def look(books: Books, scheme: Scheme, wish: Wish, *, by: str, desk: Desk) -> Sight:
    """Who wishes, on whose account, and what would become of it."""
    who, law = person(books, by), mandates_on(scheme, desk.day)
    at_account = people_of(books, wish.account) if wish.account else None
    own, trusted = _target(books, scheme, wish, at_account, desk=desk)
    rule = law.verbs.get(wish.verb)
    staff = law.acts_for_registry(who)
    second = rule is None or people.needs_second(
        rule, at_account, staff=staff, own=own, trusted=trusted,
        large=isinstance(wish, Traded) and is_large(books, scheme, wish, law, desk=desk),
    )  # fmt: skip
    waits = None if rule is None else people.due_at(
        rule, moment(desk), own=own, trusted=trusted, law=law
    )  # fmt: skip
    forecast = Forecast(verb=wish.verb, second=second, due=waits, trusted=trusted or own)
    return Sight(law=law, who=who, people=at_account, forecast=forecast)


def _target(
    books: Books, scheme: Scheme, wish: Wish, at_account: AccountPeople | None, *, desk: Desk
) -> tuple[bool, bool]:
    """Whether the other account is one of the government; and one that the account trusts."""
    if not isinstance(wish, Move | ProposeDeal | ConfirmDeal) or at_account is None:
        return False, False
    found = books.accounts(scheme=scheme.name, number=wish.target)
    kind = scheme.on(desk.day).kinds.get(found[0].kind) if found else None
    holder = people_of(books, wish.target).holder
    trusted = at_account.trusts(wish.target, moment(desk))
    same = holder is not None and holder == at_account.holder
    return kind is not None and kind.government, trusted or same


def against(
    books: Books, scheme: Scheme, wish: Wish, sight: Sight, *, desk: Desk
) -> Iterator[Refusal]:
    """What is against proposing it, whatever is against doing it."""
    not_theirs = unfit(wish, sight)
    yield from not_theirs
    yield from frozen(books, scheme, wish.verb, "propose")
    if not_theirs:
        return
    yield from units_refusals(wish, scheme.on(desk.day))
    if wish.account and not books.accounts(scheme=scheme.name, number=wish.account):
        law = scheme.on(desk.day).on_accounts
        yield SourceDoesNotExist(reference=law, account=wish.account)
    if isinstance(wish, Move) and sight.people is not None and not sight.forecast.trusted:
        yield from people.trust_refusals(
            sight.people, wish.target, own=False, at=moment(desk), law=sight.law
        )
    if isinstance(wish, Verify):
        yield from independence_refusals(books, wish.account, sight.who, sight.law.on_positions)


def unfit(wish: Wish, sight: Sight) -> list[Refusal]:
    """Why it is not for this person to propose it, whatever else is against it."""
    found = list(people.proposing_refusals(sight.who, sight.people, wish.verb, sight.law))
    if isinstance(wish, Verify) and sight.people is not None:
        found += people.verifying_refusals(sight.who, sight.people, wish.year, sight.law)
    return found


def still_against(
    books: Books, scheme: Scheme, standing: Proposal, sight: Sight, *, desk: Desk
) -> Iterator[Refusal]:
    """What is against doing now what was proposed: also that who proposed it now is of the staff.

    What they wished as a representative is not done with the rights of the registry.
    """
    yield from against(books, scheme, wish_of(standing), sight, desk=desk)
    if sight.who.position is not None and not standing.staff:
        yield people.NotARepresentative(
            reference=sight.law.on_rights, person=standing.by, account=standing.account
        )


def frozen(books: Books, scheme: Scheme, verb: str, event: str) -> list[Refusal]:
    """1209: of a frozen scheme only what ends a proposal, or lets it go on."""
    if verb == "unfreeze" or event in {"reject", "cancel"}:
        return []
    return frozen_refusals(books, scheme)

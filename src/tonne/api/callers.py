"""Who calls: the key that a program shows, the person for whom it acts, and what it is good for."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from tonne import signin
from tonne.api.limits import Buckets, Limit
from tonne.api.refusals import (
    REFERENCE,
    KeyNotShown,
    NoSuchThing,
    NotKnownHere,
    ScopeMissing,
    TooManyRequests,
)
from tonne.operations import Books, Desk, Scheme, people
from tonne.people import (
    AccountPeople,
    NotARepresentative,
    Person,
    UnknownPerson,
    VerifierNotAppointed,
    acting_refusals,
)
from tonne.refusal import Refused, refuse_if_any
from tonne.registry import HoldingAccount

_SHOWN = HTTPBearer(
    auto_error=False,
    scheme_name="key",
    bearerFormat="sk_live_, sk_test_, at_live_ or at_test_",
    description="The key of a program, in the header Authorization: Bearer sk_live_...; or the "
    "token of one that signs for itself, at_live_..., from /v1/token.",
)
READ, PROPOSE, APPROVE = "registry:read", "transfers:propose", "transfers:approve"
MANAGE = "webhooks:manage"
MARKET, TRADE = "market:read", "market:trade"


ORGANISATION_TIMES = 4
"""So many times as often as one of its keys all keys of an organisation together are served."""


@dataclass(slots=True)
class Callers:
    """Knows programs by their keys, and how often each may ask, and those of an organisation."""

    lodge: signin.Lodge
    live: bool
    limit: Limit
    clock: Callable[[], float]
    _buckets: Buckets = field(init=False)
    _of_organisations: Buckets = field(init=False)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Nobody asked yet."""
        self._buckets = Buckets(self.limit, name="key")
        together = Limit(
            per_second=self.limit.per_second * ORGANISATION_TIMES,
            burst=self.limit.burst * ORGANISATION_TIMES,
        )
        self._of_organisations = Buckets(together, name="organisation")

    def still(self, secret: str) -> signin.Key:
        """The key of that secret, if it is still let in; asked while a stream goes on."""
        return signin.key_of(self.lodge, secret, live=self.live)

    def key(self, secret: str, request: Request) -> signin.Key:
        """The key of that secret, if it is let in now."""
        found = self.still(secret)
        with self._one_at_a_time:
            allowed = [self._buckets.take(found.id, at=self.clock())]
            # What is not served for its key takes nothing from the others of the organisation.
            if allowed[0].served and found.organisation:
                allowed.append(self._of_organisations.take(found.organisation, at=self.clock()))
        # The edge tells it, and who reads the log or the trail finds it.
        request.state.person, request.state.key = found.person, found.id
        request.state.key_limits = allowed
        for each in allowed:
            if not each.served:
                wait = max(1, each.seconds)
                raise Refused([TooManyRequests(reference=REFERENCE, seconds=wait, of=each.name)])
        return found


def _good_for(*scopes: str) -> Callable[..., signin.Key]:
    """Lets in a key that has one of these scopes; any key, where none is named."""

    def let_in(
        request: Request,
        shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_SHOWN)],
    ) -> signin.Key:
        if shown is None:
            raise Refused([KeyNotShown(reference=REFERENCE)])
        callers: Callers = request.app.state.callers
        key = callers.key(shown.credentials, request)
        if scopes and not set(scopes) & set(key.scopes):
            no = ScopeMissing(reference=REFERENCE, needed=scopes, has=key.scopes)
            raise Refused([no])
        return key

    return let_in


AnyKey = Annotated[signin.Key, Depends(_good_for())]
Reads = Annotated[signin.Key, Depends(_good_for(READ))]
Proposes = Annotated[signin.Key, Depends(_good_for(PROPOSE))]
Approves = Annotated[signin.Key, Depends(_good_for(APPROVE))]
SeesMarket = Annotated[signin.Key, Depends(_good_for(MARKET))]
Trades = Annotated[signin.Key, Depends(_good_for(TRADE))]
Hooks = Annotated[signin.Key, Depends(_good_for(MANAGE))]
TakesBack = Annotated[signin.Key, Depends(_good_for(PROPOSE, APPROVE))]
"""To stop something is in either hand."""


def has(key: signin.Key, scope: str) -> None:
    """9217, unless the key has that scope as well."""
    if scope not in key.scopes:
        raise Refused([ScopeMissing(reference=REFERENCE, needed=(scope,), has=key.scopes)])


def person_of(books: Books, key: signin.Key) -> Person:
    """The person for whom a key acts, as the registry knows them; else 9218."""
    try:
        return people.person(books, key.person)
    except Refused as no:
        if not any(isinstance(each, UnknownPerson) for each in no.refusals):
            raise
        raise Refused([NotKnownHere(reference=REFERENCE, person=key.person)]) from None


def acting(books: Books, key: signin.Key) -> Person:
    """The same, who is enrolled and so may act; else 1202 too."""
    person = person_of(books, key)
    refuse_if_any(acting_refusals(person))
    return person


def sees(
    books: Books,
    scheme: Scheme,
    number: str,
    *,
    key: signin.Key,
    desk: Desk,
    reports: bool = False,
) -> AccountPeople | None:
    """The people of an account, if the person of a key sees it; of no account, if they are staff.

    With ``reports`` it is enough to see what it reported, as a verifier of it does. Whether there
    is such an account, who does not see it is not told.
    """
    look = people.read_reports if reports else people.look_at
    try:
        return look(books, scheme, number, by=key.person, desk=desk)
    except Refused as no:
        hidden = NotARepresentative | VerifierNotAppointed
        if all(isinstance(each, hidden) for each in no.refusals):
            return None
        raise


def account_seen(
    books: Books,
    scheme: Scheme,
    number: str,
    *,
    key: signin.Key,
    desk: Desk,
    reports: bool = False,
) -> tuple[HoldingAccount, AccountPeople]:
    """An account that the person of a key sees, with its people; else 9215, as of one unknown."""
    acting(books, key)
    at_account = sees(books, scheme, number, key=key, desk=desk, reports=reports)
    found = books.kept_by([number]).get(number)
    if at_account is None or found is None or found[0] != scheme.name:
        raise Refused([NoSuchThing(reference=REFERENCE, what="account", name=number)])
    return found[1], at_account

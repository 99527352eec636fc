"""Accounts: a scheme is founded, accounts are opened, and an administrator changes their status."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from tonne import registry
from tonne.operations.books import Books
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry import ELSEWHERE, AccountNumber, DayRules, HoldingAccount, SourceDoesNotExist

_OWN_NUMBERS = 5_000_000
"""Identifiers that the books choose themselves begin here, above those that people bring."""

_NO_TYPE = 999
"""Stands in the number of an account that is refused because its kind is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An account that is asked for; without an identifier the books choose one."""

    kind: str
    name: str
    registry: str
    operator: str | None = None
    identifier: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeNotFounded(Refusal):
    """A scheme works once its own accounts are open."""

    number: ClassVar[int] = 9002
    remedy: ClassVar[str] = "Found the scheme first: tonne account found."

    scheme: str
    kinds: tuple[str, ...]

    def __str__(self) -> str:
        return f"The scheme {self.scheme} has no account yet of the kind {', '.join(self.kinds)}."


def founded(books: Books, scheme: Scheme, *, desk: Desk) -> None:
    """Nothing, if the scheme's own accounts are open; else a refusal."""
    day = scheme.on(desk.day)
    standing = {each.kind for each in books.accounts(scheme=scheme.name, operated=False)}
    lacking = tuple(
        kind.code for kind in day.kinds.values() if kind.government and kind.code not in standing
    )
    if lacking:
        refuse_if_any(
            [SchemeNotFounded(reference=day.on_accounts, scheme=scheme.name, kinds=lacking)]
        )


def found(books: Books, scheme: Scheme, *, desk: Desk) -> dict[str, str]:
    """Open the scheme's own accounts and begin the numbering of its units; their numbers by kind.

    What exists already is left as it is, so that a later law may bring new kinds and units.
    """
    day = scheme.on(desk.day)
    refuse_if_any(day.act_refusals("found", desk.by))
    standing = {each.kind: each.number for each in books.accounts(scheme=scheme.name)}
    missing = [kind for kind in day.kinds.values() if kind.government and kind.code not in standing]
    if missing:
        openings = [
            Opening(
                kind=kind.code,
                name=kind.name,
                registry=day.registry_code,
                identifier=len(standing) + place,
            )
            for place, kind in enumerate(missing, start=1)
        ]
        key = f"found {scheme.name} {' '.join(kind.code for kind in missing)}"
        opened = open_accounts(books, scheme, openings, key=key, desk=desk)
        standing |= {each.kind: each.number for each in opened}
    numbers = {kind.code: standing[kind.code] for kind in day.kinds.values() if kind.government}
    source = next(
        numbers[kind.code]
        for kind in day.kinds.values()
        if kind.is_source and kind.code != ELSEWHERE
    )
    elsewhere = numbers.get(ELSEWHERE)
    known = {asset.code for asset in books.assets()}
    for unit in day.units.values():
        if unit.code not in known:
            foreign = elsewhere is not None and unit.series not in {None, day.registry_code}
            books.add_asset(unit.asset, source=elsewhere if elsewhere and foreign else source)
    return numbers


def open_accounts(
    books: Books, scheme: Scheme, openings: Sequence[Opening], *, key: str, desk: Desk
) -> list[HoldingAccount]:
    """Open accounts, all of them or none."""
    day = scheme.on(desk.day)
    digest, before = once(books, scheme, key, "open_account", tuple(openings))
    if before is not None:
        return _opened(books, scheme, openings, before, day)
    # Nobody else may open one for the same operator meanwhile.
    books.wait_for_posts()
    standing = books.accounts(scheme=scheme.name)
    entry = books.enter(
        key=key,
        digest=digest,
        kind="open_account",
        year=None,
        because=(day.on_accounts,),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    taken = {each.number for each in standing}
    operated = {each.operator for each in standing if each.operator and each.status != "closed"}
    kinds = {each.kind for each in standing}
    refusals: list[Refusal] = [*day.act_refusals("open_account", desk.by)]
    accounts: list[HoldingAccount] = []
    for place, opening in enumerate(openings):
        account = _account(opening, _identifier(opening, entry, place), day, desk.day)
        refusals.extend(
            registry.opening_refusals(
                account, day=day, taken=taken, operated=operated, standing=kinds
            )
        )
        taken.add(account.number)
        kinds.add(account.kind)
        if account.operator is not None:
            operated.add(account.operator)
        accounts.append(account)
    refuse_if_any(refusals)
    sources = [each.number for each in accounts if day.kinds[each.kind].is_source]
    books.open_accounts(entry, accounts, scheme=scheme.name, sources=sources)
    return accounts


def open_account(
    books: Books, scheme: Scheme, opening: Opening, *, key: str, desk: Desk
) -> HoldingAccount:
    """Open an account."""
    return open_accounts(books, scheme, [opening], key=key, desk=desk)[0]


def change_account(
    books: Books, scheme: Scheme, number: str, verb: str, *, reason: str, key: str, desk: Desk
) -> HoldingAccount:
    """Restrict, suspend, restore or close an account, with a reason for the record."""
    digest, before = once(books, scheme, key, "change_account", (number, verb, reason))
    books.wait_for_posts()
    day = scheme.on(desk.day)
    account = the_account(books, scheme, number, day)
    if before is not None:
        return account
    refuse_if_any(day.act_refusals("change_account", desk.by))
    changed = registry.change_status(account, verb, day=day, holdings=books.holdings(number))
    entry = books.enter(
        key=key,
        digest=digest,
        kind=verb,
        year=None,
        because=(day.on_changes,),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    books.change_status(entry, account=number, status=changed.status, reason=reason)
    return changed


def the_account(books: Books, scheme: Scheme, number: str, day: DayRules) -> HoldingAccount:
    """The account with this number, or a refusal if the scheme has none."""
    found = books.accounts(scheme=scheme.name, number=number)
    if not found:
        refuse_if_any([SourceDoesNotExist(reference=day.on_accounts, account=number)])
    return found[0]


def _identifier(opening: Opening, entry: int, place: int) -> int:
    """The identifier asked for, or one of the books' own: for each place in a request another."""
    if opening.identifier is not None:
        return opening.identifier
    own = _OWN_NUMBERS + entry
    return own if place == 0 else int(f"{own}{place:05}")


def _account(opening: Opening, identifier: int, day: DayRules, opened: date) -> HoldingAccount:
    kind = day.kinds.get(opening.kind)
    number = AccountNumber.make(
        registry=opening.registry,
        number_type=_NO_TYPE if kind is None else kind.number_type,
        identifier=identifier,
        period=0,
    )
    return HoldingAccount(
        number=str(number),
        kind=opening.kind,
        opened=opened,
        name=opening.name,
        registry=opening.registry,
        operator=opening.operator,
    )


def _opened(
    books: Books, scheme: Scheme, openings: Sequence[Opening], entry: int, day: DayRules
) -> list[HoldingAccount]:
    """The accounts that an earlier request with the same key opened."""
    standing = {each.number: each for each in books.accounts(scheme=scheme.name)}
    asked = [
        _account(each, _identifier(each, entry, place), day, day.day)
        for place, each in enumerate(openings)
    ]
    return [replace(standing[each.number]) for each in asked]

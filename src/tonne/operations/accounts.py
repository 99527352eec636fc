"""Accounts: a scheme is founded, accounts are opened, and an administrator changes their status."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from msgspec import Struct, json

from tonne import compliance, registry
from tonne.ledger import Asset, KeptWord
from tonne.operations.books import Books
from tonne.operations.record import Desk, once
from tonne.operations.scheme import NATIONS, Scheme
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry import (
    BANK,
    ELSEWHERE,
    AccountKind,
    AccountNumber,
    DayRules,
    HoldingAccount,
    SourceDoesNotExist,
)

_OWN_NUMBERS = 5_000_000
"""Identifiers that the books choose themselves begin here, above those that people bring."""

_NO_TYPE = 999
"""Stands in the number of an account that is refused because its kind is unknown."""


class Stopped(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account was suspended."""

    reason: str


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
    standing = _own(books, scheme, day)
    lacking = tuple(kind.code for kind in _government(day) if kind.code not in standing)
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
    standing = _own(books, scheme, day)
    kinds = _government(day)
    missing = [kind for kind in kinds if kind.code not in standing]
    every = len({each.kind for each in books.accounts(scheme=scheme.name)})
    standing |= _open_own(
        books, scheme, missing, registry_code=day.registry_code, after=every, desk=desk
    )
    # Units of several origins are added when the first of them is made.
    assets = [unit.asset for unit in day.units.values() if not unit.origin]
    add_assets(books, scheme, assets, day=day)
    return {kind.code: standing[kind.code] for kind in kinds}


def found_nation(books: Books, scheme: Scheme, party: str, *, desk: Desk) -> dict[str, str]:
    """Open the accounts that a nation's registry has; their numbers by kind.

    Where there is law between nations, only one that has an assigned amount has a registry.
    """
    day = scheme.on(desk.day)
    refuse_if_any(day.act_refusals("found_nation", desk.by))
    refuse_if_any(registry.letters_refusals(party, day))
    if NATIONS in scheme.laws:
        compliance.bound_amount(party, scheme.nations, day=desk.day)
    standing = _own(books, scheme, day, party)
    kinds = [each for each in day.kinds.values() if each.government and "nation" in each.kept_by]
    missing = [kind for kind in kinds if kind.code not in standing]
    standing |= _open_own(
        books, scheme, missing, registry_code=party, after=len(standing), desk=desk
    )
    return {kind.code: standing[kind.code] for kind in kinds}


def add_assets(
    books: Books,
    scheme: Scheme,
    assets: Iterable[Asset],
    *,
    day: DayRules,
    made_here: bool = False,
) -> None:
    """Begin the numbering of these units, of those that the books do not have yet.

    A numbering that is not the registry's comes from elsewhere, unless its units are made here.
    """
    asked = {asset.code: asset for asset in assets}
    known = {asset.code for asset in books.assets(list(asked))}
    fresh = [asset for code, asset in asked.items() if code not in known]
    if not fresh:
        return
    link = books.link()
    code = day.registry_code if link is None else link.code
    source, elsewhere = _sources(books, scheme, day, code)
    books.add_assets(
        [
            (
                asset,
                source
                if elsewhere is None or made_here or _is_own(asset.series, code)
                else elsewhere,
            )
            for asset in fresh
        ]
    )


def _is_own(series: str | None, registry_code: str) -> bool:
    """Whether a numbering is the registry's: it is called by its code, or begins with it."""
    return series is None or series == registry_code or series.startswith(f"{registry_code}-")


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
    taken = {each.number for each in books.accounts()}
    operated = {each.operator for each in standing if each.operator and each.status != "closed"}
    own = {registry.place_of(each, day) for each in standing}
    refusals: list[Refusal] = [*day.act_refusals("open_account", desk.by)]
    accounts: list[HoldingAccount] = []
    for place, opening in enumerate(openings):
        account = _account(opening, _identifier(opening, entry, place), day, desk.day)
        refusals.extend(
            registry.opening_refusals(
                account, day=day, taken=taken, operated=operated, standing=own
            )
        )
        taken.add(account.number)
        own.add(registry.place_of(account, day))
        if account.operator is not None:
            operated.add(account.operator)
        accounts.append(account)
    refuse_if_any(refusals)
    sources = [each.number for each in accounts if day.kinds[each.kind].is_source]
    books.open_accounts(entry, accounts, scheme=scheme.name, sources=sources)
    return accounts


def _sources(books: Books, scheme: Scheme, day: DayRules, code: str) -> tuple[str, str | None]:
    """The account that issues a scheme's units; that of the units of all others than a registry."""
    kinds = {kind.code for kind in day.kinds.values() if kind.is_source}
    found = [
        each for each in books.accounts(scheme=scheme.name, operated=False) if each.kind in kinds
    ]
    own = next(each.number for each in found if each.kind not in {ELSEWHERE, BANK})
    others = (e.number for e in found if e.kind == ELSEWHERE and e.registry == code)
    return own, next(others, None)


def _government(day: DayRules) -> list[AccountKind]:
    """The kinds of which the scheme's own registry has an account."""
    return [each for each in day.kinds.values() if each.government and "scheme" in each.kept_by]


def _own(
    books: Books, scheme: Scheme, day: DayRules, registry_code: str | None = None
) -> dict[str, str]:
    """The accounts of the scheme's own registry, or a nation's, by kind."""
    return {
        each.kind: each.number
        for each in books.accounts(scheme=scheme.name, operated=False)
        if (registry_code is None and not _of_nations(day.kinds.get(each.kind)))
        or each.registry == (registry_code or day.registry_code)
    }


def _of_nations(kind: AccountKind | None) -> bool:
    return kind is not None and "nation" in kind.kept_by


def _open_own(
    books: Books,
    scheme: Scheme,
    missing: Sequence[AccountKind],
    *,
    registry_code: str,
    after: int,
    desk: Desk,
) -> dict[str, str]:
    """Open accounts of a government in its registry, numbered after those that it has.

    Where another scheme in the same books has an account of that number, the next is taken.
    """
    if not missing:
        return {}
    ours = {each.number for each in books.accounts(scheme=scheme.name)}
    others = {each.number for each in books.accounts()} - ours
    day = scheme.on(desk.day)
    openings: list[Opening] = []
    for kind in missing:
        after += 1
        while _number(day, kind.code, registry_code, after) in others:
            after += 1
        openings.append(
            Opening(kind=kind.code, name=kind.name, registry=registry_code, identifier=after)
        )
    said = " ".join(kind.code for kind in missing)
    key = f"found {scheme.name} {said}"
    if registry_code != day.registry_code:
        key = f"found {scheme.name} {registry_code} {said}"
    opened = open_accounts(books, scheme, openings, key=key, desk=desk)
    return {each.kind: each.number for each in opened}


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
    if changed.status == "suspended":
        said = json.encode(Stopped(reason=reason)).decode()
        books.say(entry, [KeptWord(stopped_topic(scheme), number, said)])
    return changed


def stopped_topic(scheme: Scheme) -> str:
    """Under this is kept which accounts of a scheme were suspended, for their people to hear."""
    return f"stopped {scheme.name}"


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
    return HoldingAccount(
        number=_number(day, opening.kind, opening.registry, identifier),
        kind=opening.kind,
        opened=opened,
        name=opening.name,
        registry=opening.registry,
        operator=opening.operator,
    )


def _number(day: DayRules, kind: str, registry_code: str, identifier: int) -> str:
    found = day.kinds.get(kind)
    number = AccountNumber.make(
        registry=registry_code,
        number_type=_NO_TYPE if found is None else found.number_type,
        identifier=identifier,
        period=0,
    )
    return str(number)


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

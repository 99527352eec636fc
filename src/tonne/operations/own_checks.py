"""What operations ask beside the registry: each list declared once, found by verb and by unit.

Who asks tells a dry run of it, and :mod:`~tonne.operations.asked` lists it by the same functions.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tonne import compliance, linking, registry
from tonne.ledger import Transaction, kind_of
from tonne.linking import KINDS, LINK, LinkLaw
from tonne.market import deal_grounds
from tonne.operations.books import Books
from tonne.operations.record import Desk
from tonne.operations.scheme import CREDITS, LINKS, NATIONS, Scheme
from tonne.operations.told import (
    NotCertified,
    StaysInItsAccount,
    VerbOfOtherKind,
    proposal_kind,
)
from tonne.refusal import Refusal
from tonne.registry import DayRules
from tonne.rulebook import Dated, NotInForce

RETIRE, CARRY_OVER, CONVERT = "retire", "carry_over", "convert"
RECEIVE = "receive"
"""The scheme's verb for units that come in from another registry."""


class OwnCheck(NamedTuple):
    """A check that is asked beside those of the registry: the refusal, and what is true else."""

    number: int
    sentence: str
    law: str
    """Where it is written: a law of the day, or a file of the scheme and a rule in it."""


def _check(kind: type[Refusal], law: str, sentence: str = "") -> OwnCheck:
    said = sentence or (kind.__doc__ or "").partition("\n")[0].rstrip(".")
    return OwnCheck(kind.number, said, law)


_TRANSACTIONS, _LINK = "on_transactions", "link"

ENDS = (_check(registry.EndElsewhere, _TRANSACTIONS, "Units end in the registry that holds them"),)
RETIREMENT = (
    _check(compliance.RetiredOutOfTime, "nations.toml period"),
    _check(compliance.UnitNotOfPeriod, "nations.toml carry_over"),
    _check(compliance.ForestryLimitExceeded, "nations.toml project_forest"),
)
OUTWARD = (
    _check(compliance.PartyWithdrew, "nations.toml withdrawal", "Who acquires has not left"),
    _check(compliance.NotEligible, "nations.toml eligibility", "Giver and taker are eligible"),
    _check(compliance.ReserveBroken, "nations.toml reserve"),
)
"""Of a taker it is asked where its registry is in the same books."""

SUSPENDED = (
    _check(compliance.NotEligible, "nations.toml restoration", "The giver is not suspended"),
)
CONVERSION = (
    _check(registry.NotTheHost, _TRANSACTIONS),
    _check(compliance.PartyWithdrew, "nations.toml withdrawal", "The host has not left"),
)
OVER = (
    _check(compliance.CarriedOverTooSoon, "nations.toml carry_over"),
    _check(compliance.UnitNotOfPeriod, "nations.toml carry_over"),
    _check(compliance.UnitNeverCarriedOver, "nations.toml carry_over", "The kind is carried over"),
    _check(compliance.CarryOverExceedsLimit, "nations.toml carry_over"),
)
HOST = (_check(registry.NotAHost, "credits.toml hosts"),)
REPORT = (
    _check(registry.ReportIncomplete, _TRANSACTIONS),
    _check(registry.MonitoringNotVerified, _TRANSACTIONS),
    _check(registry.ReportIssuedBefore, _TRANSACTIONS),
)
EXPIRY = (_check(registry.ExpiryNotFit, "credits.toml expiries"),)
PROPOSED = (
    _check(linking.UnknownKind, _LINK),
    _check(linking.WithinOneRegistry, _LINK),
    _check(VerbOfOtherKind, _LINK),
)
THEIR_SERIES = (_check(linking.NotTheirSeries, _LINK),)
CERTIFIED = (_check(NotCertified, _TRANSACTIONS),)
CHANGED = (_check(linking.ChangeNotSaid, _LINK),)
STAYS = (_check(StaysInItsAccount, _TRANSACTIONS),)
RECEPTION = (_check(linking.OtherUnits, _LINK),)
TRADED = (
    _check(registry.MoneyUnknown, "on_accounts", "The money is one that the scheme keeps"),
    _check(registry.TradeWithoutPrice, _TRANSACTIONS, "What is sold against payment has a price"),
    _check(deal_grounds.VatNotSaid, "vat.toml within", "The law says how the trade is taxed"),
    _check(registry.FeeInOtherMoney, "payment.toml fees", "Fees are in the money of the trade"),
)


def tell(
    desk: Desk,
    books: Books,
    key: str,
    checks: Sequence[OwnCheck],
    refusals: Sequence[Refusal] = (),
) -> None:
    """Tell a dry run what these checks say of a request that was not made before."""
    if desk.told is not None and books.known(key) is None:
        desk.tell(((each.number, each.sentence) for each in checks), refusals)


def alone(
    scheme: Scheme, transaction: Transaction, day: DayRules, *, for_report: bool = False
) -> tuple[OwnCheck, ...]:
    """What is asked of a transaction that a registry does alone, beside its own numbered checks."""
    verb, moved = transaction.kind, transaction.movements[0]
    unit = moved.asset.code
    if verb == "surrender":
        return surrendered(scheme, unit, transaction.year or 0, day)
    if verb == "transfer":
        giver, taker = (each.number.partition("-")[0] for each in (moved.source, moved.target))
        return outward(scheme, unit, giver, taker, day)
    found = day.types.get((verb, kind_of(unit)))
    if found is None or transaction.reverses is not None:
        return ()
    if verb == "issue" and found.type.against == "certified":
        return reported(unit, day) if for_report else HOST
    if verb in {CONVERT, CARRY_OVER}:
        return CONVERSION if verb == CONVERT else OVER
    own = TRADED if verb == "trade" else ()
    return (*own, *retired(scheme, verb, unit, day), *ended(verb, unit, day))


def proposed(
    scheme: Scheme, kind: str, verb: str, unit: str, day: DayRules, *, sides: tuple[str, str]
) -> tuple[OwnCheck, ...]:
    """What is asked of a proposal to the log before it is made; ``sides`` are giver and taker."""
    row, checks = day.type_of(verb, unit), [*PROPOSED]
    between = _of_nations(scheme, unit, day)
    if kind == "issue":
        checks += THEIR_SERIES
        checks += (*CERTIFIED, *reported(unit, day)) if row.against == "certified" else ()
    if kind == CONVERT:
        checks += CONVERSION if between else CONVERSION[:1]
    if kind == CARRY_OVER and between:
        checks += OVER
    if kind == RETIRE and between:
        checks += retired(scheme, RETIRE, unit, day)
    if KINDS[kind].changes:
        checks += CHANGED if day.units[kind_of(unit)].origin else ()
        checks += STAYS if row.becomes else ()
    if KINDS[kind].crosses:
        checks += outward(scheme, unit, *sides, day)
    return (*checks, *ended(verb, unit, day))


def received(scheme: Scheme, unit: str, day: DayRules) -> tuple[OwnCheck, ...]:
    """What a taker asks of units that are offered, beside its own numbered checks."""
    return (*RECEPTION, *(HOST if of_a_host(scheme, unit, day) else ()))


def of_a_host(scheme: Scheme, unit: str, day: DayRules) -> bool:
    """Whether the law says in which countries the projects are that units come from."""
    issued = day.types.get(("issue", kind_of(unit)))
    return issued is not None and issued.type.against == "certified" and CREDITS in scheme.laws


def reported(unit: str, day: DayRules) -> tuple[OwnCheck, ...]:
    """What is asked of credits that are issued for a monitoring report."""
    expires = "expiry" in day.units[kind_of(unit)].origin
    return (*REPORT, *HOST, *(EXPIRY if expires else ()))


def outward(
    scheme: Scheme, unit: str, giver: str, taker: str, day: DayRules
) -> tuple[OwnCheck, ...]:
    """What the law between nations asks of units that go from one registry to another."""
    if NATIONS not in scheme.laws or giver == taker or is_no_nation(scheme, giver, day):
        return ()
    return OUTWARD if _has_period(scheme, unit, day) else SUSPENDED


def retired(scheme: Scheme, verb: str, unit: str, day: DayRules) -> tuple[OwnCheck, ...]:
    """What the law between nations asks of a retirement."""
    known = verb == RETIRE and NATIONS in scheme.laws and kind_of(unit) in day.units
    return RETIREMENT if known and _has_period(scheme, unit, day) else ()


def ended(verb: str, unit: str, day: DayRules) -> tuple[OwnCheck, ...]:
    """What is asked of units that end: cancelled, retired, or in the place of others."""
    found = day.types.get((verb, kind_of(unit)))
    kind = None if found is None else proposal_kind(found.type)
    gives = "held" if kind is None else KINDS[kind].gives
    return ENDS if gives not in {"held", "unissued"} else ()


def surrendered(scheme: Scheme, unit: str, year: int, day: DayRules) -> tuple[OwnCheck, ...]:
    """What the law of duties asks of a surrender, and that of links where it says what counts."""
    asked = [
        OwnCheck(number, sentence, f"surrender {year}")
        for number, sentence in compliance.SURRENDER_CHECKS
    ]
    if link_law(scheme, unit, year, day.day) is not None:
        asked += [
            OwnCheck(number, sentence, f"links {year}")
            for number, sentence in linking.RECOGNITION_CHECKS
        ]
    return tuple(asked)


def link_law(scheme: Scheme, unit: str, year: int, day: date) -> LinkLaw | None:
    """The law under which a unit would count for a year; none if it is no other scheme's."""
    if kind_of(unit) not in linked_units(scheme):
        return None
    try:
        return LinkLaw.of(year, day, scheme.links)
    except NotInForce:
        return None


def linked_units(scheme: Scheme) -> set[str]:
    """The kinds of units of other schemes that the law of links names, ever."""
    if LINKS not in scheme.laws:
        return set()
    rules = scheme.links
    return {each.unit for clause in rules.recognised.clauses for each in clause.value} | {
        unit for clause in rules.bans.clauses for each in clause.value for unit in each.units
    }


def is_nation(scheme: Scheme, code: str) -> bool:
    """Whether a nation with a commitment keeps the registry of that code."""
    if NATIONS not in scheme.laws:
        return False
    named = scheme.nations.annex_b.clauses
    return any(each.party == code for clause in named for each in clause.value)


def is_no_nation(scheme: Scheme, code: str, day: DayRules) -> bool:
    """Whether these are accounts of the scheme's own registry, and no nation keeps it."""
    return code == day.registry_code and not is_nation(scheme, code)


def reference(check: OwnCheck, scheme: Scheme, unit: str, day: DayRules) -> str:
    """Where a check is written, in the law of the day or of the unit's period."""
    file, _, rule = check.law.partition(" ")
    if file == _LINK:
        return LINK
    if file == "surrender":
        law = compliance.SurrenderLaw.of(int(rule), scheme.compliance)
        return "; ".join(law.because)
    if file == "links":
        links = link_law(scheme, unit, int(rule), day.day)
        return "" if links is None else "; ".join(links.because)
    if not rule:
        found: str = getattr(day, file)
        return found
    dated: Dated[object] = getattr(scheme.laws[file], rule)
    on = day.day
    if file == NATIONS and _has_period(scheme, unit, day):
        on = compliance.law_day(_period(unit, day), scheme.nations)
    later = [each for each in dated.clauses if each.start > on]
    return later[0].reference if len(later) == len(dated.clauses) else dated.on(on).reference


def cap_reference(scheme: Scheme, transaction: Transaction, day: DayRules) -> str:
    """Where it is written how many units an issuance may make; of others, the law of their type."""
    unit = transaction.movements[0].asset.code
    found = day.types.get((transaction.kind, kind_of(unit)))
    if transaction.kind != "issue" or found is None or found.type.against != "cap":
        return day.on_transactions
    if not day.units[kind_of(unit)].origin:
        assert transaction.year is not None, "what is issued under the cap of a year says which"
        return scheme.supply.cap.on(date(transaction.year, 12, 31)).reference
    on = compliance.law_day(_period(unit, day), scheme.nations)
    return scheme.nations.annex_b.on(on).reference


def _period(unit: str, day: DayRules) -> int:
    return day.period_of(kind_of(unit)).number


def _has_period(scheme: Scheme, unit: str, day: DayRules) -> bool:
    """Whether the law between nations has the period of a unit."""
    return any(each.value.number == _period(unit, day) for each in scheme.nations.period.clauses)


def _of_nations(scheme: Scheme, unit: str, day: DayRules) -> bool:
    return NATIONS in scheme.laws and bool(day.units[kind_of(unit)].origin)

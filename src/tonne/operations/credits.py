"""Credits come into being in the pending account of the registry that issues them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from msgspec import structs

from tonne import registry
from tonne.compliance import Notice
from tonne.ledger import Account, Block, Movement, Transaction
from tonne.linking import LINK, State
from tonne.mrv import Opinion
from tonne.operations import own_checks
from tonne.operations.accounts import add_assets
from tonne.operations.books import Books
from tonne.operations.own_checks import is_nation
from tonne.operations.record import Answer, Desk, Receipt, once, record_all
from tonne.operations.scheme import Scheme
from tonne.operations.units import Transfer, cancellation_of, each_of, government
from tonne.quantity import Currency, Money
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry import (
    DayRules,
    MonitoringNotVerified,
    Proceeds,
    ReportIncomplete,
    ReportIssuedBefore,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditIssue:
    """Credits of one project that were certified, and are to be issued; which numbers, if known."""

    key: str
    unit: str
    """Kind and origin, such as CER-1 BR-2569."""

    count: int
    block: Block | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringReport:
    """What a project reduced in some months, and what its verifier says of it."""

    project: str
    """Host and number, such as BR-2569."""

    number: str
    """Which report of the project it is."""

    certified: int
    """Whole tonnes that were reduced."""

    year: int
    """The calendar year of the reductions."""

    opinion: Opinion


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditsIssued:
    """An issuance for a report, and what was withheld of it."""

    unit: str
    receipt: Receipt
    share: Receipt | None
    """The transfer of the share for adaptation, where one is due."""

    proceeds: Proceeds


def issue_for_report(
    books: Books, scheme: Scheme, report: MonitoringReport, *, unit: str, key: str, desk: Desk
) -> CreditsIssued:
    """Issue what a verified report certifies, and set the share for adaptation aside, in kind.

    A report is issued for once. It is written down with what was said of it and with its fee, which
    depends on what was certified of the project's same year before. ``unit`` is the kind, and
    after a slash the day of expiry where the law does not say it for the kind.
    """
    digest, before = once(books, scheme, key, "issue_credits", (report, unit))
    if before is not None:
        (noted,) = (each for each in _told(books, scheme, report) if each.entry == before)
        return _noted(books, noted, key)
    day = scheme.on(desk.day)
    code, divided = divide(books, scheme, report, unit=unit, day=day)
    own_checks.tell(desk, books, key, own_checks.reported(code, day))
    asset = registry.told_asset(code, day)
    made_here = not is_nation(scheme, day.registry_code)
    add_assets(books, scheme, [asset], day=day, made_here=made_here)
    law = day.on_transactions
    batch = [
        _between(books, scheme, verb, code, count, key=key, because=because, day=day)
        for verb, count, because in (
            ("issue", report.certified, (law,)),
            ("share_proceeds", divided.adaptation, (*divided.because, law)),
        )
        if count
    ]
    receipts = record_all(books, scheme, batch, desk=desk)
    entry = books.enter(
        key=key,
        digest=digest,
        kind="issue_credits",
        year=None,
        because=(*divided.because, day.on_transactions),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    books.add_notice(entry, on_record(report, code, divided, day))
    return CreditsIssued(
        unit=code,
        receipt=structs.replace(receipts[0], key=key),
        share=receipts[1] if len(receipts) > 1 else None,
        proceeds=divided,
    )


def divide(
    books: Books, scheme: Scheme, report: MonitoringReport, *, unit: str, day: DayRules
) -> tuple[str, Proceeds]:
    """The code of the units of a report, and who gets how many; or why none are issued for it."""
    told = _told(books, scheme, report)
    code = unit_of(scheme, report, unit, day, told)
    divided = registry.proceeds(
        report.certified,
        host=report.project.partition("-")[0],
        issued_before=sum(
            int(each.fact("certified")) for each in told if each.fact("year") == str(report.year)
        ),
        rules=scheme.credits,
        day=day.day,
    )
    return code, divided


def proposed_share(
    books: Books, scheme: Scheme, entry: int, *, key: str, day: DayRules
) -> list[Transaction]:
    """The share for adaptation of the report that was proposed in an entry, where one is due."""
    return [
        _between(books, scheme, "share_proceeds", each.fact("unit"), int(each.fact("adaptation")),
                 key=key, because=(day.on_transactions, LINK), day=day)
        for each in books.notices(scheme.name, ("credits",))
        if each.entry == entry and int(each.fact("adaptation"))
    ]  # fmt: skip


def _between(
    books: Books, scheme: Scheme, verb: str, unit: str, count: int, *, key: str,
    because: tuple[str, ...], day: DayRules,
) -> Transaction:  # fmt: skip
    """A transaction between accounts of the scheme's own."""
    own, row = government(books, scheme), day.type_of(verb, unit)
    movement = Movement(
        source=Account(own[row.from_kinds[0]], is_source=day.kinds[row.from_kinds[0]].is_source),
        target=Account(own[row.to_kinds[0]]),
        asset=registry.told_asset(unit, day),
        count=count,
    )
    return Transaction(key=f"{key}/{verb}", kind=verb, movements=(movement,), because=because)


def _told(books: Books, scheme: Scheme, report: MonitoringReport) -> list[Notice]:
    """What was issued for a project, or is proposed to be; what came to nothing is left out."""
    # Nobody else may issue for the project between the sum of its reports and our own issuance.
    books.wait_for_posts()
    found = []
    for each in books.notices(scheme.name, ("credits",)):
        if each.subject == report.project:
            made = books.asked_in(each.entry)
            state = None if made is None else books.standings([made])[made].state
            if state not in {State.TERMINATED, State.CANCELLED}:
                found.append(each)
    return found


def unit_of(
    scheme: Scheme, report: MonitoringReport, unit: str, day: DayRules, told: Sequence[Notice] = ()
) -> str:
    """The code of the units of a report, or why none are issued for it."""
    name, on = f"{report.project}, {report.number}", day.on_transactions
    opinion = report.opinion
    lacking = {
        "its number": report.number.strip(),
        "its tonnes": report.certified > 0,
        "its verifier": opinion.verifier.strip(),
        "the verifier's comments": opinion.judgement == "verified" or any(opinion.comments),
    }
    missing = tuple(what for what, there in lacking.items() if not there)
    found: list[Refusal] = []
    if missing:
        found.append(ReportIncomplete(reference=on, report=name, lacking=missing))
    if opinion.judgement == "not_verified":
        judged = MonitoringNotVerified(reference=on, report=name, judgement=opinion.judgement)
        found.append(judged)
    found += [
        ReportIssuedBefore(reference=on, report=name, day=each.day)
        for each in told
        if each.fact("report") == report.number
    ]
    kind, _, expiry = unit.partition("/")
    last = registry.expiry_of(kind, rules=scheme.credits, day=day.day)
    ends = expiry or ("" if last is None else str(last))
    code = f"{kind} {report.project}" + (f"/{ends}" if ends else "")
    refuse_if_any(found)
    asset = registry.told_asset(code, day)
    host = asset.series or ""
    found += registry.host_refusals(host, rules=scheme.credits, day=day.day)
    if "expiry" in day.units[kind].origin:
        said = date.fromisoformat(ends) if ends else None
        found += registry.expiry_refusals(kind, said, rules=scheme.credits, day=day.day)
    refuse_if_any(found)
    return code


# What a report was issued for is kept as facts in words, and read again when it is sent again.


def on_record(report: MonitoringReport, unit: str, divided: Proceeds, day: DayRules) -> Notice:
    """What is written down of an issuance for a report."""
    facts = {
        "report": report.number,
        "year": str(report.year),
        "certified": str(report.certified),
        "verifier": report.opinion.verifier,
        "judgement": report.opinion.judgement,
        "comments": "; ".join(report.opinion.comments),
        "unit": unit,
        "adaptation": str(divided.adaptation),
        "fee": str(divided.fee.amount),
        "currency": divided.fee.currency.code,
    }
    return Notice(kind="credits", subject=report.project, day=day.day, facts=tuple(facts.items()))


def _noted(books: Books, noted: Notice, key: str) -> CreditsIssued:
    """The issuance that a key stands for, as it was then."""
    issue, share = (books.known(f"{key}/{verb}") for verb in ("issue", "share_proceeds"))
    assert issue is not None, "a report that is written down was issued for"
    adaptation = int(noted.fact("adaptation"))
    shared = f"{key}/share_proceeds"
    return CreditsIssued(
        unit=noted.fact("unit"),
        receipt=Receipt(number=issue[0], key=key, repeated=True),
        share=None if share is None else Receipt(number=share[0], key=shared, repeated=True),
        proceeds=Proceeds(
            adaptation=adaptation,
            participants=int(noted.fact("certified")) - adaptation,
            fee=Money.of(Decimal(noted.fact("fee")), Currency(noted.fact("currency"))),
            because=(),
        ),
    )


def issue_credits(
    books: Books,
    scheme: Scheme,
    orders: Sequence[CreditIssue],
    *,
    desk: Desk,
    ready: Mapping[str, str] | None = None,
    then: Sequence[Transfer] = (),
    verb: str = "cancel_voluntarily",
) -> list[Answer]:
    """Issue credits, each order decided on its own; the next numbers unless certain ones are named.

    How many were certified is for the caller to know. ``ready`` are the scheme's own accounts by
    kind, from a caller who has begun the numbering of these units: then neither is looked up.
    What is cancelled of them ``then``, on the same day, is answered after them: one batch for both.
    """
    day = scheme.on(desk.day)
    if ready is None:
        assets = [registry.told_asset(order.unit, day) for order in orders]
        hosts = dict.fromkeys(asset.series or "" for asset in assets)
        law = scheme.credits
        refuse_if_any(
            no for host in hosts for no in registry.host_refusals(host, rules=law, day=day.day)
        )
        made_here = not is_nation(scheme, day.registry_code)
        add_assets(books, scheme, assets, day=day, made_here=made_here)
    own = ready or government(books, scheme)
    cancelled = cancellation_of(books, scheme, verb, desk)

    def form(order: CreditIssue | Transfer) -> Transaction:
        if isinstance(order, Transfer):
            assert order.dedication is None, "for whom units are cancelled is told with cancel"
            return cancelled(order)
        kind, asset = day.type_of("issue", order.unit), registry.told_asset(order.unit, day)
        no = registry.host_refusals(asset.series or "", rules=scheme.credits, day=day.day)
        own_checks.tell(desk, books, order.key, own_checks.HOST, no)
        refuse_if_any(no)
        movement = Movement(
            source=Account(own[kind.from_kinds[0]], is_source=True),
            target=Account(own[kind.to_kinds[0]]),
            asset=asset,
            count=order.count,
            block=order.block,
        )
        return Transaction(
            key=order.key, kind="issue", movements=(movement,), because=(day.on_transactions,)
        )

    every: list[CreditIssue | Transfer] = [*orders, *then]
    return each_of(books, scheme, every, form, desk=desk)

"""Credits come into being in the pending account of the registry that issues them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tonne import registry
from tonne.ledger import Account, Block, Movement, Transaction
from tonne.mrv import Opinion
from tonne.operations.accounts import add_assets
from tonne.operations.books import Books
from tonne.operations.record import Answer, Desk, Receipt, record_all
from tonne.operations.scheme import Scheme
from tonne.operations.units import Transfer, cancellation_of, each_of, government
from tonne.refusal import refuse_if_any
from tonne.registry import MonitoringNotVerified, Proceeds


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

    opinion: Opinion
    issued_before: int = 0
    """Credits of the same project and calendar year of reductions that were asked for before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditsIssued:
    """An issuance for a report, and what was withheld of it."""

    unit: str
    receipt: Receipt
    share: Receipt | None
    """The transfer of the share for adaptation, where one is due."""

    proceeds: Proceeds


def issue_for_report(
    books: Books, scheme: Scheme, report: MonitoringReport, *, unit: str, desk: Desk
) -> CreditsIssued:
    """Issue what a verified report certifies, and set the share for adaptation aside, in kind.

    The report is the key: it is issued for once, however often it is sent. ``unit`` is the
    kind, and after a slash the day of expiry where
    the law does not say it for the kind.
    """
    day = scheme.on(desk.day)
    name = f"{report.project}, {report.number}"
    if report.opinion.judgement == "not_verified":
        judged = MonitoringNotVerified(
            reference=day.on_transactions, report=name, judgement=report.opinion.judgement
        )
        refuse_if_any([judged])
    kind, slash, expiry = unit.partition("/")
    last = registry.expiry_of(kind, rules=scheme.credits, day=desk.day)
    ends = expiry if slash else "" if last is None else str(last)
    code = f"{kind} {report.project}" + (f"/{ends}" if ends else "")
    asset = registry.told_asset(code, day)
    divided = registry.proceeds(
        report.certified,
        host=report.project.partition("-")[0],
        issued_before=report.issued_before,
        rules=scheme.credits,
        day=desk.day,
    )
    add_assets(books, scheme, [asset], day=day)
    own = government(books, scheme)
    issue, share = day.type_of("issue", code), day.type_of("share_proceeds", code)
    batch = [
        Transaction(
            key=key,
            kind=row.verb,
            movements=(
                Movement(
                    source=Account(own[row.from_kinds[0]], is_source=row is issue),
                    target=Account(own[row.to_kinds[0]]),
                    asset=asset,
                    count=count,
                ),
            ),
            because=because,
        )
        for row, count, key, because in (
            (issue, report.certified, f"report {name}/issue", (day.on_transactions,)),
            (
                share,
                divided.adaptation,
                f"report {name}/share",
                (*divided.because, day.on_transactions),
            ),
        )
        if count
    ]
    receipts = record_all(books, scheme, batch, desk=desk)
    return CreditsIssued(
        unit=code,
        receipt=receipts[0],
        share=receipts[1] if len(receipts) > 1 else None,
        proceeds=divided,
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
        add_assets(books, scheme, assets, day=day)
    own = ready or government(books, scheme)
    cancelled = cancellation_of(books, scheme, verb, desk)

    def form(order: CreditIssue | Transfer) -> Transaction:
        if isinstance(order, Transfer):
            assert order.dedication is None, "for whom units are cancelled is told with cancel"
            return cancelled(order)
        kind = day.type_of("issue", order.unit)
        movement = Movement(
            source=Account(own[kind.from_kinds[0]], is_source=True),
            target=Account(own[kind.to_kinds[0]]),
            asset=registry.told_asset(order.unit, day),
            count=order.count,
            block=order.block,
        )
        return Transaction(
            key=order.key, kind="issue", movements=(movement,), because=(day.on_transactions,)
        )

    every: list[CreditIssue | Transfer] = [*orders, *then]
    return each_of(books, scheme, every, form, desk=desk)

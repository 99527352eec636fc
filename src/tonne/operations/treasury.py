"""What is paid into the treasury: fees by law, and penalties of closed years."""

from tonne import registry
from tonne.compliance import Outcome
from tonne.ledger import Account, Transaction
from tonne.operations.books import Books
from tonne.operations.cash import money_of, movement_of, no_money, unknown_money
from tonne.operations.record import Answer, Desk, Receipt, once, record
from tonne.operations.scheme import Scheme
from tonne.operations.units import government
from tonne.quantity import Currency, Money
from tonne.refusal import Refused, refuse_if_any
from tonne.registry import TREASURY, NotSoMuchOwed

CHARGE, PAY_PENALTY = "charge", "pay_penalty"


def charge(
    books: Books, scheme: Scheme, *, account: str, fee: str, count: int, key: str, desk: Desk
) -> tuple[Receipt, Money]:
    """Take a fee of the law from an account, for so many units where it depends on them."""
    digest, before = once(books, scheme, key, CHARGE, (account, fee, count))
    if before is not None:
        return _as_before(books, key)
    day, law = scheme.on(desk.day), scheme.fees_on(desk.day)
    amount = law.fee(fee).of(count)
    refuse_if_any([*unknown_money(amount.currency, day), *no_money(amount, day)])
    because = (day.on_transactions, law.reference)
    return _taken(
        books, scheme, account, amount,
        key=key, digest=digest, kind=CHARGE, year=None, because=because, desk=desk,
    )  # fmt: skip


def pay_penalty(
    books: Books, scheme: Scheme, *, account: str, year: int, amount: Money | None, key: str,
    desk: Desk,
) -> tuple[Receipt, Money]:  # fmt: skip
    """Pay the penalty of a closed year, or some of it; all that is open if no amount is said."""
    digest, before = once(books, scheme, key, PAY_PENALTY, (account, year, amount))
    if before is not None:
        return _as_before(books, key)
    day = scheme.on(desk.day)
    # Nobody else may pay between the count of what was paid and our own payment.
    books.lock([account])
    found = _outcome(books, scheme, account, year)
    currency = scheme.registry.currency.on(desk.day).value
    owed = found.penalty if found is not None else Money(0, Currency(currency))
    refuse_if_any(unknown_money(owed.currency, day))
    paid = books.moved_by_account(
        PAY_PENALTY, [year], scheme=scheme.name, outgoing=True, account=account,
        asset=owed.currency.code,
    )  # fmt: skip
    left = Money(owed.minor - paid.get((account, year), 0), owed.currency)
    offered = left if amount is None else amount
    if offered.currency != left.currency or not 0 < offered.minor <= left.minor:
        why = day.on_transactions if found is None else found.because[-1]
        raise Refused(
            [NotSoMuchOwed(reference=why, account=account, year=year, asked=offered, owed=left)]
        )
    assert found is not None, "what is owed is the outcome of a year"
    return _taken(
        books, scheme, account, offered, key=key, digest=digest, kind=PAY_PENALTY, year=year,
        because=(day.on_transactions, *found.because), desk=desk,
    )  # fmt: skip


def _taken(
    books: Books,
    scheme: Scheme,
    account: str,
    amount: Money,
    *,
    key: str,
    digest: bytes,
    kind: str,
    year: int | None,
    because: tuple[str, ...],
    desk: Desk,
) -> tuple[Receipt, Money]:
    """Move money into the treasury.

    How much it is may depend on the day, so the key is of the request, and the transaction has
    one that begins with it.
    """
    till = Account(government(books, scheme)[TREASURY])
    refuse_if_any(registry.same_account(account, till.number, reference=because[0]))
    transaction = Transaction(
        key=_part(key),
        kind=kind,
        movements=(movement_of(Account(account), till, amount),),
        because=because,
        year=year,
    )
    answer: Answer = record(books, scheme, [transaction], desk=desk)[0]
    if not isinstance(answer, Receipt):
        raise Refused(answer)
    books.enter(
        key=key, digest=digest, kind=f"ask_{kind}", year=year, because=because,
        stamp=scheme.stamp(desk.day, desk.at),
    )  # fmt: skip
    return Receipt(number=answer.number, key=key), amount


def _as_before(books: Books, key: str) -> tuple[Receipt, Money]:
    """What came of a request that was made before under the same key."""
    known = books.known(_part(key))
    assert known is not None, "what was asked for was paid"
    (step,) = books.steps(transaction=known[0])
    return Receipt(number=known[0], key=key, repeated=True), money_of(step.asset, step.units)


def _part(key: str) -> str:
    return f"{key}/paid"


def _outcome(books: Books, scheme: Scheme, account: str, year: int) -> Outcome | None:
    """The outcome of a year that stands."""
    found = [each.outcome for each in books.closings(scheme.name, [year], account=account)]
    return found[-1] if found else None

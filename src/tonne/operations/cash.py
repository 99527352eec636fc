"""Money: brought in and taken out by the bank's reference, charged by law, told in a statement.

An account holds money as it holds units. The account of the kind ``bank`` is a source that stands
for the banks of the world: what it is below nothing is what the accounts hold together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from msgspec import structs

from tonne import registry
from tonne.compliance import Outcome
from tonne.ledger import Account, Asset, Hold, Movement, Transaction
from tonne.operations.accounts import the_account
from tonne.operations.books import Books, Promised
from tonne.operations.record import Answer, Desk, KeyUsedBefore, Receipt, explain, once, record
from tonne.operations.scheme import Scheme
from tonne.operations.units import government
from tonne.quantity import Currency, Money
from tonne.refusal import Refusal, Refused, refuse_if_any
from tonne.registry import (
    BANK,
    TREASURY,
    BankReferenceUsed,
    DayRules,
    HoldingAccount,
    MoneyUnknown,
    NotSoMuchOwed,
    WithdrawalOver,
    WithdrawalUnknown,
)

BANKING = "Rule of the books: a bank's reference stands for one payment"

DEPOSIT, WITHDRAW, CHARGE, PAY_PENALTY = "deposit", "withdraw", "charge", "pay_penalty"
_HOLD = "withdrawal "
"""So begins the key of a hold that a withdrawal makes; its number follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Money that is asked back: it is held until the bank has paid it out, or it is voided."""

    number: int
    account: str
    amount: Money
    ended: int | None = None
    """The entry that confirmed or voided it, if one has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashLine:
    """One movement of money, as its owner sees it."""

    transaction: int
    day: date
    what: str
    other: str
    """The account that it came from or went to."""

    change: Money
    balance: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CashStatement:
    """An account's money: what it was, what came and went, and what of it is promised."""

    account: HoldingAccount
    before: tuple[Money, ...]
    lines: tuple[CashLine, ...]
    balances: tuple[Money, ...]
    held: tuple[Money, ...]
    """How much of each balance is on hold."""

    withdrawals: tuple[Withdrawal, ...]
    """Those that are asked for and not over."""


def deposit(
    books: Books, scheme: Scheme, *, account: str, amount: Money, bank_reference: str, desk: Desk
) -> Receipt:
    """Money that the bank has received for an account; the same reference is the same deposit."""
    day = scheme.on(desk.day)
    refuse_if_any(unknown_money(amount.currency, day))
    source = Account(government(books, scheme)[BANK], is_source=True)
    refuse_if_any(registry.same_account(source.number, account, reference=day.on_transactions))
    return _paid(
        books,
        scheme,
        Transaction(
            key=_bank_key(scheme, bank_reference),
            kind=DEPOSIT,
            movements=(_movement(source, Account(account), amount),),
            because=(day.on_transactions,),
        ),
        bank_reference=bank_reference,
        desk=desk,
    )


def ask_withdrawal(
    books: Books, scheme: Scheme, *, account: str, amount: Money, key: str, desk: Desk
) -> Withdrawal:
    """Ask for money back: it is held from now on, and nothing else can be paid with it."""
    digest, before = once(books, scheme, key, "ask_withdrawal", (account, amount))
    if before is not None:
        return _withdrawal(books, scheme, before, scheme.on(desk.day))
    day = scheme.on(desk.day)
    refuse_if_any(unknown_money(amount.currency, day))
    asked = _leaving(books, scheme, account, amount, key, law=day.on_transactions)
    answers = explain(books, scheme, asked, desk=desk)
    if desk.told is not None:
        desk.told.extend(answers)
    refuse_if_any(
        [
            *day.act_refusals("ask_withdrawal", desk.by),
            *dict.fromkeys(no for answer in answers for no in answer.refusals),
        ]
    )
    entry = books.enter(
        key=key,
        digest=digest,
        kind="ask_withdrawal",
        year=None,
        because=(day.on_transactions,),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    hold = Hold(
        key=f"{_HOLD}{entry}",
        account=Account(account),
        asset=Asset(amount.currency.code),
        count=amount.minor,
    )
    books.add_hold(entry, hold)
    return Withdrawal(number=entry, account=account, amount=amount)


def confirm_withdrawal(
    books: Books, scheme: Scheme, number: int, *, bank_reference: str, desk: Desk
) -> Receipt:
    """The bank has paid a withdrawal out: what was held goes, under the bank's reference."""
    day = scheme.on(desk.day)
    found = _withdrawal(books, scheme, number, day)
    refuse_if_any(day.act_refusals("confirm_withdrawal", desk.by))
    key = _bank_key(scheme, bank_reference)
    if books.known(key) is None:
        refuse_if_any(_over(found, day))
    paid = _leaving(books, scheme, found.account, found.amount, key, law=day.on_transactions)
    return _paid(
        books,
        scheme,
        structs.replace(paid, hold=f"{_HOLD}{number}"),
        bank_reference=bank_reference,
        desk=desk,
    )


def void_withdrawal(
    books: Books, scheme: Scheme, number: int, *, key: str, desk: Desk
) -> Withdrawal:
    """A withdrawal comes to nothing: what was held is free again."""
    digest, before = once(books, scheme, key, "void_withdrawal", number)
    day = scheme.on(desk.day)
    found = _withdrawal(books, scheme, number, day)
    if before is not None:
        return found
    refuse_if_any([*day.act_refusals("void_withdrawal", desk.by), *_over(found, day)])
    entry = books.enter(
        key=key,
        digest=digest,
        kind="void_withdrawal",
        year=None,
        because=(day.on_transactions,),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    books.end_hold(entry, f"{_HOLD}{number}")
    return Withdrawal(number=number, account=found.account, amount=found.amount, ended=entry)


def charge(
    books: Books, scheme: Scheme, *, account: str, fee: str, count: int, key: str, desk: Desk
) -> tuple[Receipt, Money]:
    """Take a fee of the law from an account, for so many units where it depends on them."""
    digest, before = once(books, scheme, key, CHARGE, (account, fee, count))
    if before is not None:
        return _as_before(books, key)
    day, law = scheme.on(desk.day), scheme.payments_on(desk.day)
    amount = law.fee(fee).of(count)
    refuse_if_any(unknown_money(amount.currency, day))
    because = (day.on_transactions, law.on_fees)
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


def cash_statement(
    books: Books,
    scheme: Scheme,
    account: str,
    *,
    desk: Desk,
    first: date = date.min,
    last: date = date.max,
) -> CashStatement:
    """An account's money, movement by movement, between two days."""
    day = scheme.on(desk.day)
    owner = the_account(books, scheme, account, day)
    sums = dict.fromkeys(sorted(day.money()), 0)
    before: dict[str, int] | None = None
    lines: list[CashLine] = []
    for step in books.steps(account=account):
        if step.asset not in sums or step.day > last:
            continue
        if before is None and step.day >= first:
            before = dict(sums)
        comes = step.target == account
        sums[step.asset] += step.units if comes else -step.units
        if step.day >= first:
            lines.append(
                CashLine(
                    transaction=step.transaction,
                    day=step.day,
                    what=step.kind,
                    other=step.source if comes else step.target,
                    change=_money(step.asset, step.units if comes else -step.units),
                    balance=_money(step.asset, sums[step.asset]),
                )
            )
    held = dict.fromkeys(sums, 0)
    open_holds = [each for each in books.holds(account=account) if each.ended is None]
    for each in open_holds:
        if each.hold.asset.code in held:
            held[each.hold.asset.code] += each.hold.count
    return CashStatement(
        account=owner,
        before=_all(sums if before is None else before),
        lines=tuple(lines),
        balances=_all(sums),
        held=_all(held),
        withdrawals=tuple(
            _as_withdrawal(each) for each in open_holds if each.hold.key.startswith(_HOLD)
        ),
    )


def unknown_money(currency: Currency, day: DayRules) -> Iterator[Refusal]:
    """8706: money that no account of the scheme may hold."""
    known = tuple(day.money())
    if currency.code not in known:
        yield MoneyUnknown(reference=day.on_accounts, currency=currency.code, known=known)


def _paid(
    books: Books, scheme: Scheme, transaction: Transaction, *, bank_reference: str, desk: Desk
) -> Receipt:
    """The receipt for what a bank has done, once under its reference."""
    (answer,) = record(books, scheme, [transaction], desk=desk)
    if isinstance(answer, Receipt):
        return answer
    raise Refused(
        BankReferenceUsed(reference=BANKING, bank_reference=bank_reference, entry=no.entry)
        if isinstance(no, KeyUsedBefore)
        else no
        for no in answer
    )


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
        movements=(_movement(Account(account), till, amount),),
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
    return Receipt(number=known[0], key=key, repeated=True), _money(step.asset, step.units)


def _part(key: str) -> str:
    return f"{key}/paid"


def _leaving(
    books: Books, scheme: Scheme, account: str, amount: Money, key: str, *, law: str
) -> Transaction:
    """The transaction by which money goes to the bank."""
    bank = government(books, scheme)[BANK]
    refuse_if_any(registry.same_account(account, bank, reference=law))
    return Transaction(
        key=key,
        kind=WITHDRAW,
        movements=(_movement(Account(account), Account(bank, is_source=True), amount),),
        because=(law,),
    )


def _outcome(books: Books, scheme: Scheme, account: str, year: int) -> Outcome | None:
    """The outcome of a year that stands."""
    found = [each.outcome for each in books.closings(scheme.name, [year], account=account)]
    return found[-1] if found else None


def _withdrawal(books: Books, scheme: Scheme, number: int, day: DayRules) -> Withdrawal:
    """A withdrawal of this scheme by its number."""
    for each in books.holds(key=f"{_HOLD}{number}"):
        if books.accounts(scheme=scheme.name, number=each.hold.account.number):
            return _as_withdrawal(each)
    raise Refused([WithdrawalUnknown(reference=day.on_transactions, withdrawal=number)])


def _over(found: Withdrawal, day: DayRules) -> Iterator[Refusal]:
    """8702: what was confirmed or voided is over."""
    if found.ended is not None:
        yield WithdrawalOver(
            reference=day.on_transactions, withdrawal=found.number, entry=found.ended
        )


def _as_withdrawal(promised: Promised) -> Withdrawal:
    hold = promised.hold
    return Withdrawal(
        number=promised.entry,
        account=hold.account.number,
        amount=_money(hold.asset.code, hold.count),
        ended=promised.ended,
    )


def _bank_key(scheme: Scheme, bank_reference: str) -> str:
    assert bank_reference.strip(), "a bank's reference says something"
    return f"bank {scheme.name} {bank_reference.strip()}"


def _movement(source: Account, target: Account, amount: Money) -> Movement:
    return Movement(
        source=source, target=target, asset=Asset(amount.currency.code), count=amount.minor
    )


def _money(code: str, minor: int) -> Money:
    return Money(minor, Currency(code))


def _all(sums: dict[str, int]) -> tuple[Money, ...]:
    return tuple(_money(code, minor) for code, minor in sums.items())

"""Money: brought in and taken out by the bank's reference, and told in a statement.

An account holds money as it holds units. The account of the kind ``bank`` is a source that stands
for the banks of the world: what it is below nothing is what the accounts hold together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from msgspec import Struct, structs

from tonne import registry
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
    BankReferenceUsed,
    DayRules,
    HoldingAccount,
    MoneyUnknown,
    NoQuantity,
    WithdrawalOver,
    WithdrawalUnknown,
)

BANKING = "Rule of the books: a bank's reference stands for one payment"

DEPOSIT, WITHDRAW = "deposit", "withdraw"
_HOLD = "withdrawal "
"""So begins the key of a hold that a withdrawal makes; its number follows."""


class Deposit(Struct, frozen=True, kw_only=True, gc=False):
    """Money that the bank has received for an account, under the bank's reference."""

    account: str
    amount: Money
    bank_reference: str


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
    paid_in = Deposit(account=account, amount=amount, bank_reference=bank_reference)
    (answer,) = deposits(books, scheme, [paid_in], desk=desk)
    if isinstance(answer, Receipt):
        return answer
    raise Refused(answer)


def deposits(books: Books, scheme: Scheme, batch: Sequence[Deposit], *, desk: Desk) -> list[Answer]:
    """What the bank has received for many accounts, each decided on its own."""
    day, source = scheme.on(desk.day), Account(government(books, scheme)[BANK], is_source=True)
    grounds = [
        (
            *unknown_money(each.amount.currency, day),
            *registry.same_account(source.number, each.account, reference=day.on_transactions),
            *no_money(each.amount, day),
        )
        for each in batch
    ]
    asked = [
        Transaction(
            key=_bank_key(scheme, each.bank_reference),
            kind=DEPOSIT,
            movements=(movement_of(source, Account(each.account), each.amount),),
            because=(day.on_transactions,),
        )
        for each, found in zip(batch, grounds, strict=True)
        if not found
    ]
    recorded = iter(record(books, scheme, asked, desk=desk))
    return [
        found or _by_bank(next(recorded), each.bank_reference)
        for each, found in zip(batch, grounds, strict=True)
    ]


def ask_withdrawal(
    books: Books, scheme: Scheme, *, account: str, amount: Money, key: str, desk: Desk
) -> Withdrawal:
    """Ask for money back: it is held from now on, and nothing else can be paid with it."""
    digest, before = once(books, scheme, key, "ask_withdrawal", (account, amount))
    if before is not None:
        return _withdrawal(books, scheme, before, scheme.on(desk.day))
    day = scheme.on(desk.day)
    refuse_if_any([*unknown_money(amount.currency, day), *no_money(amount, day)])
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
    books.add_holds(entry, [hold])
    return Withdrawal(number=entry, account=account, amount=amount)


def confirm_withdrawal(
    books: Books, scheme: Scheme, number: int, *, bank_reference: str, desk: Desk
) -> Receipt:
    """The bank has paid a withdrawal out: what was held goes, under the bank's reference."""
    day = scheme.on(desk.day)
    found = _locked(books, scheme, number, day)
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
    found = _locked(books, scheme, number, day)
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
    books.end_holds(entry, [f"{_HOLD}{number}"])
    return Withdrawal(number=number, account=found.account, amount=found.amount, ended=entry)


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
                    change=money_of(step.asset, step.units if comes else -step.units),
                    balance=money_of(step.asset, sums[step.asset]),
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


def no_money(amount: Money, day: DayRules) -> Iterator[Refusal]:
    """3007: a payment is of something."""
    if amount.minor <= 0:
        yield NoQuantity(reference=day.on_transactions, asked=str(amount))


def _paid(
    books: Books, scheme: Scheme, transaction: Transaction, *, bank_reference: str, desk: Desk
) -> Receipt:
    """The receipt for what a bank has done, once under its reference."""
    (answer,) = record(books, scheme, [transaction], desk=desk)
    told = _by_bank(answer, bank_reference)
    if isinstance(told, Receipt):
        return told
    raise Refused(told)


def _by_bank(answer: Answer, bank_reference: str) -> Answer:
    """The answer to what a bank has done, in its words."""
    if isinstance(answer, Receipt):
        return answer
    return tuple(
        BankReferenceUsed(reference=BANKING, bank_reference=bank_reference, entry=no.entry)
        if isinstance(no, KeyUsedBefore)
        else no
        for no in answer
    )


def _leaving(
    books: Books, scheme: Scheme, account: str, amount: Money, key: str, *, law: str
) -> Transaction:
    """The transaction by which money goes to the bank."""
    bank = government(books, scheme)[BANK]
    refuse_if_any(registry.same_account(account, bank, reference=law))
    return Transaction(
        key=key,
        kind=WITHDRAW,
        movements=(movement_of(Account(account), Account(bank, is_source=True), amount),),
        because=(law,),
    )


def _withdrawal(books: Books, scheme: Scheme, number: int, day: DayRules) -> Withdrawal:
    """A withdrawal of this scheme by its number."""
    for each in books.holds(key=f"{_HOLD}{number}"):
        if books.accounts(scheme=scheme.name, number=each.hold.account.number):
            return _as_withdrawal(each)
    raise Refused([WithdrawalUnknown(reference=day.on_transactions, withdrawal=number)])


def _locked(books: Books, scheme: Scheme, number: int, day: DayRules) -> Withdrawal:
    """A withdrawal that nobody else ends meanwhile."""
    books.lock([_withdrawal(books, scheme, number, day).account])
    return _withdrawal(books, scheme, number, day)


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
        amount=money_of(hold.asset.code, hold.count),
        ended=promised.ended,
    )


def _bank_key(scheme: Scheme, bank_reference: str) -> str:
    assert bank_reference.strip(), "a bank's reference says something"
    return f"bank {scheme.name} {bank_reference.strip()}"


def movement_of(source: Account, target: Account, amount: Money) -> Movement:
    """Money from one account to another."""
    return Movement(
        source=source, target=target, asset=Asset(amount.currency.code), count=amount.minor
    )


def money_of(code: str, minor: int) -> Money:
    """So much of a currency, in its smallest unit."""
    return Money(minor, Currency(code))


def _all(sums: dict[str, int]) -> tuple[Money, ...]:
    return tuple(money_of(code, minor) for code, minor in sums.items())

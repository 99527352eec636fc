"""Money that people ask back: signed for, held, and paid by the bank under its reference."""

import pytest

from bureau import Bureau
from changed import replace
from land import example, with_law
from purse import euros
from tonne import operations
from tonne.operations import proposals
from tonne.people import VerbRule
from tonne.refusal import Refused
from tonne.rulebook import Clause, Dated
from tonne.store import MemoryStore
from traders import opened, refused
from world import Store


def asked(bureau: Bureau, amount: str, currency: str = "EUR") -> proposals.AskWithdrawal:
    """The kiln asks for money."""
    return proposals.AskWithdrawal(
        account=bureau.number("kiln"), amount=amount, currency=currency
    )  # fmt: skip


def statement(bureau: Bureau) -> operations.CashStatement:
    """The money of the kiln."""
    return bureau.land.do(operations.cash_statement, bureau.number("kiln"), on="2026-03-31")


def free(bureau: Bureau) -> int:
    """The kiln's cents that are promised to nobody."""
    pair = (bureau.number("kiln"), "EUR")
    return bureau.land.run(lambda books: books.free([pair]))[pair]


def test_what_one_person_asks_for_the_bank_pays_by_its_number(store: Store) -> None:
    bureau = opened(store)
    assert bureau.propose(asked(bureau, "120.50"), by="carl").state == "completed"
    (waiting,) = statement(bureau).withdrawals
    assert waiting.amount == euros("120.50")
    assert free(bureau) == 37_950
    bureau.land.do(
        operations.confirm_withdrawal, waiting.number, bank_reference="SEPA-1", on="2026-03-03"
    )
    told = statement(bureau)
    assert told.withdrawals == ()
    assert told.balances == (euros("379.50"),)
    assert bureau.land.run(lambda books: books.check()) == []


def test_where_the_law_asks_for_two_money_is_held_until_the_second_agrees() -> None:
    bureau = opened(MemoryStore())
    bureau.land.scheme = seconded()
    made = bureau.propose(asked(bureau, "100.00"), by="carl")
    assert (made.state, free(bureau)) == ("awaiting_approval", 40_000)
    assert statement(bureau).withdrawals == ()
    with pytest.raises(Refused) as no:
        bureau.propose(asked(bureau, "400.01"), by="dora")
    assert refused(no) == {3005}
    bureau.decide(made.code, "approve", by="dora")
    assert free(bureau) == 40_000
    assert len(statement(bureau).withdrawals) == 1
    other = bureau.propose(asked(bureau, "400.00"), by="carl")
    assert free(bureau) == 0
    bureau.decide(other.code, "reject", by="dora", comment="not now")
    assert free(bureau) == 40_000


@pytest.mark.parametrize(
    ("amount", "currency", "number"),
    [("500.01", "EUR", 3005), ("0", "EUR", 100), ("1.001", "EUR", 100), ("-1", "EUR", 100),
     ("1.00", "USD", 8706), ("1.00", "GOLD", 101)],
)  # fmt: skip
def test_what_cannot_be_paid_out_is_not_asked_for(amount: str, currency: str, number: int) -> None:
    bureau = opened(MemoryStore())
    with pytest.raises(Refused) as no:
        bureau.rehearse(asked(bureau, amount, currency), by="carl")
    assert number in refused(no)


def test_nobody_asks_for_the_money_of_an_account_of_others() -> None:
    bureau = opened(MemoryStore())
    with pytest.raises(Refused) as no:
        bureau.propose(asked(bureau, "1.00"), by="ann")
    assert refused(no) == {1203}


def seconded() -> operations.Scheme:
    """The Example Act, by which a second person agrees to every withdrawal."""
    rules = example().people
    (clause,), (rights,) = rules.verbs.clauses, rules.rights.clauses
    verbs = tuple(
        VerbRule(verb=each.verb, name=each.name, second="always")
        if each.verb == "ask_withdrawal"
        else each
        for each in clause.value
    )
    allowed = tuple(
        replace(each, approves=(*each.approves, "ask_withdrawal")) for each in rights.value
    )
    changed = replace(
        rules,
        verbs=Dated((Clause(start=clause.start, value=verbs, reference="Example Act, s. 72"),)),
        rights=Dated((Clause(start=rights.start, value=allowed, reference="Example Act, s. 70"),)),
    )
    return with_law(example(), "people.toml", changed)

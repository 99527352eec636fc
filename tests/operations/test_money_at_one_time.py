"""PostgreSQL lets many pay at once, and nobody spends what is held or what another has spent."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from land import Land, desk, numbers
from purse import ON, Purse
from tonne import operations
from tonne.operations import Answer, Books, Receipt, Withdrawal
from tonne.refusal import Refused
from tonne.store import PostgresStore


@pytest.fixture
def two(database: str) -> Iterator[tuple[Purse, Purse]]:
    """The settled land, and two who have connections of their own to its books."""
    with PostgresStore(database) as here, PostgresStore(database) as there:
        one = Purse(Land(here).settle())
        other = Purse(Land(there, accounts=one.land.accounts, keys=1000))
        one.bring("steel", "100")
        yield one, other


def together(*works: Callable[[], object]) -> list[object]:
    """What each returned or was refused, all begun at one moment."""
    gate = threading.Barrier(len(works))

    def begin(work: Callable[[], object]) -> object:
        gate.wait()
        try:
            return work()
        except Refused as no:
            return [each.number for each in no.refusals]

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(begin, works))


def test_money_that_is_being_held_is_not_spent_meanwhile(two: tuple[Purse, Purse]) -> None:
    """One asks for 60 of 100 back and commits late; the other buys for 48 meanwhile."""
    one, other = two
    held, go_on = threading.Event(), threading.Event()
    found: list[Withdrawal] = []

    def ask(books: Books) -> None:
        found.append(
            operations.ask_withdrawal(
                books,
                one.land.scheme,
                account=one.land.number("steel"),
                amount=one.trade("kiln", "steel", 1, "60").price.times(1),
                key="ask",
                desk=desk(ON, "operator"),
            )
        )
        held.set()
        go_on.wait(0.5)

    thread = threading.Thread(target=lambda: one.land.run(ask))
    thread.start()
    assert held.wait(10)
    (answer,) = other.settle(other.trade("kiln", "steel", 4, "10"))
    thread.join()
    assert numbers(answer) == [3005]
    assert found[0].amount.minor == 6000
    assert (one.has("steel"), one.land.held("kiln")) == ("100.00", 50)
    one.is_whole()


def test_two_who_spend_the_same_money_at_once_do_not_both(two: tuple[Purse, Purse]) -> None:
    one, other = two

    def buy(purse: Purse) -> Callable[[], Answer]:
        return lambda: purse.settle(purse.trade("kiln", "steel", 5, "10"))[0]

    for round_ in range(5):
        answers = together(buy(one), buy(other))
        # 5 at 10.00 are 50.00, with the tax 60.00 and the fee 60.05: once of 100.
        assert sorted(isinstance(each, Receipt) for each in answers) == [False, True], round_
        one.bring("steel", "60.05")
    one.is_whole()


def test_a_withdrawal_is_confirmed_or_voided_but_not_both(two: tuple[Purse, Purse]) -> None:
    one, other = two
    for _ in range(5):
        asked = one.ask("steel", "10")
        answers = together(
            lambda number=asked.number: one.confirm(number),  # type: ignore[misc]
            lambda number=asked.number: other.void(number),  # type: ignore[misc]
        )
        assert answers.count([8702]) == 1, answers
        one.is_whole()


def test_one_reference_sent_twice_at_once_is_one_deposit(two: tuple[Purse, Purse]) -> None:
    one, other = two
    for round_ in range(5):
        sent = [
            lambda purse=purse, n=round_: purse.bring("ana", "7", reference=f"SEPA {n}")
            for purse in (one, other)
        ]
        answers = together(*sent)
        assert sorted(each.repeated for each in answers if isinstance(each, Receipt)) == [
            False,
            True,
        ]
    assert one.has("ana") == "35.00"
    one.is_whole()


def test_trades_in_opposite_directions_all_get_through(two: tuple[Purse, Purse]) -> None:
    one, other = two
    for name in ("kiln", "ana"):
        one.bring(name, "500")

    def deal(purse: Purse, *names: str) -> Callable[[], list[Answer]]:
        ring = list(zip(names, [*names[1:], names[0]], strict=True))
        return lambda: purse.settle(*(purse.trade(a, b, 1, "0.10") for a, b in ring * 4))

    for name in ("steel", "ana"):
        one.settle(one.trade("authority", name, 1, "0.10"))
    one.land.transfer(one.land.order("steel", "ana", 10))
    for _ in range(5):
        for answers in together(
            deal(one, "steel", "kiln", "ana"), deal(other, "ana", "kiln", "steel")
        ):
            assert isinstance(answers, list)
            assert all(isinstance(each, Receipt) for each in answers)
    one.is_whole()

"""PostgreSQL lets many speak of deals at once, and each word is said once and in its turn."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from bargains import Bargain, DealStands
from land import Land
from tonne.refusal import Refused
from tonne.store import PostgresStore


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


def test_of_two_who_speak_of_a_deal_at_once_one_is_too_late(database: str) -> None:
    with PostgresStore(database) as here, PostgresStore(database) as there:
        one = Bargain(Land(here).settle())
        other = Bargain(Land(there, accounts=one.land.accounts, keys=1000))
        one.bring("steel", "1000")
        for _ in range(5):
            name = one.propose("kiln", count=1).deal.id
            found = together(
                lambda name=name: one.say("confirm", name, by="steel"),  # type: ignore[misc]
                lambda name=name: other.say("cancel", name, by="steel"),  # type: ignore[misc]
            )
            assert sum(isinstance(each, DealStands) for each in found) == 1
            assert [8401] in found
            one.is_whole()
            assert one.free("kiln") == one.land.held("kiln")


def test_units_are_promised_once_to_two_who_ask_at_once(database: str) -> None:
    with PostgresStore(database) as here, PostgresStore(database) as there:
        one = Bargain(Land(here).settle())
        other = Bargain(Land(there, accounts=one.land.accounts, keys=1000))
        found = together(
            lambda: one.propose("kiln", count=30), lambda: other.propose("kiln", count=30)
        )
        assert sum(isinstance(each, DealStands) for each in found) == 1
        assert [3005] in found
        assert one.free("kiln") == 20
        one.is_whole()

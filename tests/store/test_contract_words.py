"""What every store keeps of what was said in the market, and of what accounts have free."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tonne.ledger import Hold, KeptWord, Matter
from tonne.operations import Books
from tonne.store.undo import NotWhole
from world import EUA, EUR, SOURCE, A, B, World, move

Unfit = (NotWhole, psycopg.errors.IntegrityError)

ONE = KeptWord("deal", "D-1", '{"says":"propose \\\\ \\"it\\""}')
TWO = KeptWord("deal", "D-2", "{}")
BID = KeptWord("auction", "D-1", "[1,2]")


def say(world: World, *words: KeptWord) -> int:
    def operation(books: Books) -> int:
        books.speak_alone("deal", "D-1")
        entry = world.entry(books)
        books.say(entry, words)
        return entry

    return world.run(operation)


def test_what_was_said_comes_back_in_order_by_topic_and_subject(world: World) -> None:
    first, second = say(world, ONE, BID, TWO), say(world, TWO._replace(body="{1}"), ONE)
    told = world.run(lambda books: books.words("deal"))
    assert [each.entry for each in told] == [first, first, second, second]
    assert [each.word.subject for each in told] == ["D-1", "D-2", "D-2", "D-1"]
    assert [each.number for each in told] == sorted({each.number for each in told})
    assert told[0].word == ONE
    of_one = world.run(lambda books: books.words("deal", "D-1"))
    assert [(each.entry, each.word) for each in of_one] == [(first, ONE), (second, ONE)]
    after = world.run(lambda books: books.words("deal", after=told[1].number))
    assert after == told[2:]
    assert world.run(lambda books: books.words("auction"))[0].word == BID
    assert world.run(lambda books: books.words("forward")) == []


def test_the_last_word_on_each_subject_is_told_alone(world: World) -> None:
    say(world, ONE, TWO)
    second = say(world, ONE)
    told = world.run(lambda books: books.words("deal", last=True))
    assert [(each.word.subject, each.entry) for each in told][-1] == ("D-1", second)
    assert [each.word.subject for each in told] == ["D-2", "D-1"]


def test_nothing_is_said_about_nothing(world: World) -> None:
    for word in (ONE._replace(topic=""), ONE._replace(subject="")):
        with pytest.raises(Unfit):
            say(world, word)
    assert world.run(lambda books: books.words("deal")) == []


WAITS = KeptWord("proposal", "P-1", "{}", "awaiting_approval", A.number, "usr_1")


def test_a_matter_stands_as_it_was_said_to_last(world: World) -> None:
    due = datetime(2026, 3, 2, 10, tzinfo=UTC)
    say(world, WAITS, WAITS._replace(subject="P-2", account=B.number, about="usr_2"), ONE)
    say(world, WAITS._replace(state="delayed", about="usr_2", due=due))
    one, two = world.run(lambda books: books.matters("proposal"))
    assert one == (
        Matter("proposal", "P-1", "delayed", A.number, "usr_1", due, one.number)
    )  # whom its first word concerned
    assert (two.subject, two.state, two.due) == ("P-2", "awaiting_approval", None)
    found: dict[str, Sequence[Matter]] = world.run(
        lambda books: {
            "state": books.matters("proposal", states=["delayed"]),
            "account": books.matters("proposal", account=B.number),
            "about": books.matters("proposal", about="usr_1"),
            "subject": books.matters("proposal", "P-2"),
            "due": books.matters("proposal", due=due),
            "not yet due": books.matters("proposal", due=due - timedelta(seconds=1)),
            "after": books.matters("proposal", after=one.number),
            "limit": books.matters("proposal", limit=1),
            "topic": books.matters("deal"),
        }
    )
    assert found == {
        "state": [one], "account": [two], "about": [one], "subject": [two], "due": [one],
        "not yet due": [], "after": [two], "limit": [one], "topic": [],
    }  # fmt: skip
    assert world.run(lambda books: books.subjects("proposal", "usr_2")) == ["P-2", "P-1"]
    assert world.run(lambda books: books.words("proposal", "P-1"))[1].word.due == due
    assert world.run(lambda books: books.check()) == []


def test_the_last_that_stand_so_are_told_in_the_order_of_their_first_words(world: World) -> None:
    for name in ("P-1", "P-2", "P-3", "P-4"):
        say(world, WAITS._replace(subject=name))
    for name in ("P-4", "P-1", "P-3"):
        say(world, WAITS._replace(subject=name, state="cancelled"))
    say(world, WAITS._replace(topic="deal", subject="D-1", state="cancelled"))

    def last(state: str, limit: int) -> list[str]:
        found = world.run(lambda books: books.last_matters("proposal", state, limit=limit))
        return [each.subject for each in found]

    assert last("cancelled", 2) == ["P-3", "P-4"]
    assert last("cancelled", 9) == ["P-1", "P-3", "P-4"]
    assert last("awaiting_approval", 9) == ["P-2"]
    assert last("completed", 9) == []


@pytest.mark.parametrize("state", ["delayed", "proposed", "completed"])
def test_nobody_lets_pass_what_they_proposed_themselves(world: World, state: str) -> None:
    say(world, WAITS)
    with pytest.raises(Unfit, match="nobody approves"):
        say(world, WAITS._replace(state=state))
    say(world, WAITS._replace(state=state, about="usr_2"))


@pytest.mark.parametrize("state", ["rejected", "cancelled"])
def test_who_proposed_may_take_it_back(world: World, state: str) -> None:
    say(world, WAITS)
    say(world, WAITS._replace(state=state))
    assert world.run(lambda books: books.matters("proposal"))[0].state == state


def test_what_is_free_is_what_is_held_and_not_promised(world: World) -> None:
    world.issue(10)
    world.do(move(SOURCE, B, 5000, asset=EUR))
    pairs = [(A.number, EUA.code), (A.number, EUR.code), (B.number, EUR.code), (B.number, EUA.code)]

    def promise(books: Books) -> None:
        holds = [
            Hold(key="units", account=A, asset=EUA, count=4),
            Hold(key="more", account=A, asset=EUA, count=3),
            Hold(key="money", account=B, asset=EUR, count=4999),
        ]
        books.add_holds(world.entry(books), holds)

    world.run(promise)
    free = world.run(lambda books: books.free(pairs))
    assert free == dict(zip(pairs, (3, 0, 1, 0), strict=True))
    world.run(lambda books: books.end_holds(world.entry(books), ["units", "money"]))
    free = world.run(lambda books: books.free(pairs))
    assert free == dict(zip(pairs, (7, 0, 5000, 0), strict=True))
    assert world.run(lambda books: books.check()) == []


def test_of_holds_that_come_together_all_are_covered_or_none_is_made(world: World) -> None:
    world.issue(10)
    holds = [Hold(key=f"h{n}", account=A, asset=EUA, count=n) for n in (5, 6)]
    with pytest.raises((NotWhole, psycopg.Error)):
        world.run(lambda books: books.add_holds(world.entry(books), holds))
    assert world.run(lambda books: books.free([(A.number, EUA.code)])) == {(A.number, "EUA"): 10}

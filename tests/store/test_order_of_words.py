"""Who goes by the numbers of words misses none that was kept later under a lower number."""

import threading

from tonne.ledger import KeptWord
from tonne.operations import Books, happenings
from tonne.store import PostgresStore
from world import World


def test_what_is_kept_later_under_a_lower_number_is_not_passed_over(database: str) -> None:
    numbered, seen = threading.Event(), threading.Event()
    with PostgresStore(database) as slow, PostgresStore(database) as fast:
        World.found(slow)
        level = happenings.Level()
        before = fast.run(level.rise, keep=False)

        def say(world: World, subject: str) -> None:
            def operation(books: Books) -> None:
                entry = world.entry(books)
                word = KeptWord("proposal example", subject, "{}", "awaiting_approval", "XX-2", "a")
                books.say(entry, [word])
                books.latest_word()  # What was told is written down before an answer comes.
                if subject == "slow":
                    numbered.set()
                    assert seen.wait(20)

            world.run(operation)

        thread = threading.Thread(target=say, args=(World(slow, name="slow"), "slow"))
        thread.start()
        assert numbered.wait(20)
        say(World(fast, name="fast"), "fast")
        (told,) = fast.run(lambda books: books.words("proposal example"), keep=False)
        assert told.word.subject == "fast"
        assert fast.run(level.rise, keep=False) == before < told.number
        seen.set()
        thread.join()
        risen = fast.run(level.rise, keep=False)
        assert risen == told.number
        page = fast.run(
            lambda books: books.states_page(
                "proposal example", accounts=None, about="", after=before, upto=risen, limit=9
            ),
            keep=False,
        )
        assert [each.word.subject for each in page] == ["slow", "fast"]

"""What every store tells page by page: each page goes on where the one before ended."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from changed import replace
from tonne.compliance import Outcome
from tonne.ledger import Account, KeptWord, Posted, post
from tonne.operations import Books
from tonne.quantity import Currency, Money
from tonne.registry import Dedication
from tonne.store.loaded import BLOCKS_SHOWN
from world import ACCOUNTS, AT, DAY, EUA, SINK, STAMP, A, B, C, World, holding_account, move

T = TypeVar("T")


def pages(
    world: World,
    page: Callable[[Books, T | None, int], Sequence[tuple[T, object]]],
    *,
    limit: int,
) -> list[object]:
    """Everything, page after page."""
    found: list[object] = []
    last: T | None = None
    while True:
        rows = world.run(lambda books, last=last: page(books, last, limit))  # type: ignore[misc]
        assert len(rows) <= limit
        found += [row for _, row in rows]
        if len(rows) < limit:
            return found
        last = rows[-1][0]


def accounts(
    scheme: str,
) -> Callable[[Books, str | None, int], list[tuple[str, object]]]:
    """Pages of a scheme's accounts."""
    return lambda books, after, limit: [
        (each.number, each) for each in books.accounts_page(scheme, after=after, limit=limit)
    ]


def test_accounts_come_in_the_order_in_which_they_were_opened_page_by_page(world: World) -> None:
    others = [replace(holding_account(Account(f"YY-{n}")), operator=f"y {n}") for n in range(3)]

    def more(books: Books) -> None:
        entry = world.entry(books, "open")
        books.open_accounts(entry, others, scheme="another", sources=[])

    world.run(more)
    every = [holding_account(each) for each in ACCOUNTS]
    for limit in (1, 2, 3, 100):
        assert pages(world, accounts("example"), limit=limit) == every
        assert pages(world, accounts("another"), limit=limit) == others
    assert pages(world, accounts("nothing"), limit=2) == []


def test_accounts_of_operators_and_of_a_registry_are_paged_by_themselves(world: World) -> None:
    whose = (("o 1", "YA"), (None, "YA"), ("o 2", None), ("o 3", "YB"), ("o 4", "YA"))
    others = [
        replace(holding_account(Account(f"YY-{n}")), operator=operator, registry=registry)
        for n, (operator, registry) in enumerate(whose)
    ]

    def more(books: Books) -> None:
        books.open_accounts(world.entry(books, "open"), others, scheme="another", sources=[])

    def numbers(after: str | None = None, limit: int = 9, **only: str | bool) -> list[str]:
        return world.run(
            lambda books: [
                each.number
                for each in books.accounts_page("another", after=after, limit=limit, **only)  # type: ignore[arg-type]
            ]
        )

    world.run(more)
    assert numbers(operated=True) == ["YY-0", "YY-2", "YY-3", "YY-4"]
    assert numbers(operated=True, after="YY-1", limit=2) == ["YY-2", "YY-3"]
    assert numbers(registry="YA") == ["YY-0", "YY-1", "YY-4"]
    assert numbers(operated=True, registry="YA", after="YY-0") == ["YY-4"]


def test_accounts_are_found_by_their_numbers_with_their_scheme(world: World) -> None:
    found = world.run(lambda books: books.kept_by([A.number, "XX-404"]))
    assert found == {A.number: ("example", holding_account(A))}


def test_of_a_closed_year_the_outcome_is_told_that_stands(world: World) -> None:
    def close(books: Books) -> None:
        for missing, numbers in ((3, [A, B, C]), (0, [B])):
            entry = world.entry(books, "close_year")
            rows = [(each.number, outcome(each, missing), 10, 10 - missing) for each in numbers]
            books.add_closings(entry, rows)

    world.run(close)

    def page(books: Books, after: str | None, limit: int) -> list[tuple[str, object]]:
        found = books.closings_page("example", 2005, after=after, limit=limit)
        return [
            (each.account, (each.account, each.outcome.missing, each.surrendered, name))
            for each, name in found
        ]

    told = [
        (each.number, missing, 10 - missing, f"Account {each.number}")
        for each, missing in ((A, 3), (B, 0), (C, 3))
    ]
    for limit in (1, 2, 50):
        assert pages(world, page, limit=limit) == told
    assert world.run(lambda books: books.closings_page("example", 2006, limit=9)) == []
    assert world.run(lambda books: books.closings_page("another", 2005, limit=9)) == []
    ((first, _), *_) = world.run(lambda books: books.closings_page("example", 2005, limit=1))
    (same,) = [
        each
        for each in world.run(lambda books: list(books.closings("example", [2005])))
        if each.account == first.account
    ]
    assert first == same


def outcome(account: Account, missing: int) -> Outcome:
    """An operator who is so many units short."""
    return Outcome(
        operator=f"operator {account.number}", year=2005, status="B" if missing else "A",
        missing=missing, excess=missing, penalty=Money(missing * 4000, Currency("EUR")),
        extra=0, made_good=0, carried=missing, published=bool(missing), report_missing=False,
        because=("Example Act, s. 9",),
    )  # fmt: skip


def test_what_is_given_up_for_somebody_is_told_with_its_numbers_newest_first(world: World) -> None:
    world.issue(10)
    world.issue(5, to=B)
    world.do(move(A, SINK, 1), kind="cancel")  # For nobody: EU-1.
    numbers = [give_up(world, giver, 3, f"No. {n}") for n, giver in enumerate((A, B, A))]
    world.run(lambda books: books.add_dedications({world.entry(books, "propose"): FOR_NOBODY}))
    told = world.run(lambda books: list(books.given_page(["example"], limit=50)))
    assert [each.number for each in told] == numbers[::-1]
    assert [each.dedication.beneficiary for each in told] == ["No. 2", "No. 1", "No. 0"]
    assert [each.blocks for each in told] == [(("EU", 5, 7),), (("EU", 11, 13),), (("EU", 2, 4),)]
    assert {(each.asset, each.count, each.kind) for each in told} == {(EUA.code, 3, "cancel")}
    assert {(each.scheme, each.day, each.at) for each in told} == {("example", DAY, AT)}

    def page(books: Books, before: int | None, limit: int) -> list[tuple[int, object]]:
        found = books.given_page(["example", "other"], before=before, limit=limit)
        return [(each.number, each) for each in found]

    for limit in (1, 2, 3, 50):
        assert pages(world, page, limit=limit) == told
    assert world.run(lambda books: books.given_page(["other"], limit=9)) == []


def test_what_is_given_up_in_many_blocks_is_counted_whole_and_told_in_part(world: World) -> None:
    for _ in range(BLOCKS_SHOWN + 5):
        world.issue(1)
        world.issue(1, to=B)
    give_up(world, A, BLOCKS_SHOWN + 5, "Ana")
    (told,) = world.run(lambda books: books.given_page(["example"], limit=2))
    assert (told.count, len(told.blocks)) == (BLOCKS_SHOWN + 5, BLOCKS_SHOWN)


def test_what_undid_it_is_told_with_it(world: World) -> None:
    world.issue(10)
    number = give_up(world, A, 3, "Ana")
    back = world.transaction(move(SINK, A, numbers=(1, 3)), kind="reverse", reverses=number)
    (done,) = world.post(back)
    assert isinstance(done, Posted)
    (told,) = world.run(lambda books: books.given_page(["example"], limit=2))
    assert told.reversed_by == done.number


FOR_NOBODY = Dedication(beneficiary="Nobody", purpose="It was only proposed")


def give_up(world: World, account: Account, count: int, whom: str) -> int:
    """Units of an account are cancelled for somebody; the number."""

    def operation(books: Books) -> int:
        batch = [world.transaction(move(account, SINK, count), kind="cancel")]
        loaded = books.load(batch)
        posting = post(loaded.positions, batch, numbers=loaded.numbers, holds=loaded.holds)
        books.save(list(posting.posted), STAMP)
        (posted,) = posting.posted
        books.add_dedications({posted.number: Dedication(beneficiary=whom, purpose="a trip")})
        return posted.number

    return world.run(operation)


def test_words_come_a_page_at_a_time_from_either_end(world: World) -> None:
    def say(books: Books) -> None:
        bodies = [(one, f"{n}") for n in range(5) for one in ("D-1", "D-2")]
        books.say(world.entry(books), [KeptWord("deal", one, body) for one, body in bodies])

    world.run(say)
    every = list(world.run(lambda books: books.words("deal", "D-1")))
    assert len(every) == 5

    def forward(books: Books, after: int | None, limit: int) -> list[tuple[int, object]]:
        found = books.words_page("deal", "D-1", after=after or 0, limit=limit)
        return [(each.number, each) for each in found]

    def backward(books: Books, before: int | None, limit: int) -> list[tuple[int, object]]:
        found = books.words_page("deal", "D-1", before=before, newest=True, limit=limit)
        return [(each.number, each) for each in found]

    for limit in (1, 2, 5, 50):
        assert pages(world, forward, limit=limit) == every
        assert pages(world, backward, limit=limit) == every[::-1]
    between = world.run(
        lambda books: books.words_page(
            "deal", "D-1", after=every[0].number, before=every[4].number, limit=9
        )
    )
    assert between == every[1:4]


def test_the_subjects_of_a_topic_come_by_name_a_page_at_a_time(world: World) -> None:
    names = ["one A", "one B", "one C", "other A", "two"]

    def say(books: Books) -> None:
        words = [KeptWord("auction", each, "{}") for each in reversed(names)] * 3
        books.say(world.entry(books), [*words, KeptWord("deal", "one D", "{}")])

    world.run(say)

    def page(begin: str) -> Callable[[Books, str | None, int], list[tuple[str, object]]]:
        return lambda books, after, limit: [
            (each, each)
            for each in books.subjects_page("auction", begin, after=after or "", limit=limit)
        ]

    for limit in (1, 2, 3, 50):
        assert pages(world, page("one "), limit=limit) == names[:3]
        assert pages(world, page("o"), limit=limit) == names[:4]
        assert pages(world, page("nobody "), limit=limit) == []

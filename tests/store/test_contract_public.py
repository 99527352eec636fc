"""What every store answers the public: names by their words, closed years by pages, arrivals."""

from decimal import Decimal

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from land import VERIFIED, Land, report
from public_land import public_land
from tonne import operations
from tonne.operations import Books
from tonne.quantity import Tonnes
from tonne.registry import name_words
from tonne.store import public
from world import Store, World

EVERY = ["example"]
YearRow = tuple[str, str, str, str, int | None, int, int]


@pytest.fixture
def full(store: Store) -> Land:
    """The public land in a store of each kind."""
    return public_land(store)


def names(land: Land, text: str, *, limit: int = 50) -> list[str]:
    def question(books: Books) -> list[str]:
        found = books.find_accounts(name_words(text), schemes=EVERY, limit=limit)
        return [account.name for _, account in found]

    return land.run(question)


def test_an_account_is_found_by_how_its_words_begin(full: Land) -> None:
    cement = "Cementarna Šoštanj, d.o.o."
    for text in ("cementarna", "CEMENT", "šoš cem", "sostanj", "xe 1000", "d o cementarna"):
        assert names(full, text) == [cement]
    for text in ("ementarna", "cementarna ljubljana", "", "!"):
        assert names(full, text) == []


def test_the_nearest_words_come_first_and_no_more_than_are_asked_for(full: Land) -> None:
    assert names(full, "xe") == names(full, "xe", limit=5)
    assert len(names(full, "xe", limit=2)) == 2
    assert names(full, "k") == ["Kiln"]


def test_only_operators_of_the_schemes_asked_for_are_found(full: Land) -> None:
    def elsewhere(books: Books) -> object:
        return books.find_accounts(["steel"], schemes=["other"], limit=5)

    assert names(full, "ana") == []
    assert names(full, "authority") == []
    assert full.run(elsewhere) == []


def test_a_closed_year_is_summed_up_by_status(full: Land) -> None:
    assert full.run(lambda books: books.closed_years("example", [2024, 2025, 2026])) == [2025]
    # A: 45, 11,900, 14,000 and 6,900; B: 70 less 60, 9,500 less 9,000; C: nothing reported.
    assert full.run(lambda books: books.tallies("example", 2025)) == [
        ("A", 4, 32_845, 32_845, 0),
        ("B", 2, 9_570, 9_060, 510),
        ("C", 1, 0, 0, 0),
    ]
    assert full.run(lambda books: books.tallies("example", 2026)) == []
    assert full.run(lambda books: books.tallies("other", 2025)) == []


def close_again(full: Land) -> None:
    """What nobody reported is determined, and the year closed a second time."""
    full.do(
        operations.determine,
        operator="XE-1004",
        year=2025,
        reason="report_missing",
        stated=Tonnes(Decimal(40)),
        key="determine",
        on="2026-06-01",
    )
    full.close(2025, on="2026-06-02")


def test_the_last_closing_of_a_year_is_the_one_that_counts(full: Land) -> None:
    close_again(full)
    told = {each[0]: each for each in full.run(lambda books: books.tallies("example", 2025))}
    assert sum(each[1] for each in told.values()) == 7
    assert "C" not in told
    assert told["D"] == ("D", 1, 40, 0, 40)


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", "<script>alert(1)</script>"),
        ("verified", "हेटौँडा सिमेन्ट उद्योग"),
        ("surrendered", "हेटौँडा सिमेन्ट उद्योग"),
        ("missing", "<script>alert(1)</script>"),
        ("status", "Steel"),
    ],
)
def test_a_closed_year_is_told_in_an_order_and_by_pages(full: Land, sort: str, first: str) -> None:
    def page(books: Books, limit: int, skip: int, status: str | None = None) -> list[YearRow]:
        return books.year_rows("example", 2025, status=status, sort=sort, limit=limit, skip=skip)

    every = full.run(lambda books: page(books, 100, 0))
    assert len(every) == 7
    assert every[0][2] == first

    def by_pages(books: Books) -> list[YearRow]:
        return [row for skip in (0, 3, 6, 9) for row in page(books, 3, skip)]

    assert full.run(by_pages) == every
    short = full.run(lambda books: page(books, 100, 0, "B"))
    assert {row[3] for row in short} == {"B"}


@pytest.mark.parametrize("walked", [0, 4, 2_000])
def test_a_page_by_name_is_the_same_near_the_beginning_and_far_from_it(
    full: Land, walked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "WALKED_MAX", walked)
    close_again(full)

    def told(books: Books) -> list[tuple[str, str]]:
        rows = [
            row
            for skip in (0, 2, 4, 6)
            for row in books.year_rows(
                "example", 2025, status=None, sort="name", limit=2, skip=skip
            )
        ]
        return [(row[2], row[3]) for row in rows]

    found = full.run(told)
    assert len(found) == 7
    assert [name for name, _ in found] == sorted(name for name, _ in found)
    assert sorted(status for _, status in found) == [*"AAAABBD"]


def test_numbers_come_from_the_largest_down_and_none_comes_last(full: Land) -> None:
    def column(books: Books, sort: str, place: int) -> list[object]:
        rows = books.year_rows("example", 2025, status=None, sort=sort, limit=9, skip=0)
        return [row[place] for row in rows]

    assert full.run(lambda books: column(books, "verified", 4)) == [
        14_000, 11_900, 9_500, 6_900, 70, 45, None
    ]  # fmt: skip
    assert full.run(lambda books: column(books, "missing", 6)) == [500, 10, 0, 0, 0, 0, 0]
    assert full.run(lambda books: column(books, "status", 3)) == [*"AAAABBC"]


def test_what_an_account_was_given_and_gave_back_is_told_by_year(full: Land) -> None:
    steel = full.accounts["steel"]

    def given(books: Books) -> object:
        return books.given(steel, ("allocate", "surrender"), outgoing=False)

    def taken(books: Books) -> object:
        return books.given(steel, ("allocate", "surrender"), outgoing=True)

    assert full.run(given) == {("allocate", 2025): 60}
    assert full.run(taken) == {("surrender", 2025): 45}


def test_what_came_into_an_account_is_told_from_the_latest_on(full: Land) -> None:
    pit = full.accounts["surrendered"]

    def pages(books: Books) -> list[tuple[int, int]]:
        before, seen = (2**62, 0), []
        while found := books.arrivals(pit, before=before, limit=2):
            before = (found[-1][1].transaction, found[-1][0])
            seen += [(step.transaction, line) for line, step in found]
        return seen

    def every(books: Books) -> list[tuple[int, int]]:
        found = books.arrivals(pit, before=(2**62, 0), limit=1_000)
        assert sum(step.units for _, step in found) == 41_905
        return [(step.transaction, line) for line, step in found]

    assert full.run(pages) == full.run(every)
    assert full.run(every) == sorted(full.run(every), reverse=True)


def test_words_are_said_when_an_account_is_opened_and_never_later(
    world: World, request: pytest.FixtureRequest
) -> None:
    if "postgres" not in request.node.name:
        pytest.skip("in memory the words are no table")
    connection = request.getfixturevalue("owner")
    connection.execute("set role tonne_app")
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="opened before"):
        connection.execute("insert into account_word values ('false', 1)")
    assert world


@given(st.text())
def test_a_name_is_always_found_by_its_own_words(name: str) -> None:
    words = name_words(name)
    assert name_words(" ".join(words)) == words
    assert all(word and not word.isspace() for word in words)


def test_twins_find_the_same(full: Land) -> None:
    texts = ["x", "s", "sc", "1", "सि", "کا", "hyper", "script alert", "o"]
    told = [names(full, text) for text in texts]
    assert told[-3:] == [['=HYPERLINK("http://elsewhere.example")'], ["<script>alert(1)</script>"],
                         ["Cementarna Šoštanj, d.o.o."]]  # fmt: skip


def test_who_has_no_figure_of_a_year_is_told_page_by_page_with_what_was_reported(
    full: Land,
) -> None:
    late = '=HYPERLINK("http://elsewhere.example")'
    for name, opened in (("AA", "2025-12-31"), ("BB", "2025-06-01"), ("CC", "2026-01-01")):
        opening = operations.Opening(
            kind="operator", name=name, registry="XE", operator=name, identifier=500 + ord(name[0])
        )
        full.do(operations.open_account, opening, key=f"open {name}", on=opened, by="administrator")

    def told(*, skip: int = 0, limit: int | None = None) -> list[tuple[str, bool]]:
        found = full.run(lambda books: books.unverified("example", 2025, skip=skip, limit=limit))
        return [(each.name, reported) for each, reported in found]

    def count() -> int:
        return full.run(lambda books: books.count_unverified("example", 2025))

    # CC came after the year.
    assert told() == [(late, False), ("AA", False), ("BB", False)]
    assert [told(limit=2), told(skip=2, limit=2), told(skip=3, limit=2)] == [
        [(late, False), ("AA", False)], [("BB", False)], []
    ]  # fmt: skip
    assert count() == 3
    said = report("AA", 7, on="2026-11-01")
    full.do(operations.report, [said], key="report AA", on="2026-11-01", by="operator")
    assert told() == [(late, False), ("AA", True), ("BB", False)]
    full.do(operations.verify, [(said, VERIFIED)], key="verify AA", on="2026-11-02", by="operator")
    full.do(operations.exclude, ["BB"], year=2025, reason="small", key="out", on="2026-11-02")
    assert told() == [(late, False)]
    assert count() == 1
    assert full.run(lambda books: books.count_unverified("other", 2025)) == 0

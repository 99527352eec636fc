"""What every store keeps beside the movements: accounts, reports, figures, outcomes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from changed import replace
from tonne.compliance import Outcome
from tonne.ledger import Account
from tonne.mrv import (
    EmissionsReport,
    Figure,
    MonitoringPlan,
    SourceStream,
    StreamData,
    StreamReport,
    Tier,
)
from tonne.operations import Books
from tonne.quantity import Currency, Gas, Money, Tonnes
from world import (
    ACCOUNTS,
    AUTHORITY,
    DAY,
    DIGEST,
    ERU,
    EUA,
    EUR,
    LAW,
    SINK,
    SOURCE,
    STAMP,
    A,
    B,
    C,
    World,
    holding_account,
    move,
)

LATER = datetime(2006, 4, 1, 9, 30, tzinfo=UTC)


def later(world: World, books: Books, kind: str = "note") -> int:
    """An entry of another day."""
    stamp = replace(STAMP, day=LATER.date(), at=LATER)
    return books.enter(
        key=world.key(), digest=DIGEST, kind=kind, year=2005, because=LAW, stamp=stamp
    )


def test_accounts_are_told_in_the_order_in_which_they_were_opened(world: World) -> None:
    every = [holding_account(each) for each in ACCOUNTS]
    assert world.run(lambda books: books.accounts()) == every
    assert world.run(lambda books: books.accounts(scheme="example")) == every
    assert world.run(lambda books: books.accounts(scheme="another")) == []
    of_a = [holding_account(A)]
    assert world.run(lambda books: books.accounts(number=A.number)) == of_a
    assert world.run(lambda books: books.accounts(operator=f"operator {A.number}")) == of_a
    operated = world.run(lambda books: books.accounts(operated=True))
    assert [each.number for each in operated] == ["XX-2", "XX-3", "XX-4"]
    others = world.run(lambda books: books.accounts(operated=False, scheme="example"))
    assert [each.number for each in others] == ["XX-0", "XX-1", "XX-9"]
    assert world.run(lambda books: books.accounts(number="XX-404")) == []


def test_assets_are_told_in_the_order_in_which_they_were_added(world: World) -> None:
    assert world.run(lambda books: books.assets()) == [EUA, ERU, EUR]


def test_an_account_has_the_status_it_was_given_last(world: World) -> None:
    for status in ("suspended", "open", "closed"):
        world.change_status(A, status)
    (account,) = world.run(lambda books: books.accounts(number=A.number))
    assert account == replace(holding_account(A), status="closed")
    loaded = world.run(lambda books: books.load([world.transaction(move(A, B, 1))]))
    assert {number: each.status for number, each in loaded.accounts.items()} == {
        A.number: "closed",
        B.number: "open",
    }
    assert world.run(lambda books: books.check()) == []


def test_a_batch_may_ask_for_accounts_that_it_does_not_touch(world: World) -> None:
    loaded = world.run(
        lambda books: books.load([world.transaction(move(A, B, 1))], others=[AUTHORITY.number])
    )
    assert loaded.accounts[AUTHORITY.number].kind == "authority"


@pytest.mark.parametrize(
    "name", ['"', "\\", "a,b", "{NULL}", "null", "", " ", "Zürich, Köln", "نشر", "🌍", "%s", "a\nb"]
)
def test_a_name_comes_back_as_it_was_written(world: World, name: str) -> None:
    account = replace(holding_account(Account("XX-7")), name=name, operator=name)
    world.run(
        lambda books: books.open_accounts(
            world.entry(books), [account], scheme="example", sources=[]
        )
    )
    assert world.run(lambda books: books.accounts(number="XX-7")) == [account]
    transaction = replace(
        world.transaction(move(SOURCE, A, 1)), key=name + "!", because=(*LAW, name)
    )
    world.post(transaction)
    known = world.run(lambda books: books.known(name + "!"))
    assert known is not None
    story = world.run(lambda books: books.story(known[0]))
    assert story is not None
    assert story.transaction.because == (*LAW, name)


def test_reports_come_back_as_they_were_given(world: World) -> None:
    first = EmissionsReport(
        operator=f"operator {A.number}",
        year=2005,
        tonnes=Tonnes(Decimal("1234.567890")),
        submitted=date(2006, 3, 30),
        source="file, row 3",
    )
    second = replace(first, operator=f"operator {B.number}", tonnes=Tonnes(Decimal(0)))
    next_year = replace(first, year=2006)

    def operation(books: Books) -> None:
        reports = [(A.number, first), (B.number, second)]
        books.add_reports(later(world, books), reports, reference="Example Act, s. 2")
        books.add_reports(later(world, books), [(A.number, next_year)], reference="Example Act")

    world.run(operation)
    told = world.run(lambda books: list(books.reports("example", [2005])))
    assert told == [(A.number, first), (B.number, second)]
    told = world.run(lambda books: list(books.reports("example", [2005, 2006], account=A.number)))
    assert told == [(A.number, first), (A.number, next_year)]
    assert world.run(lambda books: list(books.reports("another", [2005]))) == []
    assert world.run(lambda books: list(books.figures("example", [2005]))) == []


COAL = SourceStream(
    stream="coal, boiler 1",
    name='Coal "hard"',
    approach="combustion",
    gas=Gas("CO2"),
    size="major",
    tiers=(Tier(parameter="activity", tier="3"), Tier(parameter="ef", tier="2a")),
)
BURNT = StreamData(
    stream=COAL.stream,
    activity=Decimal("40.10"),
    activity_unit="1000 Nm3",
    ncv=Decimal("25.123456789012345678"),
    ef=Decimal(94),
    ef_unit="t/TJ",
    of=Decimal("0.99"),
    biomass_fraction=Decimal(0),
    tiers=(Tier(parameter="activity", tier="1"),),
    tier_reason="meter 3",
    uncertainty=Decimal("2.5"),
)
STACK = SourceStream(
    stream="stack",
    name="stack",
    approach="measurement",
    gas=Gas("CH4"),
    size="de_minimis",
    leaves=True,
)
MEASURED = StreamData(
    stream="stack", hours=Decimal(100), flow=Decimal(2), concentration=Decimal("0.25")
)
CARBON = replace(STACK, stream="carbon", approach="mass_balance")
COUNTED = StreamData(stream="carbon", cf=Decimal(1), carbon_content=Decimal("1E-18"))


def test_the_streams_of_a_report_come_back_with_it_as_they_were_given(world: World) -> None:
    of_a = EmissionsReport(
        operator=f"operator {A.number}",
        year=2005,
        tonnes=Tonnes(Decimal("93.06")),
        submitted=date(2006, 3, 30),
        source="2 source streams",
    )
    of_b = replace(of_a, operator=f"operator {B.number}", year=2006)

    def operation(books: Books) -> None:
        entry = later(world, books, "report")
        reports = [(A.number, of_a), (B.number, replace(of_b, year=2005)), (B.number, of_b)]
        books.add_reports(entry, reports, reference="Example Act, s. 2")
        books.add_streams(entry, [[(COAL, BURNT), (STACK, MEASURED)], [], [(CARBON, COUNTED)]])
        books.add_reports(later(world, books, "report"), [(A.number, of_a)], reference="s. 2")

    world.run(operation)
    (found,) = world.run(lambda books: list(books.streams("example", [2005])))
    assert found == (
        A.number,
        StreamReport(
            report=of_a,
            plan=MonitoringPlan(operator=of_a.operator, streams=(COAL, STACK)),
            data=(BURNT, MEASURED),
        ),
    )
    assert str(found[1].data[0].activity) == "40.10", "no digit is lost and none is added"
    ((number, other),) = world.run(lambda books: list(books.streams("example", [2006])))
    assert (number, other.report, other.data) == (B.number, of_b, (COUNTED,))
    every = world.run(lambda books: list(books.streams("example", [2005, 2006])))
    assert [each for each, _ in every] == [A.number, B.number]
    of_b_only = list[object](
        world.run(lambda books: list(books.streams("example", [2005, 2006], account=B.number)))
    )
    assert of_b_only == [(number, other)]
    assert world.run(lambda books: list(books.streams("another", [2005]))) == []


def test_streams_are_of_a_report_and_each_is_told_once(
    world: World, unfit: tuple[type[Exception], ...]
) -> None:
    report = EmissionsReport(
        operator=f"operator {A.number}",
        year=2005,
        tonnes=Tonnes(Decimal(1)),
        submitted=date(2006, 3, 30),
    )

    def add(*streams: Sequence[tuple[SourceStream, StreamData]], reports: int = 1) -> None:
        def operation(books: Books) -> None:
            entry = later(world, books, "report")
            books.add_reports(entry, [(A.number, report)] * reports, reference="s. 2")
            books.add_streams(entry, streams)

        world.run(operation)

    with pytest.raises(unfit):
        add([(COAL, BURNT)], reports=0)
    with pytest.raises(unfit):
        add([(COAL, BURNT)], [(COAL, BURNT)])
    with pytest.raises(unfit):
        add([(COAL, BURNT), (COAL, BURNT)])
    assert world.run(lambda books: list(books.reports("example", [2005]))) == []
    add([(COAL, BURNT)])
    assert len(world.run(lambda books: list(books.streams("example", [2005])))) == 1


def test_the_day_on_which_an_account_was_closed_is_known(world: World) -> None:
    assert world.run(lambda books: books.closed_on("example")) == {}
    world.change_status(A, "suspended")
    world.change_status(B, "closed")
    world.change_status(C, "closed")
    assert world.run(lambda books: books.closed_on("example")) == {B.number: DAY, C.number: DAY}
    assert world.run(lambda books: books.closed_on("another")) == {}


def test_figures_come_back_with_the_moment_they_were_entered(world: World) -> None:
    figure = Figure(
        operator=f"operator {A.number}",
        year=2005,
        kind="verified",
        tonnes=1234,
        day=date(2006, 3, 30),
        recorded=LATER,
        reference="Example Act, s. 2",
        note="with a comment",
        late=True,
    )
    corrected = replace(figure, kind="corrected", tonnes=1300, late=False)
    authority = replace(figure, operator=AUTHORITY.number, kind="determined")

    def operation(books: Books) -> None:
        books.add_figures(later(world, books), [(A.number, figure), (AUTHORITY.number, authority)])
        books.add_figures(later(world, books), [(A.number, corrected)])
        books.add_figures(later(world, books), [])

    world.run(operation)
    told = world.run(lambda books: list(books.figures("example", [2005])))
    entries = [each.entry for _, each in told]
    assert 0 < entries[0] == entries[1] < entries[2]
    of_one, of_other = (replace(each, entry=entries[0]) for each in (figure, authority))
    changed = replace(corrected, entry=entries[2])
    assert told == [(A.number, of_one), (AUTHORITY.number, of_other), (A.number, changed)]
    of_a = world.run(lambda books: list(books.figures("example", [2005], account=A.number)))
    assert of_a == [(A.number, of_one), (A.number, changed)]
    assert world.run(lambda books: list(books.figures("example", [2006]))) == []
    assert world.run(lambda books: list(books.reports("example", [2005]))) == []


def test_figures_know_their_entry_and_what_was_not_seen_is_asked_for(world: World) -> None:
    figure = Figure(
        operator=f"operator {A.number}",
        year=2005,
        kind="verified",
        tonnes=1234,
        day=date(2006, 3, 30),
        recorded=LATER,
        reference="Example Act, s. 2",
    )
    found = replace(figure, kind="corrected", tonnes=1300, day=date(2006, 6, 1))

    def operation(books: Books) -> tuple[int, int]:
        entries = later(world, books), later(world, books)
        for entry, each in zip(entries, (figure, found), strict=True):
            books.add_figures(entry, [(A.number, each)])
        return entries

    first, second = world.run(operation)

    def unseen(entry: int, day: date) -> list[int]:
        """The entries of figures that came after an entry, or hold from after a day."""
        told = world.run(lambda b: list(b.figures("example", [2005], unseen=(entry, day))))
        return [each.entry for _, each in told]

    assert unseen(first - 1, date.max) == [first, second]
    assert unseen(first, date.max) == [second]
    assert unseen(second, date.max) == []
    # The second holds from June, though it was entered already.
    assert unseen(second, date(2006, 5, 31)) == [second]
    assert unseen(second, date(2006, 6, 1)) == []


def test_exclusions_are_no_figures_and_no_reports(world: World) -> None:
    def operation(books: Books) -> None:
        books.add_exclusions(
            later(world, books), [A.number, B.number], year=2005, reason="small", reference="s. 3"
        )

    world.run(operation)
    told = world.run(lambda books: books.exclusions("example", [2004, 2005]))
    assert told == {(A.number, 2005), (B.number, 2005)}
    assert world.run(lambda books: list(books.figures("example", [2005]))) == []
    assert world.run(lambda books: list(books.reports("example", [2005]))) == []


def test_outcomes_come_back_as_they_were_given(world: World) -> None:
    outcome = Outcome(
        operator=f"operator {A.number}",
        year=2005,
        status="B",
        missing=7,
        excess=5,
        penalty=Money(20_000, Currency("EUR")),
        extra=2,
        made_good=3,
        carried=4,
        published=True,
        report_missing=False,
        because=("Example Act, s. 4", "Example Act, s. 5"),
    )
    unreported = replace(
        outcome, operator=f"operator {B.number}", status="C", report_missing=True, missing=0
    )
    again = replace(outcome, missing=0, status="D")

    def operation(books: Books) -> None:
        closings = [(A.number, outcome, 100, 93), (B.number, unreported, None, 0)]
        books.add_closings(later(world, books, "close_year"), closings)
        books.add_closings(later(world, books, "close_year"), [(A.number, again, 100, 100)])

    world.run(operation)
    told = world.run(lambda books: list(books.closings("example", [2005])))
    assert [(each.account, each.outcome, each.verified, each.surrendered) for each in told] == [
        (A.number, outcome, 100, 93),
        (B.number, unreported, None, 0),
        (A.number, again, 100, 100),
    ]
    # Each says when the year was closed, and by which entry: the first two by one.
    assert {each.day for each in told} == {LATER.date()}
    assert told[0].entry == told[1].entry < told[2].entry
    of_b = world.run(lambda books: list(books.closings("example", [2005], account=B.number)))
    assert [each.outcome for each in of_b] == [unreported]
    assert world.run(lambda books: list(books.closings("example", [2006]))) == []


def test_an_entry_that_moves_nothing_has_a_key_and_no_story(world: World) -> None:
    entry = world.run(
        lambda books: books.enter(
            key="a note", digest=b"n" * 32, kind="note", year=None, because=LAW, stamp=STAMP
        )
    )
    assert world.run(lambda books: books.known("a note")) == (entry, b"n" * 32)
    assert world.run(lambda books: books.known("another")) is None
    assert world.run(lambda books: books.story(entry)) is None
    assert world.run(lambda books: [books.story(each) for each in (10_000, 2**63)]) == [None, None]


def test_what_was_moved_is_summed_for_one_kind_of_unit(world: World) -> None:
    world.issue(100)
    world.issue(100, asset=ERU)
    world.do(move(A, SINK, 10), kind="surrender", year=2005)
    world.do(move(A, SINK, 3, asset=ERU), kind="surrender", year=2005)

    def given(asset: str | None) -> dict[tuple[str, int], int]:
        return world.run(
            lambda books: books.moved_by_account(
                "surrender", [2005], scheme="example", outgoing=True, asset=asset
            )
        )

    assert given("EUA") == {(A.number, 2005): 10}
    assert given("ERU") == {(A.number, 2005): 3}
    assert given(None) == {(A.number, 2005): 13}
    assert given("EUR") == {}

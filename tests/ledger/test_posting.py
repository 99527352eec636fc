"""Posting: sentences and properties of what moves and what is refused."""

import pytest

from strategies import (
    ERU,
    EUA,
    EUR,
    HOLDERS,
    SOURCE,
    Scene,
    empty,
)
from tonne.ledger import (
    BOOKS,
    LAST_NUMBER,
    Account,
    Asset,
    Block,
    BlockNotHeld,
    ExceedsHolding,
    Hold,
    Lot,
    Movement,
    Position,
    Posted,
    Posting,
    Transaction,
    UnknownHold,
    digest,
    post,
    unissued,
)
from tonne.refusal import Refusal

A, B, C = HOLDERS


def transaction(*movements: Movement, hold: str | None = None, key: str = "k") -> Transaction:
    """Movements that happen together."""
    return Transaction(
        key=key, kind="transfer", movements=movements, because=("Example Act",), hold=hold
    )


def move(
    source: Account,
    target: Account,
    count: int,
    asset: Asset = EUA,
    *,
    first: int | None = None,
) -> Movement:
    """So many units, from a number on if one is given."""
    block = None if first is None else Block("EU", first, first + count - 1)
    return Movement(source=source, target=target, asset=asset, count=count, block=block)


def issued(*counts: int, to: Account = A) -> Scene:
    """Books in which so many were issued, one issuance after another."""
    scene = empty()
    for count in counts:
        scene = scene.after(scene.post(transaction(move(SOURCE, to, count))))
    return scene


def reasons(posting: Posting) -> tuple[Refusal, ...]:
    """All reasons why the one transaction was refused."""
    (decision,) = posting.decisions
    assert not isinstance(decision, Posted)
    return decision


def refusals(posting: Posting) -> list[type]:
    """The kinds of all reasons why the one transaction was refused."""
    return [type(each) for each in reasons(posting)]


def texts(scene: Scene, account: Account, asset: Asset = EUA) -> list[str]:
    """The blocks of an account, in order."""
    return [str(each) for each in scene.blocks((account.number, asset.code))]


def test_more_than_is_free_is_refused_with_what_is_free_and_what_is_promised() -> None:
    position = Position(count=10, held=4, lots=(Lot("EU", 1, 10, 1),))
    posting = post({("A", "EUA"): position}, [transaction(move(A, B, 7))], numbers=[2])
    (refusal,) = reasons(posting)
    assert refusal == ExceedsHolding(
        reference=BOOKS, account="A", asset="EUA", asked=7, free=6, held=4
    )
    assert isinstance(refusal, ExceedsHolding)
    assert refusal.number == 3005
    assert str(refusal) == (
        "7 EUA were asked of account A, which has 6 free, and 4 more are on hold."
    )
    assert refusal.as_dict()["facts"] == {
        "account": "A", "asset": "EUA", "asked": 7, "free": 6, "held": 4,
    }  # fmt: skip


def test_an_account_that_nobody_heard_of_has_nothing() -> None:
    posting = post({}, [transaction(move(A, B, 1, EUR))], numbers=[1])
    (refusal,) = reasons(posting)
    assert str(refusal) == "EUR 0.01 were asked of account A, which has EUR 0.00 free."


def test_a_block_that_is_not_held_in_one_piece_is_refused() -> None:
    scene = issued(5, 5)
    posting = scene.post(transaction(move(A, B, 4, first=4)))
    (refusal,) = reasons(posting)
    assert isinstance(refusal, BlockNotHeld)
    assert refusal.number == 310
    assert str(refusal) == "Account A does not hold EUA EU-4-7 in one block."


def test_a_number_once_issued_is_not_issued_again() -> None:
    scene = issued(10)
    assert refusals(scene.post(transaction(move(SOURCE, B, 2, first=9)))) == [BlockNotHeld]


def test_a_series_of_which_the_source_holds_nothing_is_refused() -> None:
    posting = post({}, [transaction(move(SOURCE, A, 2))], numbers=[1])
    assert refusals(posting) == [BlockNotHeld]


def test_units_of_another_kind_with_that_number_do_not_serve() -> None:
    scene = issued(10)
    assert refusals(scene.post(transaction(move(A, B, 2, ERU, first=1)))) == [ExceedsHolding]


def test_a_hold_that_is_not_open_or_not_the_payers_is_refused() -> None:
    scene = issued(10)
    other = Hold(key="h", account=B, asset=EUA, count=1)
    for holds in ({}, {"h": other}):
        posting = post(
            scene.positions, [transaction(move(A, B, 1), hold="h")], numbers=[9], holds=holds
        )
        (refusal,) = reasons(posting)
        assert isinstance(refusal, UnknownHold)
        assert refusal.number == 311
        assert str(refusal) == "There is no open hold 'h' that this transaction could use."


def test_a_hold_serves_one_transaction_of_a_batch() -> None:
    scene = Scene(
        positions={("A", "EUR"): Position(count=10, held=10)},
        holds={"h": Hold(key="h", account=A, asset=EUR, count=10)},
        number=2,
    )
    posting = scene.post(
        transaction(move(A, B, 4, EUR), hold="h"), transaction(move(A, B, 4, EUR), hold="h")
    )
    first, second = posting.decisions
    assert isinstance(first, Posted)
    assert not isinstance(second, Posted)
    assert [type(each) for each in second] == [UnknownHold]
    assert scene.after(posting).positions["A", "EUR"] == Position(count=6)


def test_every_reason_is_given_at_once() -> None:
    scene = issued(10)
    wrong = transaction(move(A, B, 11), move(A, B, 2, first=10), move(B, C, 1, EUR), hold="h")
    assert refusals(scene.post(wrong)) == [
        UnknownHold,
        ExceedsHolding,
        BlockNotHeld,
        ExceedsHolding,
    ]


def test_the_first_in_is_the_first_out_and_the_lowest_number_first() -> None:
    scene = issued(5, 5, 5)
    scene = scene.after(scene.post(transaction(move(A, B, 7))))
    assert texts(scene, B) == ["EU-1-5", "EU-6-7"]
    assert texts(scene, A) == ["EU-8-10", "EU-11-15"]


def test_a_named_block_leaves_the_rest_where_it_was() -> None:
    scene = issued(5, 5, 5)
    scene = scene.after(scene.post(transaction(move(A, B, 2, first=7))))
    assert texts(scene, A) == ["EU-1-5", "EU-6-6", "EU-9-10", "EU-11-15"]


def test_the_source_keeps_every_number_that_is_not_issued() -> None:
    scene = issued(5)
    rest = scene.positions["source", unissued("EU")]
    assert rest == Position(count=LAST_NUMBER - 5, lots=(Lot("EU", 6, LAST_NUMBER, 0),))
    assert scene.positions["source", "EUA"].count == -5


def test_a_unit_changes_its_kind_and_keeps_its_number() -> None:
    scene = issued(10)
    conversion = transaction(move(A, SOURCE, 3, first=4), move(SOURCE, A, 3, ERU, first=4))
    scene = scene.after(scene.post(conversion))
    assert texts(scene, A) == ["EU-1-3", "EU-7-10"]
    assert texts(scene, A, ERU) == ["EU-4-6"]


def test_a_line_tells_whence_its_numbers_came_and_in_which_wave() -> None:
    scene = issued(10)
    posting = scene.post(transaction(move(A, B, 4)), transaction(move(B, C, 3)))
    first, second = posting.posted
    assert first.lines == (("A", "B", "EUA", 4, "EU", 1, 4, 1, 0),)
    assert second.lines == (("B", "C", "EUA", 3, "EU", 1, 3, first.number, 1),)


def test_where_units_are_promised_what_comes_in_comes_before_what_goes_out() -> None:
    """Else the promise would be uncovered between two waves, which the database refuses."""
    scene = issued(10)
    scene = scene.after(scene.post(transaction(move(SOURCE, B, 10))))
    hold = Hold(key="h", account=A, asset=EUA, count=8)
    promised = Position(count=10, held=8, lots=scene.positions["A", "EUA"].lots)
    scene = Scene(positions=scene.positions | {("A", "EUA"): promised}, holds={"h": hold}, number=3)
    posting = scene.post(
        transaction(move(B, C, 10)), transaction(move(C, A, 10)), transaction(move(A, B, 5))
    )
    waves = [{line.wave for line in each.lines} for each in posting.posted]
    assert waves == [{0}, {1}, {2}]


def test_a_transaction_that_is_refused_delays_nobody() -> None:
    """A holds a promise; what came to it for a moment, and went back, is not waited for."""
    scene = issued(10)
    hold = Hold(key="h", account=A, asset=EUA, count=1)
    promised = Position(count=10, held=1, lots=scene.positions["A", "EUA"].lots)
    scene = Scene(positions=scene.positions | {("A", "EUA"): promised}, holds={"h": hold}, number=3)
    posting = scene.post(
        transaction(move(SOURCE, A, 1), hold="h"), transaction(move(A, B, 1), key="next")
    )
    refused, posted = posting.decisions
    assert not isinstance(refused, Posted)
    assert isinstance(posted, Posted)
    assert [line.wave for line in posted.lines] == [0]


def test_a_batch_without_enough_numbers_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match="every transaction has a number"):
        post({}, [transaction(move(A, B, 1))], numbers=[])


def test_nouns_that_cannot_be_are_mistakes() -> None:
    for wrong in (
        lambda: move(A, B, 0),
        lambda: move(A, A, 1),
        lambda: Movement(source=A, target=B, asset=EUA, count=2, block=Block("EU", 1, 3)),
        lambda: Movement(source=A, target=B, asset=EUR, count=2, block=Block("EU", 1, 2)),
        lambda: Hold(key="h", account=A, asset=EUA, count=0),
        lambda: Transaction(key="k", kind="x", movements=(), because=("law",)),
        lambda: Transaction(key="", kind="x", movements=(move(A, B, 1),), because=("law",)),
        lambda: Transaction(key="k", kind="x", movements=(move(A, B, 1),), because=()),
    ):
        with pytest.raises(AssertionError):
            wrong()


def test_another_request_has_another_digest() -> None:
    one = transaction(move(A, B, 2))
    assert digest(one) == digest(transaction(move(A, B, 2), key="another"))
    others = [
        transaction(move(A, B, 3)),
        transaction(move(A, C, 2)),
        transaction(move(A, B, 2, ERU)),
        transaction(move(A, B, 2, first=1)),
        transaction(move(A, B, 2), hold="h"),
        transaction(move(A, B, 1), move(A, B, 1)),
    ]
    assert len({digest(each) for each in [one, *others]}) == len(others) + 1

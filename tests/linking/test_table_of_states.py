"""The table of states holds no row that could let two sides act on opposite decisions."""

from tonne.linking import FINAL, SILENCES, TURNS, Scope, State, silence, turn


def test_from_a_final_state_nothing_is_done_any_more() -> None:
    for row in TURNS:
        if row.state in FINAL[row.side]:
            assert row.becomes == row.state
            assert row.does == "nothing"
    assert not [row for row in SILENCES if row.state in FINAL[row.side]]


def test_every_state_that_is_not_final_has_somebody_to_wait_for() -> None:
    for row in TURNS:
        for state in (row.becomes, row.otherwise):
            if state is not None and state not in FINAL[row.side]:
                scopes: list[Scope] = ["one", "two"] if row.scope == "any" else [row.scope]
                assert all(silence(row.side, state, scope=scope) for scope in scopes), row


def test_the_log_cancels_only_before_the_giver_may_complete() -> None:
    cancelling = [row for row in SILENCES if row.becomes is State.CANCELLED]
    assert [(row.side, row.scope, row.state) for row in cancelling] == [
        ("log", "two", State.CHECKED)
    ]
    completing = [
        row for row in TURNS if row.side == "giver" and row.does == "move" and row.scope == "two"
    ]
    assert [row.word for row in completing] == [State.ACCEPTED]
    assert turn("log", State.ACCEPTED, State.CANCELLED, by="giver", scope="two") is None


def test_only_the_giver_decides_that_units_move() -> None:
    for row in TURNS:
        if row.does == "move" and row.side != "giver":
            assert row.word is State.COMPLETED


def test_a_word_is_heard_only_by_a_side_that_may_be_told_it() -> None:
    told = {(row.side, side, row.becomes) for row in TURNS for side in row.tells}
    told |= {(row.side, row.by, row.otherwise) for row in TURNS if row.otherwise is not None}
    told |= {(row.side, row.by, row.becomes) for row in TURNS if row.again}
    told |= {(row.side, side, row.becomes) for row in SILENCES for side in row.tells}
    # A person at the log may give up what a giver proposed that is gone.
    told |= {("log", side, State.CANCELLED) for side in ("giver", "taker")}
    # The giver begins, and the log hands a proposal on by saying that it is checked.
    told |= {("giver", "log", State.PROPOSED), ("log", "taker", State.PROPOSED)}
    heard = {(row.by, row.side, row.word) for row in TURNS}
    assert heard <= told
    assert told - heard <= {("log", "taker", State.CHECKED)}

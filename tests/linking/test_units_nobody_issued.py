"""Sentences about a giver that lies about what its units are, though it signs with its own key."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from kyoto_link import KEYS, LOG, LOG_KEY, Link3, three_registries
from tonne import operations
from tonne.ledger import Block
from tonne.linking import (
    KINDS,
    SAID_ANEW,
    UNITS,
    Letter,
    Move,
    Piece,
    Proposal,
    Proposed,
    Said,
    State,
    UnitCode,
    read_unit,
    sign,
)
from tonne.operations import Hearing, LogBooks
from tonne.refusal import Refused

OLD_AAU, LATER_CER = "AAU-2 AT:1", "CER-2 BR-7:1"
ERU, TCER, LCER = "ERU-AAU-1 AT-7/1", "tCER-1 BR-7/2012-12-31", "lCER-1 BR-7/2030-05-01"


@pytest.fixture(scope="module")
def link(tmp_path_factory: pytest.TempPathFactory) -> Link3:
    """Warsaw, Vienna, and Bonn, which issues for Brazil, and the log. Nothing is kept of a lie."""
    return three_registries(tmp_path_factory.mktemp("laws"))


def proposal(
    link: Link3, kind: str, unit: str, becomes: str | None = None, *, by: str = "AT",
    series: str = "AT", taker: str = "",
) -> Proposal:  # fmt: skip
    """A proposal about the first ten numbers of a series."""
    return Proposal(
        id=f"{by}-1001", kind=kind, giver=by, taker=taker or by, source=f"{by}-100-1-0-1",
        target=link.registries[taker or by].accounts.get("party", f"{by}-100-1-0-1"),
        pieces=(Piece(block=Block(series, 1, 10), unit=unit, becomes=becomes),), at=link.now,
    )  # fmt: skip


def lie(link: Link3, made: Proposal) -> list[int]:
    """A giver passes by all its own checks, and signs; what the log has against it.

    It had the units before, though the log would not have let all of them come.
    """
    (piece,) = made.pieces
    body = Proposed(proposal=made)
    letter = Letter(sender=made.giver, nonce=1001, addressee=LOG, at=link.now, body=body)
    raw = sign(letter, KEYS[made.giver])

    def heard(books: LogBooks) -> Hearing:
        if made.kind != "issue":
            books.correct(
                Move(piece.block, made.giver, piece.unit, "held"), reason="x", at=link.now
            )
        (found,) = operations.hear_at_log(books, [raw], key=LOG_KEY, at=link.now)
        state = books.standings([made.id])[made.id].state
        said = [each.body for each in books.waiting(LOG) if isinstance(each.body, Said)]
        assert [each.state for each in said] == [state], "the giver is told"
        assert (state is State.DISCREPANCY) == bool(found.refusals)
        assert [each.number for each in books.written()] == [e.number for e in found.refusals]
        return found

    found = link.log.run(heard, keep=False)
    assert found.receipt, "it was the giver's own word"
    return [each.number for each in found.refusals]


@pytest.mark.parametrize(
    ("by", "series", "unit", "rules"),
    [
        ("AT", "AT", "AAU-1 AT", []),
        ("AT", "AT", "RMU-1 AT/1", []),
        ("AT", "AT", "ALA", []),  # a unit of another scheme, in the series of its registry
        ("CDM", "BR", "CER-1 BR-7", []),
        ("CDM", "BR", TCER, []),
        ("CDM", "BR", LCER, []),
        # No kind, no period, no party, more or less than the kind says, no day, another alphabet.
        *(("AT", "AT", unit, [7551]) for unit in (
            "[/red] x", " ", "AAU", "AAU-1", "AAU AT", "AAU-0 AT", "AAU-1 AT ", "AAU-1 at",
            "AAU-1 AT-7", "AAU-1 AT/1", "RMU-1 AT", "RMU-1 AT/8", "XAU-1 AT", "AAU-1 AT:1",
            "AAU-1 AT:2", "ERU-AAU", "CER-1", "ALA AT", "\u0410AU-1 AT",
        )),
        *(("CDM", "BR", unit, [7551]) for unit in (
            "CER-1 BR", "CER-1 BR-0", "tCER-1 BR-7", "tCER-1 BR-7/2012-02-30", "lCER-1 BR-7/1",
            f"{TCER}/1",
        )),
        ("AT", "AT", "AAU-1 PL", [7552]),
        ("CDM", "BR", "CER-1 CL-7", [7552]),
        # A nation issues no credits, and who issues credits for another nothing else; no units
        # of a joint project are issued, nor what was carried over.
        *(("AT", "AT", unit, [7553]) for unit in (
            "CER-1 AT-7", "tCER-1 AT-7/2012-12-31", "lCER-1 AT-7/2030-01-01", ERU,
            "ERU-RMU-1 AT-7/2/1", OLD_AAU,
        )),
        *(("CDM", "BR", unit, [7553]) for unit in (
            "AAU-1 BR", "RMU-1 BR/1", "ERU-AAU-1 BR-7/1", LATER_CER, "ALA",
        )),
        ("AT", "AT", "CER-1 BR-7", [7552, 7553]),
        ("AT", "BR", "CER-1 BR-7", [7534]),
    ],
)  # fmt: skip
def test_nobody_issues_what_is_not_theirs_though_they_sign_it(
    link: Link3, by: str, series: str, unit: str, rules: list[int]
) -> None:
    assert lie(link, proposal(link, "issue", unit, by=by, series=series)) == rules


@pytest.mark.parametrize(
    ("kind", "unit", "becomes", "rules"),
    [
        ("convert", "AAU-1 AT", ERU, []),
        ("convert", "RMU-1 AT/1", "ERU-RMU-1 AT-7/2/1", []),
        ("convert", OLD_AAU, "ERU-AAU-2 AT-7/1:1", []),
        ("convert", "ALA", "RUA", []),
        ("carry_over", "AAU-1 AT", OLD_AAU, []),
        ("carry_over", OLD_AAU, "AAU-3 AT:1", []),
        ("carry_over", "CER-1 BR-7", LATER_CER, []),
        ("carry_over", ERU, "ERU-AAU-2 AT-7/1:1", []),
        ("carry_over", "ALA", "ALB", []),
        ("change_expiry", TCER, "tCER-1 BR-7/2017-12-31", [7556]),
        ("change_expiry", LCER, "lCER-1 BR-7/2031-05-01", [7556]),
        ("convert", "AAU-1 AT", "CER-1 BR-999", [7552, 7554]),
        ("change_expiry", "AAU-1 AT", "lCER-1 BR-9/2030-01-01", [7552, 7554]),
        ("convert", "AAU-1 AT", "[/red] x", [7551]),
        *(("convert", "AAU-1 AT", becomes, [7554]) for becomes in (
            "CER-1 AT-7", "RMU-1 AT/1", "AAU-1 AT", "ERU-AAU-1 AT-7", "ERU-AAU-2 AT-7/1",
            "ERU-AAU-2 AT-7/1:1", "ERU-RMU-1 AT-7/1/1", "ALA", "lCER-1 AT-7/2030-01-01",
        )),
        ("convert", "RMU-1 AT/1", "ERU-RMU-1 AT-7/2/2", [7554]),
        ("convert", "RMU-1 AT/1", ERU, [7554]),
        ("convert", ERU, "ERU-AAU-1 AT-8/2", [7554]),
        ("convert", "ALA", "CER-1 AT-7", [7554]),
        *(("carry_over", unit, becomes, [7554]) for unit, becomes in (
            ("AAU-1 AT", "AAU-2 AT"), ("AAU-1 AT", "AAU-3 AT:1"), ("AAU-1 AT", "CER-2 AT-7:1"),
            ("RMU-1 AT/1", "RMU-2 AT/1:1"), ("ERU-RMU-1 AT-7/2/1", "ERU-RMU-2 AT-7/2/1:1"),
            (ERU, "ERU-AAU-2 AT-7/2:1"), ("CER-1 BR-7", "CER-2 BR-8:1"), ("AAU-1 AT", "AAU-1 AT"),
            (TCER, "tCER-2 BR-7/2012-12-31:1"), (LCER, "lCER-2 BR-7/2030-05-01:1"),
        )),
        *(("change_expiry", unit, becomes, [7554]) for unit, becomes in (
            (TCER, "tCER-1 BR-8/2017-12-31"), (TCER, "lCER-1 BR-7/2017-12-31"),
            (TCER, "CER-1 BR-7"), (TCER, "tCER-1 BR-7"), ("ALA", "ALB"),
            ("CER-1 BR-7", "tCER-1 BR-7/2017-12-31"),
            (TCER, "tCER-2 BR-7/2017-12-31:1"), (ERU, ERU),
        )),
    ],
)  # fmt: skip
def test_units_become_nothing_but_what_the_change_makes_of_them_though_it_is_signed(
    link: Link3, kind: str, unit: str, becomes: str, rules: list[int]
) -> None:
    series = unit.partition(" ")[2][:2] or "AT"
    assert lie(link, proposal(link, kind, unit, becomes, series=series)) == rules


def test_units_are_converted_by_the_registry_of_their_series_only(link: Link3) -> None:
    eru = "ERU-AAU-1 PL-7/1"
    assert lie(link, proposal(link, "convert", "AAU-1 PL", eru, series="PL")) == [7555]
    assert lie(link, proposal(link, "convert", "AAU-1 PL", eru, series="PL", by="PL")) == []
    # Whoever holds them carries them over.
    assert lie(link, proposal(link, "carry_over", "AAU-1 PL", "AAU-2 PL:1", series="PL")) == []


@pytest.mark.parametrize(
    ("unit", "series", "rules"),
    [
        ("AAU-1 AT", "AT", []),
        ("CER-1 BR-7", "BR", []),
        ("CER-1 AT-7", "AT", [3224]),  # Austria hosts no project whose credits are issued
        ("lCER-1 AT-9/2030-01-01", "AT", [3224]),
        ("[/red] x", "AT", [3006]),
        ("ALA", "AT", [3006]),
        ("AAU-9 AT", "AT", [3006]),
        ("AAU-1", "AT", [3201]),
        ("AAU-1 AT/1", "AT", [3201]),
        ("CER-1 BR-7", "AT", [7532]),
    ],
)
def test_a_taker_takes_no_units_that_its_own_law_does_not_know_though_the_log_hands_them_on(
    link: Link3, unit: str, series: str, rules: list[int]
) -> None:
    made = proposal(link, "transfer", unit, series=series, taker="PL")
    letter = Letter(sender=LOG, nonce=1, addressee="PL", at=link.now, body=Proposed(proposal=made))
    warsaw, raw = link.registries["PL"], sign(letter, LOG_KEY)

    def heard(books: operations.Books) -> tuple[list[int], bool]:
        before = {asset.code for asset in books.assets()}
        desk = warsaw.desk(link.now)
        operations.hear_from_log(books, warsaw.scheme, [raw], key=KEYS["PL"], desk=desk)
        found = books.standings([made.id])[made.id]
        assert found.state is (State.REJECTED if rules else State.ACCEPTED)
        reasons = [each.number for each in found.reasons]
        return reasons, {asset.code for asset in books.assets()} <= before | {"AAU-1 AT"}

    told, unknown = warsaw.store.run(heard, keep=False)
    assert told == rules
    assert unknown or not rules, "what is refused is not known afterwards"


def test_nor_does_a_person_write_such_units_into_the_line_of_the_log(link: Link3) -> None:
    for unit, number in (("[/red] x", 7551), ("AAU-1 PL", 7552)):
        words: dict[str, Any] = {"block": Block("AT", 1, 9), "holder": "AT", "unit": unit}
        with pytest.raises(Refused) as no:
            link.at_log(partial(operations.correct_line, **words, reason="x", at=link.now))
        assert [each.number for each in no.value.refusals] == [number]


def test_the_table_of_units_is_whole() -> None:
    assert {name for name, kind in KINDS.items() if kind.changes} == SAID_ANEW.keys()
    for row in UNITS.values():
        assert row.becomes.keys() <= SAID_ANEW.keys()
        assert {*row.becomes.values()} <= UNITS.keys()


def test_the_log_reads_a_code_as_the_law_of_the_registries_writes_it(link: Link3) -> None:
    kinds = link.registries["CDM"].scheme.on(link.now.date()).units
    assert {code.rpartition("-")[0] for code in kinds} == UNITS.keys()
    for code, kind in kinds.items():
        row = UNITS[code.rpartition("-")[0]]
        assert tuple(name for name in kind.origin if name != "party") == row.says
    told: Mapping[str, str] = {
        "party": "PL", "period": "2", "project": "24", "track": "2", "activity": "1",
        "original": "1",
    }  # fmt: skip
    assert read_unit("ERU-RMU-2 PL-24/2/1:1") == UnitCode("ERU-RMU", told)
    assert read_unit("ALA\n") is read_unit("AAU-1 AT\n") is None

"""Sentences about the commands of nations and credits, and about the replay of the CDM registry."""

from pathlib import Path

import pytest

from block_tables import CANCELLED, ISSUED
from tonne.operations import SHAPES
from town import Said, Tonne

ON = ("--on", "2014-06-01")
WARSAW, PENDING = "PL-100-1-0-45", "CDM-110-2-0-8"


@pytest.fixture
def kyoto(tonne: Tonne, monkeypatch: pytest.MonkeyPatch) -> Tonne:
    monkeypatch.setenv("TONNE_SCHEME", "kyoto_cp1")

    def give(*words: object) -> Said:
        on = () if "--on" in words else ON
        return tonne(*words, *on, "--json")

    assert give("account", "found").code == 0
    assert give("nation", "found", "pl").data["accounts"]["party"] == WARSAW
    return give


def issue(kyoto: Tonne, count: int = 100) -> Said:
    return kyoto("nation", "issue", "--unit", "AAU-1 PL", "--count", count)


def test_a_nation_issues_converts_retires_and_carries_over(kyoto: Tonne) -> None:
    assert issue(kyoto).data["count"] == 100
    own = ("--account", WARSAW, "--unit", "AAU-1 PL")
    said = kyoto("nation", "convert", *own, "--project", 24, "--track", 2, "--block", "PL-41-50")
    assert said.data["count"] == 10
    assert kyoto("nation", "retire", *own, "--count", 60).code == 0
    assert kyoto("nation", "end", "cancel_net_source", *own, "--count", 3).code == 0
    after = ("--on", "2015-11-19")
    assert kyoto("nation", "carry-over", *own, "--count", 7, *after).code == 0
    held = kyoto("statement", WARSAW).data["holdings"]
    assert held == {"AAU-1 PL": 20, "ERU-AAU-1 PL-24/2": 10}


def test_a_number_is_found_as_registries_of_nations_write_it(kyoto: Tonne, tonne: Tonne) -> None:
    issue(kyoto)
    told = tonne("history", "PL-1-41-50-1-1-0-0", "--json").data
    assert (told["unit"], told["holder"]) == ("AAU-1 PL", WARSAW)
    assert told["steps"] == tonne("history", "PL-41", "--json").data["steps"]
    assert tonne("history", "PL-1-50-41-1-1-0-0", "--json").numbers == [9020]


def test_a_nation_cannot_issue_more_than_it_was_assigned(kyoto: Tonne) -> None:
    assert issue(kyoto, 2_648_181_039).numbers == [3500]


def test_removal_units_are_issued_for_what_a_review_found(kyoto: Tonne) -> None:
    words = ("nation", "issue", "--unit", "RMU-1 PL/3", "--count", 10)
    assert kyoto(*words).numbers == [6106]
    found = ("nation", "removals", "pl", "--activity", 3, "--tonnes", 10)
    assert kyoto(*found, "--report", " ").code == 2
    assert kyoto(*found, "--report", "FCCC/ARR/2014/POL").code == 0
    assert kyoto(*words).code == 0
    assert kyoto(*words).numbers == [3500]
    emitted = ("--activity", 2, "--tonnes", "-4", "--report", "R")
    assert kyoto("nation", "removals", "pl", *emitted).code == 0


def test_a_key_that_is_used_again_is_answered_as_before(kyoto: Tonne) -> None:
    words = ("nation", "issue", "--unit", "AAU-1 PL", "--count", 10, "--key", "once")
    assert [kyoto(*words).data["repeated"] for _ in range(2)] == [False, True]


def test_credits_are_issued_and_forwarded(kyoto: Tonne) -> None:
    project = ("--project", "BR-7", "--report", 3, "--certified", 1000, "--year", 2012)
    verified = ("--verifier", "DOE Ltd", "--key", "once")
    bad = kyoto(
        "credit", "issue", *project, *verified, "--judgement", "not_verified", "--comment", "no"
    )
    assert bad.numbers == [3208]
    assert kyoto("credit", "issue", *project, "--verifier", " ").code == 2
    said = kyoto("credit", "issue", *project, *verified)
    again = kyoto("credit", "issue", *project, *verified)
    assert again.data == said.data | {"repeated": True}
    assert (said.data["participants"], said.data["adaptation"]) == (980, 20)
    # 1,000 x 0.10
    assert said.data["fee"] == {"amount": "100.00", "currency": "USD"}
    words = ("--from", PENDING, "--to", WARSAW, "--unit", "CER-1 BR-7", "--count", 30)
    assert kyoto("credit", "forward", *words).code == 0
    ours = ("cancel", "--account", WARSAW, "--unit", "CER-1 BR-7", "--count", 5)
    assert kyoto(*ours, "--purpose", "a flight").code == 2
    said = kyoto(*ours, "--for", "Ana", "--purpose", "a flight")
    assert (said.data["beneficiary"], said.data["purpose"]) == ("Ana", "a flight")
    assert kyoto("statement", WARSAW).data["holdings"] == {"CER-1 BR-7": 25}


def test_what_the_law_of_a_scheme_lacks_is_refused_with_a_sentence(kyoto: Tonne) -> None:
    said = kyoto("close", "2010")
    assert said.numbers == [9003]
    assert "compliance.toml" in SHAPES
    assert "it has no compliance.toml" in said.data["refusals"][0]["message"]


def test_a_unit_without_its_origin_is_refused_at_the_desk(kyoto: Tonne) -> None:
    assert kyoto("nation", "issue", "--unit", "AAU-1", "--count", 1).numbers == [3201]


def test_the_registry_is_replayed_and_a_second_run_does_nothing(
    tonne: Tonne, tmp_path: Path
) -> None:
    (tmp_path / "issuance_transactions.csv").write_text(ISSUED, encoding="utf-8")
    (tmp_path / "cancellation_transactions.csv").write_text(CANCELLED, encoding="utf-8")
    words = ("replay", "cdm", "--data", tmp_path, "--database", "tonne_test_cdm")
    said = tonne(*words, "--json")
    assert said.code == 0
    told = said.data
    assert isinstance(told["seconds"], float), "a time is a number"
    assert (told["issued_blocks"], told["issued_units"], told["cancelled_units"]) == (3, 190, 70)
    assert (told["refused"], told["remaining_units"], told["repeated"]) == (0, 120, 0)
    assert tonne(*words, "--keep", "--json").data["repeated"] == 6
    shown = tonne(*words, "--keep")
    assert shown.out.startswith("CDM registry: 190 units issued in 3 blocks, 70 cancelled in 3")
    assert tonne("check", "--database", "tonne_test_cdm").code == 0
    assert tonne(*words, "--json").data["repeated"] == 0, "the books of a replay are made anew"


def test_a_faulty_table_of_blocks_is_refused_before_the_books_are_opened(
    tonne: Tonne, tmp_path: Path
) -> None:
    (tmp_path / "issuance_transactions.csv").write_text(ISSUED, encoding="utf-8")
    said = tonne("replay", "cdm", "--data", tmp_path, "--database", "tonne_test_cdm", "--json")
    assert said.numbers == [4600]


def test_a_replay_of_a_scheme_needs_its_years(tonne: Tonne) -> None:
    said = tonne("replay", "eu_ets")
    assert said.code == 2
    assert "Which years?" in said.err


def test_long_term_credits_are_given_another_last_day(kyoto: Tonne) -> None:
    report = (
        "--project",
        "MD-515",
        "--report",
        1,
        "--year",
        2012,
        "--certified",
        100,
        "--verifier",
        "DOE Ltd",
    )
    assert kyoto("credit", "issue", *report, "--unit", "lCER-1/2031-05-01").code == 0
    words = ("--account", PENDING, "--unit", "lCER-1 MD-515/2031-05-01", "--count", 8)
    assert kyoto("nation", "change-expiry", *words, "--expiry", "2041-05-01").code == 0
    assert kyoto("statement", PENDING).data["holdings"]["lCER-1 MD-515/2041-05-01"] == 8
    assert kyoto("nation", "change-expiry", *words, "--expiry", "soon").code == 2

"""Sentences about the commands that write down findings, and tell what nations owe."""

import pytest

from town import Said, Tonne

VIENNA, PENDING = "AT-100-1-0-34", "CDM-110-2-0-8"
LCER = "lCER-1 MD-515/2031-05-01"


@pytest.fixture
def vienna(tonne: Tonne, monkeypatch: pytest.MonkeyPatch) -> Tonne:
    """Vienna has retired 40 long-term units."""
    monkeypatch.setenv("TONNE_SCHEME", "kyoto_cp1")

    def give(*words: object, on: str = "2014-06-01") -> Said:
        return tonne(*words, "--on", on, "--json")

    assert give("account", "found").code == 0
    own = give("nation", "found", "AT").data["accounts"]["party"]
    report = ("--project", "MD-515", "--report", 1, "--certified", 100, "--year", 2012)
    assert (
        give("credit", "issue", *report, "--verifier", "DOE", "--unit", "lCER-1/2031-05-01").code
        == 0
    )
    path = ("--from", PENDING, "--to", own, "--unit", LCER, "--count", 60)
    assert give("credit", "forward", *path).code == 0
    assert give("nation", "retire", "--account", own, "--unit", LCER, "--count", 40).code == 0
    return give


def test_a_reversal_makes_a_duty_that_is_seen_until_it_is_discharged(vienna: Tonne) -> None:
    free = ("--tonnes", 30, "--outstanding", 160, "--key", "once")
    said = vienna("nation", "reversal", "md-515", *free)
    assert said.data["repeated"] is False
    assert vienna("nation", "reversal", "md-515", *free).data["repeated"] is True
    told = vienna("nation", "duties", "AT").data
    assert [(each["cause"], each["due"], each["open"]) for each in told["duties"]] == [
        ("reversal", "2014-07-01", 8),
        ("lcer_expiry", "2031-05-01", 32),
    ]
    assert (told["open"], told["overdue"]) == (40, 0)
    assert vienna("nation", "duties", "AT", on="2014-07-02").data["overdue"] == 8
    assert vienna("nation", "issue", "--unit", "AAU-1 AT", "--count", 10).code == 0
    own = vienna("nation", "found", "AT").data["accounts"]["party"]
    words = ("--account", own, "--unit", "AAU-1 AT", "--count", 8)
    assert vienna("nation", "end", "replace_lcer_reversal", *words).code == 0
    assert vienna("nation", "duties", "AT", on="2014-07-02").data["overdue"] == 0


def test_a_missing_report_is_written_down(vienna: Tonne) -> None:
    assert vienna("nation", "report-missing", "MD-515").code == 0
    (duty,) = vienna("nation", "duties", "AT").data["duties"]
    assert (duty["cause"], duty["open"]) == ("report", 40)


def test_no_more_is_set_free_than_was_stored(vienna: Tonne) -> None:
    said = vienna("nation", "reversal", "MD-515", "--tonnes", 2, "--outstanding", 1)
    assert said.code == 2
    assert "No more is set free" in said.out + said.err


def test_a_nation_trades_once_it_has_shown_enough_and_keeps_its_reserve(vienna: Tonne) -> None:
    own = vienna("nation", "found", "AT").data["accounts"]["party"]
    there = vienna("nation", "found", "PL").data["accounts"]["party"]
    assert vienna("nation", "issue", "--unit", "AAU-1 AT", "--count", 1000).code == 0
    sale = ("--from", own, "--to", there, "--unit", "AAU-1 AT", "--count", 100)
    # Nothing shown, and nine tenths of 343,866,009 units are more than Vienna has.
    assert vienna("transfer", *sale).numbers == [6121, 6120, 6121]
    assert vienna("nation", "shown", "PL", "--cleared", "2008-04-05").code == 0
    assert vienna("nation", "shown", "AT", "--cleared", "2008-04-05").code == 0
    assert vienna("transfer", *sale).numbers == [6120]
    assert vienna("nation", "review", "AT", "--year", 2012, "--tonnes", "150.5").code == 0
    assert vienna("transfer", *sale).code == 0


@pytest.mark.parametrize("words", [("--met", "party, luck"), ("--cleared", "soon")])
def test_what_a_nation_cannot_show_is_refused(vienna: Tonne, words: tuple[str, str]) -> None:
    assert vienna("nation", "shown", "AT", *words).code == 2


def test_a_nation_plans_what_to_retire_and_is_judged_at_the_end_of_the_period(
    vienna: Tonne,
) -> None:
    own = vienna("nation", "found", "PL").data["accounts"]["party"]
    unit = ("--account", own, "--unit", "AAU-1 PL")
    assert vienna("nation", "issue", "--unit", "AAU-1 PL", "--count", 1000).code == 0
    assert vienna("nation", "plan", "PL").numbers == [6103]
    for year in range(2008, 2013):
        words = ("--year", year, "--tonnes", "100.2")
        assert vienna("nation", "review", "PL", *words).code == 0
    assert vienna("nation", "retire", *unit, "--count", 400).code == 0
    told = vienna("nation", "plan", "pl").data
    assert (told["emissions"], told["counted"], told["retire"]) == (501, 400, [["AAU-1", 101]])
    assert vienna("nation", "plan", "PL", "--order", "CER-1").data["missing"] == 101
    assert vienna("nation", "judge", "PL").numbers == [6141]
    once = ("nation", "judge", "pl", "--key", "once")
    said = vienna(*once, on="2015-11-19").data
    # 101 x 1.3 = 131.3
    assert said["outcomes"]["PL"] == {
        "emissions": 501, "retired": 400, "late": 0, "excess": 101, "deduction": 132,
    }  # fmt: skip
    assert (said["met"], said["suspends"], said["from_projects"]) == (False, "transfer", 0)
    assert vienna(*once, on="2015-11-19").data["repeated"] is True
    for party, number in (("PL", 6142), ("AT", 6140), ("EU", 6103)):
        assert vienna("nation", "judge", party, on="2015-11-19").numbers == [number]

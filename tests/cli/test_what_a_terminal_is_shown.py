"""Sentences about what a person's terminal is shown of what others wrote."""

import json

import pytest

from tonne.cli import show

FORGED = "a\x1b[2J\x9b31m\r\x07\u202eb"
SHOWN = "a[2J31mb"


def test_no_text_of_others_commands_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    table = show.Table(title=FORGED, columns=("Why",), rows=[[FORGED]])
    show.tell(FORGED, table, hint=FORGED)
    show.note(FORGED)
    show.complain(FORGED)
    told = capsys.readouterr()
    assert told.out.count(SHOWN) == 5
    assert told.err == f"{SHOWN}\n"
    assert not {*told.out} & {*FORGED} - {*SHOWN}


def test_a_program_is_told_every_character_and_a_terminal_obeys_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show.as_json({"text": FORGED})
    told = capsys.readouterr().out
    assert json.loads(told) == {"text": FORGED}
    assert not {*told} & {*FORGED} - {*SHOWN}


def test_letters_of_every_script_are_shown() -> None:
    for text in ("Größe", "東京", "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627", "a\nb"):
        assert show.in_cell(text) == text


def test_no_text_of_a_table_for_programs_is_a_formula(capsys: pytest.CaptureFixture[str]) -> None:
    show.as_csv(("name", "count"), [("=HYPERLINK(1)", -5), ("  +1", 2), ("Steel", 3)])
    assert capsys.readouterr().out.splitlines() == [
        "name,count", "'=HYPERLINK(1),-5", "'  +1,2", "Steel,3",
    ]  # fmt: skip

"""Sentences about people at the desk: a registry begins, and two hands do what one may not."""

import json
from pathlib import Path

import pytest

from town import Books, Said, Tonne, Town

ON = ("--on", "2026-03-02")
LATER = ("--on", "2026-03-12")


class Desk:
    """The town's registry with its people, by name, and what they propose."""

    def __init__(self, tonne: Tonne, town: Town) -> None:
        self.tonne, self.town = tonne, town
        begun = tonne(
            "person", "begin", "--senior", "Sara <sara@xe.example>", "--senior",
            "Ola <ola@xe.example>", *ON, "--json",
        )  # fmt: skip
        assert begun.code == 0, begun
        self.codes = {each["name"]: each["person"] for each in begun.data["people"]}

    def enrol(self, name: str) -> str:
        """Somebody whom Sara registers, validates and enrols."""
        mail = f"{name} <{name.lower()}@x.example>"
        code: str = self.by("Sara", "person", "register", mail).data["person"]
        for event in ("validate", "enrol"):
            assert self.by("Sara", "person", "turn", code, event).data["person"] == code
        self.codes[name] = code
        return code

    def agreed(self, *words: str) -> None:
        """What Sara proposes and Ola approves."""
        made = self.by("Sara", "proposal", "new", *words)
        assert made.code == 0, made
        done = self.by("Ola", "proposal", "approve", made.data["proposal"])
        assert (done.code, done.data["state"]) == (0, "completed"), done

    def by(self, name: str, *words: str, on: tuple[str, str] = ON) -> Said:
        """What somebody says at the desk."""
        return self.tonne(*words, "--person", self.codes[name], *on, "--json")


@pytest.fixture
def desk(tonne: Tonne, town: Town) -> Desk:
    """The registry, with Ann and Bob who act for the steelworks."""
    found = Desk(tonne, town)
    made = found.by("Sara", "person", "holder", "Steel Ltd", "--country", "SI")
    found.codes["Steel"] = made.data["holder"]["code"]
    found.agreed("hand_over", f"account={town.steel}", f"holder={found.codes['Steel']}")
    for name in ("Ann", "Bob"):
        code = found.enrol(name)
        found.agreed(
            "appoint", f"account={town.steel}", f"person={code}", "right=initiate_and_approve"
        )
    return found


def test_two_hands_move_units_to_a_trusted_account(desk: Desk, tonne: Tonne, town: Town) -> None:
    transfer = (
        "proposal", "new", "transfer", f"account={town.steel}", f"target={town.kiln}",
        "unit=EXA-1", "block=EX-1-1-10", "count=10",
    )  # fmt: skip
    assert desk.by("Ann", *transfer).numbers == [2507]
    trust = desk.by("Ann", "proposal", "new", "trust", f"account={town.steel}",
                    f"target={town.kiln}", "description=kiln").data["proposal"]  # fmt: skip
    assert desk.by("Ann", "proposal", "approve", trust).numbers == [1206]
    assert desk.by("Bob", "proposal", "approve", trust).data["state"] == "completed"
    assert desk.by("Ann", *transfer).numbers == [2507]
    told = desk.by("Ann", *transfer, "--dry-run", on=LATER)
    assert told.data["second"] is True
    made = desk.by("Ann", *transfer, on=LATER).data
    assert (made["state"], made["wish"]["count"]) == ("awaiting_approval", 10)
    listed = tonne("proposal", "list", "--person", desk.codes["Bob"], *LATER, "--json").data
    assert [each["proposal"] for each in listed["proposals"]] == [made["proposal"]]
    assert desk.by("Bob", "proposal", "approve", made["proposal"], on=LATER).code == 0
    assert tonne("proposal", "carry-out", "--on", "2026-03-20").code == 0
    shown = tonne("proposal", "show", made["proposal"], *LATER, "--json").data
    assert (shown["state"], shown["by"]) == ("completed", desk.codes["Ann"])
    assert tonne("account", "show", town.kiln, *LATER, "--json").data["holdings"] == {"EXA-1": 60}
    assert tonne("check").code == 0


def test_who_refuses_says_why(desk: Desk, town: Town) -> None:
    made = desk.by("Ann", "proposal", "new", "cancel_voluntarily", f"account={town.steel}",
                   "unit=EXA-1", "count=5", "beneficiary=A. Nand").data["proposal"]  # fmt: skip
    assert desk.by("Bob", "proposal", "reject", made, "--comment", " ").numbers == [1208]
    rejected = desk.by("Bob", "proposal", "reject", made, "--comment", "too many").data
    assert (rejected["state"], rejected["steps"][-1]["comment"]) == ("rejected", "too many")
    assert desk.by("Ann", "proposal", "cancel", made, "--comment", "mine").numbers == [3302]


def test_what_was_delayed_is_stopped_by_a_freeze(desk: Desk, tonne: Tonne, town: Town) -> None:
    desk.agreed("set_rules", f"account={town.steel}", "outside_list=true")
    made = desk.by("Ann", "proposal", "new", "transfer", f"account={town.steel}",
                   f"target={town.ana}", "unit=EXA-1", "count=60").data["proposal"]  # fmt: skip
    assert desk.by("Bob", "proposal", "approve", made).data["state"] == "delayed"
    frozen = desk.by("Sara", "person", "freeze", town.steel, "--reason", "theft reported")
    assert frozen.data["frozen"] == town.steel
    due = tonne("proposal", "carry-out", *LATER, "--json").data["proposals"]
    assert [(each["proposal"], each["state"]) for each in due] == [(made, "terminated")]
    assert due[0]["steps"][-1]["refusals"] == [1004]
    desk.agreed("change_status", f"account={town.steel}", "change=restore", "reason=over")
    everything = desk.by("Ola", "person", "freeze", "--reason", "an attack")
    assert everything.data["frozen"] == "example"
    asked = ("proposal", "new", "distrust", f"account={town.steel}", f"target={town.kiln}")
    assert desk.by("Ann", *asked).numbers == [1209, 1218]
    desk.agreed("unfreeze", "reason=it is over")


def test_people_and_holders_are_shown(desk: Desk, tonne: Tonne, town: Town, tmp_path: Path) -> None:
    paper = tmp_path / "register.pdf"
    paper.write_bytes(b"Steel Ltd")
    seen = desk.by("Sara", "person", "document", desk.codes["Steel"], str(paper)).data["holder"]
    assert [(each["name"], each["size"]) for each in seen["documents"]] == [("register.pdf", 9)]
    holder = tonne("person", "show", desk.codes["Steel"], *ON, "--json").data
    assert holder["accounts"][0]["account"] == town.steel
    ann = tonne("person", "show", desk.codes["Ann"], *ON)
    assert "Ann <ann@x.example> is enrolled." in ann.out
    assert "initiate and approve" in ann.out
    people = tonne("person", "list", *ON, "--json").data["people"]
    assert [each["name"] for each in people] == ["Sara", "Ola", "Ann", "Bob"]
    acting = tonne("person", "account", town.steel, *ON, "--json").data
    assert {each["person"] for each in acting["representatives"]} == {
        desk.codes["Ann"], desk.codes["Bob"],
    }  # fmt: skip
    assert acting["holder"] == desk.codes["Steel"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fly", "count=3"), "Nobody proposes to 'fly'"),
        (("trust", "account"), "'account' is no field with its value"),
        (("trust", "account=a", "target=b", "colour=red"), "colour"),
        (("issue", "year=soon", "unit=EXA-1", "count=3"), "int"),
        (("transfer", "account=a", "target=b", "unit=u", "count=1", "block=7"), "no block"),
    ],
)
def test_a_wish_that_is_miswritten_is_told_so(
    tonne: Tonne, town: Town, books: Books, words: tuple[str, ...], said: str
) -> None:
    del town
    before = books()
    found = tonne("proposal", "new", *words, "--person", "usr_x", *ON, "--json")
    assert found.code == 2
    assert said in json.dumps(found.data)
    assert books() == before


def test_a_person_is_named_with_an_address(tonne: Tonne, town: Town) -> None:
    del town
    said = tonne("person", "begin", "--senior", "Sara", "--senior", "Ola", *ON, "--json")
    assert said.code == 2
    assert "no name with an address" in said.data["detail"]
    one = tonne("person", "begin", "--senior", "Sara <s@x.example>", *ON, "--json")
    assert one.numbers == [1223]


def test_every_verb_is_listed_with_its_fields(tonne: Tonne) -> None:
    found = tonne("proposal", "verbs", "--json").data
    assert found["transfer"] == ["account", "target", "unit", "count", "[block]"]
    assert "[beneficiary]" in tonne("proposal", "verbs").out


def test_a_table_is_proposed_from_its_file(desk: Desk, tmp_path: Path) -> None:
    for name in ("Olga", "Oto"):
        desk.agreed("take_position", f"person={desk.enrol(name)}", "position=authority")
    file = tmp_path / "allocation-2026.csv"
    file.write_text("operator_id,year,count\nCASTLE,2026,4\nSTEEL,2026,x\n", encoding="utf-8")
    said = ("proposal", "new", "allocate", "unit=EXA-1", f"rows={file}")
    assert desk.by("Olga", *said).numbers == [4452]
    file.write_text("operator_id,year,count\nCASTLE,2026,4\n", encoding="utf-8")
    found = desk.by("Olga", *said)
    assert found.numbers == [4013]
    assert "Row 2: there is no operator CASTLE." in json.dumps(found.data)
    gone = desk.by("Olga", *said[:-1], f"rows={tmp_path}/none.csv")
    assert (gone.code, "There is no file" in gone.data["detail"]) == (2, True)


def test_money_that_is_asked_back_is_the_withdrawal_that_the_bank_confirms(
    desk: Desk, tonne: Tonne, town: Town
) -> None:
    paid = ("cash", "deposit", town.steel, "500.00", "--reference", "SEPA-1", *ON, "--json")
    assert tonne(*paid).code == 0
    asked = ("proposal", "new", "ask_withdrawal", f"account={town.steel}", "amount=120.50",
             "currency=EUR")  # fmt: skip
    assert desk.by("Ann", *asked).data["state"] == "completed"
    told = tonne("cash", "statement", town.steel, *ON, "--json").data
    (waiting,) = told["withdrawals"]
    number = str(waiting["number"])
    done = tonne("cash", "confirm", number, "--reference", "SEPA-2", *ON, "--json")
    assert done.code == 0, done
    assert tonne("cash", "statement", town.steel, *ON, "--json").data["withdrawals"] == []

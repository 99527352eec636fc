"""Sentences about what an administrator does at the machine: enrol, recover, end, bar, keys."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, OKPKey

from tonne.signin import Trace
from tonne.store import TrailStore
from town import Books, Tonne


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the key of the test lies, which nobody has made."""
    file = tmp_path / "home" / "signin.key"
    monkeypatch.setenv("TONNE_SIGNIN_KEY", str(file))
    return file


def enrol(tonne: Tonne, login: str, *more: str) -> str:
    said = tonne("signin", "enrol", login, "--name", login.title(), *more, "--json")
    assert said.code == 0, said
    return str(said.data["person"]["code"])


def test_who_is_enrolled_is_told_a_code_once_and_the_key_is_made_with_the_first(
    tonne: Tonne, key_file: Path
) -> None:
    said = tonne("signin", "enrol", "Ana@Example.org", "--name", "Ana Novak", "--json")
    assert said.data["person"]["login"] == "ana@example.org"
    assert len(said.data["code"].split("-")) == 6
    assert len(bytes.fromhex(key_file.read_text().split()[0])) == 32
    assert key_file.stat().st_mode & 0o777 == 0o600
    key = key_file.read_text()
    told = tonne("signin", "enrol", "bo@example.org", "--name", "Bo")
    assert told.out.startswith("bo@example.org is usr_")
    assert "good once, until" in told.out
    assert key_file.read_text() == key
    listed = tonne("signin", "people", "--json").data["people"]
    assert [each["name"] for each in listed] == ["Ana Novak", "Bo"]
    assert "code" not in str(tonne("signin", "events", "--json").data["events"][0]["what"])


def test_a_key_that_is_missing_is_not_made_anew_once_people_are_enrolled(
    tonne: Tonne, key_file: Path
) -> None:
    enrol(tonne, "ana")
    key_file.unlink()
    said = tonne("signin", "enrol", "bo", "--name", "Bo", "--json")
    assert (said.code, said.data["title"]) == (2, "Not possible")
    assert "is missing" in said.data["detail"]
    assert not key_file.exists()
    assert len(tonne("signin", "people", "--json").data["people"]) == 1


@pytest.mark.parametrize(("text", "mode"), [("short", 0o600), ("0" * 64, 0o644), ("z" * 64, 0o600)])
def test_a_file_that_is_no_key_or_that_others_can_read_is_refused(
    tonne: Tonne, key_file: Path, text: str, mode: int
) -> None:
    key_file.parent.mkdir()
    key_file.write_text(text)
    key_file.chmod(mode)
    said = tonne("signin", "enrol", "ana", "--name", "Ana", "--json")
    assert (said.code, said.data["title"]) == (2, "Not possible")
    assert tonne("signin", "people", "--json").data["people"] == []


def test_two_administrators_recover_and_one_does_not(tonne: Tonne) -> None:
    ana = enrol(tonne, "ana")
    eva = enrol(tonne, "eva", "--administrator")
    enrol(tonne, "mei", "--administrator")
    words = ("signin", "reset", "ana", "--reason", "phone lost", "--by")
    assert tonne(*words, "ana", "--json").numbers == [9170]
    asked = tonne(*words, eva, "--json").data["id"]
    agree = ("signin", "agree", asked, "--by")
    assert tonne(*agree, "eva", "--json").numbers == [9171]
    said = tonne(*agree, "mei", "--json").data
    assert said["person"]["code"] == ana
    assert said["signs_from"] > said["until"]
    assert tonne(*agree, "mei", "--json").numbers == [9172]
    (kept,) = tonne("signin", "recoveries", "--json").data["recoveries"]
    assert (kept["id"], kept["asked_by"]) == (asked, eva)
    kinds = [
        each["kind"]
        for each in tonne("signin", "events", "--person", "ana", "--json").data["events"]
    ]
    assert kinds[-3:] == ["recovery asked", "recovery agreed", "enrolment code made"]


def test_a_new_code_is_told_to_who_has_no_way_in_yet(tonne: Tonne) -> None:
    enrol(tonne, "ana")
    codes = {tonne("signin", "code", "ana", "--json").data["code"] for _ in range(2)}
    assert len(codes) == 2
    assert tonne("signin", "code", "nobody").code == 2
    assert tonne("signin", "code", "usr_" + "0" * 26, "--json").code == 2


def test_keys_are_made_listed_and_revoked(tonne: Tonne) -> None:
    enrol(tonne, "ana")
    words = ("signin", "make-key", "ana", "--scope", "registry:read", "--scope")
    assert tonne(*words, "everything", "--json").numbers == [9162]
    both = ("signin", "make-key", "ana", "--scope", "transfers:approve", "--scope")
    assert tonne(*both, "transfers:propose", "--json").numbers == [9161]
    made = tonne(*words, "market:trade", "--label", "our robot", "--json").data
    assert made["secret"].startswith("sk_live_")
    test = tonne(*words, "market:read", "--test").out
    assert "sk_test_" in test
    listed = tonne("signin", "keys", "--person", "ana", "--json").data["keys"]
    assert [each["live"] for each in listed] == [True, False]
    assert made["secret"] not in str(listed)
    assert tonne("signin", "revoke", made["id"]).code == 0
    assert tonne("signin", "revoke", made["id"], "--json").numbers == [9163]


def test_a_program_that_signs_for_itself_is_registered_by_its_public_key(
    tonne: Tonne, tmp_path: Path
) -> None:
    enrol(tonne, "ana")
    pair, file = OKPKey.generate_key("Ed25519"), tmp_path / "a.jwk"
    words = ("signin", "make-key", "ana", "--scope", "registry:read", "--public-key", str(file))
    file.write_text(json.dumps(pair.as_dict(private=True)))
    assert tonne(*words, "--json").numbers == [9228]
    file.write_text(json.dumps(pair.as_dict(private=False)))
    assert tonne(*words, "--json").data["secret"] is None
    assert tonne(*words, "--json").numbers == [9229]
    (listed,) = tonne("signin", "keys", "--json").data["keys"]
    assert json.loads(listed["public_key"]) == pair.as_dict(private=False)
    file.write_text(json.dumps(ECKey.generate_key("P-256").as_dict(private=False)))
    told = tonne(*words).out
    assert "It gets tokens for what it signs as key_" in told
    assert "sk_live_" not in told


def test_sessions_are_listed_and_ended_and_a_person_is_barred_and_admitted(
    tonne: Tonne,
) -> None:
    ana = enrol(tonne, "ana")
    assert tonne("signin", "sessions", "ana").out.startswith("0 sessions of ana open.")
    said = tonne("signin", "end", "ana", "--json").data
    assert said == {"person": ana, "sessions_ended": 0}
    assert tonne("signin", "end", "ana", "--session", "ses_x", "--json").numbers == [9142]
    assert tonne("signin", "bar", "ana").code == 0
    assert tonne("signin", "code", "ana", "--json").numbers == [9125]
    assert tonne("signin", "people", "--json").data["people"][0]["barred"] is True
    assert tonne("signin", "admit", "ana").code == 0
    assert tonne("signin", "people", "--json").data["people"][0]["barred"] is False


def test_what_happened_is_told_in_parts_and_sign_in_touches_no_book(
    tonne: Tonne, books: Books
) -> None:
    def apart() -> list[object]:
        return [row for row in books() if not str(row[0]).startswith("signin_")]

    before = apart()
    enrol(tonne, "ana")
    first = tonne("signin", "events", "--limit", "1", "--json").data
    assert first["has_more"] is True
    number = first["events"][0]["number"]
    rest = tonne("signin", "events", "--after", number, "--json").data
    assert [each["kind"] for each in rest["events"]] == ["enrolment code made"]
    assert rest["events"][0]["place"].startswith("machine, as ")
    assert apart() == before


def test_a_house_elsewhere_is_named_listed_and_removed_and_its_secret_told_nowhere(
    tonne: Tonne, tmp_path: Path
) -> None:
    tonne("signin", "enrol", "ana", "--name", "Ana", "--json")
    (tmp_path / "secret").write_text("what it gave us\n")
    words = ("--name", "Id", "--client", "8f1", "--secret-file", tmp_path / "secret")
    group = ("signin", "provider")
    made = tonne(*group, "add", "https://id.example", *words, "--enough", "amr=mfa", "--json")
    assert made.code == 0
    listed = tonne(*group, "list", "--json").data["providers"]
    assert [(each["issuer"], each["enough"]) for each in listed] == [
        ("https://id.example", ["amr=mfa"])
    ]
    assert "what it gave us" not in f"{made.data} {listed}"
    assert tonne(*group, "remove", listed[0]["id"], "--json").code == 0
    assert tonne(*group, "list", "--json").data["providers"] == []
    said = tonne(
        *group, "add", "https://id.example", *words[:4], "--secret-file", "/none", "--json"
    )
    assert said.code == 2


def test_who_looked_at_an_account_is_told_at_the_machine_by_name(tonne: Tonne, place: str) -> None:
    ana, bo = enrol(tonne, "ana"), enrol(tonne, "bo")
    at = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    facts: dict[str, Any] = {
        "key": None, "session": "ses_1", "place": "192.0.2.1", "method": "GET",
        "route": "/my/{number}", "path": "/my/XE-120-7-0-95", "account": "XE-120-7-0-95",
    }  # fmt: skip
    with TrailStore(place) as trail:
        trail.add([Trace(at=at, request="req_1", person=ana, status=200, **facts)])
        trail.add([Trace(at=at, request="req_2", person=bo, status=403, **facts)])
    asked = ("audit", "list", "--account", "xe-120-7-0-95", "--json")
    told = tonne(*asked).data["traces"]
    assert [(each["request"], each["status"]) for each in told] == [("req_1", 200), ("req_2", 403)]
    (one,) = tonne(*asked, "--person", "bo").data["traces"]
    assert (one["person"], one["place"]) == (bo, "192.0.2.1")
    assert tonne(*asked, "--since", "2026-11-22T10:01+01:00").data["traces"] == []
    assert "GET /my/XE-120-7-0-95" in tonne("audit", "list").out
    assert tonne("audit", "forget", "--days", 29, "--json").code == 2
    assert tonne("audit", "forget", "--json").data["forgotten"] == 0

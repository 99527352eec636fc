"""The commands of a log and of a registry, on databases of their own."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from linked import KEYS, LOG_KEY, NOW, desk_of
from tonne import operations
from tonne.cli import main
from tonne.linking import Letter, Outcome, PrivateKey, Proposed, Standing, State, as_receipt, sign
from tonne.store import LogStore, PostgresStore
from wires import proposal
from world import NewDatabase

Say = Callable[..., Any]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Say:
    """Gives a command in a database, and reads its answer."""
    for name in ("DATABASE", "SCHEME", "HOME", "DEBUG"):
        monkeypatch.delenv(f"TONNE_{name}", raising=False)

    def give(url: str, *words: object, code: int = 0) -> Any:  # noqa: ANN401  JSON
        monkeypatch.setenv("TONNE_DATABASE_URL", url)
        capsys.readouterr()
        assert main([*map(str, words), "--json"]) == code, capsys.readouterr()
        return json.loads(capsys.readouterr().out)

    return give


KEY = str(KEYS["XA"].public())
OTHER_KEY = str(KEYS["XB"].public())


def test_a_private_key_is_kept_from_others_and_its_public_half_told(
    said: Say, log_database: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.key"
    made = said("", "log", "key", "--to", file)
    assert file.stat().st_mode & 0o777 == 0o600
    private = PrivateKey(bytes.fromhex(file.read_text()))
    assert made == {"file": str(file), "public_key": str(private.public())}
    assert said("", "registry", "key", "--of", file) == made
    assert said("", "registry", "key", "--to", file, code=2)["title"] == "Not possible"
    for words in ((), ("--of", file, "--to", tmp_path / "b.key")):
        assert said("", "log", "key", *words, code=2)["title"] == "Not possible"
    said(log_database, "log", "found", "--name", "ITL")
    file.chmod(0o644)
    found = said(log_database, "log", "serve", "--key-file", file, code=2)
    assert found["detail"] == f"Others can read {file}."
    file.chmod(0o600)
    file.write_text(file.read_text()[:-2])
    found = said(log_database, "log", "serve", "--key-file", file, code=2)
    assert found["title"] == "Not possible"


def test_each_registry_is_listed_with_a_key_of_its_own(said: Say, log_database: str) -> None:
    said(log_database, "log", "found", "--name", "ITL")
    words = ("log", "register", "--address", "http://127.0.0.1:1", "--reason", "agreed")
    for _ in range(2):
        made = said(log_database, *words, "--public-key", KEY, "--registry", "XA")
        assert made["public_key"] == KEY
    found = said(log_database, *words, "--public-key", KEY, "--registry", "XB", code=2)
    assert found["refusals"][0]["number"] == 7568
    said(log_database, *words, "--public-key", OTHER_KEY, "--registry", "XA")
    said(log_database, *words, "--public-key", KEY, "--registry", "XB")
    found = said(log_database, "log", "registries")["registries"]
    assert [(row["registry"], row["public_key"]) for row in found] == [
        ("XA", OTHER_KEY), ("XB", KEY),
    ]  # fmt: skip
    since = said(log_database, "log", "keys")["keys"]
    assert [(row["registry"], row["public_key"], row["reason"]) for row in since] == [
        ("XA", KEY, "agreed"), ("XA", KEY, "agreed"), ("XA", OTHER_KEY, "agreed"),
        ("XB", KEY, "agreed"),
    ]  # fmt: skip


def test_a_log_keeps_its_name_and_hears_no_empty_words(
    said: Say, log_database: str, tmp_path: Path
) -> None:
    key_file = tmp_path / "a.key"
    said("", "log", "key", "--to", key_file)
    for _ in range(2):
        said(log_database, "log", "found", "--name", "ITL")
    found = said(log_database, "log", "found", "--name", "MM", code=2)
    assert found["refusals"][0]["number"] == 7567
    words = ("log", "register", "--registry", "XA", "--address", "http://127.0.0.1:1")
    found = said(log_database, *words, "--public-key", KEY, "--reason", " ", code=2)
    assert found["title"] == "Not possible"
    serve = ("log", "serve", "--port", "0", "--within", "9" * 17, "--key-file", key_file)
    assert said(log_database, *serve, code=2)["title"] == "Wrong usage"
    notify = ("log", "notify", "--registry", "XA", "--kind", "excess_issuance", "--count", 10**20)
    assert said(log_database, *notify, code=2)["title"] == "Wrong usage"


def test_a_log_is_founded_told_of_a_registry_and_asked(said: Say, log_database: str) -> None:
    log = log_database
    words = ("log", "register", "--registry", "XA", "--address", "http://127.0.0.1:1")
    more = ("--public-key", KEY, "--reason", "agreed")
    assert said(log, *words, *more, code=2)["refusals"][0]["number"] == 7560
    assert said(log, "log", "found", "--name", "ITL") == {"log": "ITL"}
    assert said(log, *words, *more)["status"] == "in service"
    (row,) = said(log, "log", "registries")["registries"]
    assert (row["registry"], row["units"]) == ("XA", 0)
    # The registry issues series of others beside its own; a series is issued by one registry.
    assert said(log, *words, *more, "--issues", "BR", "--issues", "CL")["issues"] == [
        "XA", "BR", "CL",
    ]  # fmt: skip
    assert said(log, *words, *more)["issues"] == ["XA", "BR", "CL"]
    for named, number in (("BR", 7569), ("br", 7562)):
        other = ("log", "register", "--registry", "XB", *words[4:], "--public-key", OTHER_KEY,
                 "--reason", "agreed", "--issues", named)  # fmt: skip
        assert said(log, *other, code=2)["refusals"][0]["number"] == number
    assert said(log, "log", "compare", "--registry", "XB", code=2)["refusals"][0]["number"] == 7561
    said(log, "log", "compare", "--registry", "XA")
    nothing: list[object] = []
    late = {"differences": nothing, "waiting": ["XA"], "still_blocked": nothing}
    assert said(log, "log", "differences") == late
    block = ("--block", "XA-1-10", "--reason", "as found")
    said(log, "log", "correct", *block, "--holder", "XA", "--unit", "ALA")
    assert said(log, "log", "registries")["registries"][0]["units"] == 10
    assert said(log, "log", "correct", *block, code=2)["title"] == "Not possible"
    assert said(log, "log", "check") == {"ok": True, "faults": []}
    assert said(log, "log", "refused") == {"refused": [], "letters_of_strangers": {}}


def test_a_registry_is_gone_and_what_is_open_of_it_is_listed_and_given_up(
    said: Say, log_database: str
) -> None:
    said(log_database, "log", "found", "--name", "ITL")
    words = (
        "log", "register", "--registry", "XA", "--address", "http://127.0.0.1:1",
        "--public-key", KEY, "--reason", "agreed",
    )  # fmt: skip
    assert said(log_database, *words)["may"] == "both"
    assert said(log_database, *words, "--may", "acquire")["may"] == "acquire"
    assert said(log_database, *words, "--status", "gone")["may"] == "acquire"
    (row,) = said(log_database, "log", "registries")["registries"]
    assert (row["status"], row["may"]) == ("gone", "acquire")
    made = proposal((1, 5), name="XA-1", kind="issue", giver="XA", taker="XA", series="XA")
    standing = Standing(id=made.id, state=State.CHECKED, since=NOW, proposal=made)
    with LogStore(log_database) as store:
        store.run(lambda books: books.keep(Outcome(standing=standing), side="log", at=NOW))
    (row,) = said(log_database, "log", "proposals")["proposals"]
    assert (row["proposal"], row["state"], row["units"], row["giver_status"]) == (
        "XA-1", "checked", 5, "gone",
    )  # fmt: skip
    give_up = ("log", "give-up", "XA-1", "--reason")
    assert said(log_database, *give_up, " ", code=2)["title"] == "Not possible"
    assert said(log_database, *give_up, "closed") == {"proposal": "XA-1", "state": "cancelled"}
    assert said(log_database, *give_up, "closed", code=2)["refusals"][0]["number"] == 7547
    assert said(log_database, "log", "proposals") == {"proposals": []}


def test_a_third_party_checks_who_signed_without_any_books(
    said: Say, log_database: str, tmp_path: Path
) -> None:
    said(log_database, "log", "found", "--name", "LOG")
    words = ("log", "register", "--registry", "AT", "--address", "http://127.0.0.1:1")
    said(log_database, *words, "--public-key", KEY, "--reason", "agreed")
    sent = Letter(
        sender="AT", nonce=7, addressee="LOG", at=NOW, body=Proposed(proposal=proposal((1, 10)))
    )
    with LogStore(log_database) as store:
        raws = [sign(sent, KEYS["XA"])]
        hear = partial(operations.hear_at_log, raws=raws, key=LOG_KEY, at=NOW)
        store.run(hear)
        answers = store.run(lambda books: books.waiting("LOG"))
        assert [each.about for each in answers] == ["AT-50"]
        receipts = {each.nonce: as_receipt(each, "", KEYS["XA"].public()) for each in answers}
        receipts = {n: r._replace(signature=KEYS["XA"].sign(r.text)) for n, r in receipts.items()}
        store.run(lambda books: books.was_heard(receipts, at=NOW))
    told = said(log_database, "log", "letters", "--about", "AT-50")
    assert [(row["from"], row["is"], row["says"], row["holds"]) for row in told["evidence"]] == [
        ("AT", "letter", "proposed", True), ("AT", "receipt", "said 3", True),
    ]  # fmt: skip
    file = tmp_path / "letters.json"
    file.write_text(json.dumps(told))
    check = ("log", "verify", file, "--from", "AT", "--public-key")
    found = said("", *check, KEY)
    assert (found["ok"], [row["holds"] for row in found["checked"]]) == (True, [True, True])
    # The key is the one that is asked about, whatever key the file names.
    found = said("", *check, OTHER_KEY, code=3)
    assert (found["ok"], [row["holds"] for row in found["checked"]]) == (False, [False, False])
    (asked, _) = found["checked"]
    assert (asked["is"], asked["sender"], asked["to"], asked["nonce"], asked["about"]) == (
        "letter", "AT", "LOG", 7, "AT-50",
    )  # fmt: skip
    assert "AAU-1 AT" in asked["units"]
    assert not said("", *(*check[:4], "XB", "--public-key", KEY), code=3)["ok"]
    # What the file itself says of its letters is not believed.
    told["about"] = "AT-99"
    for row in told["evidence"]:
        row |= {"is": "receipt" if row["is"] == "letter" else "letter", "about": "AT-99"}
        row |= {"at": "1999", "says": "said 4", "to": "XB", "nonce": 1, "units": "none"}
    file.write_text(json.dumps(told))
    found = said("", *check, KEY)
    assert [(row["is"], row["about"], row["says"]) for row in found["checked"]] == [
        ("letter", "AT-50", "proposed"), ("receipt", "AT-50", "said 3"),
    ]  # fmt: skip
    assert [row["kept_at"] for row in found["checked"]] == ["1999", "1999"]
    assert {row["written_at"] for row in found["checked"]} == {NOW.isoformat()}
    found = said("", *check, KEY, "--about", "AT-99", code=3)
    assert (found["ok"], found["checked"], found["left_out"]) == (False, [], 2)
    found = said("", *check, KEY, "--about", "AT-50")
    assert (found["ok"], len(found["checked"]), found["left_out"]) == (True, 2, 0)
    # Under a key of small order anybody can sign.
    found = said("", *check, "01" + "00" * 31, code=2)
    assert found["refusals"][0]["number"] == 7563
    told["evidence"][0]["letter"] = told["evidence"][0]["signed"].replace("AT-50", "AT-51")
    file.write_text(json.dumps(told))
    found = said("", *check, KEY, code=3)
    assert [row["holds"] for row in found["checked"]] == [False, True]
    for nothing in ("", "[]", "{}", '{"evidence": [{}]}', '{"evidence": [7]}', "\xff"):
        file.write_text(nothing, "latin-1")
        assert said("", *check, KEY, code=2)["title"] == "Not possible"


def test_what_is_called_wrongly_is_refused(said: Say, log_database: str) -> None:
    assert said(log_database, "log", "found", "--name", "itl", code=2)["refusals"][0]["number"] == (
        7562
    )
    said(log_database, "log", "found", "--name", "ITL")
    words = ("log", "register", "--registry", "XA", "--address", "http://127.0.0.1:1")
    found = said(log_database, *words, "--public-key", "00" * 32, "--reason", "x", code=2)
    assert found["refusals"][0]["number"] == 7563
    for key in ("abcd", "no key"):
        found = said(log_database, *words, "--public-key", key, "--reason", "x", code=2)
        assert found["title"] == "Wrong usage"


def test_a_log_and_a_registry_do_not_share_a_database(
    said: Say, log_database: str, new_database: NewDatabase, laws: dict[str, Path]
) -> None:
    with new_database() as books:
        found = said(books, "log", "found", "--name", "ITL", code=2)
        assert found["refusals"][0]["number"] == 9066
    words = ("account", "found", "--scheme", laws["XA"])
    assert said(log_database, *words, code=2)["refusals"][0]["number"] == 9066


def test_a_registry_whose_law_knows_no_others_is_not_linked(
    said: Say, new_database: NewDatabase
) -> None:
    law = ("--scheme", "example", "--on", "2025-06-01")
    link = ("--registry", "XE", "--log", "ITL", "--address", "http://127.0.0.1:1")
    with new_database() as books:
        said(books, "account", "found", *law)
        found = said(books, "registry", "link", *link, "--log-key", KEY, *law, code=2)
        assert found["refusals"][0]["number"] == 7565


def test_a_registry_is_linked_proposes_and_is_asked(
    said: Say, new_database: NewDatabase, laws: dict[str, Path]
) -> None:
    law = ("--scheme", laws["XA"], "--on", "2025-06-01")
    with new_database() as books:
        own = said(books, "account", "found", *law)["accounts"]
        words: tuple[object, ...] = (
            "registry", "propose", "--kind", "issue", "--verb", "issue", "--unit", "ALA",
            "--from", "issuance", "--to", "authority", "--count", 100, "--year", 2025,
            "--as", "authority",
        )  # fmt: skip
        assert said(books, *words, *law, code=2)["refusals"][0]["number"] == 7564
        said(
            books, "registry", "link", "--registry", "XA", "--log", "ITL",
            "--address", "http://127.0.0.1:1", "--log-key", KEY, *law,
        )  # fmt: skip
        made = said(books, *words, "--key", "mine", *law)
        assert (made["proposal"], made["state"]) == ("XA-1", "proposed")
        assert said(books, *words, "--key", "mine", *law)["proposal"] == "XA-1"
        (row,) = said(books, "registry", "proposals", *law)["proposals"]
        assert (row["proposal"], row["kind"], row["units"]) == ("XA-1", "issue", 100)
        assert said(books, "registry", "differences", *law)["differences"] == []
        nothing: dict[str, object] = {"refused": [], "letters_of_strangers": {}}
        assert said(books, "registry", "refused", *law) == nothing
        with PostgresStore(books) as store:
            scheme, desk = operations.load_scheme(laws["XA"]), desk_of(NOW)
            letters, key = [b"no letter"], KEYS["XA"]
            hear = partial(operations.hear_from_log, scheme=scheme, raws=letters, key=key)
            store.run(partial(hear, desk=desk))
        found = said(books, "registry", "refused", *law)
        (refused,) = found["refused"]
        assert found["letters_of_strangers"] == {str(NOW.date()): 1}
        assert (refused["number"], refused["sender"]) == (7505, "")
        said(
            books, "registry", "correct", "--block", "XB-1-10", "--unit", "ALB",
            "--from", "elsewhere", "--to", own["authority"], "--reason", "as found", *law,
        )  # fmt: skip
        assert said(books, "account", "show", own["authority"], *law)["holdings"] == {"ALB": 10}
        unfit = (
            "registry",
            "propose",
            "--to",
            "XB-1",
            "--registry",
            "XA",
            "--from",
            own["authority"],
            "--unit",
            "ALB",
        )
        found = said(books, *unfit, "--count", 1, *law, code=2)
        assert found["refusals"][0]["number"] == 7023
        nothing = {"about": "XA-1", "evidence": []}
        assert said(books, "registry", "letters", "--about", "XA-1", *law) == nothing


def test_a_notice_is_given_listed_and_answered(
    said: Say, log_database: str, new_database: NewDatabase, laws: dict[str, Path]
) -> None:
    said(log_database, "log", "found", "--name", "ITL")
    words = ("log", "register", "--registry", "XA", "--address", "http://127.0.0.1:1")
    said(log_database, *words, "--public-key", KEY, "--reason", "agreed")
    notify = ("log", "notify", "--registry", "XA", "--kind", "excess_issuance", "--count", 40)
    made = said(log_database, *notify, "--due", "2025-07-01", "--block", "XA-1-40")
    assert made == {"notice": "ITL-N1", "due": "2025-07-01"}
    assert said(log_database, *notify, "--due", "soon", code=2)["title"] == "Not possible"
    (row,) = said(log_database, "log", "notices")["notices"]
    assert (row["kind"], row["count"], row["status"]) == ("excess_issuance", 40, "open, late")
    assert said(log_database, "log", "notify-expiry", "--until", "2026-01-01") == {"notices": []}
    law = ("--scheme", laws["XA"], "--on", "2025-06-01")
    with new_database() as books:
        said(books, "account", "found", *law)
        said(
            books, "registry", "link", "--registry", "XA", "--log", "ITL",
            "--address", "http://127.0.0.1:1", "--log-key", KEY, *law,
        )  # fmt: skip
        assert said(books, "registry", "notices", *law)["notices"] == []
        found = said(books, "registry", "answer", "--notice", "ITL-N1", *law, code=2)
        assert found["refusals"][0]["number"] == 7570


def test_a_nation_follows_the_page_and_proposes_to_issue(
    said: Say, new_database: NewDatabase, tmp_path: Path
) -> None:
    folder = tmp_path / "at"
    copytree(operations.scheme_folder("kyoto_cp1"), folder)
    file = folder / "scheme.toml"
    head, _, rest = file.read_text("utf-8").partition("[[registry_code]]")
    clause, value, rest = rest.partition('value = "')
    file.write_text(
        f"{head}[[registry_code]]{clause}{value}AT{rest[rest.index(chr(34)) :]}", "utf-8"
    )
    law = ("--scheme", folder, "--on", "2009-06-01")
    with new_database() as books:
        said(books, "account", "found", *law)
        said(books, "nation", "found", "AT", *law)
        shown = ("nation", "shown", "AT", "--met", "all", "--cleared", "2008-04-05")
        said(books, *shown, *law, "--as", "authority")
        link = ("registry", "link", "--registry", "AT", "--log", "ITL")
        said(books, *link, "--address", "http://127.0.0.1:8100", "--log-key", KEY, *law)
        propose = ("registry", "propose", "--kind", "issue", "--verb", "issue")
        ends = ("--from", "issuance", "--to", "party", "--unit", "AAU-1 AT", "--count", 1000)
        made = said(books, *propose, *ends, *law, "--as", "authority")
        assert (made["proposal"], made["state"]) == ("AT-1", "proposed")

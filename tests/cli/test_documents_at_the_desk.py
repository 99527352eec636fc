"""Sentences about documents as a person gets them: certified, checked, and written into files."""

import json
from pathlib import Path

import pytest

from town import Said, Tonne, Town

ON = ("--on", "2025-06-01")


@pytest.fixture
def key(says: Tonne, tmp_path: Path) -> Path:
    """The file of the issuer's private key."""
    file = tmp_path / "issuer.key"
    assert says("key", "--to", file).code == 0
    return file


@pytest.fixture
def cancelled(tonne: Tonne, town: Town) -> str:
    """The number of the transaction by which the steelworks cancelled five units for Ana."""
    said = tonne(
        "cancel", "--account", town.steel, "--unit", "EXA-1", "--count", "5", "--for", "Ana Novak",
        "--purpose", "a flight", *ON, "--json",
    )  # fmt: skip
    return str(said.data["transaction"])


def certified(tonne: Tonne, number: str, key: Path, out: Path, *more: str) -> Said:
    return tonne("certificate", number, "--key-file", key, "--out", out, *more)


@pytest.mark.parametrize("form", ["pdf", "json"])
@pytest.mark.parametrize("lang", ["en", "ne", "fa", "sl"])
def test_a_certificate_is_checked_without_books(
    tonne: Tonne,
    *,
    cancelled: str,
    key: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
    lang: str,
) -> None:
    file = tmp_path / f"certificate.{form}"
    said = certified(tonne, cancelled, key, file, "--lang", lang, "--json")
    assert said.code == 0
    public = said.data["public_key"]
    monkeypatch.setenv("TONNE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    for given in (public, _file(tmp_path, public)):
        found = tonne("verify", file, "--key", given, "--json")
        assert found.code == 0
        assert (found.data["ok"], found.data["key_given"]) == (True, True)
        assert found.data["says"].startswith("5 units were cancelled for ever for Ana Novak")
        assert found.data["certificate"] == said.data["certificate"]
    assert tonne("verify", file, "--key", "11" * 32).code == 3


def test_who_names_no_key_is_warned(
    tonne: Tonne, cancelled: str, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "certificate.pdf"
    certified(tonne, cancelled, key, file)
    said = tonne("verify", file)
    assert said.code == 0
    assert said.out.startswith("True: 5 units were cancelled for ever for Ana Novak")
    assert "Anybody could have made one" in said.out


@pytest.mark.parametrize("form", ["pdf", "json"])
def test_a_certificate_that_was_changed_ends_with_three(
    tonne: Tonne, cancelled: str, key: Path, tmp_path: Path, form: str
) -> None:
    file = tmp_path / f"certificate.{form}"
    certified(tonne, cancelled, key, file)
    raw = file.read_bytes()
    changed = raw.replace(b"Ana Novak", b"Eva Novak") if form == "json" else raw + b" "
    file.write_bytes(changed)
    said = tonne("verify", file)
    assert said.code == 3
    assert said.out.startswith("False")
    assert tonne("verify", file, "--json").data["ok"] is False
    file.write_bytes(raw[:-20] if form == "json" else raw[: len(raw) // 8])
    assert tonne("verify", file).code in {2, 3}


def test_what_is_no_certificate_is_misuse(says: Tonne, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text("{}")
    assert says("verify", file, "--json").numbers == [9300]
    assert says("verify", tmp_path / "none.pdf").code == 2
    assert says("verify", file, "--key", "zz").code == 2


def test_the_books_are_asked_whether_it_stands_still(
    tonne: Tonne, cancelled: str, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "certificate.json"
    certified(tonne, cancelled, key, file)
    said = tonne("verify", file, "--books")
    assert said.code == 0
    assert "The books, as they stand, say the same." in said.out
    data = json.loads(file.read_text())["certificate"]
    assert data["beneficiary"] == "Ana Novak"


@pytest.mark.usefixtures("cancelled")
def test_nothing_is_certified_that_took_nothing_out(
    tonne: Tonne, key: Path, tmp_path: Path
) -> None:
    out = tmp_path / "certificate.json"
    assert certified(tonne, "5", key, out, "--json").numbers == [9091]
    assert certified(tonne, "9999", key, out, "--json").numbers == [9090]
    assert certified(tonne, "x", key, out, "--json").numbers == [100]
    assert not out.exists()


def test_a_key_that_others_can_read_signs_nothing(
    tonne: Tonne, cancelled: str, key: Path, tmp_path: Path
) -> None:
    key.chmod(0o644)
    said = certified(tonne, cancelled, key, tmp_path / "certificate.json")
    assert said.code == 2
    assert "chmod 600" in said.err


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--out", "certificate.doc"), "no form"),
        (("--out", "/nowhere/at/all/certificate.pdf"), "cannot be written"),
        (("--out", "certificate.pdf", "--address", "registry.example"), "no address"),
    ],
)
def test_a_certificate_that_cannot_be_written_is_the_callers_to_mend(
    tonne: Tonne, cancelled: str, key: Path, words: tuple[str, ...], fault: str
) -> None:
    said = tonne("certificate", cancelled, "--key-file", key, *words)
    assert said.code == 2
    assert fault in said.err


@pytest.mark.usefixtures("cancelled")
@pytest.mark.parametrize(
    ("ending", "begins"), [("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbfTransaction,")]
)
def test_a_statement_and_outcomes_are_written_into_files(
    tonne: Tonne, town: Town, tmp_path: Path, ending: str, begins: bytes
) -> None:
    file, other = tmp_path / f"statement.{ending}", tmp_path / f"outcomes.{ending}"
    said = tonne("statement", town.steel, "--out", file, *ON, "--json")
    assert said.data == {"file": str(file), "account": town.steel, "movements": 2}
    assert file.read_bytes().startswith(begins)
    assert tonne("outcomes", "2025", "--out", other, "--lang", "fa", *ON).code == 0
    assert other.exists()
    assert tonne("statement", town.steel, "--out", tmp_path / "statement.txt", *ON).code == 2


def _file(folder: Path, text: str) -> str:
    """A file with that text."""
    file = folder / "public.txt"
    file.write_text(f"{text}\n")
    return str(file)

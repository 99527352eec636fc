"""Sentences about the key that seals secrets: it is changed, and nothing is lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from land import Land
from porch import MACHINE, Porch, Someone, numbers
from tonne import signin
from tonne.api import api
from tonne.cli.sealing import the_seal, turning
from tonne.operations import Office
from tonne.signin import Hook, Seal, hooks
from tonne.store import MemorySigninStore, MemoryStore, SigninStore, reseal
from town import Tonne


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the key of the test lies."""
    file = tmp_path / "signin.key"
    monkeypatch.setenv("TONNE_SIGNIN_KEY", str(file))
    return file


@pytest.fixture
def porch(tonne: Tonne, place: str, key_file: Path) -> Iterator[Porch]:
    """A lodge by the key of the file, which the first person who is enrolled has made."""
    del key_file
    assert tonne("signin", "enrol", "eva", "--name", "Eva").code == 0
    with SigninStore(place) as records:
        yield by_key(Porch(records), the_seal(make=False))


KEY_IS_OLD = "The key that seals is older than 730 days: tonne signin turn-key."


def by_key(porch: Porch, seal: Seal) -> Porch:
    """The same lodge, with another key."""
    porch.lodge = replace(porch.lodge, seal=seal)
    return porch


def furnish(porch: Porch) -> tuple[Someone, signin.Key, Hook]:
    """Ana with a password and an app, a provider, and a webhook with two secrets."""
    ana = porch.enrolled()
    said = {"name": "House", "issuer": "https://id.example", "client": "c", "secret": "s"}
    signin.add_provider(porch.lodge, **said, by=MACHINE)
    key = signin.make_key_for(
        porch.lodge, person=ana.code, label="", scopes=["webhooks:manage"], live=True, by=MACHINE
    ).key
    made = hooks.make_hook(
        porch.lodge, key, scheme="example", url="https://a.example/", kinds=["proposal"],
        position=0, loopback=True,
    )  # fmt: skip
    return ana, key, hooks.turn_secret(porch.lodge, key, "example", made.hook.id).hook


def test_the_key_that_seals_is_changed_and_the_one_before_is_kept_by_its_name(
    tonne: Tonne, porch: Porch, key_file: Path
) -> None:
    ana, key, hook = furnish(porch)
    before = porch.lodge.key
    said = tonne("signin", "turn-key", "--json")
    # A password, an app, a provider, and the two secrets of a webhook.
    assert (said.code, said.data["sealed"]) == (0, 5)
    kept = key_file.with_name(f"signin-{before.name}.key")
    assert bytes.fromhex(kept.read_text().split()[0]) == before.key
    assert {each.stat().st_mode & 0o777 for each in (kept, key_file)} == {0o600}
    now = the_seal(make=False)
    assert (now.name, now.older) == (said.data["key"], (before.key,))
    assert now.key != before.key
    alone = Seal(now.key)
    by_key(porch, alone).sign_in(ana)
    (stands,) = hooks.hooks_of_key(porch.lodge, key, scheme="example")
    assert stands.old_secret is not None
    for each in (stands.secret, stands.old_secret):
        assert alone.open(each, of=hook.id)
        assert numbers(before.open, each, of=hook.id) == [9190]
    (provider,) = signin.providers(porch.lodge)
    assert alone.open(provider.secret, of=f"provider {provider.id}") == b"s"
    # A copy of the database of before is opened by the key that was kept.
    assert now.open(hook.secret, of=hook.id)


def test_who_is_stopped_while_the_key_is_changed_goes_on_and_loses_nothing(
    tonne: Tonne, porch: Porch, place: str, key_file: Path
) -> None:
    ana, *_ = furnish(porch)
    stopped = turning()
    seal = stopped.__enter__()
    reseal(place, lambda sealed, of: seal.anew(sealed, of=of, chance=porch.chance))
    assert numbers(by_key(porch, the_seal(make=False)).sign_in, ana) == [9190]
    said = tonne("signin", "turn-key", "--json").data
    assert (said["sealed"], said["key"]) == (0, seal.name)
    by_key(porch, the_seal(make=False)).sign_in(ana)
    assert not key_file.with_name("signin.key.new").exists()


def test_what_does_not_open_leaves_all_as_it_was_sealed(porch: Porch, place: str) -> None:
    ana, *_ = furnish(porch)
    wrong = Seal(bytes(32))
    assert numbers(
        reseal, place, lambda sealed, of: wrong.anew(sealed, of=of, chance=porch.chance)
    ) == [9190]
    porch.sign_in(ana)


def test_a_key_is_good_for_two_years_and_then_whoever_looks_whether_all_is_well_is_told() -> None:
    porch = Porch(MemorySigninStore())
    land = Land(MemoryStore())
    office = Office(schemes={"example": land.scheme}, store=land.store, now=lambda: porch.at)
    today = porch.at.date()
    assert Seal(bytes(32), made=date(2024, 1, 1)).is_old(date(2026, 1, 1))  # 731 days later.
    for days, warnings in ((0, []), (730, []), (731, [KEY_IS_OLD])):
        by_key(porch, Seal(bytes(range(32)), made=today - timedelta(days=days)))
        client = TestClient(api(office, lodge=porch.lodge, log=lambda _: None))
        assert client.get("/readyz").json() == {"status": "ok", "warnings": warnings}

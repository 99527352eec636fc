"""What every store promises of tokens for programs, and of how their webhooks were told."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from porch import MACHINE, START, Porch
from tonne import signin
from tonne.signin import Hook, HookTry, Key, Token
from tonne.store import MemorySigninStore, SigninStore

LATER = START + timedelta(hours=1)
TOKEN = Token(digest=b"t" * 32, key="", scopes=("registry:read",), made_at=START, until=LATER)
KINDS = ["memory", "postgres"]


@pytest.fixture(params=KINDS)
def porch(request: pytest.FixtureRequest) -> Iterator[Porch]:
    """A lodge over records of each kind."""
    if request.param == "memory":
        yield Porch(MemorySigninStore())
        return
    with SigninStore(request.getfixturevalue("database")) as store:
        yield Porch(store)


def a_key(porch: Porch, *, signs: bool = True) -> Key:
    """A key of somebody, who signs or has a secret."""
    return signin.make_key_for(
        porch.lodge, person=porch.begin()[0].person.code, label="", scopes=["registry:read"],
        live=True, public_key="{}" if signs else None, by=MACHINE,
    ).key  # fmt: skip


def test_tokens_and_used_assertions_are_kept_until_they_are_over(porch: Porch) -> None:
    run: Any = porch.records.run
    token = replace(TOKEN, key=a_key(porch).id)
    run(lambda k: k.add_token(token))
    assert run(lambda k: k.key(token.key)).public_key == "{}"
    assert run(lambda k: k.token(token.digest)) == token
    assert run(lambda k: k.token(b"x" * 32)) is None
    assert run(lambda k: k.use_assertion(b"a" * 32, LATER)) is True
    run(lambda k: k.forget_tokens(LATER))
    assert run(lambda k: k.use_assertion(b"a" * 32, LATER)) is False
    assert run(lambda k: k.token(token.digest)) == token
    run(lambda k: k.forget_tokens(LATER + timedelta(seconds=1)))
    assert run(lambda k: k.use_assertion(b"a" * 32, LATER)) is True
    assert run(lambda k: k.token(token.digest)) is None


UNFIT: dict[str, Callable[[Key], Token]] = {
    "of no key": lambda key: replace(TOKEN, key=f"{key.id}0"),
    "for nothing": lambda key: replace(TOKEN, key=key.id, scopes=()),
    "wider than its key": lambda key: replace(TOKEN, key=key.id, scopes=("market:read",)),
    "over when it begins": lambda key: replace(TOKEN, key=key.id, until=START),
}


@pytest.mark.parametrize("what", UNFIT)
def test_a_token_that_is_not_within_its_key_is_kept_by_no_store(
    porch: Porch, unfit: tuple[type[Exception], ...], what: str
) -> None:
    key = a_key(porch)
    with pytest.raises(unfit):
        porch.records.run(lambda k: k.add_token(UNFIT[what](key)))


def test_no_token_is_kept_of_a_key_with_a_secret_or_that_is_revoked_nor_any_twice(
    porch: Porch, unfit: tuple[type[Exception], ...]
) -> None:
    plain, run = a_key(porch, signs=False), porch.records.run
    with pytest.raises(unfit):
        run(lambda k: k.add_token(replace(TOKEN, key=plain.id)))
    with pytest.raises(unfit):
        run(lambda k: k.add_key(replace(plain, id="key_2", digest=bytes(32), public_key="")))
    signs = replace(plain, id="key_3", digest=b"3" * 32, public_key="{}")
    run(lambda k: k.add_key(signs))
    token = replace(TOKEN, key=signs.id)
    run(lambda k: k.add_token(token))
    with pytest.raises(unfit):
        run(lambda k: k.add_token(token))
    run(lambda k: k.revoke_key(signs.id, LATER))
    with pytest.raises(unfit):
        run(lambda k: k.add_token(replace(token, digest=b"u" * 32)))


def test_how_tellings_went_is_forgotten_by_when_it_was_and_numbers_rise_on(porch: Porch) -> None:
    key, run = a_key(porch), porch.records.run
    hook = Hook(
        id="whe_1", person=key.person, key=key.id, scheme="example", url="https://a.example",
        kinds=(), secret=b"s", old_secret=None, old_until=None, made_at=START, position=0,
        again=(), failures=0, failing_since=None, due_at=START, stopped_at=None, stopped_why="",
        removed_at=None,
    )  # fmt: skip
    run(lambda k: k.add_hook(hook))
    tried = [
        HookTry(hook=hook.id, event=event, at=at, status=204, fault="")
        for event, at in enumerate((START, LATER))
    ]
    for each in tried:
        run(lambda k, each=each: k.add_try(each))  # type: ignore[misc]
    told = run(lambda k: k.tries(hook.id, before=None, limit=9))
    assert [each.event for each in told] == [1, 0]
    for made, kept in (((START, LATER), told[1:]), ((LATER, LATER + timedelta(days=1)), told[:1])):
        asked = {"before": None, "made": made, "limit": 9}
        assert run(lambda k, asked=asked: k.tries(hook.id, **asked)) == kept  # type: ignore[misc]
    assert run(lambda k: k.forget_tries(START)) == 0
    assert run(lambda k: k.forget_tries(LATER), keep=False) == 1
    assert run(lambda k: k.forget_tries(LATER)) == 1
    assert run(lambda k: k.tries(hook.id, before=None, limit=9)) == told[:1]
    assert run(lambda k: k.forget_tries(LATER + timedelta(seconds=1))) == 1
    run(lambda k: k.add_try(tried[0]))
    (again,) = run(lambda k: k.tries(hook.id, before=None, limit=9))
    assert again.number > told[0].number

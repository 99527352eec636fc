"""Sentences about how it is run elsewhere: what is told there to start is there, and who calls."""

import asyncio
import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer import BadParameter
from typer.main import get_group

from tonne.cli import commands
from tonne.cli.lodging import an_origin
from tonne.cli.opening import own_server
from tonne.cli.serve import settings
from tonne.cli.working import working
from tonne.operations import Office
from tonne.store import MemoryStore

DEPLOY = Path(__file__).parents[2] / "deploy"


def started() -> list[tuple[str, list[str]]]:
    """Every command of ours that a file in deploy/ gives, by the name of the file."""
    found = []
    for file in sorted(DEPLOY.iterdir()):
        text = file.read_text("utf-8")
        for line in re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE):
            inner = re.fullmatch(r"/bin/sh -c 'exec (.*)'", line)
            words = shlex.split(line if inner is None else inner[1])
            found.append((file.name, [words[0].rsplit("/")[-1], *words[1:]]))
        found += [
            (file.name, json.loads(line))
            for line in re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)
        ]
    return found


def test_every_command_that_is_started_elsewhere_exists_with_its_options() -> None:
    names = [name for name, _ in started()]
    assert names == ["Containerfile", *["tonne-backup.service"] * 2, "tonne.service"]
    for file, (program, name, *words) in started():
        assert program == "tonne", file
        (row,) = [each for each in commands.ROWS if each.name == name]
        group = get_group(__import__(f"tonne.cli.{row.module}", fromlist=["app"]).app)
        command: Any = group.commands.get(name) or group.commands[words[0]]
        known = {option for each in command.params for option in each.opts}
        asked = {word for word in words if word.startswith("--")}
        assert asked <= known, file


def test_the_files_of_a_service_name_each_other_and_files_that_are_there() -> None:
    texts = {each.name: each.read_text("utf-8") for each in DEPLOY.iterdir()}
    for named in re.findall(r"\b[\w-]+\.(?:service|timer)\b", " ".join(texts.values())):
        assert named in {*texts, "multi-user.target"}, named
    for copied in re.findall(r"^COPY (?!--from)(.*) \S+$", texts["Containerfile"], re.MULTILINE):
        for each in copied.split():
            assert (DEPLOY.parent / each).exists(), each


def test_every_unit_may_write_where_the_books_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who starts the server, or only uses it, writes beside its data: who is there, and a lock."""
    for file in sorted(DEPLOY.glob("*.service")):
        text = file.read_text("utf-8")
        assert "ProtectSystem=strict" in text, file.name
        (home,) = re.findall(r"^Environment=TONNE_HOME=(.*)$", text, re.MULTILINE)
        monkeypatch.setenv("TONNE_HOME", home)
        monkeypatch.delenv("TONNE_DATABASE_URL", raising=False)
        kept = " ".join(re.findall(r"^StateDirectory=(.*)$", text, re.MULTILINE)).split()
        more = " ".join(re.findall(r"^ReadWritePaths=(.*)$", text, re.MULTILINE)).split()
        writable = [Path("/var/lib") / each for each in kept] + [Path(each) for each in more]
        books = own_server().home
        assert any(books.is_relative_to(each) for each in writable), file.name
        assert "StateDirectoryMode=0700" in text, file.name


@pytest.mark.parametrize(
    ("forwarded", "client", "told", "seen"),
    [
        (True, "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        # What a caller said before is not believed: the server before wrote the last one.
        (True, "127.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (True, "198.51.100.7", "1.2.3.4", "198.51.100.7"),
        (False, "127.0.0.1", "1.2.3.4", "127.0.0.1"),
    ],
)
def test_who_calls_is_believed_of_a_server_on_this_machine_if_that_is_said(
    *, forwarded: bool, client: str, told: str, seen: str
) -> None:
    found: list[str] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:  # noqa: ANN401  ASGI
        found.append(scope["client"][0])

    how = settings(app, forwarded=forwarded)
    how.load()
    headers = [(b"x-forwarded-for", told.encode())]
    inside: Any = how.loaded_app
    asyncio.run(inside({"type": "http", "client": (client, 1), "headers": headers}, None, None))
    assert found == [seen]


def test_pages_that_others_reach_are_not_sent_in_the_open() -> None:
    with pytest.raises(BadParameter, match="passwords"):
        an_origin("http://registry.example")
    for address in ("https://registry.example", "http://localhost:8080"):
        assert an_origin(f"{address}/") == address


def test_a_house_whose_worker_has_stopped_is_not_ready() -> None:
    from starlette.testclient import TestClient  # noqa: PLC0415  heavy

    from tonne.cli.serve import doors  # noqa: PLC0415  heavy

    office = Office(schemes={}, store=MemoryStore(), now=lambda: datetime.now(UTC))
    with working(office, lambda _: None) as works:
        client = TestClient(doors(office, rate=1_000, works=works))
        assert client.get("/readyz").status_code == 200
    stopped = client.get("/readyz")
    assert (stopped.status_code, stopped.json()["check_id"]) == (503, 9249)
    assert client.get("/healthz").status_code == 200

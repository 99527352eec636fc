"""The door for programs as a process of its own: opened, asked, and shut without harm."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from town import Tonne, Town

WORDS = ("serve", "--port", "0", "--scheme", "example")
START = "import sys; from tonne.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def served(
    tonne: Tonne, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator["subprocess.Popen[str]"]:
    """The door, in a process of its own, on the books of the town; it makes a key to certify by."""
    del tonne, town
    monkeypatch.setenv("TONNE_CERTIFICATE_KEY", str(tmp_path / "made" / "certificates.key"))
    with subprocess.Popen(
        [sys.executable, "-c", START, *WORDS, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ,
        text=True,
    ) as process:
        yield process
        if process.poll() is None:
            process.kill()


def began(process: "subprocess.Popen[str]") -> str:
    """The address that the process tells once it listens."""
    assert process.stdout is not None
    told: list[str] = []
    for line in process.stdout:
        told.append(line)
        if line.startswith("}"):
            break
    address: str = json.loads("".join(told))["address"]
    return address


def asked(address: str, path: str) -> Any:  # noqa: ANN401  whatever JSON says
    """What is answered."""
    with urllib.request.urlopen(f"{address}{path}", timeout=60) as answer:  # noqa: S310  our own
        assert answer.headers["Request-Id"].startswith("req_")
        return json.load(answer)


def test_the_door_opens_answers_and_shuts(served: "subprocess.Popen[str]") -> None:
    address = began(served)
    assert address.startswith("http://127.0.0.1:")
    assert asked(address, "/readyz") == {"status": "ok", "warnings": []}
    with ThreadPoolExecutor(20) as many:
        answers = list(
            many.map(lambda _: asked(address, "/v1/schemes/example/accounts?limit=200"), range(60))
        )
    names = [row["name"] for row in answers[0]["data"]]
    assert {"Steelworks", "Kiln", "Authority", None} <= set(names)
    assert all(each == answers[0] for each in answers)
    served.send_signal(signal.SIGTERM)
    out, err = served.communicate(timeout=120)
    assert (served.returncode, out) == (0, "")
    lines = [json.loads(line) for line in err.splitlines()]
    assert len(lines) == 61
    assert {line["status"] for line in lines} == {200}
    assert len({line["request_id"] for line in lines}) == 61


def test_a_port_at_which_somebody_listens_is_refused_before_the_books_are_opened(
    tonne: Tonne, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONNE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = tonne("serve", "--port", port, "--scheme", "example", "--json")
    assert (said.code, said.data["remedy"]) == (2, "Choose another: --port.")
    assert str(port) in said.data["detail"]


def test_the_same_door_has_pages_for_people(served: "subprocess.Popen[str]") -> None:
    address = began(served)
    for path, kind in (("/", "text/html"), ("/v1/nothing", "application/problem+json")):
        try:
            answer = urllib.request.urlopen(f"{address}{path}", timeout=60)  # noqa: S310  our own
        except urllib.error.HTTPError as no:
            answer = no
        with answer:
            assert answer.headers["Content-Type"].startswith(kind)
            assert answer.headers["Request-Id"].startswith("req_")
    served.send_signal(signal.SIGINT)
    served.communicate(timeout=120)
    assert served.returncode == 0


@pytest.mark.parametrize("moment", ["2013-04-02", "2013-04-02T10:00", "soon"])
def test_a_clock_that_shows_another_time_is_told_with_its_zone(tonne: Tonne, moment: str) -> None:
    said = tonne("serve", "--clock", moment, "--json")
    assert said.code == 2
    assert "is no moment" in said.data["detail"]

"""Doors behind a server of this machine that speaks TLS for them."""

import json

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from typer import BadParameter

from tonne.cli.lodging import an_origin
from tonne.cli.serve import behind


async def who(scope: Scope, receive: Receive, send: Send) -> None:
    """Tell the address of the caller."""
    client = Request(scope).client
    await JSONResponse(client.host if client else "")(scope, receive, send)


@pytest.mark.parametrize(
    ("peer", "said", "caller"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
    ],
)
def test_a_caller_is_who_the_server_before_us_heard_and_not_who_they_say(
    peer: str, said: str, caller: str
) -> None:
    client = TestClient(behind(who), client=(peer, 5000))
    answer = client.get("/", headers={"x-forwarded-for": said})
    assert json.loads(answer.text) == caller


def test_pages_that_others_reach_are_not_sent_in_the_open() -> None:
    with pytest.raises(BadParameter, match="passwords"):
        an_origin("http://registry.example")
    for address in ("https://registry.example", "http://localhost:8080"):
        assert an_origin(f"{address}/") == address

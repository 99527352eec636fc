"""A connection on which nothing is said is kept by nobody for long."""

import http.client
from typing import ClassVar, Self

import pytest

from tonne.cli import carrying, serving


class FakeConnection:
    """A connection to a side that hears everything and has nothing to say of it."""

    made: ClassVar[int] = 0
    status = 200
    will_close = False

    def __init__(self, *_: object, **__: object) -> None:
        type(self).made += 1
        self.sock = self

    def connect(self) -> None:
        """It is there."""

    def settimeout(self, _: float) -> None:
        """It never waits."""

    def request(self, *_: object) -> None:
        """It hears."""

    def getresponse(self) -> Self:
        return self

    def read(self) -> bytes:
        return b"{}"

    def close(self) -> None:
        """It is gone."""


def test_a_caller_who_sends_nothing_is_let_go_and_a_courier_goes_before_that() -> None:
    assert serving._Ear.timeout == serving.SILENT_SECONDS <= 10  # noqa: SLF001  it alone
    assert carrying.KEPT_SECONDS < serving.SILENT_SECONDS


@pytest.mark.parametrize(("kept", "connections"), [(60.0, 1), (-1.0, 3)])
def test_a_courier_keeps_a_connection_only_while_it_uses_it(
    monkeypatch: pytest.MonkeyPatch, kept: float, connections: int
) -> None:
    monkeypatch.setattr(carrying, "KEPT_SECONDS", kept)
    monkeypatch.setattr(http.client, "HTTPConnection", FakeConnection)
    monkeypatch.setattr(FakeConnection, "made", 0)
    courier = carrying._Courier("http://log.example")  # noqa: SLF001  it alone
    for _ in range(3):
        assert courier._ask(b"x") == (200, b"{}")  # noqa: SLF001  it alone
    assert FakeConnection.made == connections

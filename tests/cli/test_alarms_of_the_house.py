"""Sentences about what is unusual: it is counted within an hour, and told once a day."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import typer

from bureau import usr
from tonne.cli.alarms import DEFAULT, Alarms, Watched, limits_of
from tonne.signin import Trace


class Kept:
    """A trail in memory."""

    def __init__(self) -> None:
        self.traces: list[Trace] = []

    def add(self, traces: Sequence[Trace]) -> None:
        self.traces += traces


def a_trace(status: int, *, minutes: int = 0, method: str = "POST") -> Trace:
    at = datetime(2026, 3, 2, 11, tzinfo=UTC) + timedelta(minutes=minutes)
    return Trace(
        at=at, request="req_1", person=usr("ann"), key=None, session=None, place="192.0.2.1",
        method=method, route="/my/{number}/{verb}", path="/my/1/buy", account=None, status=status,
    )  # fmt: skip


def test_what_is_refused_is_counted_within_an_hour_and_told_once_a_day() -> None:
    alarms, kept = Alarms({"refusals": 2}), Kept()
    watched = Watched(kept, alarms)
    watched.add([a_trace(200), a_trace(404, method="GET"), a_trace(500), a_trace(400)])
    watched.add([a_trace(403, minutes=60)])
    assert (len(kept.traces), alarms.take()) == (5, [])
    watched.add([a_trace(422, minutes=119)])
    assert [(each.what, each.often) for each in alarms.take()] == [("refusals", 2)]
    watched.add([a_trace(400, minutes=120), a_trace(400, minutes=121)])
    assert alarms.take() == []
    watched.add([a_trace(400, minutes=119 + 24 * 60), a_trace(400, minutes=120 + 24 * 60)])
    assert len(alarms.take()) == 1


def test_thresholds_are_set_one_by_one_and_none_of_nothing() -> None:
    assert limits_of(()) == DEFAULT
    assert limits_of(["sign-ins=5", "freezes=0"]) == {**DEFAULT, "sign-ins": 5, "freezes": 0}
    for wrong in ("sign-ins", "sign-ins=x", "weather=1", "refusals=-1"):
        with pytest.raises(typer.BadParameter):
            limits_of([wrong])
    silent = Alarms({"freezes": 0})
    silent.note("freezes", datetime(2026, 3, 2, tzinfo=UTC))
    assert silent.take() == []

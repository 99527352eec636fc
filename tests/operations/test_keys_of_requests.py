"""Sentences about keys: one stands for one request, with every fact of it, and for no other."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from changed import replace
from land import VERIFIED, Land, desk, numbers, report
from tonne import operations
from tonne.mrv import Opinion, Sheet
from tonne.operations import Opening
from tonne.quantity import Tonnes
from tonne.supply import Allocation

ON = "2026-05-01"


class Request(NamedTuple):
    """A request, and others that differ from it in one fact each."""

    operation: Callable[..., object]
    words: tuple[Any, ...]
    named: dict[str, Any]
    others: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...]


def request_of(
    operation: Callable[..., object],
    *words: Any,  # noqa: ANN401  what the operation takes
    instead: tuple[Any, ...] = (),
    changes: dict[str, Any] | None = None,
    **named: Any,  # noqa: ANN401
) -> Request:
    """A request; others that say something else first, or something else by name."""
    others = [((each, *words[1:]), named) for each in instead]
    others += [(words, named | {name: value}) for name, value in (changes or {}).items()]
    return Request(operation, words, named, tuple(others))


def tonnes(count: str) -> Tonnes:
    return Tonnes(Decimal(count))


OPENING = Opening(kind="operator", name="Mill", registry="XE", operator="MILL", identifier=10)
ROW = Allocation(operator="KILN", year=2026, count=5)
DEAR = Opinion(verifier="Verify Ltd", judgement="verified", tonnes=tonnes("41"))
COARSE = Opinion(verifier="Verify Ltd", judgement="verified", misstatement=tonnes("1"))
SAID = Opinion(verifier="Verify Ltd", judgement="verified_with_comments", comments=("meter 3",))

REQUESTS = {
    "open": request_of(
        operations.open_accounts,
        [OPENING],
        instead=(
            [],
            [OPENING, OPENING],
            [Opening(kind="person", name="Mill", registry="XE", operator="MILL", identifier=10)],
            [Opening(kind="operator", name="Mine", registry="XE", operator="MILL", identifier=10)],
            [Opening(kind="operator", name="Mill", registry="DE", operator="MILL", identifier=10)],
            [Opening(kind="operator", name="Mill", registry="XE", operator="MINE", identifier=10)],
            [Opening(kind="operator", name="Mill", registry="XE", operator="MILL")],
        ),
    ),
    "allocate": request_of(
        operations.allocate,
        [ROW],
        instead=(
            [],
            [Allocation(operator="STEEL", year=2026, count=5)],
            [Allocation(operator="KILN", year=2027, count=5)],
            [Allocation(operator="KILN", year=2026, count=6)],
        ),
        changes={"method": "table", "kind": "aircraft"},
        unit="EXA-1",
        method="grandfathering",
    ),
    "report": request_of(
        operations.report,
        [report("kiln", 40)],
        instead=(
            [report("steel", 40)],
            [report("kiln", 41)],
            [report("kiln", "40.1")],
            [report("kiln", 40, year=2026, on="2026-03-31")],
        ),
    ),
    "verify": request_of(
        operations.verify,
        [(report("kiln", 40), VERIFIED)],
        instead=(
            [(report("kiln", 41), VERIFIED)],
            [(report("kiln", 40), DEAR)],
            [(report("kiln", 40), COARSE)],
            [(report("kiln", 40), SAID)],
            [(report("kiln", 40), Opinion(verifier="Other Ltd", judgement="verified"))],
        ),
    ),
    "determine": request_of(
        operations.determine,
        changes={
            "operator": "KILN",
            "year": 2024,
            "reason": "other",
            "stated": tonnes("51"),
            "note": "as told",
        },
        operator="STEEL",
        year=2025,
        reason="report_missing",
        stated=tonnes("50"),
        note="",
    ),
    "correct": request_of(
        operations.correct,
        changes={
            "operator": "STEEL",
            "year": 2026,
            "tonnes": tonnes("45"),
            "note": "meter 4",
        },
        operator="KILN",
        year=2025,
        tonnes=tonnes("44"),
        note="meter 3",
    ),
    "exclude": request_of(
        operations.exclude,
        ["KILN"],
        instead=(["STEEL"], ["KILN", "STEEL"]),
        changes={"year": 2026, "reason": "large"},
        year=2025,
        reason="small",
    ),
    "close": request_of(operations.close_year, 2025, instead=(2024,)),
    "issue": request_of(
        operations.issue, changes={"count": 6, "year": 2025}, year=2026, unit="EXA-1", count=5
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_key_stands_for_every_fact_of_a_request(each_land: Land, name: str) -> None:
    asked = REQUESTS[name]
    if name == "correct":
        each_land.emit("kiln", 40)
    each_land.do(asked.operation, *asked.words, key="once", on=ON, **asked.named)
    before = each_land.size()
    for words, named in asked.others:

        def again(words: tuple[Any, ...] = words, named: dict[str, Any] = named) -> object:
            return each_land.do(asked.operation, *words, key="once", on=ON, **named)

        assert 9001 in numbers(again), (words, named)
    # The same again is the same, also on a later day.
    each_land.do(asked.operation, *asked.words, key="once", on="2026-05-02", **asked.named)
    assert each_land.size() == before


def test_a_table_sent_again_on_a_later_day_gets_the_answer_it_got_then(each_land: Land) -> None:
    sheets = [Sheet(name="t", rows=[["operator_id", "year", "verified"], ["KILN", "2025", "40"]])]

    def bring(on: str) -> object:
        return each_land.do(operations.import_reports, sheets, key="t", on=on, by="operator")

    first = bring("2026-03-30")
    assert bring("2026-03-31") == first
    assert bring("2026-06-01") == first


def test_a_report_sent_again_on_a_later_day_is_answered_as_it_was_then(each_land: Land) -> None:
    def send(on: str) -> object:
        sent = [report("kiln", 40, on=on)]
        return each_land.do(operations.report, sent, key="r", on=on, by="operator")

    assert send("2026-03-30") == send("2026-03-31")


def test_a_key_stands_for_a_change_of_an_account_with_its_reason(each_land: Land) -> None:
    def change(name: str, verb: str, reason: str) -> object:
        return each_land.do(
            operations.change_account,
            each_land.number(name),
            verb,
            reason=reason,
            key="once",
            on=ON,
            by="administrator",
        )

    change("kiln", "suspend", "as told")
    for asked in (("steel", "suspend", "as told"), ("kiln", "restrict", "as told"),
                  ("kiln", "suspend", "")):  # fmt: skip
        assert numbers(lambda asked=asked: change(*asked)) == [9001]  # type: ignore[misc]


def test_the_key_of_one_verb_is_not_taken_for_another(each_land: Land) -> None:
    reports = [report("kiln", 40)]
    each_land.do(operations.report, reports, key="once", on=ON)
    opinions = [(each, VERIFIED) for each in reports]
    assert numbers(lambda: each_land.do(operations.verify, opinions, key="once", on=ON)) == [9001]
    assert numbers(lambda: each_land.do(operations.report, [], key="once", on=ON)) == [9001]
    assert numbers(lambda: each_land.do(operations.verify, [], key="once", on=ON)) == [9001]


def test_the_key_of_one_scheme_is_not_taken_for_another(each_land: Land) -> None:
    each_land.close(2025, key="once")
    other = replace(each_land.scheme, name="another")
    assert numbers(
        lambda: each_land.run(
            lambda books: operations.close_year(books, other, 2025, key="once", desk=desk(ON))
        )
    ) == [9001]

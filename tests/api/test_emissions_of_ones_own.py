"""What is on record of emissions is told to programs of who sees the account, and nobody else."""

from decimal import Decimal
from typing import Any

import pytest

from bureau import Bureau
from land import Land, report
from switchboard import Counter, grounds
from tonne import operations
from tonne.quantity import Tonnes
from tonne.store import MemoryStore


def opened() -> Counter:
    """The counter, and the emissions of steel: reported twice, verified, and corrected."""
    land = Land(MemoryStore()).settle()
    for tonnes, on in (("39.6", "2026-02-02"), ("40.4", "2026-02-09")):
        said = report("steel", tonnes, on=on)
        land.do(operations.report, [said], key=land.key(), on=on, by="operator")
    land.emit("steel", "40.4", on="2026-02-20")
    land.do(
        operations.correct, operator="STEEL", year=2025, tonnes=Tonnes(Decimal(44)),
        note="a meter ran slow", key=land.key(), on="2026-02-27",
    )  # fmt: skip
    land.emit("kiln", 7, on="2026-02-20")
    return Counter(Bureau(land).settle())


@pytest.fixture(scope="module")
def counter() -> Counter:
    """In memory; nothing is done there."""
    return opened()


def path(counter: Counter, who: str, more: str = "") -> str:
    """The address of the emissions of an account."""
    return f"/v1/schemes/example/accounts/{counter.bureau.number(who)}/emissions{more}"


def test_reports_and_figures_are_told_and_which_of_them_stands(counter: Counter) -> None:
    told: Any = counter.get(path(counter, "steel"), "ann")["data"]
    assert [(row["kind"], row["tonnes"], row["stands"]) for row in told] == [
        ("reported", "39.6", False),
        ("reported", "40.4", False),
        ("verified", "40", False),
        ("corrected", "44", True),
    ]
    assert {(row["operator"], row["year"]) for row in told} == {("STEEL", 2025)}
    assert [row["day"] for row in told[:2]] == ["2026-02-02", "2026-02-09"]
    assert told[3]["note"] == "a meter ran slow"
    assert (told[2]["late"], told[0]["late"]) == (False, None)


def test_emissions_come_page_by_page_by_year_and_by_kind(counter: Counter) -> None:
    whole = counter.get(path(counter, "steel"), "bob")["data"]
    first = counter.get(path(counter, "steel", "?limit=3"), "bob")
    assert (first["data"], first["has_more"]) == (whole[:3], True)
    rest = counter.get(path(counter, "steel", f"?starting_after={first['next_cursor']}"), "bob")
    assert (rest["data"], rest["has_more"]) == (whole[3:], False)
    assert counter.get(path(counter, "steel", "?year=2024"), "bob")["data"] == []
    assert counter.get(path(counter, "steel", "?year=2025"), "bob")["data"] == whole
    assert counter.get(path(counter, "steel", "?kind=verified"), "bob")["data"] == [whole[2]]
    either = path(counter, "steel", "?kind=corrected,verified")
    assert counter.get(either, "bob")["data"] == whole[2:]
    table = counter.client.get(
        path(counter, "steel", "?fields=year,kind,tonnes&limit=1"),
        headers=counter.key("bob", "read") | {"Accept": "text/csv"},
    )
    assert table.text == "year,kind,tonnes\r\n2025,reported,39.6\r\n"


def test_emissions_of_another_account_are_as_if_it_were_not(counter: Counter) -> None:
    shown = counter.key("ann", "read")
    unknown = path(counter, "kiln").replace(counter.bureau.number("kiln"), "XE-120-99-0-1")
    for address in (path(counter, "kiln"), unknown):
        assert grounds(counter.client.get(address, headers=shown)) == (404, [9215])
    (kiln,) = counter.get(path(counter, "kiln"), "sara")["data"]
    assert (kiln["tonnes"], kiln["stands"]) == ("7", True), "staff of the registry see it"
    assert grounds(counter.client.get(path(counter, "steel"))) == (401, [9216])
    quiet = counter.client.get(path(counter, "steel"), headers=counter.key("ann", "quiet"))
    assert grounds(quiet) == (403, [9217])
    wrong = counter.client.get(path(counter, "steel", "?yera=2025"), headers=shown)
    assert grounds(wrong) == (400, [9203])

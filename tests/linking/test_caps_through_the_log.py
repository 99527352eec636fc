"""What is proposed while other proposals are open is held against the same cap as they."""

from pathlib import Path

import pytest

from kyoto_link import three_registries
from linked import LOG, LOG_KEY, Registry, Three, desk_of, send
from tonne import operations
from tonne.linking import Link
from tonne.operations import Exchange
from tonne.refusal import Refused

# Annex B and the review of 2007: Poland's assigned amount is 2,648,181,038 units.
MORE_THAN_HALF = 1_500_000_000


def issue(three: Three, registry: Registry, count: int, year: int | None) -> None:
    """Propose to issue units of a year, or of no year that is said."""
    own = registry.accounts
    asked = Exchange(
        key=registry.key(),
        kind="issue",
        verb="issue",
        source=own["issuance"],
        target=own["authority"],
        unit="ALA",
        count=count,
        year=year,
    )
    desk = desk_of(three.now, "authority")
    registry.run(lambda books: operations.propose(books, registry.scheme, asked, desk=desk))


def test_a_nation_issues_its_assigned_amount_once_whatever_year_it_says(tmp_path: Path) -> None:
    link = three_registries(tmp_path)
    words = {"kind": "issue", "verb": "issue", "unit": "AAU-1 PL", "source": "issuance"}
    link.propose("PL", count=MORE_THAN_HALF, target="party", **words)
    for place, year in enumerate((None, 2009, 2010)):
        key = f"again {place}"
        with pytest.raises(Refused) as no:
            link.propose("PL", count=MORE_THAN_HALF, target="party", year=year, key=key, **words)
        assert [each.number for each in no.value.refusals] == [3500]


@pytest.mark.parametrize("settled", [False, True])
def test_the_cap_of_a_year_holds_for_proposals_that_say_no_year(
    three: Three, *, settled: bool
) -> None:
    """The Example Act, s. 10: 100,000 units in 2025."""
    registry = three.registries["XA"]
    issue(three, registry, 60_000, None)
    if settled:
        three.settle()
    for year in (None, 2025):
        with pytest.raises(Refused) as no:
            issue(three, registry, 60_000, year)
        assert {each.number for each in no.value.refusals} == {3500}
    issue(three, registry, 40_000, 2025)


def test_a_registry_keeps_its_code_and_while_something_is_open_its_log(three: Three) -> None:
    def link(code: str, log: str, address: str) -> set[int]:
        registry = three.registries["XA"]
        asked = Link(code, log, address, LOG_KEY.public())
        key, desk = registry.key(), desk_of(three.now)
        try:
            registry.run(
                lambda books: operations.link_registry(
                    books, registry.scheme, asked, key=key, desk=desk
                )
            )
        except Refused as no:
            return {each.number for each in no.refusals}
        return set()

    here = "http://127.0.0.1:1"
    three.issue("XA", 100)
    send(three)
    assert link("XX", LOG, here) == {7577}
    assert link("XA", "OTHER", here) == {7577}
    assert link("XA", LOG, "http://127.0.0.1:2") == set()
    three.settle()
    assert link("XX", LOG, here) == {7577}
    assert link("XA", "OTHER", here) == set()

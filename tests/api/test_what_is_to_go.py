"""Sentences about versions of the interface, and about operations that are to go."""

from datetime import UTC, date, datetime

import pytest

from front_desk import FrontDesk
from land import Land
from switchboard import a_counter
from tonne.api import DEPRECATED, Deprecated, version_of
from tonne.refusal import Refused
from tonne.store import MemoryStore

OLD = Deprecated(
    operation="list_refusals",
    since=date(2027, 1, 1),
    until=date(2028, 1, 1),
    instead="Ask /v2/rules.",
)


@pytest.fixture(scope="module")
def desk() -> FrontDesk:
    """A door at which the list of refusals is to go."""
    return FrontDesk(Land(MemoryStore()).found(), more={"deprecated": (OLD,)})


def test_every_answer_of_what_is_to_go_says_since_when_until_when_and_what_instead(
    desk: FrontDesk,
) -> None:
    address = "/v1/refusals"
    for path, status in ((address, 200), (f"{address}?limit=0", 400), (f"{address}?x=1", 400)):
        answer = desk.client.get(path)
        assert answer.status_code == status
        # 2027-01-01: 57 years after 1970, 14 leap days: (57 * 365 + 14) * 86400 seconds.
        assert answer.headers["deprecation"] == "@1798761600"
        assert answer.headers["sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
    assert datetime.fromtimestamp(1798761600, UTC) == datetime(2027, 1, 1, tzinfo=UTC)
    told = '</v1/deprecations/list_refusals>; rel="deprecation"'
    assert desk.client.get(f"{address}?limit=200&starting_after=9999").headers["link"] == told
    paged = desk.client.get(f"{address}?limit=1").headers["link"]
    assert paged.endswith(f'; rel="next", {told}')
    assert desk.client.head(address).headers["deprecation"] == "@1798761600"


def test_what_stays_says_nothing_of_that(desk: FrontDesk) -> None:
    for path in ("/v1/schemes", "/v1/refusals/9200", "/v1/nothing"):
        assert not {"deprecation", "sunset"} & {*desk.client.get(path).headers}


def test_what_is_to_go_is_told_in_the_description_and_in_a_list(desk: FrontDesk) -> None:
    told = {
        operation["operationId"]: operation
        for path in desk.get("/openapi.json")["paths"].values()
        for operation in path.values()
    }
    marked = [name for name, each in told.items() if each.get("deprecated")]
    assert marked == ["list_refusals"]
    for answer in told["list_refusals"]["responses"].values():
        assert {"Deprecation", "Sunset", "Link"} <= answer["headers"].keys()
    row = {
        "object": "deprecation", "operation": "list_refusals", "deprecated_on": "2027-01-01",
        "sunset_on": "2028-01-01", "instead": "Ask /v2/rules.",
    }  # fmt: skip
    assert desk.get("/v1/deprecations")["data"] == [row]
    assert desk.get("/v1/deprecations/list_refusals") == row
    assert desk.refused("/v1/deprecations/list_schemes") == (404, [9215])


@pytest.mark.parametrize(
    ("since", "until", "fits"),
    [
        (date(2027, 1, 1), date(2027, 12, 31), False), (date(2027, 1, 1), date(2028, 1, 1), True),
        (date(2028, 2, 29), date(2029, 2, 28), False), (date(2028, 2, 29), date(2029, 3, 1), True),
        (date(2027, 6, 30), date(2027, 6, 30), False),
    ],
)  # fmt: skip
def test_nothing_goes_before_it_was_told_for_twelve_months(
    since: date, until: date, *, fits: bool
) -> None:
    def made() -> Deprecated:
        return Deprecated(operation="list_refusals", since=since, until=until, instead="")

    if fits:
        assert made()
        return
    with pytest.raises(AssertionError):
        made()


def test_what_is_named_as_to_go_is_there() -> None:
    told = a_counter().app.openapi()["paths"].values()
    names = {operation["operationId"] for path in told for operation in path.values()}
    assert {each.operation for each in DEPRECATED} <= names


def test_a_version_is_served_that_was_served_and_the_newest_if_none_is_named() -> None:
    served = (date(2026, 11, 1), date(2027, 5, 1))
    for asked, version in ((None, served[1]), ("2026-11-01", served[0]), ("2027-05-01", served[1])):
        assert version_of(asked, served) == version
    for asked in ("2026-10-31", "2026-11-02", "2027-05-02", "20261101", "", "newest"):
        with pytest.raises(Refused) as no:
            version_of(asked, served)
        assert [each.number for each in no.value.refusals] == [9212]

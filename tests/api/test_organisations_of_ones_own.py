"""Account holders are told to programs of those who act for them, and to the registry's staff."""

import pytest

from bureau import Bureau, org, usr
from land import Land
from switchboard import Counter, grounds
from tonne.operations import people, proposals
from tonne.people import DocumentGiven, HolderKnown, Registered
from tonne.store import MemoryStore

PATH = "/v1/schemes/example/organisations"


def opened() -> Counter:
    """The counter; zala, who has no account, eve, who is of the kiln, and bea, who left steel."""
    bureau = Bureau(Land(MemoryStore()).settle()).settle()
    alone = HolderKnown(kind="individual", name="Zala", country="XE", address="Pot 1")
    bureau.staff(people.register_holder, org("zala"), alone)
    seen = DocumentGiven(name="extract.pdf", digest="0" * 64, size=7)
    bureau.staff(people.give_document, org("steelco"), seen)
    of_kiln = Registered(name="Eve", email="eve@example.org", organisation=org("kilnco"))
    bureau.staff(people.register_person, usr("eve"), of_kiln)
    for event in ("validate", "enrol"):
        bureau.staff(people.turn_person, usr("eve"), event)
    bureau.enrol("bea")
    bureau.represent("steel", "bea", "read")
    steel = bureau.number("steel")
    bureau.agreed(proposals.Remove(account=steel, person=usr("bea"), reason="left"))
    return Counter(bureau)


@pytest.fixture(scope="module")
def counter() -> Counter:
    """In memory; nothing is done there."""
    return opened()


def test_staff_sees_all_holders_and_others_their_own(counter: Counter) -> None:
    every = counter.get(PATH, "sara")["data"]
    assert [(row["code"], row["kind"]) for row in every] == [
        (org("steelco"), "organisation"),
        (org("kilnco"), "organisation"),
        (org("zala"), "individual"),
    ]
    (steel,) = counter.get(PATH, "ann")["data"]
    assert steel == every[0]
    assert (steel["name"], steel["country"], steel["documents"]) == ("Steelco", "XE", 1)
    assert counter.get(f"{PATH}/{steel['code']}", "bob") == steel
    # Eve acts on no account, and is told to whom she belongs.
    assert [row["code"] for row in counter.get(PATH, "eve")["data"]] == [org("kilnco")]


def test_holders_come_page_by_page_and_by_their_kind(counter: Counter) -> None:
    whole = counter.get(PATH, "sara")["data"]
    first = counter.get(f"{PATH}?limit=2", "sara")
    assert (first["data"], first["has_more"]) == (whole[:2], True)
    rest = counter.get(f"{PATH}?starting_after={first['next_cursor']}", "sara")
    assert (rest["data"], rest["has_more"]) == (whole[2:], False)
    assert counter.get(f"{PATH}?kind=individual", "sara")["data"] == whole[2:]
    assert counter.get(f"{PATH}?kind=individual", "ann")["data"] == []
    assert counter.get(f"{PATH}?kind=individual,organisation", "sara")["data"] == whole
    assert counter.get(f"{PATH}?kind=government,individual", "sara")["data"] == whole[2:]
    table = counter.client.get(
        f"{PATH}?fields=code,name&limit=1",
        headers=counter.key("sara", "read") | {"Accept": "text/csv"},
    )
    assert table.text == f"code,name\r\n{org('steelco')},Steelco\r\n"


def test_a_holder_of_others_is_as_if_it_were_not(counter: Counter) -> None:
    shown = counter.key("ann", "read")
    told = counter.client.get(f"{PATH}/{org('kilnco')}", headers=shown)
    unknown = counter.client.get(f"{PATH}/{org('nobody')}", headers=shown)
    assert grounds(told) == grounds(unknown) == (404, [9215])
    assert told.json()["detail"] == unknown.json()["detail"].replace(org("nobody"), org("kilnco"))
    of_staff = counter.client.get(f"{PATH}/{org('nobody')}", headers=counter.key("sara", "read"))
    assert grounds(of_staff) == (404, [9215])
    assert grounds(counter.client.get(PATH)) == (401, [9216])
    quiet = counter.client.get(PATH, headers=counter.key("ann", "quiet"))
    assert grounds(quiet) == (403, [9217])
    assert grounds(counter.client.get(f"{PATH}?knd=x", headers=shown)) == (400, [9203])


def test_who_represents_an_account_no_more_sees_its_holder_no_more(counter: Counter) -> None:
    assert counter.get(PATH, "bea")["data"] == []
    answer = counter.client.get(f"{PATH}/{org('steelco')}", headers=counter.key("bea", "read"))
    assert grounds(answer) == (404, [9215])

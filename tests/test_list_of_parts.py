"""The list of all parts is in CycloneDX form, is of today, and names what the lock names."""

import json
import re
from typing import Any

import pytest

import parts

LINE = re.compile(r"^([a-z0-9.-]+)(?:\[.*\])?==(\S+)", re.MULTILINE)


@pytest.fixture(scope="module")
def listed() -> Any:  # noqa: ANN401  whatever JSON says
    """The list as it stands."""
    return json.loads(parts.LISTED.read_text("utf-8"))


def test_the_list_of_parts_is_fresh() -> None:
    assert parts.LISTED.read_text("utf-8") == parts.page(), "write it anew: make parts"


def test_the_list_of_parts_names_every_locked_part_with_its_digests(listed: Any) -> None:  # noqa: ANN401
    lock = parts.LOCK.read_text("utf-8")
    found = {each["name"]: each for each in listed["components"] if "pypi" in each["purl"]}
    assert {(name, each["version"]) for name, each in found.items()} == set(LINE.findall(lock))
    said = [one["content"] for each in found.values() for one in each["hashes"]]
    assert sorted(said) == sorted(re.findall(r"sha256:(\w{64})", lock))


def test_a_script_that_is_carried_along_is_a_part(listed: Any) -> None:  # noqa: ANN401
    # NOTICE: htmx 4.0.1 (src/tonne/web/static).
    (script,) = [each for each in listed["components"] if "pypi" not in each["purl"]]
    assert (script["purl"], len(script["hashes"])) == ("pkg:npm/htmx.org@4.0.1", 1)


def test_the_list_of_parts_has_the_fields_that_cyclonedx_requires(listed: Any) -> None:  # noqa: ANN401
    """CycloneDX 1.5, bom-1.5.schema.json: required fields, and references that lead somewhere."""
    assert (listed["bomFormat"], listed["specVersion"], listed["version"]) == (
        "CycloneDX",
        "1.5",
        1,
    )
    assert set(listed) <= {
        "bomFormat", "specVersion", "version", "metadata", "components", "dependencies",
    }  # fmt: skip
    ours, components = listed["metadata"]["component"], listed["components"]
    for each in (ours, *components):
        assert {"type", "name"} <= set(each)
        assert each["type"] in {"application", "library"}
        for digest in each.get("hashes", ()):
            assert digest["alg"] == "SHA-256"
            assert re.fullmatch(r"[0-9a-f]{64}", digest["content"])
    refs = [each["bom-ref"] for each in (ours, *components)]
    assert len(set(refs)) == len(refs)
    assert {each["ref"] for each in listed["dependencies"]} == set(refs)
    needed = {ref for each in listed["dependencies"] for ref in each["dependsOn"]}
    assert needed == set(refs) - {ours["bom-ref"]}, "every part is needed by another"


def test_every_lock_is_asked_for_known_holes() -> None:
    make = (parts.ROOT / "Makefile").read_text("utf-8")
    audit = make.partition("\naudit:")[2].partition("\n\n")[0]
    locks = {str(each.relative_to(parts.ROOT)) for each in parts.LOCK.parent.glob("*.txt")}
    assert {name for name in locks if f"--requirement {name}" in audit} == locks
    assert "--strict" in audit, "what could not be asked for is a fault"

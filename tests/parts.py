"""All parts that Tonne runs with, as CycloneDX lists them. Run this to write the list anew.

It is made of the lock and of what is carried along, so it says the same on every machine.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK, LISTED = ROOT / "requirements/run.txt", ROOT / "requirements/parts.cdx.json"
STATIC = ROOT / "src/tonne/web/static"

_PART = re.compile(r"(?P<name>[a-z0-9.-]+)(\[[a-z,]+\])?==(?P<version>\S+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_SCRIPT = re.compile(r"(?P<name>[a-z]+)-(?P<version>[0-9.]+)\.min\.js")
_OURS = "tonne (pyproject.toml)"


def parts() -> dict[str, Any]:
    """The list, as it is written."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ours = f"pkg:pypi/{project['name']}@{project['version']}"
    locked = list(_locked())
    refs = {name: f"pkg:pypi/{name}@{version}" for name, version, _, _ in locked} | {_OURS: ours}
    scripts = [*_scripts()]
    needs: dict[str, list[str]] = {ref: [] for ref in (ours, *refs.values())}
    needs |= {each["bom-ref"]: [] for each in scripts}
    for name, _, _, via in locked:
        for each in via:
            needs[refs[each]].append(refs[name])
    needs[ours] += [each["bom-ref"] for each in scripts]
    components = [_component("pypi", name, version, hashes) for name, version, hashes, _ in locked]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": ours, "name": project["name"],
                "version": project["version"], "purl": ours,
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": [*components, *scripts],
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(found)} for ref, found in needs.items()
        ],
    }  # fmt: skip


def _locked() -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Each locked part: its name, its version, the digests it may have, and who needs it."""
    for text in re.split(r"\n(?=[a-z])", LOCK.read_text("utf-8")):
        found = _PART.match(text)
        assert found, text
        via = text.partition("# via")[2].replace("#", "").split("\n")
        names = [each.strip() for each in via if each.strip()]
        yield found["name"], found["version"], _HASH.findall(text), names


def _scripts() -> Iterator[dict[str, Any]]:
    """Scripts of others that are carried along, with the digest of the very file."""
    for file in sorted(STATIC.glob("*.min.js")):
        found = _SCRIPT.fullmatch(file.name)
        assert found, file.name
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        yield _component("npm", f"{found['name']}.org", found["version"], [digest])


def _component(kind: str, name: str, version: str, hashes: list[str]) -> dict[str, Any]:
    ref = f"pkg:{kind}/{name}@{version}"
    return {
        "type": "library", "bom-ref": ref, "name": name, "version": version, "purl": ref,
        "hashes": [{"alg": "SHA-256", "content": each} for each in hashes],
    }  # fmt: skip


def page() -> str:
    """The file, as it is to stand."""
    return json.dumps(parts(), indent=1) + "\n"


if __name__ == "__main__":
    LISTED.write_text(page(), "utf-8")

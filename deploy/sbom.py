"""Write the software bill of materials of this system to standard output, as CycloneDX 1.5.

It lists Python itself, the packages of the interpreter that runs this, and Debian's packages. The
same system gives the same bytes.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path
from typing import Any
from urllib.parse import quote

SUBJECT = "starlike"
DPKG_STATUS = Path("/var/lib/dpkg/status")
OS_RELEASE = Path("/etc/os-release")

Component = dict[str, Any]


def component(kind: str, name: str, version: str, purl: str, licences: list[Any]) -> Component:
    """One entry of the bill."""
    facts = {"type": kind, "name": name, "version": version, "purl": purl, "bom-ref": purl}
    return facts | ({"licenses": licences} if licences else {})


def licences_of(package: Distribution) -> list[Any]:
    """What a package says of its licence: an SPDX expression, classifiers, or a line."""
    facts = package.metadata.json
    if expression := facts.get("license_expression"):
        return [{"expression": expression}]
    classifiers = [
        value.rpartition(" :: ")[2]
        for value in facts.get("classifier", [])
        if value.startswith("License :: ")
    ]
    line = str(facts.get("license", "")).strip()
    names = classifiers or ([line] if line and "\n" not in line else [])
    return [{"license": {"name": name}} for name in names]


def of_package(package: Distribution) -> Component:
    """A package of Python's as an entry."""
    name = package.metadata["Name"].lower().replace("_", "-").replace(".", "-")
    kind = "application" if name == SUBJECT else "library"
    purl = f"pkg:pypi/{name}@{quote(package.version)}"
    return component(kind, name, package.version, purl, licences_of(package))


def of_debian() -> Iterator[Component]:
    """Debian's packages that are installed, as entries; none on another system."""
    if not DPKG_STATUS.is_file():
        return
    release = dict(line.split("=", 1) for line in OS_RELEASE.read_text().splitlines() if line)
    codename = release.get("VERSION_CODENAME", "").strip('"')
    for record in DPKG_STATUS.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in record.splitlines() if not line.startswith(" ")]
        facts = dict(line.split(": ", 1) for line in lines if ": " in line)
        if facts.get("Status") != "install ok installed":
            continue
        name, version = facts["Package"], facts["Version"]
        qualifiers = f"arch={facts['Architecture']}&distro={codename}"
        purl = f"pkg:deb/debian/{quote(name)}@{quote(version, safe='')}?{qualifiers}"
        yield component("library", name, version, purl, [])


def bill() -> dict[str, Any]:
    """The whole bill."""
    python = platform.python_version()
    found = [
        component("platform", "python", python, f"pkg:generic/python@{python}", []),
        *map(of_package, distributions()),
        *of_debian(),
    ]
    subject = of_package(distribution(SUBJECT))
    rest = {item["purl"]: item for item in found if item["purl"] != subject["purl"]}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": subject},
        "components": [rest[purl] for purl in sorted(rest)],
    }


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=1)
    sys.stdout.write("\n")

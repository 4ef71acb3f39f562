"""The image and what runs it, as far as that can be seen without an engine: `.ci/image` runs it."""

from __future__ import annotations

import importlib
import json
import os
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from starlike.server.app import create_app
from starlike.server.settings import PREFIX, Settings, read

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text()
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TRAINING = {"keras", "jax", "jaxlib", "scipy", "scikit-learn", "matplotlib", "pyarrow", "imagehash"}
COLLECTING = {"aiohttp", "beautifulsoup4", "icrawler"}

yaml: Any = importlib.import_module("yaml")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """What compose.yaml runs."""
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text()))


@pytest.fixture(scope="module")
def service(compose: dict[str, Any]) -> dict[str, Any]:
    """The server as compose.yaml runs it."""
    return dict(compose["services"]["starlike"])


@pytest.fixture(scope="module")
def cluster() -> dict[str, dict[str, Any]]:
    """What deploy/kubernetes.yaml asks for, by kind."""
    documents = yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text())
    return {document["kind"]: document for document in documents}


@pytest.fixture(scope="module")
def pod(cluster: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return dict(cluster["Deployment"]["spec"]["template"]["spec"])


@pytest.fixture(scope="module")
def container(pod: dict[str, Any]) -> dict[str, Any]:
    (only,) = pod["containers"]
    return dict(only)


def pins(name: str) -> dict[str, set[str]]:
    """The checksums of a file of requirements, by its pins."""
    text = (ROOT / "requirements" / name).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip()]
    return {line.partition("--hash")[0].strip(): set(line.split("--hash=")[1:]) for line in lines}


def seconds_to_end() -> float:
    """What the server may take to end, as docs/operations.md says."""
    settings = read()
    return settings.upload_timeout + 2 * settings.timeout


def are_settings(names: set[str]) -> bool:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    return names <= known


def test_the_image_is_built_on_a_version_and_not_on_whatever_is_latest() -> None:
    found = re.search(r"^ARG BASE=(\S+)$", DOCKERFILE, re.M)
    assert found
    tag = found[1].partition(":")[2]
    assert re.fullmatch(r"3\.\d+-\w+", tag)
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)) == {"${BASE}"}


def test_the_image_runs_as_nobody_special_and_tells_the_version_that_it_is() -> None:
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.M) == ["1000:1000"]
    assert f"ARG VERSION={PROJECT['version']}\n" in DOCKERFILE
    assert f'licenses="{PROJECT["license"]}"' in DOCKERFILE


def test_the_image_sets_only_what_the_server_knows() -> None:
    assert are_settings(set(re.findall(r"\b(STARLIKE_\w+)=", DOCKERFILE)))


def test_the_image_takes_its_packages_by_checksum() -> None:
    for command in re.findall(r"pip (?:install|wheel) (?:.|\\\n)*?-r \S+", DOCKERFILE):
        assert "--require-hashes" in command
        assert "--no-deps" in command


def test_serving_takes_what_the_program_takes_and_nothing_that_trains_or_collects() -> None:
    serving, everything = pins("serve.txt"), pins("stages.txt")
    assert all(serving.values())
    assert serving.items() <= everything.items()
    names = {pin.partition("==")[0] for pin in serving}
    assert not names & (TRAINING | COLLECTING)
    declared = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["serve"]
    assert {re.split(r"[><=\[]", item)[0] for item in declared} <= names


def test_the_build_sees_nothing_but_what_it_takes() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    shown = {line[1:] for line in ignored if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.M)
    assert ignored[1] == "*"
    assert shown == {source for sources in copied for source in sources.split()}


def test_compose_hardens_the_server(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(volume.endswith(":ro") for volume in service["volumes"])
    assert "ports" not in service


def test_compose_has_replicas_that_work_as_much_as_they_may(service: dict[str, Any]) -> None:
    limits = service["deploy"]["resources"]["limits"]
    assert service["deploy"]["replicas"] > 1
    assert service["environment"]["STARLIKE_WORKERS"] == limits["cpus"]
    assert are_settings(set(service["environment"]))


def test_compose_asks_for_health_as_the_image_does(service: dict[str, Any]) -> None:
    (command,) = re.findall(r"^HEALTHCHECK [^\[]*CMD (\[.*\])$", DOCKERFILE, re.M)
    assert service["healthcheck"]["test"] == ["CMD", *json.loads(command)]


def test_a_server_that_does_not_answer_is_not_healthy() -> None:
    # Nothing listens on a port that only this socket has, without listening.
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        asked = subprocess.run(
            [sys.executable, ROOT / "deploy/health.py"],
            env={**os.environ, "STARLIKE_PORT": str(unheard.getsockname()[1])},
            capture_output=True,
            check=False,
        )
    assert (asked.returncode, asked.stderr) == (1, b"")


def test_compose_gives_the_server_its_time_to_end(service: dict[str, Any]) -> None:
    assert int(service["stop_grace_period"].removesuffix("s")) > seconds_to_end()


def test_compose_trusts_the_network_that_the_proxy_is_on(
    compose: dict[str, Any], service: dict[str, Any]
) -> None:
    inside = compose["networks"]["inside"]
    assert inside["internal"] is True
    assert service["networks"] == ["inside"]
    (config,) = inside["ipam"]["config"]
    assert service["environment"]["STARLIKE_TRUSTED_PROXIES"] == config["subnet"]


def test_the_proxy_lets_through_what_the_server_takes_and_waits_for_it() -> None:
    settings = read()
    most = settings.max_photos * int(settings.max_bytes) / 2**20
    assert int(re.findall(r"max_size (\d+)MiB", CADDYFILE)[0]) == most + 1
    assert int(re.findall(r"response_header_timeout (\d+)s", CADDYFILE)[0]) > seconds_to_end()
    assert int(re.findall(r"read_body (\d+)s", CADDYFILE)[0]) > settings.upload_timeout


def test_kubernetes_hardens_the_server(pod: dict[str, Any], container: dict[str, Any]) -> None:
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["automountServiceAccountToken"] is False


def test_kubernetes_asks_addresses_that_the_server_has(container: dict[str, Any]) -> None:
    addresses = {str(path) for path in create_app(read()).openapi()["paths"]}
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert ports == {"http": read().port}
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        asked = container[probe]["httpGet"]
        assert asked["port"] in ports
        assert asked["path"] in addresses


def test_kubernetes_sets_what_the_server_knows_and_nothing_comes_in_between(
    pod: dict[str, Any], container: dict[str, Any]
) -> None:
    values = {item["name"]: item["value"] for item in container["env"]}
    assert are_settings(set(values))
    assert values["STARLIKE_WORKERS"] == container["resources"]["limits"]["cpu"]
    # A service of this name would set STARLIKE_PORT to an address.
    assert pod["enableServiceLinks"] is False


def test_kubernetes_gives_the_server_its_time_to_end(
    pod: dict[str, Any], container: dict[str, Any]
) -> None:
    pause = float(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > pause + seconds_to_end()


def test_kubernetes_finds_the_pods_by_one_label(cluster: dict[str, dict[str, Any]]) -> None:
    label = {"app.kubernetes.io/name": "starlike"}
    deployment = cluster["Deployment"]["spec"]
    assert deployment["template"]["metadata"]["labels"] == label
    assert deployment["selector"] == {"matchLabels": label}
    assert cluster["Service"]["spec"]["selector"] == label
    assert cluster["PodDisruptionBudget"]["spec"]["selector"] == {"matchLabels": label}
    assert cluster["NetworkPolicy"]["spec"]["podSelector"] == {"matchLabels": label}
    target = cluster["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    assert target["name"] == cluster["Deployment"]["metadata"]["name"]


def test_the_bill_of_materials_lists_what_is_installed_and_is_always_the_same() -> None:
    made = [
        subprocess.run([sys.executable, ROOT / "deploy/sbom.py"], capture_output=True, check=True)
        for _ in range(2)
    ]
    assert made[0].stdout == made[1].stdout
    bill = json.loads(made[0].stdout)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert bill["metadata"]["component"]["version"] == PROJECT["version"]
    versions = {item["name"]: item["version"] for item in bill["components"]}
    assert versions["onnxruntime"] == importlib.import_module("onnxruntime").__version__
    references = [item["bom-ref"] for item in bill["components"]]
    assert len(references) == len(set(references))

"""The server keeps what its OpenAPI document says, whatever is asked."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.server.conftest import Server

CHECKS = [
    content_type_conformance,
    negative_data_rejection,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]


@pytest.fixture(scope="module")
def operations(server: Server) -> list[schemathesis.schemas.APIOperation[Any, Any, Any, Any]]:
    schema = schemathesis.openapi.from_url(f"{server.client.base_url}/openapi.json")
    # Too many photos may be what is refused first.
    schema.config.checks.negative_data_rejection.expected_statuses = ["400", "413", "415", "422"]
    return [
        operation.ok() for operation in schema.get_all_operations() if isinstance(operation, Ok)
    ]


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_nothing_is_answered_that_is_not_documented(
    operations: list[schemathesis.schemas.APIOperation[Any, Any, Any, Any]],
    mode: schemathesis.GenerationMode,
) -> None:
    for operation in operations:

        @given(case=operation.as_strategy(mode))
        @settings(
            max_examples=300,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def asked(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(checks=CHECKS, timeout=60)

        with suppress(Unsatisfiable):  # an operation without parameters cannot be asked wrongly
            asked()


def test_every_operation_documents_its_answers_by_schema_and_example(server: Server) -> None:
    document = server.client.get("/openapi.json").json()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["operationId"], path
            for status, response in operation["responses"].items():
                for kind, content in response["content"].items():
                    assert content["schema"], (path, status)
                    if kind == "application/problem+json":
                        assert content["examples"], (path, status)


def test_the_statuses_of_an_answer_are_all_documented(server: Server) -> None:
    paths = server.client.get("/openapi.json").json()["paths"]
    expected = {"200", "400", "408", "413", "415", "422", "429", "500", "503", "504"}
    for address in ("/v1/match", "/v1/compare"):
        assert set(paths[address]["post"]["responses"]) == expected
    operation = paths["/v1/match"]["post"]
    assert set(operation["requestBody"]["content"]) == {
        "multipart/form-data",
        "image/*",
        "application/octet-stream",
    }
    form = operation["requestBody"]["content"]["multipart/form-data"]
    assert set(form) == {"schema", "encoding"}
    assert form["encoding"]["photo"]["contentType"].startswith("image/*")


def test_comparing_takes_as_many_photos_as_the_server_does(server: Server) -> None:
    operation = server.client.get("/openapi.json").json()["paths"]["/v1/compare"]["post"]
    (form,) = operation["requestBody"]["content"].values()
    photos = form["schema"]["properties"]["photo"]
    assert (photos["minItems"], photos["maxItems"]) == (2, 4)
    assert set(form["schema"]["properties"]) == {"photo", "child"}


def test_pages_of_people_are_documented(server: Server) -> None:
    document = server.client.get("/openapi.json").json()
    parameters = document["paths"]["/v1/classes"]["get"]["parameters"]
    assert {item["name"] for item in parameters} == {"q", "cursor", "limit"}
    assert all(item["in"] == "query" and item["description"] for item in parameters)
    assert "next" in document["components"]["schemas"]["Classes"]["required"]

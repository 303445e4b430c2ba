"""Test with schemathesis that the API answers as its description says, whatever it is asked."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import content_type_conformance, not_a_server_error, response_schema_conformance
from schemathesis.specs.openapi.schemas import OpenApiSchema
from sqlalchemy import Engine, create_engine

from services.settings import Settings
from services.web.app import create_app

MEMBERS = {"type", "title", "status", "detail", "rule"}
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
DEAR = ("density", "council", "apportionments")
"""Words in the addresses of what counts every complaint, or computes at length, in each answer."""


def list_operations() -> list[tuple[str, str]]:
    """List the method and path of every operation, from an application that is not run."""
    paths = create_app(Settings(), create_engine("postgresql+psycopg://")).openapi()["paths"]
    cheap = [path for path in paths if not any(word in path for word in DEAR)]
    return [(method, path) for path in cheap for method in paths[path]]


@pytest.fixture(scope="module")
def described(demo_engine: Engine) -> OpenApiSchema:
    """Read the description from a service over the demonstration."""
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(Settings(), demo_engine))


@pytest.mark.parametrize(("method", "path"), list_operations())
def test_every_answer_is_as_described(described: OpenApiSchema, method: str, path: str):
    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described[path][method.upper()].as_strategy())
    def ask(case: Case) -> None:
        if "register" in case.path_parameters:
            case.path_parameters["register"] = "dz"  # else nearly every answer would be that there is no such register
        answer = case.call()
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == ["application/problem+json"]
            assert set(answer.json()) >= MEMBERS and answer.json()["status"] == answer.status_code

    ask()

"""SARIF logs against the schema as OASIS published it, which `.ci/browser` brings in a package of Microsoft's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from report.pieces import Json
from report.synthetic import failing, good, large
from report.talk import live

from harness.report import render_sarif

SCHEMA = Path(__file__).parent / "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"


MADE: dict[str, Callable[[], Json]] = {
    "good": good,
    "failing": failing,
    "large": lambda: large(2000),
    "live": lambda: live(good()),
}


@pytest.mark.parametrize("name", MADE)
def test_the_log_is_valid(name: str) -> None:
    """No error under the official schema; without the schema the test fails."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema).validate(json.loads(render_sarif(MADE[name]())))


def test_the_schema_can_fail() -> None:
    """A log without a version is refused."""
    log = json.loads(render_sarif(good()))
    del log["version"]
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert list(jsonschema.Draft4Validator(schema).iter_errors(log))

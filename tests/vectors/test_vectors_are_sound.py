"""The vectors as data: their schema, names, bases, requirements and changes hold together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.errors import SuiteError
from harness.judge import load_suite
from harness.reference.chain import reference_bundle
from harness.reference.operations import OPERATIONS
from harness.reference.vectors import Vector, apply, faults, load_vectors, read_vectors
from harness.resources import resource

GOOD = """
[[vector]]
name = "{name}"
requirement = "{requirement}"
base = "{base}"
summary = "something is wrong"
{change}
"""
PATCH = 'patch = [{ op = "remove", path = "/name" }]'


def folder(tmp_path: Path, **parts: str) -> Path:
    """A folder with one file of one vector."""
    told = {
        "name": "made-up",
        "requirement": "VCP-ENV-16",
        "base": "untp-0.7.0/dpp-cathode-batch",
        "change": PATCH,
    }
    (tmp_path / "vcp.toml").write_text(GOOD.format(**{**told, **parts}), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("vector", load_vectors(), ids=lambda vector: vector.name)
def test_a_vector_applies_and_changes_something(vector: Vector) -> None:
    """Each change applies to its base, and what is delivered, on the web or the clock is not the same after it."""
    good, broken = reference_bundle(), apply(vector, reference_bundle())
    assert (good.evidence, dict(good.web), good.at) != (broken.evidence, dict(broken.web), broken.at)


@pytest.mark.parametrize("vector", load_vectors(), ids=lambda vector: vector.name)
def test_the_requirement_of_a_vector_has_a_case(vector: Vector) -> None:
    """Each vector is of a requirement that some case decides."""
    assert vector.requirement in {case.requirement for case in load_suite().cases}


def test_faults_are_those_that_bind() -> None:
    """There are at least twelve named faults for the demo, of as many requirements."""
    assert len({vector.requirement for vector in faults()}) >= 12


def test_the_schema_knows_every_operation() -> None:
    """The operations that the schema lists are those that the code has."""
    schema = json.loads(resource("test_cases", "schemas", "vector.schema.json").read_text(encoding="utf-8"))
    listed = schema["$defs"]["envelope"]["properties"]["operation"]["enum"]
    assert listed == sorted(OPERATIONS)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"base": "untp-0.7.0/dpp-nothing"}, "unknown base"),
        ({"requirement": "VCP-ENV-99"}, "unknown requirement"),
        ({"base": "untp-0.6.1/dpp-cathode-batch"}, "does not belong to"),
        ({"name": "Not Kebab"}, "does not match"),
        ({"change": ""}, "valid under"),
        ({"change": PATCH + '\nenvelope = { operation = "revoke" }'}, "valid under"),
        ({"change": 'envelope = { operation = "do-magic" }'}, "is not one of"),
        ({"change": 'envelope = { operation = "append" }'}, "'text' is a required property"),
    ],
)
def test_a_wrong_vector_is_refused(tmp_path: Path, parts: dict[str, str], message: str) -> None:
    """A vector that names what does not exist, or says too much or too little, is an error with its file."""
    with pytest.raises(SuiteError, match=message) as raised:
        read_vectors(folder(tmp_path, **parts))
    assert "vcp.toml" in str(raised.value)


def test_a_name_is_used_once(tmp_path: Path) -> None:
    """Two vectors of one name are an error."""
    path = folder(tmp_path) / "vcp.toml"
    path.write_text(path.read_text(encoding="utf-8") * 2, encoding="utf-8")
    with pytest.raises(SuiteError, match="named twice"):
        read_vectors(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        'patch = [{ op = "remove", path = "/credentialSubject/nothing" }]',
        'patch = [{ op = "test", path = "/name", value = "another" }]',
        'patch = [{ op = "add", path = "/credentialSubject/materialProvenance/x", value = 1 }]',
        'text = [{ find = "not in the payload", replace = "" }]',
    ],
)
def test_a_change_that_does_not_apply_is_an_error(tmp_path: Path, change: str) -> None:
    """A patch or replacement that finds nothing to change names the vector."""
    (vector,) = read_vectors(folder(tmp_path, change=change))
    with pytest.raises(SuiteError, match="made-up"):
        apply(vector, reference_bundle())

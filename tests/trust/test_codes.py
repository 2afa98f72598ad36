"""The table of codes: complete, well named, and each code reached by a real verification."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from harness.trust import codes
from harness.trust.codes import CODES, DECIDES, problem_of, shown
from harness.trust.trace import TrustError

TRUST = Path(codes.__file__).parent
DISCLOSURES = TRUST.parent / "credential" / "disclosures.py"
OURS = (
    "did",
    "did_local",
    "did_rules",
    "jose",
    "jose_rules",
    "keys",
    "sd_jwt",
    "signatures",
    "webvh",
    "webvh_parameters",
    "webvh_proof",
)


def raised() -> set[str]:
    """Every code with which our modules make a TrustError."""
    found = set()
    for path in (*(TRUST / f"{name}.py" for name in OURS), DISCLOSURES):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in CODES:
                found.add(node.value)
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "TrustError"
            ):
                first = node.args[0]
                assert not isinstance(first, ast.Constant) or first.value in CODES, first.value
    return found


def test_every_code_is_in_the_table_and_used() -> None:
    """No code is made up on the way, and none stands in the table for nothing."""
    problems_only = {"token-expired", "token-not-yet-valid"}
    assert raised() == CODES.keys() - problems_only


@pytest.mark.parametrize("code", CODES)
def test_codes_are_kebab_case_with_one_line(code: str) -> None:
    """A code is kebab-case and has a meaning of one line."""
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", code)
    assert 10 < len(CODES[code]) < 120


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_expected_by_a_test(code: str) -> None:
    """Each code stands in a test of this folder as what a verification has to end with."""
    tests = [path for path in Path(__file__).parent.glob("test_*.py") if path.name != "test_codes.py"]
    assert any(f'"{code}"' in path.read_text() for path in tests)


def test_every_fault_of_an_issuer_decides_one_requirement() -> None:
    """A code that can stop an issuer's token belongs to exactly one requirement; open ones to none."""
    undecided = {code for code in CODES if code not in DECIDES}
    assert DECIDES.keys() <= CODES.keys()
    assert undecided == {
        code
        for code in CODES
        if code.startswith(("key-binding", "token-expired", "token-not-yet-valid"))
        or (
            CODES[code].startswith("(?)") and code not in ("did-document-not-found", "did-method-unsupported")
        )
    }


def test_an_error_becomes_a_problem() -> None:
    """What stopped a verification can be shown as a finding."""
    error = TrustError(
        "kid-missing", "no kid", step="JOSE Header", clause="c", expected="e", actual="a", hint="h"
    )
    finding = problem_of(error, "/kid").finding(step=error.step)
    assert (finding.message, finding.pointer, finding.step) == ("no kid", "/kid", "JOSE Header")
    assert finding.source is None, "its source is the URL of the requirement"


def test_strangers_texts_are_shortened() -> None:
    """A message repeats at most 160 characters of what a stranger wrote."""
    assert shown("x" * 1_000) == "x" * 160 + "…"
    assert shown([1]) == "[1]"

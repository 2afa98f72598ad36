"""Hostile and broken trust material through the command line: a finding or an error that says what and where.

A redirect loop has no test of its own: --web answers from a folder and knows no redirects; a link that leads
in a circle is the nearest that a folder can do.
"""

from __future__ import annotations

import resource
import zlib
from pathlib import Path
from typing import Any

import pytest

from harness.trust.encoding import encode_base64url

from .chains import OnDisk, chain, check, on_disk

TEST = "untp-0.7.0/dcc-pack-test"
FOIL = "untp-0.7.0/dcc-foil-declaration"
DID_JSON = "https://pruefwerk-elbtal.example/.well-known/did.json"
LIST = "https://status.pruefwerk-elbtal.example/revocation/1"
GIGABYTE = 1 << 30


def told(report: dict[str, Any], requirement: str, outcome: str) -> str:
    """The first finding of a requirement, which has this outcome, as one text."""
    finding = next(one for one in report["findings"] if one["requirement"] == requirement)
    assert finding["outcome"] == outcome, finding
    return " ".join(str(finding[name]) for name in ("pointer", "message", "expected", "actual", "hint"))


def found(report: dict[str, Any]) -> dict[str, str]:
    """The requirements with findings, and their outcomes."""
    return {one["requirement"]: one["outcome"] for one in report["findings"]}


@pytest.mark.parametrize(
    ("name", "operation", "requirement", "words"),
    [
        pytest.param(
            FOIL,
            {
                "operation": "did-document",
                "patch": [
                    {"op": "replace", "path": "/verificationMethod/0/publicKeyJwk/crv", "value": "P-384"}
                ],
            },
            "VCP-DID-05",
            ["/issuer/id", "member x has 32 bytes", "this curve has 48"],
            id="a key of the wrong curve",
        ),
        pytest.param(
            FOIL,
            {"operation": "header", "set": {"alg": "ES384"}},
            "VCP-JOSE-15",
            ["ES384", "EC P-384", "EC P-256"],
            id="an algorithm of another curve",
        ),
        pytest.param(
            TEST,
            {"operation": "cut-signature"},
            "VCP-JOSE-15",
            ["64 bytes", "56 bytes"],
            id="a truncated signature",
        ),
        pytest.param(
            TEST,
            {"operation": "append", "text": "=="},
            "VCP-JOSE-15",
            ["signature", "base64url with padding", "'='"],
            id="base64 with padding",
        ),
        pytest.param(
            TEST,
            {
                "operation": "did-document",
                "patch": [{"op": "replace", "path": "/id", "value": "did:web:elbtal-holding.example"}],
            },
            "VCP-DID-04",
            ["/issuer/id", DID_JSON, "did:web:elbtal-holding.example", "did:web:pruefwerk-elbtal.example"],
            id="a DID document for another DID",
        ),
    ],
)
def test_what_is_broken_fails_with_its_place(
    tmp_path: Path, name: str, operation: dict[str, Any], requirement: str, words: list[str]
) -> None:
    """Each fault fails its requirement, names what was expected and found, and leaves no traceback."""
    place = on_disk(chain(name, **operation), name, tmp_path)
    code, report, errors = check(place)
    said = told(report, requirement, "failed")
    assert [word for word in words if word not in said] == []
    assert (code, report["verdict"]) == (1, "nonconformant")
    assert "Traceback" not in errors


def test_a_status_list_of_a_gigabyte_is_given_up(tmp_path: Path) -> None:
    """A list that expands to 1 GB of zeros is given up early: an error that says so, in little memory."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    zeros = bytes(1 << 20)
    packed = b"".join(packer.compress(zeros) for _ in range(GIGABYTE >> 20)) + packer.flush()
    patch = [
        {"op": "replace", "path": "/credentialSubject/encodedList", "value": f"u{encode_base64url(packed)}"}
    ]
    place = on_disk(chain(TEST, "status-list", patch=patch), TEST, tmp_path)
    code, report, errors = check(place)
    said = told(report, "VCP-STAT-10", "error")
    assert "larger than what the harness expands" in said
    assert (code, report["verdict"]) == (3, "undetermined")
    assert "Traceback" not in errors
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 700 * 1024


def test_a_status_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Without its list the status is not run, and the finding names the URL."""
    place = on_disk(chain(TEST), TEST, tmp_path)
    place.answer(LIST).unlink()
    code, report, errors = check(place)
    assert LIST in told(report, "VCP-STAT-06", "not_run")
    assert (code, report["verdict"]) == (3, "undetermined")
    assert "Traceback" not in errors


def test_a_link_in_a_circle_is_named(tmp_path: Path) -> None:
    """A DID document that is a link to itself is not there, and the finding names the URL."""
    place = on_disk(chain(TEST), TEST, tmp_path)
    document = place.answer(DID_JSON)
    document.unlink()
    document.symlink_to(document.name)
    code, report, errors = check(place)
    assert DID_JSON in told(report, "VCP-DID-01", "not_run")
    assert (code, report["verdict"]) == (3, "undetermined")
    assert "Traceback" not in errors


@pytest.mark.parametrize("at", ["1969-07-20T20:17:40Z", "0001-01-01T00:00:00Z"])
def test_a_clock_before_1970_is_a_clock(tmp_path: Path, at: str) -> None:
    """Judged before computers had clocks, the credential is not valid yet, and the signature verifies all the same."""
    place = on_disk(chain(TEST), TEST, tmp_path)
    code, report, errors = check(place, at=at)
    assert "/validFrom" in told(report, "VCP-VAL-08", "review")
    assert "VCP-JOSE-15" not in found(report)
    assert (code, report["verdict"]) == (3, "undetermined")
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("moment", "requirement", "outcome", "ends"),
    [
        ("-62135596801", "VCP-JOSE-13", "warning", 3),
        ("1e300", "VCP-JOSE-13", "warning", 0),
        ("-1e400", "VCP-JSON-01", "failed", 1),
    ],
)
def test_claims_far_from_any_calendar_are_told(
    tmp_path: Path, moment: str, requirement: str, outcome: str, ends: int
) -> None:
    """A token that expired before the year 1, or ends after the last, is a finding and no crash."""
    bundle = chain(TEST)
    issuance = bundle.plan.issuances[TEST]
    text = issuance.payload.replace("{", f'{{"exp": {moment},', 1)
    place = OnDisk(tmp_path / "credential.jwt", on_disk(bundle, TEST, tmp_path).web)
    place.credential.write_bytes(type(issuance)(**{**vars(issuance), "payload": text}).served())
    code, report, errors = check(place)
    assert "exp" in told(report, requirement, outcome)
    assert code == ends
    assert "Traceback" not in errors

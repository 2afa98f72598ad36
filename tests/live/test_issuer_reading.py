"""What was given and what was signed, side by side."""

from __future__ import annotations

from typing import Any

import pytest

from harness.exchange import Answer, Exchange, Recording, Request
from harness.judge.issuer import ISSUED, PROVOKED, UNJUDGED, differences, issued_in_recording
from harness.reference.chain import reference_bundle

GIVEN = {
    "@context": ["a"],
    "type": ["T"],
    "name": "x",
    "validFrom": "2026-08-04T07:00:00Z",
    "credentialSubject": {"n": [1, 2]},
}
TOKEN = reference_bundle().delivered("untp-0.7.0/dpp-cathode-batch").body


@pytest.mark.parametrize(
    "change",
    [
        {}, {"id": "urn:x"}, {"issuer": "did:web:a.example"}, {"credentialStatus": {"type": "x"}}, {"proof": {}},
        {"@context": ["a", "b"]}, {"validFrom": "2026-08-04T07:00:00.000Z"}, {"validFrom": "2026-08-04T09:00:00+02:00"},
    ],
)  # fmt: skip
def test_what_an_issuer_may_add_is_no_difference(change: dict[str, Any]) -> None:
    """Id, issuer, status and proof; contexts behind the given ones; the same moment in another spelling."""
    assert list(differences(GIVEN, {**GIVEN, **change})) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"name": "X"}, "/name"), ({"more": 1}, "/more"), ({"@context": ["b", "a"]}, "/@context"), ({"type": ["T", "U"]}, "/type"),
        ({"credentialSubject": {"n": [1, 3]}}, "/credentialSubject/n/1"), ({"credentialSubject": {"n": [True, 2]}}, "/credentialSubject/n/0"),
        ({"validFrom": "2026-08-05T07:00:00Z"}, "/validFrom"), ({"credentialSubject": {"n": [1, 2], "id": "x"}}, "/credentialSubject/id"),
    ],
)  # fmt: skip
def test_what_was_changed_is_named_by_its_place(change: dict[str, Any], place: str) -> None:
    """Another value, one more, one less, another order, true for one."""
    assert [pointer for pointer, _, _ in differences(GIVEN, {**GIVEN, **change})] == [place]


def test_a_member_that_was_left_out_is_a_difference() -> None:
    """An issuer that cannot sign something refuses it; it does not leave it out."""
    assert [p for p, _, _ in differences(GIVEN, {k: v for k, v in GIVEN.items() if k != "name"})] == ["/name"]


def test_subjects_of_the_record_are_what_was_issued() -> None:
    """Good input by its probe; bad input as provoked; what is marked as unjudged, and refusals, not at all."""

    def said(probe: str, status: int, **about: str) -> Exchange:
        request = Request("POST", "https://a.example/")
        answer = Answer(status, (), TOKEN)
        return Exchange(
            "issuer", "issuer[0]", probe, "x", request, answer, about={"operation": "issue", **about}
        )

    recording = Recording(
        (
            said("issue", 201),
            said("refuse", 201),
            said("garbage", 422),
            said("again", 201, **{UNJUDGED: "why"}),
        )
    )
    found = list(issued_in_recording(recording))
    assert [(one.name, one.origin) for one in found] == [
        ("issuer[0]/issue/x.jwt", ISSUED),
        ("issuer[0]/refuse/x.jwt", PROVOKED),
    ]

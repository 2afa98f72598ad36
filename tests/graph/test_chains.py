"""Trust leads somewhere else: never back to itself, never through what is not verified, never by a name alone."""

from __future__ import annotations

from typing import Any

import pytest

from harness.graph import State
from harness.graph.build import Reading
from harness.graph.chains import Chains

from .made import graph_of, judge, reading

MAKER = "did:web:maker.example"
REGISTER = "did:web:register.example"
ROOT = "did:web:root.example"
CRITERION = "https://scheme.example/criteria/1"


def anchor(subject: str, issuer: str, number: str = "1", **more: Any) -> Reading:
    """A register entry."""
    value = {
        "id": subject,
        "registerType": "business",
        "registeredId": number,
        "idScheme": {"id": f"https://{issuer[8:]}/"},
    }
    return reading("DIA", value, issuer=issuer, name=f"dia-{subject}-{issuer}", **more)


def claim(**more: Any) -> Reading:
    """A passport with one claim."""
    said = {"id": "#1", "referenceCriteria": [{"id": CRITERION}], **more}
    product = {"id": "https://id.maker.example/p", "idGranularity": "batch", "performanceClaim": [said]}
    return reading("DPP", product, name="dpp")


def attestation(issuer: str, product: str = "https://id.maker.example/p", **more: Any) -> Reading:
    """An attestation of the claim's product."""
    assessment = {
        "assessmentCriteria": [{"id": CRITERION}],
        "assessedProduct": [{"product": {"id": product}}],
        "conformance": True,
    }
    subject = {
        "id": f"https://att.example/{issuer}",
        "conformityAssessment": [assessment],
        "referenceScheme": {"id": "https://scheme.example/"},
    }
    return reading("DCC", subject, issuer=issuer, name=f"dcc-{issuer}", **more)


def test_a_chain_of_anchors_ends_in_a_root() -> None:
    """A register that a trusted party anchors is trusted."""
    graph = graph_of(anchor(MAKER, REGISTER), anchor(REGISTER, ROOT, "2"), roots=[ROOT])
    assert all(Chains(graph).roots.reached_from(identity) for identity in graph.identities)


@pytest.mark.parametrize("state", [State.UNVERIFIED, State.BROKEN, State.EXPIRED, State.WITHDRAWN])
def test_a_chain_breaks_at_what_is_not_verified(state: State) -> None:
    """One anchor on the way that is not verified breaks the chain."""
    graph = graph_of(anchor(MAKER, REGISTER), anchor(REGISTER, ROOT, "2", state=state), roots=[ROOT])
    assert not any(Chains(graph).roots.reached_from(identity) for identity in graph.identities)


def test_anchors_of_each_other_are_no_chain() -> None:
    """Three registers that anchor one another in a circle end nowhere, and that is told of each."""
    others = [f"did:web:r{i}.example" for i in range(3)]
    circle = [anchor(others[i], others[(i + 1) % 3], str(i)) for i in range(3)]
    graph = graph_of(*circle, roots=[ROOT])
    assert not any(Chains(graph).roots.reached_from(identity) for identity in graph.identities)
    assert len(judge(*circle, roots=[ROOT])["GRAPH-ID-05"]) == 3


@pytest.mark.parametrize("state", [State.UNVERIFIED, State.BROKEN, State.EXPIRED, State.WITHDRAWN])
def test_only_what_is_verified_supports_a_claim(state: State) -> None:
    """An attestation in any other state leaves the claim open."""
    assert "GRAPH-CLAIM-01" not in judge(claim(), attestation("did:web:body.example"))
    found = judge(claim(), attestation("did:web:body.example", state=state))
    wanted = "GRAPH-CLAIM-04" if state in (State.EXPIRED, State.WITHDRAWN) else "GRAPH-CLAIM-01"
    assert wanted in found


def test_a_claim_is_not_its_own_evidence() -> None:
    """A credential that both claims and assesses supports nothing."""
    both = {
        "id": "https://id.maker.example/p",
        "performanceClaim": [{"id": "#1", "referenceCriteria": [{"id": CRITERION}]}],
        "conformityAssessment": [
            {
                "assessmentCriteria": [{"id": CRITERION}],
                "assessedProduct": [{"product": {"id": "https://id.maker.example/p"}}],
            }
        ],
    }
    assert "GRAPH-CLAIM-01" in judge(reading("DPP", both))


def test_a_protected_claim_is_counted_apart() -> None:
    """A claim whose evidence says that it is protected is neither held nor a finding."""
    link = {
        "linkURL": "https://secret.example/1",
        "linkType": "dcc",
        "accessRole": ["https://roles.example#Regulator"],
    }
    assert "GRAPH-CLAIM-01" not in judge(claim(evidence=[link]))


def test_a_name_that_one_gives_itself_does_not_make_one_somebody_else() -> None:
    """Who calls itself by the DID of an anchored party is not that party."""
    thief = {"id": "https://id.thief.example/p", "idGranularity": "batch"}
    stolen = reading("DPP", thief, issuer="did:web:thief.example", issuer_names=(MAKER,))
    chains = Chains(graph_of(anchor(MAKER, REGISTER), stolen))
    assert not chains.parties.same("did:web:thief.example", MAKER)
    assert not chains.parties.anchors("did:web:thief.example")


def test_one_register_entry_is_one_party() -> None:
    """Two DIDs that a verified register gives one entry denote one party."""
    chains = Chains(graph_of(anchor(MAKER, REGISTER), anchor("did:web:maker-2.example", REGISTER)))
    assert chains.parties.same(MAKER, "did:web:maker-2.example")


def test_failures_stay_local() -> None:
    """One withdrawn attestation among ten leaves nine claims held, and the finding names the link."""
    parts: list[Reading] = []
    for i in range(10):
        product = f"https://id.maker.example/p{i}"
        said = {"id": f"#{i}", "referenceCriteria": [{"id": CRITERION}]}
        parts.append(reading("DPP", {"id": product, "performanceClaim": [said]}, name=f"dpp{i}"))
        parts.append(
            attestation(f"did:web:body{i}.example", product, **({"state": State.WITHDRAWN} if i == 4 else {}))
        )
    found = judge(*parts)
    assert "GRAPH-CLAIM-01" not in found
    (result,) = found["GRAPH-CLAIM-04"]
    assert result.subject == "dpp4"
    assert "dcc-did:web:body4.example" in result.findings[0].message

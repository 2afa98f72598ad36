"""Who verified whose credentials: read from the recordings of the submissions, matched by the credentials themselves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from harness.exchange import Answer, Exchange, Recording, Request
from harness.gather.store import EvidenceStore
from harness.listing.across import Answers, Shared, shared_of, verified_across
from harness.listing.register import Built, build_register, write_site
from harness.listing.signer import signer_of
from harness.reference.chain import reference_bundle
from harness.trust.signing import key_from_seed

from .pieces import CHOSEN, broken, good, run
from .test_register import AT, vendor

TOKENS = [reference_bundle().delivered(name).body.decode() for name in CHOSEN]


def asked(number: int, credential: Any, answer: Any, status: int = 200) -> Exchange:
    """A question to a verifier in the manner of VC-API, and its answer."""
    body = json.dumps({"verifiableCredential": credential}).encode()
    return Exchange(
        "verifier", "verifier[0]", f"other-{number}", "", Request("POST", "https://v.example/", (), body),
        Answer(status, (("content-type", "application/json"),), json.dumps(answer).encode()),
    )  # fmt: skip


def enveloped(token: str) -> dict[str, Any]:
    """A token as VC-API sends it."""
    return {"type": ["EnvelopedVerifiableCredential"], "id": f"data:application/vc+jwt,{token}"}


def recorded(*exchanges: Exchange) -> Shared:
    """What a submission with these answers and no credentials shares."""
    store = EvidenceStore()
    store.record(Recording(exchanges))
    return shared_of(store, good().record)


THEIRS = shared_of(good().store, good().record)


def told(mine: Shared, theirs: Shared = THEIRS) -> dict[tuple[str, str], Answers]:
    """The matrix of two vendors."""
    return verified_across([("a", "A", mine), ("b", "B", theirs)])


def test_an_answer_is_right_where_it_agrees_with_the_verdict() -> None:
    """Accepted and conformant: right; rejected and conformant: wrong; in an envelope or bare."""
    mine = recorded(
        asked(1, enveloped(TOKENS[0]), {"verified": True}), asked(2, TOKENS[1], {"verified": False})
    )
    assert told(mine) == {("a", "b"): Answers(1, 2)}


def test_to_reject_what_is_nonconformant_is_right() -> None:
    """The other way round: a credential that fails is rightly rejected."""
    theirs = shared_of(broken().store, broken().record)
    (key,) = [key for key, verdict in theirs.credentials.items() if verdict == "nonconformant"]
    assert told(Shared({}, ((key, False),)), theirs) == {("a", "b"): Answers(1, 1)}
    assert told(Shared({}, ((key, True),)), theirs) == {("a", "b"): Answers(0, 1)}


def test_json_credentials_are_known_by_their_value() -> None:
    """Order and blanks do not matter; a changed member does."""
    value = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "id": "urn:x:1",
    }
    key = next(iter(recorded(asked(1, value, {"verified": True})).answers))[0]
    theirs = Shared({key: "conformant"}, ())
    turned = dict(reversed(value.items()))
    assert told(recorded(asked(1, turned, {"verified": True})), theirs) == {("a", "b"): Answers(1, 1)}
    assert told(recorded(asked(1, {**value, "id": "urn:x:2"}, {"verified": True})), theirs) == {}


@pytest.mark.parametrize(("answer", "status"), [({"oops": 1}, 200), ({"verified": True}, 503), ("", 404)])
def test_what_is_neither_yes_nor_no_counts_for_nobody(answer: Any, status: int) -> None:
    """A server that failed, and an answer that cannot be read, are no answers."""
    assert told(recorded(asked(1, TOKENS[0], answer, status))) == {}


def test_own_credentials_and_strangers_do_not_count() -> None:
    """A vendor's answers on its own credentials, and on credentials that nobody submitted."""
    mine = recorded(asked(1, TOKENS[0], {"verified": True}))
    assert verified_across([("a", "A", replace(mine, credentials=THEIRS.credentials))]) == {}
    assert verified_across([("a", "A", mine), ("a2", "A", THEIRS)]) == {}
    assert told(recorded(asked(1, "eyJ.eyJ.x", {"verified": True}))) == {}


def test_the_site_shows_it(tmp_path: Path) -> None:
    """Two vendors, one whose verifier was asked about the other's credentials: the cell and the data say how often."""
    folder = tmp_path / "accepted"
    folder.mkdir()
    for number in range(2):
        did = f"did:web:vendor-{number}.example"
        sealer = signer_of(key_from_seed(f"DEMO KEY {did}"), did=did)
        (folder / f"{number}.zip").write_bytes(run(vendor(number)).submitted(sealer).body)
    built = build_register(folder, tmp_path / "plain", at=AT, address="https://register.example/")
    assert "No record holds an answer" in (tmp_path / "plain" / "across.html").read_text(encoding="utf-8")
    first, second = built.listings
    answers = recorded(asked(1, enveloped(TOKENS[0]), {"verified": True})).answers
    first = replace(first, shared=replace(first.shared, answers=answers))
    write_site(Built((first, second), ()), tmp_path / "site", AT, "https://register.example/")
    page = html.document_fromstring((tmp_path / "site" / "across.html").read_bytes())
    rows = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
        for row in page.xpath("(//table)[2]/tbody/tr")
    ]
    assert rows == [["own", "1 of 1 right"], ["not recorded", "own"]]
    data = json.loads((tmp_path / "site" / "data.json").read_text(encoding="utf-8"))
    assert [(row["right"], row["asked"]) for row in data["verified"]] == [(1, 1)]

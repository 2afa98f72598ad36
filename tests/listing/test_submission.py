"""A submission: deterministic bytes, all evidence, no secret; and judging it again gives the same record."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from harness.errors import UsageError
from harness.evidence import Absence, Evidence
from harness.gather.store import EvidenceStore
from harness.listing import layout
from harness.listing.archive import read_members
from harness.listing.replay import judge_again
from harness.listing.rules import load_rules
from harness.listing.secrets import secrets_in
from harness.listing.submission import RunTerms, make_submission, open_members, vendor_text
from harness.report import write_record

from .pieces import VENDOR, good, run, submission


def test_the_same_run_is_the_same_bytes() -> None:
    """Two runs of one vendor, judged and packed apart, give the same submission."""
    assert run().submitted().body == submission().body


def test_any_zip_reader_opens_it() -> None:
    """Python's own reader finds every member whole and in order."""
    with zipfile.ZipFile(io.BytesIO(submission().body)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(submission().members)


def test_it_judges_again_to_the_same_bytes() -> None:
    """From the submission alone, with the network off, the record is the same byte for byte."""
    opened, breaches = open_members(read_members(submission().body, load_rules().window))
    assert breaches == []
    assert write_record(judge_again(opened)) == opened.record_body


def test_all_evidence_of_the_record_is_in_it() -> None:
    """Every digest that the record names is a member, and every absence has its reason."""
    for row in good().record["evidence"]:
        assert f"evidence/{row['sha256']}" in submission().members
    listed = json.loads(submission().members[layout.INDEX])
    assert all(row.get("absent") or row["sha256"] for row in listed["web"])


def test_no_key_is_in_it() -> None:
    """The private half of the signer's key is in no member."""
    assert not [
        name for name, body in submission().members.items() if b'"d":' in body or b"PRIVATE KEY" in body
    ]


def test_a_secret_in_the_vendor_file_is_refused() -> None:
    """The vendor is told before anything is written."""
    text = vendor_text(VENDOR) + '[[issuer]]\nadapter = "vc-api"\nendpoint = "https://a.example/"\n'
    text += 'headers = { Authorization = "Bearer 0123456789abcdef" }\n'
    with pytest.raises(UsageError, match="secret"):
        make_submission(good().record, good().store, text, good().terms)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", "env:ISSUER_TOKEN"),
        ("Accept", "application/vc+jwt"),
    ],
)
def test_names_of_variables_and_open_headers_are_no_secrets(name: str, value: str) -> None:
    """What the contract allows in a vendor file passes."""
    data = {"issuer": [{"endpoint": "https://a.example/", "headers": {name: value}}]}
    assert list(secrets_in(json.dumps(data), data)) == []


@pytest.mark.parametrize(
    "value",
    [
        {"issuer": [{"headers": {"X-Api-Key": "opensesame"}}]},
        {"issuer": [{"headers": {"Authorization": "env: TOKEN"}}]},
        {"resolver": [{"base": "https://user:pw@a.example/"}]},
        {"issuer": [{"endpoint": "https://a.example/?access_token=abc"}]},
        {"vendor": {"name": "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln"}},
        {"vendor": {"name": "ghp_0123456789abcdefghijABCDEFGHIJ"}},
    ],
)
def test_what_looks_like_a_secret_is_found(value: dict[str, object]) -> None:
    """Literal headers, user names in URLs, parameters, tokens and keys of services."""
    assert list(secrets_in(json.dumps(value), value))


def test_the_store_keeps_bytes_over_absences() -> None:
    """A URL that one credential could not follow and another could is evidence."""
    store = EvidenceStore()
    store.keep([Absence("https://a.example/", "too many references"), Evidence("https://a.example/", b"x")])
    store.keep([Absence("https://a.example/", "too many references")])
    assert isinstance(store.web["https://a.example/"], Evidence)
    assert EvidenceStore.restored(store.index(), store.blobs).index() == store.index()


def test_terms_survive_the_manifest() -> None:
    """Fractions of a second, nonce and selection come back as they were."""
    terms = RunTerms.from_json(good().terms.as_json())
    assert terms == good().terms

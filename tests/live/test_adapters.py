"""Adapters: what is asked of an issuer or a verifier, and what its answers say."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.errors import VendorFileError
from harness.exchange import Answer, Exchange, Request, Trouble
from harness.gather.adapters import Kind, adapter_of, given_in, issued_in, put, verified_in
from harness.gather.adapters.manifest import with_manifests
from harness.gather.adapters.said import GUESSED
from harness.gather.line import RecordedLine
from harness.reference.chain import reference_bundle
from harness.vendor import Endpoint, load_vendor

from .peers import peer, says, vendor_file

TOKEN = reference_bundle().delivered("untp-0.7.0/dpp-cathode-batch").body.decode()
ENVELOPED = {
    "@context": ["https://www.w3.org/ns/credentials/v2"], "type": "EnvelopedVerifiableCredential",
    "id": f"data:application/vc+jwt,{TOKEN}",
}  # fmt: skip
PROVED = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "proof": {"type": "DataIntegrityProof"},
}


def answered(status: int, value: Any, about: dict[str, str] | None = None) -> Exchange:
    """An exchange with this answer: JSON, or bytes as they are."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    request = Request("POST", "https://a.example/")
    return Exchange("issuer", "issuer[0]", "p", "", request, Answer(status, (), body), about=about or {})


@pytest.mark.parametrize(
    "value",
    [
        TOKEN.encode(),
        TOKEN,
        ENVELOPED,
        PROVED,
        {"verifiableCredential": ENVELOPED},
        {"verifiableCredential": TOKEN},
        {"vc": PROVED},
    ],
    ids=["token", "string", "envelope", "proof", "vc-api", "vc-api token", "vc"],
)
@pytest.mark.parametrize("status", [200, 201])
def test_a_credential_is_found_in_every_shape_that_issuers_use(value: Any, status: int) -> None:
    """The body itself or a member of it; a compact JWS, an envelope or an embedded proof."""
    assert issued_in(answered(status, value)).kind is Kind.ISSUED


@pytest.mark.parametrize(
    ("status", "value", "kind"),
    [
        (400, {"errors": ["no"]}, Kind.REFUSED), (422, b"", Kind.REFUSED), (409, {}, Kind.REFUSED),
        (429, {}, Kind.BROKEN), (500, {}, Kind.BROKEN), (302, b"", Kind.BROKEN), (200, {"verified": True}, Kind.BROKEN),
        (200, b"<html>", Kind.BROKEN), (200, {"@context": [], "type": ["Other"]}, Kind.BROKEN),
    ],
)  # fmt: skip
def test_only_a_deliberate_no_is_a_refusal(status: int, value: Any, kind: Kind) -> None:
    """4xx refuses; 5xx, redirects, limits of speed and success without a credential do not."""
    assert issued_in(answered(status, value)).kind is kind


@pytest.mark.parametrize(
    ("status", "value", "kind"),
    [
        (200, {"verified": True}, Kind.ACCEPTED), (200, {"verified": False}, Kind.REJECTED),
        (200, {"checks": ["proof"], "warnings": [], "errors": []}, Kind.ACCEPTED), (200, {"errors": ["bad proof"]}, Kind.REJECTED),
        (400, {"verified": False, "errors": ["x"]}, Kind.REJECTED), (422, {}, Kind.REJECTED), (404, {}, Kind.BROKEN),
        (500, {"verified": False}, Kind.BROKEN), (200, {}, Kind.BROKEN), (200, b"OK", Kind.BROKEN),
        (200, {"verified": "true"}, Kind.BROKEN), (200, {"verified": 1}, Kind.BROKEN),
    ],
)  # fmt: skip
def test_a_verifier_says_yes_or_no_or_nothing(status: int, value: Any, kind: Kind) -> None:
    """Success with a word for it is a yes; a 5xx is never a no, whatever its body says."""
    assert verified_in(answered(status, value)).kind is kind


def test_reasons_and_warnings_are_told_apart() -> None:
    """From problem details and from lists of text."""
    said = verified_in(
        answered(
            200,
            {"verified": False, "errors": [{"title": "Expired", "detail": "in 2025"}], "warnings": ["old"]},
        )
    )
    assert (said.errors, said.warnings) == (("Expired: in 2025",), ("old",))


def test_silence_is_silence() -> None:
    """Without an answer nothing was said."""
    silent = Exchange(
        "issuer", "issuer[0]", "p", "", Request("POST", "https://a.example/"), None, Trouble.TIMEOUT, "slow"
    )
    assert issued_in(silent).kind is verified_in(silent).kind is Kind.SILENT


def test_vc_api_asks_as_it_is_written() -> None:
    """Issue, verify with a token in its envelope, presentations and status beside the endpoint."""
    row = {"adapter": "vc-api", "endpoint": "https://a.example/credentials/issue", "options": {"type": "x"}}
    adapter = adapter_of(Endpoint("issuer", "issuer[0]", row))
    assert json.loads(adapter.issue({"a": 1}).request.body) == {
        "credential": {"a": 1},
        "options": {"type": "x"},
    }
    revoke = adapter.revoke("urn:x", {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"})
    assert revoke is not None
    assert revoke.request.url == "https://a.example/credentials/status"
    verifier = adapter_of(
        Endpoint(
            "verifier",
            "verifier[0]",
            {"adapter": "vc-api", "endpoint": "https://a.example/credentials/verify"},
        )
    )
    asked = json.loads(verifier.verify(TOKEN).request.body)
    assert asked["verifiableCredential"]["id"] == f"data:application/vc+jwt,{TOKEN}"
    present = verifier.present(TOKEN)
    assert present is not None
    assert present.request.url == "https://a.example/presentations/verify"


HTTP = {
    "adapter": "http", "endpoint": "https://a.example/{{ tenant }}/sign", "variables": {"tenant": "acme"},
    "headers": {"Authorization": "env:TOKEN"}, "body": '{"payload": {{ credential | json }}, "who": "{{ tenant }}"}',
    "answer": {"credential": "/data/jwt"},
}  # fmt: skip


def test_http_fills_templates_and_picks_the_answer() -> None:
    """URL, headers and body are templates; the input and the place of the answer are kept for judging."""
    question = adapter_of(Endpoint("issuer", "issuer[0]", HTTP)).issue({"a": "ü"})
    assert question.request.url == "https://a.example/acme/sign"
    assert json.loads(question.request.body) == {"payload": {"a": "ü"}, "who": "acme"}
    assert ("authorization", "env:TOKEN") in question.request.headers
    exchange = answered(200, {"data": {"jwt": TOKEN}}, dict(question.about))
    assert given_in(exchange) == {"a": "ü"}
    assert issued_in(exchange).body == TOKEN.encode()
    assert issued_in(answered(200, {"jwt": TOKEN}, dict(question.about))).kind is Kind.BROKEN


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"body": "{{ tennant }}"}, "Did you mean 'tenant'"),
        ({"endpoint": "https://a.example/{{ nobody }}"}, "uses 'nobody', which nobody gives"),
        ({"body": "{{ credential"}, "is no template"),
        ({"body": "{{ ''.__class__.__mro__ }}"}, "cannot be filled"),
        ({"body": "{{ range(10) }}"}, "uses 'range'"),
    ],
)
def test_a_template_that_cannot_be_used_is_told(change: dict[str, str], says: str) -> None:
    """Missing names with a suggestion; nothing of the machine is in reach of a template."""
    with pytest.raises(VendorFileError, match=says):
        adapter_of(Endpoint("issuer", "issuer[0]", {**HTTP, **change})).issue({"a": 1})


def test_what_means_accepted_can_be_told() -> None:
    """A verifier that answers with words of its own."""
    row = {
        "adapter": "http",
        "endpoint": "https://a.example/v",
        "answer": {"verified": "/result", "accepts": "VALID"},
    }
    about = dict(adapter_of(Endpoint("verifier", "verifier[0]", row)).verify(TOKEN).about)
    said = [verified_in(answered(200, {"result": word}, about)).kind for word in ("VALID", "INVALID")]
    assert said == [Kind.ACCEPTED, Kind.REJECTED]


PROGRAM = """
import json, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    head = {key: asked[key] for key in ("protocol", "version", "id")}
    what = asked["operation"]
    if what == "issue":
        mode = asked["credential"].get("mode")
        if mode == "die": sys.exit(7)
        if mode == "hang": time.sleep(30)
        if mode == "junk": print("no JSON", flush=True); continue
        if mode == "other": print(json.dumps({**head, "id": "another", "result": {}}), flush=True); continue
        if mode == "flood": sys.stdout.write("x" * 20_000_000); sys.stdout.flush(); continue
        if mode == "refuse": answer = {"refused": {"errors": ["no"]}}
        elif mode == "fail": answer = {"failed": {"message": "oops"}}
        else: answer = {"result": {"credential": TOKEN}}
    elif what == "hello": answer = {"result": {"name": "sample", "operations": ["issue"]}}
    else: answer = {"unsupported": {}}
    print(json.dumps({**head, **answer}), flush=True)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A vendor.toml whose issuer is a program."""
    (tmp_path / "sample.py").write_text(f"TOKEN = {TOKEN!r}\n{PROGRAM}", encoding="utf-8")
    table = f'[[issuer]]\nadapter = "command"\nargv = [{json.dumps(sys.executable)}, "sample.py"]\n'
    return vendor_file(tmp_path, table, seconds=5)


@pytest.mark.parametrize(
    ("mode", "kind", "trouble"),
    [
        ("good", Kind.ISSUED, None), ("refuse", Kind.REFUSED, None), ("fail", Kind.BROKEN, None),
        ("die", Kind.SILENT, Trouble.PROTOCOL), ("junk", Kind.SILENT, Trouble.PROTOCOL),
        ("other", Kind.SILENT, Trouble.PROTOCOL), ("flood", Kind.SILENT, Trouble.TOO_LARGE),
    ],
)  # fmt: skip
def test_a_program_is_asked_line_by_line(
    program: Path, mode: str, kind: Kind, trouble: Trouble | None
) -> None:
    """What it says is read like an HTTP answer; what breaks the protocol is silence with its reason."""
    vendor = load_vendor(program)
    (endpoint,) = vendor.live
    adapter = adapter_of(endpoint)
    with RecordedLine.of(vendor) as line:
        hello = adapter.hello()
        assert hello is not None
        assert put(line, endpoint, hello, probe="smoke").answer is not None
        exchange = put(line, endpoint, adapter.issue({"mode": mode}), probe="p")
        assert (issued_in(exchange).kind, exchange.trouble) == (kind, trouble)
        assert put(line, endpoint, adapter.issue({"mode": "good"}), probe="again").answer is not None


def test_a_program_that_hangs_is_ended(program: Path) -> None:
    """It does not outlive the question, nor the run."""
    program.write_text(
        program.read_text(encoding="utf-8").replace("timeout_seconds = 5", "timeout_seconds = 1"),
        encoding="utf-8",
    )
    vendor = load_vendor(program)
    (endpoint,) = vendor.live
    with RecordedLine.of(vendor) as line:
        exchange = put(line, endpoint, adapter_of(endpoint).issue({"mode": "hang"}), probe="p")
    assert exchange.trouble is Trouble.TIMEOUT
    assert line.programs._running == {}


def test_a_program_that_is_not_there_was_not_asked(tmp_path: Path) -> None:
    """A name that cannot be started is told with the name."""
    vendor = load_vendor(vendor_file(tmp_path, '[[issuer]]\nadapter = "command"\nargv = ["./nothing"]\n'))
    with RecordedLine.of(vendor) as line:
        exchange = put(line, vendor.live[0], adapter_of(vendor.live[0]).issue({}), probe="p")
    assert (exchange.trouble, "'./nothing' cannot be started" in exchange.reason) == (Trouble.REFUSED, True)


def test_a_manifest_of_the_w3c_suites_names_the_endpoint(tmp_path: Path) -> None:
    """The first endpoint with all the tags, its DID and options; the record names the manifest."""
    manifest = {"name": "X", "issuers": [
        {"id": "did:key:z6a", "endpoint": "https://a.example/old/issue", "tags": ["vc1.1"]},
        {"id": "did:web:a.example", "endpoint": "https://a.example/issue", "tags": ["vc2.0", "eddsa"], "options": {"o": 1},
         "status": "https://a.example/statuses"},
    ]}  # fmt: skip
    (tmp_path / "impl.json").write_text(json.dumps(manifest))
    table = '[[issuer]]\nadapter = "vc-api"\nmanifest = "impl.json"\ntags = ["{}"]\n'
    (endpoint,) = with_manifests(load_vendor(vendor_file(tmp_path, table.format("vc2.0")))).live
    assert (endpoint.url, endpoint.row["id"], endpoint.shown) == (
        "https://a.example/issue",
        "did:web:a.example",
        "impl.json",
    )
    assert json.loads(adapter_of(endpoint).issue({}).request.body)["options"] == {"o": 1}
    revoking = adapter_of(endpoint).revoke("urn:x", {})
    assert revoking is not None
    assert (revoking.request.url, GUESSED in revoking.about) == ("https://a.example/statuses", False)
    with pytest.raises(VendorFileError, match=r"Its tags: eddsa, vc1\.1, vc2\.0"):
        with_manifests(load_vendor(vendor_file(tmp_path, table.format("bbs"))))


@pytest.mark.parametrize(
    ("endpoint", "status"),
    [
        ("https://a.example/credentials/issue", "https://a.example/credentials/status"),
        ("https://a.example/issuers/x/credentials/issue?k=1", "https://a.example/issuers/x/credentials/status?k=1"),
        ("https://a.example/issuers/x/credentials", "https://a.example/issuers/x/credentials/status"),
        ("https://a.example/issuers/x", None),
        ("https://a.example/sign", None),
    ],
)  # fmt: skip
def test_where_a_status_is_changed_follows_from_where_is_issued(
    endpoint: str, status: str | None, tmp_path: Path
) -> None:
    """By the addresses of VC-API, told as a guess; no address where the endpoint has another shape."""
    table = f'[[issuer]]\nadapter = "vc-api"\nendpoint = "{endpoint}"\n'
    revoking = adapter_of(load_vendor(vendor_file(tmp_path, table)).live[0]).revoke("urn:x", {})
    assert (revoking.request.url if revoking else None) == status
    assert revoking is None or GUESSED in revoking.about


def test_an_endpoint_that_redirects_is_followed(tmp_path: Path) -> None:
    """With its method and body, where the status keeps them."""
    with (
        peer(says(200, TOKEN.encode(), "application/vc+jwt")) as there,
        peer(says(308, b"", location=f"http://{there}/")) as here,
    ):
        table = f'[[issuer]]\nadapter = "vc-api"\nendpoint = "http://{here}/issue"\n'
        vendor = load_vendor(vendor_file(tmp_path, table, allow=(here, there)))
        with RecordedLine.of(vendor) as line:
            exchange = put(line, vendor.live[0], adapter_of(vendor.live[0]).issue({}), probe="p")
    assert issued_in(exchange).kind is Kind.ISSUED

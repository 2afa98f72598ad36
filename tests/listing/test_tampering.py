"""Ways of tampering with a submission: each is refused by the rule that it breaks."""

from __future__ import annotations

import io
import json
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.evidence import Evidence
from harness.exchange import Answer as Said
from harness.exchange import Exchange, Recording, Request
from harness.gather.web import HeldWeb
from harness.listing import layout
from harness.listing.attestation import attested, base_of, payload_of, seal_web, signed_list
from harness.listing.layout import pack
from harness.listing.review import Answer, Review, review
from harness.listing.rules import NEEDS_PERSON, load_rules
from harness.listing.submission import manifest_of, vendor_text
from harness.reference.chain import DEMO_CLOCK
from harness.trust.encoding import decode_base64url, encode_base64url
from harness.trust.jose import read_compact

from .pieces import (
    DID,
    VENDOR,
    Json,
    broken,
    good,
    remanifested,
    resealed,
    run,
    sha256,
    signer,
    submission,
    with_record,
)

AT = DEMO_CLOCK + timedelta(days=5)
Members = dict[str, bytes]


@dataclass(frozen=True)
class Way:
    """One way of tampering: what is done, the rule that has to refuse it, and how the reviewer asks."""

    name: str
    rule: str
    made: Callable[[], bytes]
    asked: Json = field(default_factory=dict)
    after: tuple[str, ...] = ()
    """Rules that it breaks as well, and that are checked earlier."""


def members() -> Members:
    """The members of the good submission."""
    return dict(submission().members)


def packed(
    extra: list[tuple[zipfile.ZipInfo, bytes]] | None = None, *, edit: Callable[[zipfile.ZipInfo], None] | None = None,
    names: list[str] | None = None, comment: bytes = b"",
) -> bytes:  # fmt: skip
    """The good members packed by somebody else, with more members or other metadata."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in names or sorted(members()):
            info = zipfile.ZipInfo(name, layout.DATE)
            info.create_system, info.external_attr = layout.UNIX, layout.MODE
            if edit is not None and name == layout.RECORD:
                edit(info)
            archive.writestr(info, members()[name])
        for info, body in extra or []:
            archive.writestr(info, body)
        archive.comment = comment
    return buffer.getvalue()


def added(name: str, body: bytes = b"x", *, mode: int = layout.MODE) -> bytes:
    """The submission with one more member."""
    info = zipfile.ZipInfo(name, layout.DATE)
    info.create_system, info.external_attr = layout.UNIX, mode
    return packed([(info, body)])


def raw_name(name: bytes) -> bytes:
    """The submission with one member that has exactly these bytes as its name."""
    placeholder = b"Z" * len(name)
    return added(placeholder.decode()).replace(placeholder, name)


def duplicate() -> bytes:
    """Two records in one archive, as a zip tool warns of."""
    with pytest.warns(UserWarning, match="Duplicate"):
        return added(layout.RECORD, b"{}")


def flipped() -> bytes:
    """One byte of the stored record changed in place: the checksum of the member no longer fits."""
    body = submission().body
    place = body.index(b'"verdict": "conformant"')
    return body[:place] + b'"verdict": "Conformant"' + body[place + 23 :]


def encrypted() -> bytes:
    """A member that says that it is encrypted."""
    body = bytearray(submission().body)
    place = body.rindex(b"PK\x01\x02", 0, body.rindex(layout.VENDOR.encode()))
    body[place + 8] |= 1
    return bytes(body)


def bomb() -> bytes:
    """Sixty megabytes of blanks that weigh sixty kilobytes."""

    def squeeze(info: zipfile.ZipInfo) -> None:
        info.compress_type = zipfile.ZIP_DEFLATED

    info = zipfile.ZipInfo("evidence/" + "0" * 64, layout.DATE)
    squeeze(info)
    return packed([(info, b" " * 60_000_000)])


def overlapping() -> bytes:
    """A member whose bytes are another member's header and bytes: both are there, and weigh once."""
    inner = "evidence/" + "1" * 64
    body = b"x" * 500_000
    alone = pack({inner: body})
    buffer = io.BytesIO(packed([(zipfile.ZipInfo("evidence/" + "0" * 64, layout.DATE), alone)]))
    with zipfile.ZipFile(buffer, "a") as archive:
        info = zipfile.ZipInfo(inner, layout.DATE)
        info.create_system, info.external_attr = layout.UNIX, layout.MODE
        info.header_offset = buffer.getvalue().index(alone)
        info.file_size = info.compress_size = len(body)
        info.CRC = zlib.crc32(body)
        archive.filelist.append(info)
        archive._didModify = True  # type: ignore[attr-defined]
    return buffer.getvalue()


def dated(info: zipfile.ZipInfo) -> None:
    """Another date."""
    info.date_time = (2026, 11, 1, 0, 0, 0)


def noted(info: zipfile.ZipInfo) -> None:
    """An extra field that nobody reads."""
    info.extra = b"\x99\x99\x04\x00note"


def executable(info: zipfile.ZipInfo) -> None:
    """The mode of a program."""
    info.external_attr = 0o100755 << 16


def without(name: str) -> bytes:
    """The submission without a member."""
    return pack({key: body for key, body in members().items() if key != name})


def changed(name: str, edit: Callable[[bytes], bytes], fit: Callable[[Members], Members] = dict) -> bytes:
    """The submission with one member changed, and what an attacker then makes fit."""
    return pack(fit({**members(), name: edit(members()[name])}))


def blob() -> str:
    """The name of a piece of evidence: the first credential that was given."""
    return f"evidence/{good().record['subjects'][0]['sha256']}"


def manifest(edit: Callable[[Json], None]) -> bytes:
    """The submission with an edited manifest."""

    def made(body: bytes) -> bytes:
        value = json.loads(body)
        edit(value)
        return json.dumps(value).encode()

    return changed(layout.MANIFEST, made)


def index(edit: Callable[[Json], None], **more: bytes) -> bytes:
    """The submission with an edited list of evidence, sealed again."""
    value = json.loads(members()[layout.INDEX])
    edit(value)
    return pack(resealed({**members(), **more, layout.INDEX: json.dumps(value).encode()}))


def swapped_evidence() -> bytes:
    """Another credential under the same name, listed and sealed; only the record still names the old one."""
    body = b'{"type": ["VerifiableCredential"]}'
    digest = sha256(body)
    held = {name: found for name, found in members().items() if name != blob()}
    value = json.loads(held[layout.INDEX])
    value["given"][0].update(sha256=digest, bytes=len(body))
    return pack(resealed({**held, f"evidence/{digest}": body, layout.INDEX: json.dumps(value).encode()}))


def recorded(edit: Callable[[Json], None], origin: Callable[[], Members] = members) -> bytes:
    """The submission with a record that the vendor edited and sealed again."""
    return pack(resealed(with_record(origin(), edit)))


def vendor(edit: Callable[[str], str]) -> bytes:
    """The submission with an edited vendor file, sealed again."""
    return pack(resealed({**members(), layout.VENDOR: edit(vendor_text(VENDOR)).encode()}))


def signed(edit: Callable[[Json], None], by: str = "vendor") -> bytes:
    """The submission with an edited attestation, signed again."""
    held = members()
    sealer = signer(by)
    record = json.loads(held[layout.RECORD])
    payload = payload_of(
        record, held[layout.RECORD], held[layout.MANIFEST], did=DID, base=base_of(record, DID)
    )
    edit(payload)
    return pack({**held, layout.ATTESTATION: sealer.token(json.dumps(payload).encode()).encode()})


def altered_token() -> bytes:
    """The payload of the attestation says another verdict; the signature stays."""
    head, payload, signature = members()[layout.ATTESTATION].decode().split(".")
    value = json.loads(decode_base64url(payload))
    value["credentialSubject"]["profileScore"]["code"] = "excellent"
    return pack(
        {
            **members(),
            layout.ATTESTATION: f"{head}.{encode_base64url(json.dumps(value).encode())}.{signature}".encode(),
        }
    )


def unsigned_token() -> bytes:
    """Alg none, no signature."""
    _, payload, _ = members()[layout.ATTESTATION].decode().split(".")
    head = encode_base64url(b'{"alg":"none","typ":"vc+jwt"}')
    return pack({**members(), layout.ATTESTATION: f"{head}.{payload}.".encode()})


def revoked() -> bytes:
    """The status list says that the attestation is withdrawn; everything else fits."""
    held = members()
    record = json.loads(held[layout.RECORD])
    sealer, base = signer(), base_of(record, DID)
    entry = payload_of(record, held[layout.RECORD], b"", did=DID, base=base)["credentialStatus"]
    flagged = frozenset({entry["statusListIndex"]})
    return _with_list(held, signed_list(record, sealer, base, revoked=flagged).encode())


def forged_list() -> bytes:
    """A status list that another key signed."""
    held = members()
    record = json.loads(held[layout.RECORD])
    return _with_list(held, signed_list(record, signer("stranger"), base_of(record, DID)).encode())


def _with_list(held: Members, token: bytes) -> bytes:
    held = remanifested({**held, layout.STATUS_LIST: token})
    record = json.loads(held[layout.RECORD])
    base = base_of(record, DID)
    token = attested(record, held[layout.RECORD], held[layout.MANIFEST], signer(), base).encode()
    return pack({**held, layout.ATTESTATION: token})


def published_private_key() -> bytes:
    """The signer's document gives the private key away."""
    held = members()
    document = json.loads(held[layout.DID_DOCUMENT])
    document["verificationMethod"][0]["publicKeyJwk"]["d"] = encode_base64url(b"\x01" * 32)
    held = remanifested({**held, layout.DID_DOCUMENT: json.dumps(document).encode()})
    record = json.loads(held[layout.RECORD])
    token = attested(record, held[layout.RECORD], held[layout.MANIFEST], signer(), base_of(record, DID))
    return pack({**held, layout.ATTESTATION: token.encode()})


def other_seal() -> bytes:
    """The attestation of another run of the same vendor."""
    other = run(nonce="aa").submitted()
    return pack({**members(), layout.ATTESTATION: other.members[layout.ATTESTATION]})


def sealed_by(did: str | None) -> bytes:
    """The whole submission sealed by somebody else."""
    return pack(resealed(members(), sealer=signer("stranger", did)))


def claimed(components: list[str] | None = None, roles: list[str] | None = None, **more: Any) -> bytes:
    """An honest run of a larger claim than the evidence shows."""
    scope = {**VENDOR["scope"]}
    scope["components"], scope["roles"] = components or scope["components"], roles or scope["roles"]
    return run({**VENDOR, "scope": scope}, **more).submitted().body


def other_published() -> Json:
    """What the reviewer brings: the domain publishes the document of another key."""
    url = "https://cadenza-trace.example/.well-known/did.json"
    document = json.dumps(signer("the real vendor").did_document()).encode()
    return {"web": (HeldWeb({url: Evidence(url, document, "application/did+json")}),)}


def newly_revoked() -> Json:
    """What the reviewer brings: the list that the vendor publishes today."""
    held = members()
    record = json.loads(held[layout.RECORD])
    base = base_of(record, DID)
    entry = payload_of(record, held[layout.RECORD], b"", did=DID, base=base)["credentialStatus"]
    token = signed_list(record, signer(), base, revoked=frozenset({entry["statusListIndex"]})).encode()
    url = f"{base}status-list.jwt"
    return {"web": (HeldWeb({url: Evidence(url, token, "application/vc+jwt")}),)}


def smuggled_exchange() -> bytes:
    """An exchange with an endpoint that neither the vendor file nor the record knows, listed and sealed."""
    talk = Recording(
        (Exchange("verifier", "verifier[0]", "x", "", Request("GET", "https://a.example/"), Said(200)),)
    )
    rows, bodies = talk.rows()
    more = {f"evidence/{digest}": body for digest, body in bodies.items()}
    return index(lambda value: value.update(exchanges=rows), **more)


def relabelled_recording() -> bytes:
    """An honest recording, made under another nonce, in a record of today."""
    body = b'{"credential": {"id": "https://a.example/old"}}'
    asked = Request("POST", "https://a.example/credentials/issue", (), body)
    talk = Recording((Exchange("issuer", "issuer[0]", "issue", "untp-0.7.0/x", asked, Said(201)),))
    rows, bodies = talk.rows()
    value = json.loads(members()[layout.INDEX])
    table = '[[issuer]]\nadapter = "vc-api"\nendpoint = "https://a.example/credentials/issue"\n'
    held = {
        **members(), **{f"evidence/{digest}": blob for digest, blob in bodies.items()},
        layout.VENDOR: (vendor_text(VENDOR) + table).encode(),
        layout.INDEX: json.dumps({**value, "exchanges": rows}).encode(),
    }  # fmt: skip
    row = {"role": "issuer", "name": "issuer[0]", "url": asked.url, "asked": 1, "answered": 1, "peers": []}

    def live(record: Json) -> None:
        record["live"] = {"recording": talk.sha256, "endpoints": [row]}

    return pack(resealed(with_record(held, live)))


def other_issuer() -> Json:
    """What the reviewer brings: the issuer of a credential publishes another document than the submission holds."""
    value = json.loads(members()[layout.INDEX])
    url = next(
        row["name"]
        for row in value["web"]
        if row["name"].endswith("did.json") and "cadenza" not in row["name"]
    )
    return {"web": (HeldWeb({url: Evidence(url, b"{}", "application/did+json")}),)}


def deep_payload(token: bytes) -> bytes:
    """The attestation with a payload that is nested a hundred thousand times."""
    head, _, signature = token.decode().split(".")
    return f"{head}.{encode_base64url(b'[' * 100_000)}.{signature}".encode()


def list_bomb() -> bytes:
    """A status list whose few kilobytes unpack to two gigabytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    chunk = b"\0" * 16_000_000
    packed_bits = b"".join(packer.compress(chunk) for _ in range(125)) + packer.flush()
    token = members()[layout.STATUS_LIST].decode()
    value = dict(read_compact(token).claims)
    value["credentialSubject"]["encodedList"] = "u" + encode_base64url(packed_bits)
    held = {**members(), layout.STATUS_LIST: _signed(value).encode()}
    held[layout.MANIFEST] = manifest_of(held, good().terms)
    record = json.loads(held[layout.RECORD])
    payload = payload_of(
        record, held[layout.RECORD], held[layout.MANIFEST], did=DID, base=base_of(record, DID)
    )
    return pack({**held, layout.ATTESTATION: _signed(payload).encode()})


def passed_instead(record: Json) -> None:
    """Every failure becomes a pass, in outcome, count and verdict."""
    for row in record["results"]:
        if row["outcome"] != "not_applicable":
            row.update(outcome="passed", findings=[])
    for row in record["subjects"]:
        row["verdict"] = "conformant"
    record.update(verdict="conformant", reasons=[], roles={"issuer": "conformant", "registrar": "conformant"})


def set_terms(**terms: Any) -> bytes:
    """The manifest states other terms, and is sealed."""
    return pack(resealed(members(), terms=replace(good().terms, **terms)))


def nothing() -> bytes:
    """The good submission."""
    return submission().body


def _signed(value: Json) -> str:
    return signer().token(json.dumps(value).encode())


def unsigned(value: Json) -> str:
    """A credential as bare JSON."""
    return json.dumps(value)


def _with(value: Json, **members: Any) -> Json:
    return {**value, "credentialSubject": {**value["credentialSubject"], **members}}


def declaring(*, revoked: bool = False, **edits: Callable[[Json], str]) -> Json:
    """The vendor's web with another declaration or another test report, as the reviewer brings it."""
    sealed = submission().seal
    assert sealed is not None
    published = {
        url: Evidence(url, body, "application/vc+jwt")
        for url, body in seal_web(sealed, submission().members[layout.RECORD], submission().members[layout.MANIFEST]).items()
    }  # fmt: skip
    for name, edit in edits.items():
        value = read_compact(getattr(sealed, name)).claims
        published[value["id"]] = Evidence(value["id"], edit(dict(value)).encode(), "application/vc+jwt")
    if revoked:
        (found,) = newly_revoked()["web"]
        published |= dict(found.answers)
    return {"web": (HeldWeb(published),)}


WAYS = [
    Way("no zip archive", "REV-ZIP-01", lambda: b"this is no archive"),
    Way("cut off in the middle", "REV-ZIP-01", lambda: submission().body[:-400]),
    Way("record edited inside the archive", "REV-ZIP-01", flipped),
    Way("path that leads out", "REV-ZIP-02", lambda: added("../../etc/cron.d/evil")),
    Way("absolute path", "REV-ZIP-02", lambda: added("/etc/passwd")),
    Way("path with backslashes", "REV-ZIP-02", lambda: added("evidence\\..\\..\\evil.exe")),
    Way("program beside the record", "REV-ZIP-02", lambda: added("run.sh", b"#!/bin/sh")),
    Way("evidence under no digest", "REV-ZIP-02", lambda: added("evidence/" + "A" * 64)),
    Way("NUL inside a name", "REV-ZIP-02", lambda: raw_name(b"vendor.toml\x00.txt")),
    Way("name that reverses its text", "REV-ZIP-02", lambda: added("\u202enosj.drocer")),
    Way("folder", "REV-ZIP-02", lambda: added("evidence/", b"")),
    Way("record twice", "REV-ZIP-03", duplicate),
    Way("symbolic link", "REV-ZIP-04", lambda: added("evidence/" + "0" * 64, b"/etc/passwd", mode=(stat.S_IFLNK | 0o777) << 16)),
    Way("device", "REV-ZIP-04", lambda: added("evidence/" + "0" * 64, b"", mode=(stat.S_IFCHR | 0o666) << 16)),
    Way("encrypted member", "REV-ZIP-04", encrypted),
    Way("zip bomb", "REV-ZIP-05", bomb),
    Way("members that lie over each other", "REV-ZIP-05", overlapping),
    Way("bytes after the archive", "REV-ZIP-06", lambda: submission().body + b"#!/bin/sh\n"),
    Way("bytes before the archive", "REV-ZIP-06", lambda: b"<html><script>alert(1)</script>" + submission().body),
    Way("comment on the archive", "REV-ZIP-06", lambda: packed(comment=b"approved")),
    Way("other order of members", "REV-ZIP-06", lambda: packed(names=sorted(members(), reverse=True))),
    Way("other date on a member", "REV-ZIP-06", lambda: packed(edit=dated)),
    Way("extra field on a member", "REV-ZIP-06", lambda: packed(edit=noted)),
    Way("member that is a program", "REV-ZIP-06", lambda: packed(edit=executable)),
    Way("name that differs in case", "REV-ZIP-02", lambda: added("Record.json")),
    Way("name with a letter that looks alike", "REV-ZIP-02", lambda: added("re\u0441ord.json")),
    Way("no record", "REV-ZIP-07", lambda: without(layout.RECORD)),
    Way("no vendor file", "REV-ZIP-07", lambda: without(layout.VENDOR)),
    Way("no manifest", "REV-ZIP-07", lambda: without(layout.MANIFEST)),
    Way("manifest that is no JSON", "REV-MAN-01", lambda: changed(layout.MANIFEST, lambda _: b"{")),
    Way("manifest with a member twice", "REV-MAN-01", lambda: changed(layout.MANIFEST, lambda b: b'{"submission": 1,' + b[1:])),
    Way("manifest of another version", "REV-MAN-01", lambda: manifest(lambda v: v.update(submission=2))),
    Way("manifest with a day that does not exist", "REV-MAN-01", lambda: manifest(lambda v: v["terms"].update(at="2026-02-30T00:00:00Z"))),
    Way("manifest with a number of 5,000 digits", "REV-MAN-01", lambda: changed(layout.MANIFEST, lambda b: b.replace(b'"bytes": ', b'"bytes": ' + b"9" * 5000, 1))),
    Way("manifest without a bottom", "REV-MAN-01", lambda: changed(layout.MANIFEST, lambda _: b'{"submission": ' + b"[" * 100_000)),
    Way("vendor file edited", "REV-MAN-02", lambda: changed(layout.VENDOR, lambda b: b + b"# one more line\n")),
    Way("record edited", "REV-MAN-02", lambda: pack(with_record(members(), lambda r: r["product"].update(version="9.9.9")))),
    Way("evidence edited", "REV-MAN-02", lambda: changed(blob(), lambda b: b + b" ")),
    Way("evidence taken out", "REV-MAN-02", lambda: without(blob())),
    Way("manifest that forgets a member", "REV-MAN-02", lambda: manifest(lambda v: v["members"].pop())),
    Way("manifest that lists a ghost", "REV-MAN-02", lambda: manifest(lambda v: v["members"].append({"name": "ghost", "sha256": "0" * 64, "bytes": 1}))),
    Way("list of evidence that is no JSON", "REV-EVI-01", lambda: changed(layout.INDEX, lambda _: b"[]", resealed)),
    Way("list of evidence with a member too many", "REV-EVI-01", lambda: index(lambda v: v.update(note="x"))),
    Way("list of evidence without a bottom", "REV-EVI-01", lambda: changed(layout.INDEX, lambda _: b'{"given": ' + b"[" * 100_000, remanifested)),
    Way("list of evidence with a number of 5,000 digits", "REV-EVI-01", lambda: changed(layout.INDEX, lambda b: b.replace(b'"evidence": 1', b'"evidence": ' + b"1" * 5000, 1), remanifested)),
    Way("evidence edited, manifest made to fit", "REV-EVI-02", lambda: changed(blob(), lambda b: b + b" ", resealed)),
    Way("evidence taken out, manifest made to fit", "REV-EVI-03", lambda: pack(resealed({n: b for n, b in members().items() if n != blob()}))),
    Way("evidence that nobody lists", "REV-EVI-03", lambda: pack(resealed({**members(), f"evidence/{'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}": b""}))),
    Way("answer of the web taken out everywhere", "REV-EVI-03", lambda: index(lambda v: v["web"].pop(0))),
    Way("credential replaced and listed", "REV-EVI-04", swapped_evidence),
    Way("exchanges that no record names", "REV-EVI-04", smuggled_exchange),
    Way("a credential said to come from a live issuer", "REV-EVI-04", lambda: index(lambda v: v["given"][0].update(origin="issued"))),
    Way("a document of an issuer that the web does not have", "REV-EVI-05", nothing, other_issuer()),
    Way("record with a number that is none", "REV-REC-01", lambda: changed(layout.RECORD, lambda b: b.replace(b'"record": 1,', b'"record": NaN,', 1), remanifested)),
    Way("record with a number beyond all bounds", "REV-REC-01", lambda: changed(layout.RECORD, lambda b: b.replace(b'"record": 1,', b'"record": 1e999999,', 1), remanifested)),
    Way("record with a member too many", "REV-REC-01", lambda: changed(layout.RECORD, lambda b: b.replace(b'"record": 1,', b'"record": 1, "approved": true,', 1), remanifested)),
    Way("record with a member twice", "REV-REC-01", lambda: changed(layout.RECORD, lambda b: b.replace(b'"record": 1,', b'"record": 1, "record": 1,', 1), remanifested)),
    Way("giant record", "REV-REC-01", lambda: changed(layout.RECORD, lambda b: b + b" " * load_rules().window.largest_record)),
    Way("deep record", "REV-REC-01", lambda: changed(layout.RECORD, lambda _: b"[" * 100_000, remanifested)),
    Way("record in other spelling", "REV-REC-02", lambda: changed(layout.RECORD, lambda b: json.dumps(json.loads(b)).encode(), resealed)),
    Way("another clock in the manifest", "REV-REC-03", lambda: set_terms(at=DEMO_CLOCK - timedelta(days=1))),
    Way("another nonce in the manifest", "REV-REC-03", lambda: set_terms(nonce="00ff")),
    Way("another profile in the manifest", "REV-REC-03", lambda: set_terms(profile="untp-0.6.1")),
    Way("a profile that does not exist", "REV-REC-03", lambda: set_terms(profile="untp-9.9.9")),
    Way("vendor file that is no TOML", "REV-VEN-01", lambda: vendor(lambda _: "[vendor")),
    Way("vendor file without a bottom", "REV-VEN-01", lambda: vendor(lambda t: f"{t}a = {'[' * 50_000}")),
    Way("vendor file with an unknown key", "REV-VEN-01", lambda: vendor(lambda t: t.replace("[product]", "approved = true\n[product]"))),
    Way("token in a header", "REV-VEN-02", lambda: vendor(lambda t: t + '[[issuer]]\nadapter = "http"\nendpoint = "https://a.example/"\nheaders = { X-Key = "opensesame" }\n')),
    Way("password in a URL", "REV-VEN-02", lambda: vendor(lambda t: t + '[[verifier]]\nadapter = "vc-api"\nendpoint = "https://me:pw@a.example/"\n')),
    Way("private key in a comment", "REV-VEN-02", lambda: vendor(lambda t: t + "# -----BEGIN PRIVATE KEY-----\n")),
    Way("another product in the vendor file", "REV-VEN-03", lambda: vendor(lambda t: t.replace("1.4.2", "2.0.0"))),
    Way("a smaller scope in the record", "REV-VEN-03", lambda: recorded(lambda r: r["scope"].update(components=["VCP"]))),
    Way("no attestation", "REV-SIG-01", lambda: without(layout.ATTESTATION)),
    Way("no document of the signer", "REV-SIG-01", lambda: pack(remanifested({n: b for n, b in members().items() if n != layout.DID_DOCUMENT}))),
    Way("attestation altered", "REV-SIG-02", altered_token),
    Way("signature swapped", "REV-SIG-02", lambda: signed(lambda _: None, by="stranger")),
    Way("blanks after the attestation", "REV-SIG-02", lambda: changed(layout.ATTESTATION, lambda b: b + b" \n" * 1000)),
    Way("disclosures behind the attestation", "REV-SIG-02", lambda: changed(layout.ATTESTATION, lambda b: b + b"~WyJhIiwiYiIsImMiXQ~")),
    Way("attestation without a bottom", "REV-SIG-02", lambda: changed(layout.ATTESTATION, deep_payload)),
    Way("attestation without a signature", "REV-SIG-02", unsigned_token),
    Way("document of the signer swapped", "REV-SIG-02", lambda: pack(remanifested({**members(), layout.DID_DOCUMENT: json.dumps(signer("stranger").did_document()).encode()}))),
    Way("attestation that is no token", "REV-SIG-02", lambda: changed(layout.ATTESTATION, lambda _: b"trust me")),
    Way("expired attestation", "REV-SIG-03", nothing, {"at": DEMO_CLOCK + timedelta(days=400)}),
    Way("attestation from the future", "REV-SIG-03", lambda: signed(lambda p: p.update(validFrom="2027-01-01T00:00:00Z"))),
    Way("revoked attestation", "REV-SIG-04", revoked),
    Way("status list of a stranger", "REV-SIG-04", forged_list),
    Way("status list that unpacks to gigabytes", "REV-SIG-04", list_bomb),
    Way("attestation revoked since", "REV-SIG-04", nothing, newly_revoked()),
    Way("attestation of another run", "REV-SIG-05", other_seal),
    Way("attestation that promises more", "REV-SIG-06", lambda: signed(lambda p: p["credentialSubject"].update(assessmentLevel="authority-mandate"))),
    Way("attestation for a longer time", "REV-SIG-06", lambda: signed(lambda p: p.update(validUntil="2036-01-01T00:00:00Z"))),
    Way("private key in the document of the signer", "REV-SIG-07", published_private_key),
    Way("sealed by a stranger", "REV-WHO-01", lambda: sealed_by("did:web:stranger.example")),
    Way("sealed by a domain that looks alike", "REV-WHO-01", lambda: sealed_by("did:web:cadenza-trace.example.stranger.example")),
    Way("sealed by another tenant of the host", "REV-WHO-01", lambda: sealed_by("did:web:cadenza-trace.example:users:mallory")),
    Way("self-certified with did:key", "REV-WHO-02", lambda: sealed_by(None)),
    Way("another key than the domain publishes", "REV-WHO-03", nothing, other_published()),
    Way("unknown suite version", "REV-SUI-01", lambda: recorded(lambda r: r["harness"].update(version="99.0"))),
    Way("suite that was changed", "REV-SUI-02", lambda: recorded(lambda r: r["harness"].update(suite="sha256-" + "0" * 64))),
    Way("no answer to the nonce", "REV-NON-01", nothing, {"nonce": "c0ffee"}),
    Way("recording of another run under today's nonce", "REV-NON-02", relabelled_recording),
    Way("stale run", "REV-AGE-01", nothing, {"at": DEMO_CLOCK + timedelta(days=100)}),
    Way("run from the future", "REV-AGE-02", nothing, {"at": DEMO_CLOCK - timedelta(days=1)}, ("REV-SIG-03", "REV-SIG-04")),
    Way("only the cases that pass", "REV-SCO-01", lambda: run(only=("VCP-*", "DPP-*", "DCC-*")).submitted().body),
    Way("profile of schema level", "REV-SCO-02", lambda: run({**VENDOR, "scope": {**VENDOR["scope"], "profile": "untp-0.5.0"}}, profile="untp-0.5.0").submitted().body),
    Way("component without evidence", "REV-SCO-03", lambda: claimed(["VCP", "DPP", "DCC", "DTE"])),
    Way("component of an endpoint that nobody asked", "REV-SCO-03", lambda: claimed(["VCP", "DPP", "DCC", "IDR"])),
    Way("role that nothing shows", "REV-SCO-04", lambda: claimed(roles=["issuer", "vocabulary"], profile=None)),
    Way("open results that bind", "REV-SCO-05", lambda: claimed(roles=["issuer", "verifier"]), {}, ("REV-SCO-04",)),
    Way("unsigned declaration on the web", "REV-DEC-01", nothing, declaring(declaration=unsigned)),
    Way("declaration that a stranger signed", "REV-DEC-01", nothing, declaring(declaration=lambda v: signer("m", "did:web:mallory.example").token(json.dumps(v).encode()))),
    Way("declaration of a component that nothing shows", "REV-DEC-02", nothing, declaring(declaration=lambda v: _signed(_with(v, component=["VCP", "DPP", "DCC", "DTE"])))),
    Way("declaration of a newer version", "REV-DEC-02", nothing, declaring(declaration=lambda v: _signed(_with(v, softwareVersion="2.0")))),
    Way("test report of another record", "REV-DEC-03", nothing, declaring(test_report=lambda v: _signed(_with(v, record={"id": "https://a.example/", "digestMultibase": "zQm"})))),
    Way("test report that was withdrawn", "REV-DEC-03", nothing, declaring(revoked=True), ("REV-SIG-04",)),
    Way("nonconformant product", "REV-VER-01", lambda: broken().submitted().body, {}, ("REV-SCO-04",)),
    Way("failures that are expected", "REV-EXP-01", lambda: recorded(lambda r: r["expected_failures"].append({"requirement": "DPP-ID-01", "reason": "we know"}))),
    Way("failures recorded as passed", "REV-AGN-01", lambda: recorded(passed_instead, lambda: dict(broken().submitted().members))),
    Way("one outcome edited", "REV-AGN-01", lambda: recorded(lambda r: r["results"][0].update(outcome="warning"))),
    Way("result taken out", "REV-AGN-01", lambda: recorded(lambda r: r["results"].pop())),
    Way("result invented", "REV-AGN-01", lambda: recorded(lambda r: r["results"].append({**r["results"][0], "subject": "better.jwt"}))),
    Way("counts edited", "REV-AGN-02", lambda: recorded(lambda r: r["counts"]["MUST"].update(passed=10_000))),
    Way("statement of a requirement edited", "REV-AGN-02", lambda: recorded(lambda r: next(iter(r["requirements"].values())).update(title="All is well"))),
    Way("script in a name", "REV-AGN-02", lambda: recorded(lambda r: r["conflicts"].append({"id": "x", "title": "<script>alert(1)</script>", "sides": [{"says": "a", "source": "b"}] * 2, "requirements": [], "subjects": []}))),
]  # fmt: skip


def judged(way: Way) -> Review:
    """The review of what a way makes."""
    return review(way.made(), **{"at": AT, **way.asked})


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name.replace(" ", "-"))
def test_tampering_is_refused_by_the_rule_that_it_breaks(
    way: Way, record_property: Callable[[str, object], None]
) -> None:
    """What was tampered with is never listable, and the rule that it breaks is the first that is named."""
    record_property("tampering", way.name)
    record_property("rule", way.rule)
    found = judged(way)
    record_property("answer", str(found.answer))
    assert found.answer is not Answer.LISTABLE
    named = [
        rule for rule in dict.fromkeys(breach.rule for breach in found.breaches) if rule not in way.after
    ]
    assert named[:1] == [way.rule], found.breaches
    if load_rules().rules[way.rule].severity != NEEDS_PERSON:
        assert found.answer is Answer.NOT_LISTABLE


def test_the_good_submission_is_listable() -> None:
    """The twin of all ways: the same submission before anybody touched it."""
    found = review(submission().body, at=AT)
    assert found.answer is Answer.LISTABLE, found.breaches
    assert found.again == submission().members[layout.RECORD]


def test_every_rule_is_broken_by_some_way() -> None:
    """A rule that nothing breaks is not tested; the last one needs a harness that fails."""
    assert set(load_rules().rules) - {way.rule for way in WAYS} == {"REV-AGN-03"}


def test_there_are_at_least_thirty_ways() -> None:
    """The suite keeps its promise."""
    assert len(WAYS) >= 30


def test_an_earlier_suite_does_not_excuse_an_edited_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the reviewer accepts an earlier suite, texts may differ from his; counts and verdicts may not."""
    earlier = "sha256-" + "0" * 64
    book = load_rules()
    window = replace(book.window, suite_digests=(earlier,))
    monkeypatch.setattr("harness.listing.review.load_rules", lambda: replace(book, window=window))
    honest = recorded(lambda r: r["harness"].update(suite=earlier))
    assert review(honest, at=AT).answer is Answer.LISTABLE

    def edited(record: Json) -> None:
        record["harness"].update(suite=earlier)
        record["counts"]["MUST"].update(passed=10_000)

    assert [breach.rule for breach in review(recorded(edited), at=AT).breaches] == ["REV-AGN-02"]


def test_no_command_of_a_vendor_file_is_ever_run(tmp_path: Path) -> None:
    """A submission may name commands of the vendor's own machine; the reviewer's machine runs none of them."""
    mark = tmp_path / "ran"
    table = f'[[issuer]]\nadapter = "command"\ncommand = ["touch", "{mark}"]\n'
    review(vendor(lambda text: text + table), at=AT)
    assert not mark.exists()

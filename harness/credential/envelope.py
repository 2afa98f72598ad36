"""Bytes -> credentials: raw JSON, embedded proofs, compact JWS, COSE, enveloped credentials, presentations.

What cannot be read still becomes a `Credential`, with the fault that stopped the reading, so that it
shows in the record and the other evidence is judged all the same.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote_to_bytes

from harness.credential.cose import CoseSign1, looks_like_cose, read_cose
from harness.credential.disclosures import process
from harness.credential.document import Document
from harness.credential.kinds import CREDENTIAL, kind_of
from harness.credential.strict_json import JsonFault, ParsedJson, Source, parse
from harness.errors import MalformedError
from harness.evidence import Evidence
from harness.model import Finding

MAX_NESTING = 8
"""How many envelopes may stand inside each other; four are token, enveloped credential, presentation, token."""

_COMPACT = re.compile(rb"^[A-Za-z0-9_=+/-]*\.[A-Za-z0-9_=+/-]*\.[A-Za-z0-9_=+/-]*(~[A-Za-z0-9_=+/.~-]*)?$")
_DATA_URL = re.compile(r"^data:(?P<type>[^,;]*)(?P<parameters>(?:;[^,;]*)*),(?P<data>.*)$", re.DOTALL)


@dataclass(frozen=True)
class Envelope:
    """One layer that was taken off: what it was, and its token where it has one."""

    kind: str
    """"jose", "sd-jwt", "cose", "enveloped", "presentation" or "lines"."""
    media_type: str | None = None
    token: str | None = None
    document: Document | None = None
    cose: CoseSign1 | None = None
    position: int = 0
    """How many credentials of a presentation were taken out before; what is none does not count."""


@dataclass(frozen=True)
class Fault:
    """What stopped or spoiled the reading, ready to be shown."""

    code: str
    finding: Finding


@dataclass(frozen=True)
class Credential:
    """One credential as it was received: its name, bytes, envelopes, document and reading faults."""

    name: str
    evidence: Evidence
    document: Document | None
    envelopes: tuple[Envelope, ...] = ()
    faults: tuple[Fault, ...] = ()
    kind: str = "credential"

    @property
    def token(self) -> str | None:
        """The innermost compact JWS that secured it, if any."""
        for envelope in reversed(self.envelopes):
            if envelope.token is not None or envelope.cose is not None:
                return envelope.token
        return None

    @property
    def cose(self) -> CoseSign1 | None:
        """The COSE message that secured it, where no compact JWS stands inside of it."""
        for envelope in reversed(self.envelopes):
            if envelope.token is not None or envelope.cose is not None:
                return envelope.cose
        return None


def read_credentials(evidence: Evidence) -> Iterator[Credential]:
    """Every credential in one piece of evidence, in order; at least one, even of unreadable bytes."""
    body = evidence.body
    stripped = body.strip()
    if evidence.name.lower().endswith((".jsonl", ".ndjson")):
        yield from _lines(evidence)
    elif looks_like_cose(body, evidence.media_type):
        yield from _cose(evidence.name, evidence, body, (), None)
    elif _COMPACT.match(stripped) and stripped.count(b".") >= 2:  # noqa: PLR2004 - a JWS has three parts
        yield from _token(evidence.name, evidence, stripped.decode("ascii"), (), None)
    else:
        parsed = parse(body)
        if not parsed.valid and not _looks_like_json(stripped):
            yield _no_json(evidence)
        else:
            yield from _json(evidence.name, evidence, parsed)


def _looks_like_json(stripped: bytes) -> bool:
    return stripped.removeprefix(b"\xef\xbb\xbf")[:1] in (b"{", b"[", b'"') and b"\x00" not in stripped[:64]


def _no_json(evidence: Evidence) -> Credential:
    size = len(evidence.body)
    what = "an empty file" if not evidence.body.strip() else "neither JSON nor a compact JWS"
    finding = Finding(
        f"{what} ({size:,} bytes): there is no credential in it",
        expected="a JSON document, a compact JWS, JSON Lines or a zip archive of these",
        actual=evidence.body[:16].hex(" ") or "nothing",
        hint="Point the harness at the credentials only, or export this one as JSON or as vc+jwt.",
        blame="harness",
    )
    return Credential(evidence.name, evidence, None, (), (Fault("not-a-document", finding),), "unreadable")


def _lines(evidence: Evidence) -> Iterator[Credential]:
    found = False
    for number, line in enumerate(evidence.body.split(b"\n"), start=1):
        stripped = line.strip()
        if not stripped:
            continue
        found = True
        name = f"{evidence.name}#L{number}"
        layer = Envelope("lines")
        if _COMPACT.match(stripped):
            yield from _token(name, evidence, stripped.decode("ascii"), (layer,), None)
        else:
            yield from _json(name, evidence, parse(line, first_line=number), (layer,))
    if not found:
        yield _no_json(evidence)


def _json(
    name: str, evidence: Evidence, parsed: ParsedJson, envelopes: tuple[Envelope, ...] = ()
) -> Iterator[Credential]:
    faults = tuple(_json_fault(fault, parsed.source) for fault in parsed.faults)
    if not parsed.valid:
        yield Credential(name, evidence, None, envelopes, faults, "unreadable")
        return
    found = list(_unwrap(name, evidence, Document(parsed.value, parsed.source), envelopes))
    places = [_place_in(parsed.source, credential) for credential in found]
    told = _by_place(faults, frozenset(places)) if faults else {}
    for credential, place in zip(found, places, strict=True):
        yield replace(credential, faults=(*told.get(place, ()), *credential.faults))


def _place_in(source: Source, credential: Credential) -> str:
    """The pointer of a credential, or of what carries it, in the text that it was found in."""
    documents = (credential.document, *(layer.document for layer in reversed(credential.envelopes)))
    return next(
        (document.base for document in documents if document is not None and document.source is source), ""
    )


def _by_place(faults: tuple[Fault, ...], places: frozenset[str]) -> dict[str, tuple[Fault, ...]]:
    """The faults of a text as they concern the credential at each place; those in a sibling do not."""
    told: dict[str, list[Fault]] = {place: [] for place in places}
    for fault in faults:
        pointer = fault.finding.pointer
        if pointer is None:
            around, everywhere = frozenset[str](), fault
        else:
            around = places.intersection(_prefixes(pointer))
            everywhere = replace(fault, finding=replace(fault.finding, pointer=None))
        for place in places if not around else around | (places & {""}):
            if not place:
                told[place].append(fault)
            elif pointer is not None and place in around:
                mine = replace(fault.finding, pointer=pointer.removeprefix(place))
                told[place].append(replace(fault, finding=mine))
            else:
                told[place].append(everywhere)
    return {place: tuple(mine) for place, mine in told.items()}


def _prefixes(pointer: str) -> Iterator[str]:
    """A pointer and those of everything around its place, the document last."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
    yield ""


def _json_fault(fault: JsonFault, source: Source) -> Fault:
    line, column = source.place(fault.offset) if source.text else (1, 1)
    blame = "harness" if fault.code == "too-large" else "vendor"
    finding = Finding(
        fault.message,
        fault.pointer,
        line,
        column,
        "strict JSON (RFC 8259)",
        fault.code,
        fault.hint,
        blame=blame,
    )
    return Fault(fault.code, finding)


def _unwrap(
    name: str, evidence: Evidence, document: Document, envelopes: tuple[Envelope, ...]
) -> Iterator[Credential]:
    value = document.value
    if isinstance(value, list) and value:
        for node in document.root:
            inner = Document(node.value, document.source, document.base + node.pointer)
            yield from _unwrap(f"{name}#{inner.base}", evidence, inner, envelopes)
        return
    types = document.root.types
    if sum(layer.kind != "lines" for layer in envelopes) > MAX_NESTING:
        finding = document.finding("", f"more than {MAX_NESTING} envelopes stand inside each other")
        yield Credential(name, evidence, None, envelopes, (Fault("nested-envelopes", finding),), "unreadable")
    elif "EnvelopedVerifiableCredential" in types or "EnvelopedVerifiablePresentation" in types:
        secured = envelopes[-1:]
        twice = any(layer.token is not None or layer.cose is not None for layer in secured)
        added = (_secured_twice(document),) if twice else ()
        for credential in _data_url(name, evidence, document, envelopes):
            yield replace(credential, faults=(*added, *credential.faults))
    elif (
        isinstance(value, dict)
        and value.get("verifiableCredential") not in (None, [])
        and "credentialSubject" not in value
    ):
        position = 0
        for node in document.root.each("verifiableCredential"):
            layers = (*envelopes, Envelope("presentation", document=document, position=position))
            inner = Document(node.value, document.source, document.base + node.pointer)
            inner_name = f"{name}#{inner.base}"
            opened = (
                _token(inner_name, evidence, node.value, layers, inner)
                if isinstance(node.value, str)
                else _unwrap(inner_name, evidence, inner, layers)
            )
            for credential in opened:
                position += credential.kind == CREDENTIAL
                yield credential
    else:
        kind = kind_of(value)
        yield Credential(name, evidence, document, envelopes, (), kind)


def _secured_twice(document: Document) -> Fault:
    """What to say of a token whose payload is another token: only the inner one is the credential's."""
    finding = document.finding(
        "",
        "a signed message holds another one, and is neither a credential nor a presentation itself",
        expected="a credential or a presentation as the payload",
        actual="an enveloped credential or presentation",
        hint="Hand over the inner token, or put it into a presentation (VC-JOSE-COSE section 3.1).",
    )
    return Fault("secured-twice", finding)


def _data_url(
    name: str, evidence: Evidence, document: Document, envelopes: tuple[Envelope, ...]
) -> Iterator[Credential]:
    url = document.root.get("id")
    match = _DATA_URL.match(url) if isinstance(url, str) else None
    if match is None:
        finding = document.finding(
            "/id",
            "the id of an enveloped credential is not a data: URL",
            expected="data:application/vc+jwt,<compact JWS>",
            actual=document.shown("/id", 60) or "nothing",
            hint="Put the compact JWS into id as data:application/vc+jwt,… (VCDM 2.0, section 4.13).",
        )
        layers = (*envelopes, Envelope("enveloped", None, None, document))
        yield Credential(name, evidence, None, layers, (Fault("not-a-data-url", finding),), "unreadable")
        return
    layers = (*envelopes, Envelope("enveloped", match["type"] or "text/plain", None, document))
    data = unquote_to_bytes(match["data"])
    try:
        if "base64" in match["parameters"].lower().split(";"):
            data = base64.b64decode(data, validate=True)
        if looks_like_cose(data, match["type"]):
            yield from _cose(name, evidence, data, layers, document)
            return
        token = data.decode("ascii")
    except (binascii.Error, UnicodeDecodeError) as error:
        finding = document.finding(
            "/id",
            f"the data: URL cannot be decoded: {error}",
            expected="data:application/vc+jwt,<compact JWS>",
            actual=document.shown("/id", 60),
            hint="Put the compact JWS into the data: URL as it is; it needs neither base64 nor percent signs (RFC 2397).",
        )
        yield Credential(name, evidence, None, layers, (Fault("not-a-data-url", finding),), "unreadable")
        return
    yield from _token(name, evidence, token.strip(), layers, document)


def _token(
    name: str, evidence: Evidence, token: str, envelopes: tuple[Envelope, ...], carrier: Document | None
) -> Iterator[Credential]:
    jws = token.partition("~")[0]
    layer = Envelope("sd-jwt" if "~" in token else "jose", None, token, carrier)
    layers = (*envelopes, layer)
    parts = jws.split(".")
    payload: bytes | None = None
    if len(parts) == 3:  # noqa: PLR2004 - header, payload, signature
        try:
            payload = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        except (binascii.Error, ValueError):
            payload = None
    if payload is None:
        at = "/id" if carrier is not None and isinstance(carrier.value, dict) else ""
        place = carrier.finding(at, "") if carrier is not None else Finding("", None, 1, 1)
        finding = replace(
            place,
            message="this is not a compact JWS: its payload cannot be decoded",
            expected="three base64url parts joined by dots (RFC 7515, section 3.1)",
            actual=f"{len(parts)} parts, {len(token)} characters",
            hint="Sign with the compact serialisation; JSON serialisation is not allowed here.",
        )
        yield Credential(name, evidence, None, layers, (Fault("not-a-jws", finding),), "unreadable")
        return
    yield from _json(name, evidence, _disclosed(parse(payload), token), layers)


def _cose(
    name: str, evidence: Evidence, raw: bytes, envelopes: tuple[Envelope, ...], carrier: Document | None
) -> Iterator[Credential]:
    try:
        message = read_cose(raw)
    except MalformedError as error:
        place = carrier.finding("/id", "") if carrier is not None else Finding("", None, 1, 1)
        finding = replace(
            place, message=f"this is not a COSE_Sign1 message: {error.message}",
            expected="tag 18 and four parts (RFC 9052, section 4.2)", actual=raw[:16].hex(" "),
            hint=error.hint or "Sign the credential with COSE_Sign1, or as a compact JWS as UNTP demands.",
        )  # fmt: skip
        layers = (*envelopes, Envelope("cose", None, None, carrier))
        yield Credential(name, evidence, None, layers, (Fault("not-a-cose-message", finding),), "unreadable")
        return
    layers = (*envelopes, Envelope("cose", None, None, carrier, message))
    yield from _json(name, evidence, parse(message.payload), layers)


def _disclosed(parsed: ParsedJson, token: str) -> ParsedJson:
    """The payload of an SD-JWT with what was disclosed in its place (RFC 9901 section 7.1), written anew.

    Its places are those of the text that we write; a payload with faults stays as it was signed.
    """
    _, *disclosures = token.split("~")
    if not disclosures or parsed.faults or not isinstance(parsed.value, dict):
        return parsed
    processed = process(parsed.value, disclosures[:-1])
    return parse(json.dumps(processed.payload, indent=2, ensure_ascii=False))


def payload_of(value: Any) -> Any:
    """What a reader would call the credential: the payload itself, also inside a VCDM 1.1 `vc` claim."""
    if isinstance(value, dict) and isinstance(value.get("vc"), dict) and "@context" not in value:
        return value["vc"]
    return value

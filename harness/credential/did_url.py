"""DID and DID URL syntax, and where the document of a DID is published.

Sources: DID Core 1.0 sections 3.1 and 3.2; the did:web method; the did:webvh method v1.0.
Pure functions: nothing here asks the network.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

import idna

from harness.errors import MalformedError

MAX_LENGTH = 16_384
"""Longest DID URL that is read, in characters: no key that a did:jwk can hold needs more."""

MAX_PORT = 65_535
MAX_NAME = 253
SHOWN = 120

_IDCHAR = r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})"
_PCHAR = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_DID_URL = re.compile(
    rf"(?P<did>did:(?P<method>[a-z0-9]+):(?P<specific>(?:{_IDCHAR}|:)*{_IDCHAR}))"
    rf"(?P<path>(?:/{_PCHAR}*)*)(?:\?(?P<query>(?:{_PCHAR}|[/?])*))?(?:#(?P<fragment>(?:{_PCHAR}|[/?])*))?"
)
_RELATIVE = re.compile(rf"(?:/{_PCHAR}*)*(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_SCID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{46}")
_WEB = "https://w3c-ccg.github.io/did-method-web/"
_WEBVH = "https://identity.foundation/didwebvh/v1.0/"


@dataclass(frozen=True)
class DidUrl:
    """A DID URL taken apart (DID Core 3.2); `query` and `fragment` are None where they are absent."""

    did: str
    method: str
    specific_id: str
    path: str = ""
    query: str | None = None
    fragment: str | None = None

    def __str__(self) -> str:
        query = "" if self.query is None else f"?{self.query}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{self.did}{self.path}{query}{fragment}"

    @property
    def is_did(self) -> bool:
        """Whether it is a bare DID, without path, query and fragment."""
        return not self.path and self.query is None and self.fragment is None


@lru_cache(maxsize=1024)
def parse_did_url(text: str) -> DidUrl:
    """Take a DID or an absolute DID URL apart (DID Core 3.1, 3.2), or raise MalformedError."""
    if len(text) > MAX_LENGTH:
        raise MalformedError(
            f"a DID URL of {len(text):,} characters: {text[:60]}…", hint=f"At most {MAX_LENGTH:,} are read."
        )
    found = _DID_URL.fullmatch(text)
    if found is None:
        raise MalformedError(f"not a DID URL: {_short(text)}", hint=_syntax_hint(text))
    return DidUrl(
        found["did"], found["method"], found["specific"], found["path"], found["query"], found["fragment"]
    )


def absolute(reference: str, base: str) -> str:
    """Resolve a relative DID URL such as `#key-1` against a DID (DID Core 3.2.2); others stay as they are."""
    relative = reference[:1] in ("#", "?", "/") and len(reference) <= MAX_LENGTH
    return base + reference if relative and _RELATIVE.fullmatch(reference) else reference


@lru_cache(maxsize=1024)
def document_url(did: str) -> str | None:
    """The https URL of the document (did:web) or log (did:webvh); None where a method has no URL.

    Raises MalformedError for a DID of these two methods that names no lawful place.
    """
    parsed = parse_did_url(did)
    if parsed.method == "web":
        host, segments = _web_parts(parsed)
        return _https(host, segments, "did.json")
    if parsed.method == "webvh":
        host, segments = _webvh_parts(parsed)
        return _https(host, segments, "did.jsonl")
    return None


def witness_url(did: str) -> str | None:
    """Where the witness proofs of a did:webvh log are published: beside the log (did:webvh v1.0)."""
    log = document_url(did)
    if log is None or not log.endswith("/did.jsonl"):
        return None
    return log.removesuffix("did.jsonl") + "did-witness.json"


def web_did_of(url: str) -> str | None:
    """The did:web whose document has this https URL, if there is one: the inverse of `document_url`."""
    found = re.fullmatch(r"https://([^/?#@]+)/(?:\.well-known|([^?#]+))/did\.json", url)
    if found is None:
        return None
    did = "did:web:" + found[1].replace(":", "%3A")
    if found[2]:
        did += ":" + found[2].replace("/", ":")
    try:
        return did if document_url(did) == url else None
    except MalformedError:
        return None


def scid_of(did: str) -> str:
    """The self-certifying identifier in a did:webvh DID: its first segment (did:webvh v1.0)."""
    scid = parse_did_url(did).specific_id.partition(":")[0]
    if _SCID.fullmatch(scid) is None:
        raise MalformedError(
            f"not a SCID: {_short(scid)}",
            hint="did:webvh:<SCID>:<domain>, where the SCID is 46 base58btc characters.",
            why=_WEBVH,
        )
    return scid


def _web_parts(parsed: DidUrl) -> tuple[str, list[str]]:
    host, *segments = parsed.specific_id.split(":")
    name, port = _split_port(host, parsed.did, _WEB)
    if "%" in name:
        raise _bad(
            parsed.did, "its domain is percent-encoded", "Only the colon before a port is encoded.", _WEB
        )
    return _domain(name, parsed.did, _WEB) + port, [_segment(one, parsed.did, _WEB) for one in segments]


def _webvh_parts(parsed: DidUrl) -> tuple[str, list[str]]:
    scid_of(parsed.did)
    _scid, *rest = parsed.specific_id.split(":")
    if not rest:
        raise _bad(parsed.did, "it has no domain", "did:webvh:<SCID>:<domain>", _WEBVH)
    name, port = _split_port(rest[0], parsed.did, _WEBVH)
    decoded = _decoded(name, parsed.did, _WEBVH)
    if not decoded.isascii():
        try:
            decoded = idna.encode(decoded, uts46=True).decode()
        except idna.IDNAError as error:
            raise _bad(
                parsed.did, f"its domain is no IDNA name ({error})", "Use the xn-- form.", _WEBVH
            ) from error
    segments = [
        quote(_decoded(_segment(one, parsed.did, _WEBVH), parsed.did, _WEBVH), safe="") for one in rest[1:]
    ]
    return _domain(decoded, parsed.did, _WEBVH) + port, segments


def _split_port(host: str, did: str, source: str) -> tuple[str, str]:
    name, *ports = re.split("%3a", host, flags=re.IGNORECASE)
    if not ports:
        return name, ""
    port = ports[0]
    if len(ports) > 1 or not re.fullmatch("[1-9][0-9]{0,4}", port) or int(port) > MAX_PORT:
        raise _bad(did, "its port is not a number from 1 to 65535", "Write example.com%3A8443.", source)
    return name, f":{port}"


def _domain(name: str, did: str, source: str) -> str:
    labels = name.split(".")
    if name.lower() == "localhost":
        return name
    if re.fullmatch(r"0[xX][0-9A-Fa-f]+|[0-9]+", labels[-1]) or _is_address(name):
        raise _bad(
            did, "its host is an IP address", "Use a domain name: certificates vouch for names.", source
        )
    if len(labels) == 1 or len(name) > MAX_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise _bad(
            did, "its host is not a full domain name", "For example did:web:issuer.example.com.", source
        )
    return name


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _segment(segment: str, did: str, source: str) -> str:
    decoded = _decoded(segment, did, source)
    if not decoded:
        raise _bad(
            did, "it has an empty path segment", "A single port goes in as example.com%3A8443.", source
        )
    if decoded in (".", "..") or decoded != decoded.strip() or any(sign in decoded for sign in "/\\\0"):
        raise _bad(did, f"its path segment {segment!r} is not allowed", "Name plain folders.", source)
    return segment


def _decoded(text: str, did: str, source: str) -> str:
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError as error:
        raise _bad(
            did, "it is percent-encoded, but not as UTF-8", "Encode each byte of UTF-8.", source
        ) from error


def _https(host: str, segments: list[str], name: str) -> str:
    return "https://" + "/".join([host, *(segments or [".well-known"]), name])


def _bad(did: str, what: str, hint: str, source: str) -> MalformedError:
    return MalformedError(
        f"{_short(did)} cannot be resolved: {what}", hint=hint, why=f"the method demands it: {source}"
    )


def _short(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")


def _syntax_hint(text: str) -> str:
    if text[:1] in ("#", "/", "?") or not text.startswith("did:"):
        return "Write it absolute, beginning with did:, for example did:web:issuer.example.com#key-1."
    if text != text.strip():
        return "Remove the white space around it."
    if ":" not in text[4:]:
        return "A DID has a method and an identifier: did:<method>:<identifier>."
    return "Only letters, digits, '.', '-', '_', ':' and %-encoded bytes may stand in a DID (DID Core 3.1)."

"""Verifiers under test, on loopback: a small one of its own making (joserfc, no code of the harness), and its faults."""

from __future__ import annotations

import base64
import gzip
import json
import re
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import jsonschema
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import import_key

PROBLEM = "https://www.w3.org/TR/vc-data-model#"
STATUS = "https://www.w3.org/ns/credentials/status-list#"
VC2 = "https://www.w3.org/ns/credentials/v2"


class Refused(Exception):  # noqa: N818 - it reads as what happened
    """What is wrong with a credential, as a problem detail."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = {"type": kind, "title": kind.rpartition("#")[2], "detail": detail}


@dataclass
class SmallVerifier:
    """Verifies vc+jwt under did:web with Bitstring Status Lists; `faults` are what it leaves out or does instead."""

    authority: Path
    at: datetime
    faults: frozenset[str] = frozenset()
    looks_beside: bool = False
    asked: int = 0
    seen: Counter[bytes] = field(default_factory=Counter)
    _kept: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def web(self) -> httpx.Client:
        """The way to DID documents and lists."""
        context = ssl.create_default_context(cafile=str(self.authority))
        return httpx.Client(verify=context, trust_env=False, timeout=2)

    def answer(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """The answer to POST /credentials/verify."""
        self.asked += 1
        if "says-yes-to-all" in self.faults:
            return 200, {"verified": True, "errors": [], "warnings": []}
        if "says-no-to-all" in self.faults:
            return 200, {"verified": False, "errors": ["no"], "warnings": []}
        if "400-to-all" in self.faults:
            return 400, {"errors": ["Bad Request"]}
        if "500-to-all" in self.faults:
            return 500, {"errors": ["Internal Server Error"]}
        self.seen[body] += 1
        if "tires" in self.faults and self.seen[body] > 2:
            return 200, {"verified": False, "errors": ["not that one again"]}
        if "contradicts-itself" in self.faults:
            return 200, {"verified": True, "errors": ["something is wrong"], "warnings": []}
        warnings: list[dict[str, str]] = []
        try:
            asked = json.loads(body)
            if "verifiablePresentation" in asked:
                self._present(asked["verifiablePresentation"], asked.get("options", {}))
            else:
                self._verify(asked.get("verifiableCredential"), warnings)
        except Refused as refused:
            if "rejects-with-500" in self.faults:
                return 500, {"errors": ["ValidationError"]}
            problem = refused.problem
            if "always-bad-proof" in self.faults:
                problem = {
                    "type": f"{PROBLEM}CRYPTOGRAPHIC_SECURITY_ERROR", "title": "Bad proof", "detail": "bad proof",
                }  # fmt: skip
            if "says-nothing-why" in self.faults:
                return 200, {"verified": False}
            return 200, {
                "verified": False,
                "errors": [problem],
                "warnings": warnings,
                "evaluated": self._now(),
            }
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            if "crashes" in self.faults:
                return 500, {"errors": [repr(error)]}
            return 400, {"errors": [{"type": f"{PROBLEM}PARSING_ERROR", "title": "no credential"}]}
        return 200, {"verified": True, "errors": [], "warnings": warnings, "evaluated": self._now()}

    def _now(self) -> str:
        return "" if "tells-no-time" in self.faults else datetime.now(UTC).isoformat()

    def _verify(self, given: Any, warnings: list[dict[str, str]]) -> None:
        if isinstance(given, dict) and "EnvelopedVerifiableCredential" in given["type"]:
            given = given["id"].partition(",")[2]
        if isinstance(given, dict):
            if "trusts-plain-json" in self.faults and "proof" not in given:
                return
            raise Refused(
                f"{PROBLEM}CRYPTOGRAPHIC_SECURITY_ERROR", "there is no proof that this verifier knows"
            )
        value = self._opened(given)
        self._shape(value)
        if "ignores-time" not in self.faults:
            self._time(value, warnings)
        if "ignores-schema" not in self.faults:
            self._schema(value)
        if self.looks_beside:
            self._beside(value, warnings)
        if "ignores-status" not in self.faults:
            entries = value.get("credentialStatus", [])
            entries = entries if isinstance(entries, list) else [entries]
            for entry in entries[:1] if "first-status-only" in self.faults else entries:
                self._status(entry)

    def _present(self, given: dict[str, Any], options: dict[str, str]) -> None:
        """A presentation: signed by its holder's key for authentication, for this challenge and domain."""
        token = given["id"].partition(",")[2]
        value = self._opened(token, "authentication", "holder")
        if "ignores-challenges" not in self.faults and value.get("nonce") != options.get("challenge"):
            raise Refused("https://w3id.org/security#INVALID_CHALLENGE_ERROR", "made for another challenge")
        if "ignores-domains" not in self.faults and value.get("aud") != options.get("domain"):
            raise Refused("https://w3id.org/security#INVALID_DOMAIN_ERROR", "made for another domain")
        for one in value["verifiableCredential"]:
            self._verify(one, [])

    def _beside(self, value: dict[str, Any], warnings: list[dict[str, str]]) -> None:
        """The anchors of the issuer and the links of the credential: what is wrong there is a warning."""
        issuer = value["issuer"]["id"]
        document = json.loads(self._fetched(_did_url(issuer)))
        services = [one for one in document.get("service", []) if one["type"] == "untp:dia"]
        confirmed: set[str] = set()
        for service in () if "ignores-anchors" in self.faults else services:
            subject = self._target(service["serviceEndpoint"]["href"], "anchor", warnings).get(
                "credentialSubject", {}
            )
            if subject.get("id") != issuer:
                warnings.append({"title": "the identity anchor is not the issuer's"})
            scheme = subject.get("idScheme", {}).get("id", "")
            confirmed |= {subject.get("publicInformation", ""), f"{scheme}{subject.get('registeredId')}"}
        if services and "believes-aliases" not in self.faults and "ignores-anchors" not in self.faults:
            for alias in set(document.get("alsoKnownAs", [])) - confirmed:
                warnings.append({"title": f"no anchor confirms alsoKnownAs {alias}"})
        if "trusts-links" not in self.faults:
            for link in _links(value):
                self._target(link["linkURL"], "link", warnings)

    def _target(self, url: str, what: str, warnings: list[dict[str, str]]) -> dict[str, Any]:
        try:
            return dict(self._opened(self._fetched(url).decode()))
        except (Refused, ValueError, KeyError, TypeError):
            warnings.append({"title": f"what stands behind the {what} is no credential that verifies"})
            return {}

    def _opened(self, token: str, purpose: str = "assertionMethod", who: str = "issuer") -> Any:
        header = json.loads(_decoded(token.partition(".")[0]))
        if "trusts-alg-none" in self.faults and str(header.get("alg")).lower() == "none":
            return dict(json.loads(_decoded(token.split(".")[1])))
        if header.get("alg") not in ("ES256", "EdDSA"):
            if "trusts-hmac" in self.faults and header.get("alg") == "HS256":
                return dict(json.loads(_decoded(token.split(".")[1])))
            raise Refused(f"{PROBLEM}CRYPTOGRAPHIC_SECURITY_ERROR", "the algorithm is not one of ours")
        if "crit" in header and "ignores-crit" not in self.faults:
            raise Refused(f"{PROBLEM}CRYPTOGRAPHIC_SECURITY_ERROR", "crit names what is not understood")
        header.pop("crit", None)
        did = str(header["kid"]).partition("#")[0]
        key = header["jwk"] if "trusts-embedded-keys" in self.faults and "jwk" in header else None
        if "trusts-remote-keys" in self.faults and "jku" in header:
            key = json.loads(self._fetched(header["jku"]))["keys"][0]
        if key is None:
            key = self._key(did, header["kid"], purpose)
        value: Any = self._checked(token, key, header["alg"])
        issuer = value.get(who) if isinstance(value, dict) else None
        named = issuer.get("id") if isinstance(issuer, dict) else issuer
        if named != did and "ignores-issuer" not in self.faults and isinstance(value, dict) and issuer:
            raise Refused(f"{PROBLEM}CRYPTOGRAPHIC_SECURITY_ERROR", "the key is not the issuer's")
        return value

    def _checked(self, token: str, key: dict[str, Any], algorithm: str) -> Any:
        header, payload = (_decoded(part) for part in token.split(".")[:2])
        if "ignores-signatures" in self.faults or ("ignores-crit" in self.faults and b'"crit"' in header):
            return json.loads(payload)
        names: tuple[str, ...] = ("kty", "crv", "x", "y")
        public = {name: str(key[name]) for name in names if name in key}
        registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
        try:
            found = jws.deserialize_compact(token, import_key({**public}), registry=registry)
        except (JoseError, ValueError) as error:
            raise Refused(f"{PROBLEM}CRYPTOGRAPHIC_SECURITY_ERROR", f"bad signature: {error}") from None
        return json.loads(found.payload)

    def _key(self, did: str, kid: str, purpose: str) -> dict[str, Any]:
        kind = "https://www.w3.org/ns/did#"
        body = self._fetched(_did_url(did), missing=f"{kind}NOT_FOUND")
        try:
            document = json.loads(body)
        except ValueError:
            raise Refused(f"{kind}INVALID_DID_DOCUMENT", "the DID document is no JSON") from None
        if document.get("id") != did and "ignores-document-id" not in self.faults:
            raise Refused(f"{kind}INVALID_DID_DOCUMENT", "the DID document is of another DID")
        listed = document.get(purpose, [])
        if "ignores-relationships" in self.faults:
            listed = [*listed, *(method["id"] for method in document.get("verificationMethod", []))]
        methods = [*document.get("verificationMethod", [])]
        if "overlooks-embedded-keys" not in self.faults:
            methods += [method for method in listed if isinstance(method, dict)]
        named = [method["id"] if isinstance(method, dict) else method for method in listed]
        for method in methods:
            if method["id"] == kid and kid in named:
                if method["controller"] != did or "revoked" in method:
                    raise Refused(f"{kind}INVALID_VERIFICATION_METHOD", "the key is not in force")
                return dict(method["publicKeyJwk"])
        raise Refused(f"{kind}INVALID_VERIFICATION_METHOD", "the DID document has no such key for assertion")

    def _shape(self, value: Any) -> None:
        if "ignores-shape" in self.faults:
            return
        if not isinstance(value, dict) or not isinstance(value.get("@context"), list):
            raise Refused(f"{PROBLEM}MALFORMED_VALUE_ERROR", "@context is missing")
        if value["@context"][0] != VC2:
            raise Refused(f"{PROBLEM}MALFORMED_VALUE_ERROR", "the base context does not come first")
        kinds = value.get("type")
        if not isinstance(kinds, list) or "VerifiableCredential" not in kinds:
            raise Refused(f"{PROBLEM}MALFORMED_VALUE_ERROR", "type does not list VerifiableCredential")
        for member in ("issuer", "credentialSubject"):
            subject = value.get(member)
            if not isinstance(subject, dict | list) or not subject:
                raise Refused(f"{PROBLEM}MALFORMED_VALUE_ERROR", f"{member} is missing")
        for member in ("validFrom", "validUntil"):
            if member in value and not re.fullmatch(
                r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-](0\d|1[0-3]):\d\d|[+-]14:00)", value[member]
            ):
                raise Refused(f"{PROBLEM}MALFORMED_VALUE_ERROR", f"{member} is no date and time")
        if value["validFrom"] > value.get("validUntil", "9999") or not all(
            isinstance(entry, dict) and entry.get("type") for name in ("credentialStatus", "termsOfUse", "refreshService")
            for entry in _listed(value.get(name, []))
        ):  # fmt: skip
            raise Refused(f"{PROBLEM}MALFORMED_VALUE_ERROR", "an optional member is malformed")
        if any(
            not isinstance(entry, dict) or not entry.get("type")
            for entry in _listed(value.get("evidence", []))
        ):
            raise Refused(f"{PROBLEM}MALFORMED_VALUE_ERROR", "evidence is malformed")
        related = [entry["id"] for entry in _listed(value.get("relatedResource", []))]
        if len(related) != len(set(related)) or any(
            ("digestMultibase" not in entry and "digestSRI" not in entry)
            or not str(entry.get("digestMultibase", "z")).startswith(("z", "u"))
            for entry in _listed(value.get("relatedResource", []))
        ):  # fmt: skip
            raise Refused(f"{PROBLEM}MALFORMED_VALUE_ERROR", "relatedResource is malformed")

    def _time(self, value: dict[str, Any], warnings: list[dict[str, str]]) -> None:
        told = None
        if datetime.fromisoformat(value["validFrom"]) > self.at:
            told = "not yet valid"
        elif "validUntil" in value and datetime.fromisoformat(value["validUntil"]) < self.at:
            told = "expired"
        if told and "only-warns-of-time" in self.faults:
            warnings.append({"type": f"{PROBLEM}VALIDITY_PERIOD_ERROR", "title": told, "detail": told})
        elif told:
            raise Refused(f"{PROBLEM}VALIDITY_PERIOD_ERROR", f"the credential is {told}")

    def _schema(self, value: dict[str, Any]) -> None:
        if isinstance(named := value.get("credentialSchema"), dict):
            schema = json.loads(self._fetched(named["id"]))
            if not jsonschema.Draft202012Validator(schema).is_valid(value):
                raise Refused(f"{PROBLEM}SCHEMA_VALIDATION_ERROR", "the credential breaks its schema")

    def _status(self, entry: dict[str, Any]) -> None:
        kind = f"{STATUS}STATUS_RETRIEVAL_ERROR"
        url = entry["statusListCredential"]
        if "tells-the-list-keeper" in self.faults:
            url = f"{url}?credential={entry['id'].rpartition('#')[2]}"
        if "trusts-absent-lists" in self.faults:
            try:
                body = self._fetched(url, missing=kind)
            except Refused:
                return
        else:
            body = self._fetched(url, missing=kind)
        if "trusts-any-list" in self.faults:
            try:
                listed = json.loads(_decoded(body.decode().split(".")[1]) if body.startswith(b"ey") else body)
            except ValueError:
                raise Refused(f"{STATUS}STATUS_VERIFICATION_ERROR", "that is no status list") from None
        elif body.count(b".") != 2:
            raise Refused(f"{STATUS}STATUS_VERIFICATION_ERROR", "the status list is not signed")
        else:
            try:
                listed = self._opened(body.decode())
            except Refused as refused:
                detail = refused.problem["detail"]
                raise Refused(f"{STATUS}STATUS_VERIFICATION_ERROR", f"status list: {detail}") from None
        self._bit(entry, listed)

    def _bit(self, entry: dict[str, Any], listed: dict[str, Any]) -> None:
        subject = listed["credentialSubject"]
        if subject.get("statusPurpose") != entry["statusPurpose"]:
            raise Refused(f"{STATUS}STATUS_VERIFICATION_ERROR", "the list is for another purpose")
        if "trusts-expired-lists" in self.faults:
            listed = {name: member for name, member in listed.items() if name != "validUntil"}
        if "validUntil" in listed and datetime.fromisoformat(listed["validUntil"]) < self.at:
            raise Refused(f"{STATUS}STATUS_VERIFICATION_ERROR", "the status list has expired")
        try:
            bits = gzip.decompress(_decoded(subject["encodedList"].removeprefix("u")))
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise Refused(f"{STATUS}STATUS_VERIFICATION_ERROR", f"encodedList: {error}") from None
        if len(bits) < 16_384:
            raise Refused(f"{STATUS}STATUS_LIST_LENGTH_ERROR", "the status list is too short")
        index = int(entry["statusListIndex"])
        if index // 8 >= len(bits):
            if "wraps-the-index" in self.faults:
                return
            raise Refused(f"{STATUS}RANGE_ERROR", "the status list has no such index")
        place = index % 8 if "reads-bits-backwards" in self.faults else 7 - index % 8
        if bits[index // 8] >> place & 1 and "ignores-suspension" not in self.faults:
            raise Refused(f"{STATUS}STATUS_VERIFICATION_ERROR", f"the status is {entry['statusPurpose']}")
        if bits[index // 8] >> place & 1 and entry["statusPurpose"] != "suspension":
            raise Refused(f"{STATUS}STATUS_VERIFICATION_ERROR", f"the status is {entry['statusPurpose']}")

    def _fetched(self, url: str, *, missing: str = f"{PROBLEM}RETRIEVAL_ERROR") -> bytes:
        if url in self._kept and "forgets-lists" not in self.faults:
            return self._kept[url]
        try:
            answer = self.web.get(url)
        except httpx.HTTPError as error:
            raise Refused(missing, f"cannot be fetched, status unknown: {error}") from None
        if answer.status_code != httpx.codes.OK:
            raise Refused(missing, f"answers {answer.status_code}")
        self._kept[url] = answer.content
        return answer.content


def _links(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("linkType") in ("dpp", "dcc", "dfr", "dte", "dia") and "linkURL" in value:
            yield value
        for member in value.values():
            yield from _links(member)
    elif isinstance(value, list):
        for item in value:
            yield from _links(item)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _did_url(did: str) -> str:
    host, *path = did.removeprefix("did:web:").split(":")
    return f"https://{host.replace('%3A', ':')}/{'/'.join(path) or '.well-known'}/did.json"


@contextmanager
def serving(verifier: SmallVerifier) -> Iterator[str]:
    """The verifier's endpoint, on a free port of loopback."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if "hangs" in verifier.faults and ended.wait(5):
                return
            status, value = verifier.answer(body)
            sent = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/credentials/verify"
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        verifier.web.close()

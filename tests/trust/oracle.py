"""One question to two verifiers: does this hold? Ours, and openvc, which nobody of us wrote.

openvc gets what it asks for from the web of the specimen; nothing leaves the machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from openvc import Ed25519SigningKey, P256SigningKey, P384SigningKey, VerificationPolicy, verify_credential
from openvc.did.base import DidDocument, DidResolutionError, DidResolverRegistry
from openvc.did.did_jwk import DidJwkResolver
from openvc.did.did_key import DidKeyResolver
from openvc.did.did_web import DidWebResolver
from openvc.did.did_webvh import DidWebvhResolver
from openvc.errors import KeyResolutionFailed, OpenvcError
from openvc.proof._jws import parse_compact, verify_compact
from openvc.status import check_credential_status

from harness.evidence import Evidence, Web
from harness.judge.canonical import canonicaliser
from harness.trust.data_integrity import verify_proofs
from harness.trust.jose import verify_jose
from harness.trust.sd_jwt import verify_sd_jwt
from harness.trust.signing import PrivateKey
from harness.trust.status import MINIMUM_ENTRIES, entries_of, read_list, status_of
from harness.trust.trace import TrustError

from .issuers import NOW

Told = bool | str
"""Whether it holds; for a status, what was said."""

REFUSED = "refused"


@dataclass(frozen=True)
class Specimen:
    """Something to judge, its name, the group that it is counted in, and how each side is asked."""

    group: str
    name: str
    ours: Callable[[], Told] = field(repr=False)
    theirs: Callable[[], Told] = field(repr=False)

    @property
    def id(self) -> str:
        """Group and name."""
        return f"{self.group}: {self.name}"


def registry(web: Web) -> DidResolverRegistry:
    """The resolvers of openvc for the four methods, over what the web holds."""

    def text(url: str) -> str:
        answer = web[url]
        if not isinstance(answer, Evidence):
            raise DidResolutionError(f"nothing at {url}")
        return answer.body.decode()

    def document(url: str) -> Any:
        try:
            return json.loads(text(url))
        except ValueError as error:
            raise DidResolutionError(f"no JSON at {url}") from error

    return DidResolverRegistry(
        [DidKeyResolver(), DidJwkResolver(), DidWebResolver(document), DidWebvhResolver(text)]
    )


def accepted(ask: Callable[[], object]) -> bool:
    """Whether openvc raises none of its errors; anything else that it raises is a fault and shows."""
    try:
        ask()
    except OpenvcError:
        return False
    return True


def signing_key(key: PrivateKey, kid: str) -> Any:
    """Our key as openvc's."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return Ed25519SigningKey(key, kid)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return (P256SigningKey if key.key_size == 256 else P384SigningKey)(key, kid)


def jws(group: str, name: str, token: str, web: Web, issuer: str) -> Specimen:
    """A compact JWS of an issuer, at the level of signature and key: the payload may be anything.

    openvc's whole pipeline takes only the vc claim of VCDM 1.1; below it, its resolvers and its JWS take this.
    """

    def theirs() -> None:
        header = parse_compact(token)[0]
        document: DidDocument = registry(web).resolve(issuer)
        method = document.key_by_kid(header.get("kid"))
        if method is None:
            raise KeyResolutionFailed("no such method")
        verify_compact(token, public_key_jwk=method.public_key_jwk)

    return Specimen(
        group,
        name,
        lambda: verify_jose(token, web=web, at=NOW, issuer=issuer).holds,
        lambda: accepted(theirs),
    )


def whole(group: str, name: str, credential: str | dict[str, Any], web: Web, issuer: str) -> Specimen:
    """A credential in any form, through the whole of openvc but for status."""
    policy = VerificationPolicy(require_status=False, now=NOW)

    def theirs() -> bool:
        return accepted(lambda: verify_credential(credential, policy=policy, resolver=registry(web)))

    def ours() -> bool:
        if isinstance(credential, str):
            verify = verify_sd_jwt if "~" in credential else verify_jose
            return verify(credential, web=web, at=NOW, issuer=issuer).holds
        try:
            results = verify_proofs(credential, web=web, at=NOW, canonicalise=canonicaliser(web, "fast"))
        except TrustError:
            return False
        return all(one.verification.holds and one.method_controller == issuer for one in results)

    return Specimen(group, name, ours, theirs)


def status(name: str, entry: Mapping[str, Any], listed: Mapping[str, Any]) -> Specimen:
    """What a list says of an entry: "set", "unset" or REFUSED."""
    credential = {"credentialStatus": dict(entry)}
    url = str(entry.get("statusListCredential"))

    def ours() -> str:
        try:
            found = status_of(
                entries_of(credential)[0], read_list(listed, url=url, at=NOW), minimum=MINIMUM_ENTRIES
            )
        except TrustError:
            return REFUSED
        return "set" if found.is_set else "unset"

    def theirs() -> str:
        try:
            found = check_credential_status(credential, resolve_status_list=lambda _url: dict(listed))
        except OpenvcError:
            return REFUSED
        return "set" if any(one.is_set for one in found.entries) else "unset"

    return Specimen("bitstring status", name, ours, theirs)


def broken_tokens(token: str) -> Iterator[tuple[str, str]]:
    """A good token with one thing wrong with it, by name: for every algorithm alike."""
    header, payload, signature = token.split(".")
    flipped = ("B" if signature[4] != "B" else "C") + signature[5:]
    yield "a bit of the signature flipped", f"{header}.{payload}.{signature[:4]}{flipped}"
    yield (
        "the payload altered",
        f"{header}.{payload[:20]}{'A' if payload[20] != 'A' else 'B'}{payload[21:]}.{signature}",
    )
    yield "the signature cut off", f"{header}.{payload}.{signature[:-8]}"
    yield "no signature", f"{header}.{payload}."
    yield "two parts", f"{header}.{payload}"
    yield "base64 with padding", f"{token}=="
    yield "a line break in the signature", f"{header}.{payload}.{signature[:8]}\n{signature[8:]}"

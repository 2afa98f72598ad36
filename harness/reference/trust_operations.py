"""Named changes to how things are secured: the bytes of the token, its keys, embedded proofs, other DID methods.

They stand beside those of `operations`, which puts them under one roof.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from harness.reference.chain import Plan
from harness.reference.edits import AlterPayload, FlipSignatureBit, Patch, Replace, SignWith
from harness.reference.issuing import VC2, Edit
from harness.reference.keys import DemoKey, did_key, login_key, signing_key
from harness.reference.proofs import EmbedProof
from harness.reference.sd_jwt import Hide, Present
from harness.reference.surroundings import did_url, status_service
from harness.reference.webvh import webvh_issuer
from harness.trust.encoding import decode_base64url, encode_base64url
from harness.trust.keys import P256
from harness.trust.signing import jwk_of

Arguments = Mapping[str, Any]
Operation = Callable[[Plan, str, Arguments], Plan]
NEVER_PUBLISHED = "never-published"


@dataclass(frozen=True)
class CutSignature:
    """A token whose signature lacks its last bytes."""

    def __call__(self, token: str) -> str:
        """The shorter token."""
        signing_input, _, signature = token.rpartition(".")
        return f"{signing_input}.{encode_base64url(decode_base64url(signature)[:-8])}"


@dataclass(frozen=True)
class DerSignature:
    """A token whose ECDSA signature is written in DER, as most libraries give it (against RFC 7518 section 3.4)."""

    def __call__(self, token: str) -> str:
        """The token with the same two numbers in another form."""
        signing_input, _, signature = token.rpartition(".")
        raw = decode_base64url(signature)
        half = len(raw) // 2
        der = encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
        return f"{signing_input}.{encode_base64url(der)}"


@dataclass(frozen=True)
class AlterHeader:
    """A token whose header was changed after it was signed."""

    change: Replace

    def __call__(self, token: str) -> str:
        """The token with the old payload and signature."""
        header, rest = token.split(".", 1)
        return f"{encode_base64url(self.change(decode_base64url(header).decode()).encode())}.{rest}"


def _token(plan: Plan, name: str, edit: Edit) -> Plan:
    issuance = plan.issuances[name]
    return plan.reissued(replace(issuance, token_edits=(*issuance.token_edits, edit)))


def _cut_signature(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """The signature without its last eight bytes."""
    return _token(plan, name, CutSignature())


def _der_signature(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """The ECDSA signature in DER."""
    return _token(plan, name, DerSignature())


def _alter_header(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """`find` replaced by `replace` in the header after it was signed."""
    return _token(plan, name, AlterHeader(Replace(arguments["find"], arguments["replace"], name)))


def _embedded_key(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """The header brings the public key along (jwk) that made the signature; nobody published it."""
    issuance = plan.issuances[name]
    key = replace(issuance.key, fragment=NEVER_PUBLISHED)
    return _token(plan.reissued(issuance.with_header(jwk=jwk_of(key.private))), name, SignWith(key))


def _sd_jwt(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """The credential as an SD-JWT: members in `disclose` behind disclosures, those in `withhold` not shown, broken by `fault`."""
    withhold, fault = tuple(arguments.get("withhold", ())), arguments.get("fault")
    names = (*arguments.get("disclose", ()), *withhold)
    issuance = plan.issuances[name].with_header(typ="vc+sd-jwt")
    present = Present(issuance.payload, names, fault, withhold)
    return plan.reissued(
        replace(
            issuance,
            payload_edits=(*issuance.payload_edits, Hide(names, fault)),
            token_edits=(*issuance.token_edits, present),
        )
    )


def _issuer_did_key(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """The issuer is a did:key, and signs with it."""
    return _issued_by(plan, name, did_key(name))


def _issuer_did_webvh(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """The issuer is a did:webvh on its own host; `fault` says how its log is broken."""
    host = plan.payloads[name].issuer.split(":", 2)[2]
    issuer = webvh_issuer(host, plan.issuances[name].key.family, fault=arguments.get("fault"))
    added = {**plan.added, did_url(issuer.did): (issuer.log, "text/jsonl")}
    return replace(_issued_by(plan, name, issuer.key), added=added)


def _issued_by(plan: Plan, name: str, key: DemoKey) -> Plan:
    """The same credential by the holder of a key, who is its issuer."""
    issuance = plan.issuances[name]
    patch = Patch.of([{"op": "replace", "path": "/issuer/id", "value": key.did}], name)
    issuance = replace(issuance, key=key, payload_edits=(*issuance.payload_edits, patch))
    return plan.reissued(issuance.with_header(kid=key.kid))


def _embedded_proof(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """An embedded proof by `suite`, with `set` among its options, changed by `patch` after it was made."""
    issuance = plan.issuances[name]
    options = json.dumps(dict(arguments.get("set", {})))
    proofs: tuple[Edit, ...] = (EmbedProof(issuance.key, arguments.get("suite"), options),)
    if "patch" in arguments:
        proofs = (*proofs, Patch.of(arguments["patch"], f"proof of {name}"))
    return plan.reissued(replace(issuance, proofs=proofs))


def _status_list_forged(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """The status list with a wrong signature: a bit flipped, or made by a key that nobody published (`fault`)."""
    url = plan.payloads[name].status[0]
    edit: Edit = FlipSignatureBit()
    if arguments.get("fault") == "wrong-key":
        edit = SignWith(DemoKey(status_service(url), NEVER_PUBLISHED, plan.issuances[name].key.family))
    edits = (*plan.list_token_edits.get(url, ()), edit)
    return replace(plan, list_token_edits={**plan.list_token_edits, url: edits})


def _presentation(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """The presentation that holds the credential, broken as `fault` says; where only its header is wrong, signed so."""
    issuance = plan.issuances[name]
    holder = issuance.holder or issuance.key.did
    signed_again = SignWith(login_key(holder))
    broken: Mapping[str, tuple[Edit, ...]] = {
        "altered": (AlterPayload(Replace('"type": [', '"description": "for all to see", "type": [', name)),),
        "bit-flipped": (FlipSignatureBit(),),
        "key-never-published": (SignWith(DemoKey(holder, NEVER_PUBLISHED, P256)),),
        "key-for-credentials": (
            AlterHeader(Replace(login_key(holder).fragment, signing_key(holder).fragment, name)),
        ),
        "type-unknown": (
            AlterPayload(Replace('"VerifiablePresentation"', '"Presentation"', name)),
            signed_again,
        ),
        "context-of-old": (
            AlterPayload(Replace(VC2, "https://www.w3.org/2018/credentials/v1", name)),
            signed_again,
        ),
        "typ-of-credentials": (AlterHeader(Replace('"vp+jwt"', '"vc+jwt"', name)), signed_again),
        "typ-missing": (AlterHeader(Replace(',"typ":"vp+jwt"', "", name)), signed_again),
        "cty-of-credentials": (AlterHeader(Replace('"vp+jwt"', '"vp+jwt","cty":"vc"', name)), signed_again),
    }
    return plan.reissued(replace(issuance, presentation_edits=broken[arguments["fault"]]))


TRUST_OPERATIONS: Mapping[str, Operation] = {
    "alter-header": _alter_header,
    "cut-signature": _cut_signature,
    "der-signature": _der_signature,
    "embedded-key": _embedded_key,
    "embedded-proof": _embedded_proof,
    "issuer-did-key": _issuer_did_key,
    "issuer-did-webvh": _issuer_did_webvh,
    "presentation": _presentation,
    "sd-jwt": _sd_jwt,
    "status-list-forged": _status_list_forged,
}
"""Every operation of this module by its name."""

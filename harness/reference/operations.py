"""Named changes to the envelope: header, signature, key, DID document, status list, delivery, clock.

A vector says `envelope = { operation = "header", set = { typ = "JWT" } }`; the names are in `OPERATIONS`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from harness.errors import SuiteError
from harness.reference.chain import Plan
from harness.reference.edits import (
    AlterPayload,
    Append,
    FlipSignatureBit,
    Patch,
    Replace,
    ReplaceBytes,
    SignWith,
    WithoutSignature,
)
from harness.reference.issuing import Edit, Issuance
from harness.reference.keys import DemoKey, did_jwk, signing_key
from harness.reference.proofs import EmbedProof
from harness.reference.surroundings import did_url
from harness.reference.trust_operations import TRUST_OPERATIONS
from harness.reference.verifier_operations import VERIFIER_OPERATIONS
from harness.trust.encoding import encode_base64url
from harness.trust.signing import jwk_of

Arguments = Mapping[str, Any]
Operation = Callable[[Plan, str, Arguments], Plan]


def change(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """The plan with one named operation on the credential of that name. Raises SuiteError for an unknown one."""
    operation = OPERATIONS.get(arguments["operation"])
    if operation is None:
        known = ", ".join(sorted(OPERATIONS))
        raise SuiteError(f"there is no operation {arguments['operation']!r}", hint=f"Operations: {known}.")
    return operation(plan, name, arguments)


def _token(plan: Plan, name: str, edit: Edit) -> Plan:
    issuance = plan.issuances[name]
    return plan.reissued(replace(issuance, token_edits=(*issuance.token_edits, edit)))


def _header(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """Other members of the protected header: `set` and `remove`."""
    removed = dict.fromkeys(arguments.get("remove", ()))
    return plan.reissued(plan.issuances[name].with_header(**arguments.get("set", {}), **removed))


def _algorithm_none(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """An unsecured token: alg none, no signature."""
    return _token(plan.reissued(plan.issuances[name].with_header(alg="none")), name, WithoutSignature())


@dataclass(frozen=True)
class _Hmac:
    """A token whose signature is an HMAC with the public key as the secret."""

    key: DemoKey

    def __call__(self, token: str) -> str:
        signing_input = token.rpartition(".")[0]
        secret = json.dumps(jwk_of(self.key.private), separators=(",", ":")).encode()
        return (
            f"{signing_input}.{encode_base64url(hmac.digest(secret, signing_input.encode(), hashlib.sha256))}"
        )


def _public_key_as_secret(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """Algorithm confusion: HS256 keyed with the public JWK."""
    issuance = plan.issuances[name].with_header(alg="HS256")
    return _token(plan.reissued(issuance), name, _Hmac(issuance.key))


def _flip_signature_bit(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """One bit of the signature."""
    return _token(plan, name, FlipSignatureBit())


def _alter_payload(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """`find` replaced by `replace` in the payload after it was signed."""
    return _token(plan, name, AlterPayload(_replacement(arguments, name)))


def _append(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """`text` behind the token."""
    return _token(plan, name, Append(arguments["text"]))


def _wrong_key(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """Signed with a key that nobody published, under the kid of the right one."""
    right = plan.issuances[name].key
    return _token(plan, name, SignWith(replace(right, fragment="never-published")))


def _foreign_key(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """Signed by the key of another DID (`of`), which the header names truly."""
    key = signing_key(arguments["of"])
    issuance = replace(plan.issuances[name], key=key).with_header(kid=key.kid)
    return plan.reissued(issuance)


def _issuer_did_jwk(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """The issuer is a did:jwk, and signs with its key."""
    issuance, key = plan.issuances[name], did_jwk(name)
    patch = Patch.of([{"op": "replace", "path": "/issuer/id", "value": key.did}], name)
    issuance = replace(issuance, key=key, payload_edits=(*issuance.payload_edits, patch))
    return plan.reissued(issuance.with_header(kid=key.kid))


def _did_document(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """A `patch` on the DID document of the issuer, or of the DID given as `of`."""
    did = _did(plan, name, arguments)
    edits: tuple[Edit, ...] = (
        *plan.did_edits.get(did, ()),
        Patch.of(arguments["patch"], f"DID document of {did}"),
    )
    return replace(plan, did_edits={**plan.did_edits, did: edits})


def _did_document_gone(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """The DID document of the issuer, or of the DID given as `of`, answers 404."""
    return replace(plan, gone=plan.gone | {did_url(_did(plan, name, arguments))})


def _did(plan: Plan, name: str, arguments: Arguments) -> str:
    return str(arguments.get("of", plan.payloads[name].issuer))


def _status_list(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """A `patch` on the status list credential, which is then signed."""
    url = _list(plan, name)
    edits: tuple[Edit, ...] = (
        *plan.list_edits.get(url, ()),
        Patch.of(arguments["patch"], f"status list {url}"),
    )
    return replace(plan, list_edits={**plan.list_edits, url: edits})


def _status_list_size(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """A status list of `size` entries; the credential keeps its index."""
    return replace(plan, list_sizes={**plan.list_sizes, _list(plan, name): arguments["size"]})


def _status_list_unsigned(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """The status list as plain JSON."""
    return replace(plan, unsigned_lists=plan.unsigned_lists | {_list(plan, name)})


def _status_list_gone(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """The URL of the status list answers 404."""
    return replace(plan, gone=plan.gone | {_list(plan, name)})


def _list(plan: Plan, name: str) -> str:
    return plan.payloads[name].status[0]


def _revoke(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """The bit of the credential set in its status list."""
    return plan.reissued(replace(plan.issuances[name], revoked=True))


def _proof(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """The embedded proof made by the key of another DID (`of`), or changed by `patch` after it was made."""
    issuance = plan.issuances[name]
    proofs: tuple[Edit, ...] = issuance.proofs
    if "of" in arguments:
        proofs = (EmbedProof(signing_key(arguments["of"])),)
    if "patch" in arguments:
        proofs = (*proofs, Patch.of(arguments["patch"], f"proof of {name}"))
    return plan.reissued(replace(issuance, proofs=proofs))


def _clock(plan: Plan, _name: str, arguments: Arguments) -> Plan:
    """Everything judged at another moment, `at`."""
    return replace(plan, at=datetime.fromisoformat(arguments["at"]))


def _delivery(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """Another `form` of delivery (token, json, enveloped, presentation), its wrapper changed by `patch`."""
    issuance: Issuance = plan.issuances[name]
    edits = issuance.wrapper_edits
    if "patch" in arguments:
        edits = (*edits, Patch.of(arguments["patch"], f"wrapper of {name}"))
    form = arguments.get("form", issuance.delivery)
    return plan.reissued(
        replace(issuance, delivery=form, holder=issuance.holder or issuance.key.did, wrapper_edits=edits)
    )


def _document(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """`find` replaced by `replace` in the document at `url`."""
    url = arguments["url"]
    edits: tuple[Edit, ...] = (*plan.document_edits.get(url, ()), ReplaceBytes(_replacement(arguments, name)))
    return replace(plan, document_edits={**plan.document_edits, url: edits})


def _document_gone(plan: Plan, _name: str, arguments: Arguments) -> Plan:
    """What is at `url` answers 404."""
    return replace(plan, gone=plan.gone | {arguments["url"]})


def _replacement(arguments: Arguments, name: str) -> Replace:
    return Replace(arguments["find"], arguments["replace"], name)


OPERATIONS: Mapping[str, Operation] = {
    "algorithm-none": _algorithm_none,
    "alter-payload": _alter_payload,
    "append": _append,
    "clock": _clock,
    "delivery": _delivery,
    "did-document": _did_document,
    "did-document-gone": _did_document_gone,
    "document": _document,
    "document-gone": _document_gone,
    "flip-signature-bit": _flip_signature_bit,
    "foreign-key": _foreign_key,
    "header": _header,
    "issuer-did-jwk": _issuer_did_jwk,
    "proof": _proof,
    "public-key-as-secret": _public_key_as_secret,
    "revoke": _revoke,
    "status-list": _status_list,
    "status-list-gone": _status_list_gone,
    "status-list-size": _status_list_size,
    "status-list-unsigned": _status_list_unsigned,
    "wrong-key": _wrong_key,
    **TRUST_OPERATIONS,
    **VERIFIER_OPERATIONS,
}
"""Every operation by its name; test_cases/schemas/vector.schema.json says what each takes."""

"""Named changes that verifiers are tried with: status bits, second entries, keys from elsewhere, foreign envelopes.

They stand beside those of `operations`, which puts them under one roof.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from harness.reference.chain import Plan
from harness.reference.edits import FlipSignatureBit, Patch, SignWith, WithoutSignature
from harness.reference.issuing import Edit
from harness.reference.payloads import dump
from harness.trust.bitstring import encode_list, expand_list
from harness.trust.signing import jwk_of

Arguments = Mapping[str, Any]
Operation = Callable[[Plan, str, Arguments], Plan]
ATTACKER = "attacker"


@dataclass(frozen=True)
class SetBits:
    """A status list in which some more entries are set."""

    indexes: tuple[int, ...]

    def __call__(self, value: dict[str, Any]) -> dict[str, Any]:
        """The list credential with another encodedList."""
        subject = value["credentialSubject"]
        bits = bytearray(expand_list(subject["encodedList"]).bits)
        for index in self.indexes:
            bits[index // 8] |= 0x80 >> index % 8
        return {**value, "credentialSubject": {**subject, "encodedList": encode_list(bytes(bits))}}


@dataclass(frozen=True)
class ForPurpose:
    """A status list or a credential whose status is about another purpose."""

    purpose: str
    member: str

    def __call__(self, value: dict[str, Any]) -> dict[str, Any]:
        """The changed credential."""
        return {**value, self.member: {**value[self.member], "statusPurpose": self.purpose}}


@dataclass(frozen=True)
class MoveIndex:
    """A credential whose status has another place in the list, written in the same form as before."""

    index: int

    def __call__(self, value: dict[str, Any]) -> dict[str, Any]:
        """The credential with the other index, and the id that goes with it."""
        entry = value["credentialStatus"]
        return {**value, "credentialStatus": _at(entry, self.index)}


@dataclass(frozen=True)
class SecondEntry:
    """A credential with a second status entry, in the same list."""

    index: int

    def __call__(self, value: dict[str, Any]) -> dict[str, Any]:
        """The credential with two entries."""
        entry = value["credentialStatus"]
        return {**value, "credentialStatus": [entry, _at(entry, self.index)]}


def _at(entry: Mapping[str, Any], index: int) -> dict[str, Any]:
    written = str(index) if isinstance(entry["statusListIndex"], str) else index
    return {**entry, "id": f"{entry['statusListCredential']}#{index}", "statusListIndex": written}


@dataclass(frozen=True)
class WithSchema:
    """A credential that names a JSON Schema for itself (VCDM 2.0 section 4.11)."""

    url: str

    def __call__(self, value: dict[str, Any]) -> dict[str, Any]:
        """The credential with credentialSchema."""
        return {**value, "credentialSchema": {"id": self.url, "type": "JsonSchema"}}


@dataclass(frozen=True)
class AsVcdm1:
    """The JWT form of VCDM 1.1: the credential inside the claim vc."""

    def __call__(self, value: dict[str, Any]) -> dict[str, Any]:
        """The claims."""
        inner = {name: member for name, member in value.items() if name not in ("validFrom", "validUntil")}
        inner["@context"] = ["https://www.w3.org/2018/credentials/v1"]
        inner |= {"issuanceDate": value["validFrom"], "expirationDate": value["validUntil"]}
        return {"iss": value["issuer"]["id"], "jti": value["id"], "vc": inner}


@dataclass(frozen=True)
class Instead:
    """Another payload, whatever it was."""

    text: str

    def __call__(self, _value: Any) -> Any:
        """The other payload."""
        return json.loads(self.text)


def _payload(plan: Plan, name: str, edit: Edit) -> Plan:
    issuance = plan.issuances[name]
    return plan.reissued(replace(issuance, payload_edits=(*issuance.payload_edits, edit)))


def _token(plan: Plan, name: str, edit: Edit) -> Plan:
    issuance = plan.issuances[name]
    return plan.reissued(replace(issuance, token_edits=(*issuance.token_edits, edit)))


def _list(plan: Plan, name: str, edits: Iterable[Edit]) -> Plan:
    url = plan.payloads[name].status[0]
    return replace(plan, list_edits={**plan.list_edits, url: (*plan.list_edits.get(url, ()), *edits)})


def _without_signature(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """The third part of the token is empty."""
    return _token(plan, name, WithoutSignature())


def _remote_key(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """The header says where (`url`) the key of the signature stands (jku): no key of the issuer."""
    issuance = plan.issuances[name]
    key = replace(issuance.key, fragment=ATTACKER)
    keys = dump({"keys": [{**jwk_of(key.private), "kid": issuance.key.kid}]}).encode()
    added = {**plan.added, arguments["url"]: (keys, "application/jwk-set+json")}
    plan = plan.reissued(issuance.with_header(jku=arguments["url"]))
    return replace(_token(plan, name, SignWith(key)), added=added)


def _status_bits(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """Bits set in the status list: at `indexes`, and with `mirror` where another bit order has the credential's own."""
    own = plan.payloads[name].status[1]
    mirrored = (own // 8 * 8 + 7 - own % 8,) if arguments.get("mirror") else ()
    return _list(plan, name, [SetBits((*arguments.get("indexes", ()), *mirrored))])


def _status_index(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """Another place in the status list, `index`."""
    return _payload(plan, name, MoveIndex(arguments["index"]))


def _status_purpose(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """The entry and its list are about another purpose, `text`."""
    purpose = arguments["text"]
    plan = _payload(plan, name, ForPurpose(purpose, "credentialStatus"))
    return _list(plan, name, [ForPurpose(purpose, "credentialSubject")])


def _second_status(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """A second status entry in the same list, at `index`."""
    return _payload(plan, name, SecondEntry(arguments["index"]))


def _credential_schema(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """The credential names a JSON Schema, which is published at `url` as `schema`."""
    plan = _payload(plan, name, WithSchema(arguments["url"]))
    body = dump(arguments["schema"]).encode()
    return replace(plan, added={**plan.added, arguments["url"]: (body, "application/schema+json")})


def _publish(plan: Plan, _name: str, arguments: Arguments) -> Plan:
    """A document at `url`: `text`, of `media_type`."""
    body, media_type = arguments["text"].encode(), arguments.get("media_type", "text/html")
    return replace(plan, added={**plan.added, arguments["url"]: (body, media_type)})


def _as_vcdm_1(plan: Plan, name: str, _arguments: Arguments) -> Plan:
    """The credential as VCDM 1.1 has it: a JWT with the claim vc."""
    issuance = plan.issuances[name].with_header(typ="JWT")
    return _payload(plan.reissued(issuance), name, AsVcdm1())


def _beside(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """The identity anchor of the issuer: about another DID (`of`), or with a broken signature (`fault`)."""
    issuer = plan.payloads[name].issuer
    anchor = next(
        one.name
        for one in plan.payloads.values()
        if one.kind == "dia" and one.value["credentialSubject"]["id"] == issuer
    )
    if "of" in arguments:
        operations = [{"op": "replace", "path": "/credentialSubject/id", "value": arguments["of"]}]
        plan = _payload(plan, anchor, Patch.of(operations, f"anchor beside {name}"))
    return _token(plan, anchor, FlipSignatureBit()) if "fault" in arguments else plan


def _signed_payload(plan: Plan, name: str, arguments: Arguments) -> Plan:
    """Another payload, the JSON `text`, signed all the same."""
    return _payload(plan, name, Instead(arguments["text"]))


VERIFIER_OPERATIONS: Mapping[str, Operation] = {
    "as-vcdm-1": _as_vcdm_1,
    "beside": _beside,
    "credential-schema": _credential_schema,
    "publish": _publish,
    "remote-key": _remote_key,
    "second-status": _second_status,
    "signed-payload": _signed_payload,
    "status-bits": _status_bits,
    "status-index": _status_index,
    "status-purpose": _status_purpose,
    "without-signature": _without_signature,
}
"""Every operation of this module by its name."""

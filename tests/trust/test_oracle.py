"""An independent library, openvc, judges what we judge: it agrees, or it stands in the table who is right."""

from __future__ import annotations

import copy
import hashlib
import json
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Final, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_ecdsa_rdfc import EcdsaRdfcProofSuite
from openvc.proof.di_jcs import EcdsaJcsProofSuite, EddsaJcsProofSuite
from openvc.proof.ecdsa_sd import EcdsaSdProofSuite
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from openvc.status import build_status_list_credential, build_status_list_entry

from harness.credential import read_credentials
from harness.evidence import Evidence, Web
from harness.reference.chain import reference_bundle
from harness.trust.bitstring import bits_of, encode_list
from harness.trust.cryptosuites.create import sign_proof
from harness.trust.encoding import encode_base64url
from harness.trust.keys import ED25519, P256, P384
from harness.trust.signing import (
    PrivateKey,
    did_key_of,
    did_web_document,
    jwk_of,
    multikey_of,
    sign_compact,
)

from .canonical import canonicalise
from .issuers import CREDENTIAL, DID, NOW, OTHER, a_document, a_key, a_web, changed
from .oracle import REFUSED, Specimen, broken_tokens, jws, signing_key, status, whole
from .webvh_logs import START, Log, a_log_key

Record = Callable[[str, object], None]

HEADING: Final = "trust: openvc beside us"
ALGORITHMS: Final = {"ES256": P256, "ES384": P384, "EdDSA": ED25519, "Ed25519": ED25519}
"""Those that both support; openvc has no ES512, PS256 and RS256."""

KID: Final = f"{DID}#key-1"


class Ruling(NamedTuple):
    """Who is right in a disagreement, and by which clause."""

    right: str
    clause: str


DISAGREEMENTS: Final[dict[str, Ruling]] = {
    "JOSE E*: base64 with padding": Ruling("we", "RFC 7515 section 2: base64url with all trailing '=' left out"),
    "JOSE ES384: a line break in the signature": Ruling("we", "RFC 7515 section 5.2 step 2: no line breaks"),
    "JOSE E*: kid relative": Ruling("we", "VC-JOSE-COSE section 4.3: kid is an absolute URL"),
    "JOSE E*: kid of another DID": Ruling("we", "CID 1.0 section 3.3: the method that is named, not one of the same fragment"),
    "JOSE E*: key for login only": Ruling("we", "CID 1.0 section 3.3 step 11; VC-JOSE-COSE section 4.1.1"),
    "JOSE envelope: payload is the credential*": Ruling("we", "VC-JOSE-COSE sections 3.1.1 and 3.1.3: openvc still wants the vc claim of VCDM 1.1"),
    "did:web: method embedded": Ruling("we", "DID Core 1.0 section 5.3: a method may stand in the relationship itself"),
    "did:web: method of another controller": Ruling("we", "CID 1.0 section 3.3: INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"),
    "did:web: key expired": Ruling("we", "CID 1.0 section 2.2: expires"),
    "e*-rdfc-20*: a context added": Ruling("both", "the RDF is what was signed; VC Data Integrity 1.0 section 2.4.1 leaves unknown contexts to policy"),
    "e*-jcs-20*: a context added": Ruling("we", "vc-di-eddsa section 3.3.2, vc-di-ecdsa section 3.3.2: @context begins with that of the proof"),
    "e*-jcs-20*: signed by openvc": Ruling("we", "vc-di-eddsa section 3.3.1, vc-di-ecdsa section 3.3.1: the proof keeps the @context that was signed"),
    "e*-20*: key for login only": Ruling("we", "CID 1.0 section 3.3 step 11"),
    "e*-20*: relationship not in the document": Ruling("we", "CID 1.0 section 3.3 step 11"),
    "SD-JWT *: issued by *, an empty one": Ruling("we", "RFC 9901 section 4: a disclosure is not empty"),
    "bitstring status: list without multibase prefix": Ruling("we", "Bitstring Status List 1.0 section 2.2: encodedList is multibase"),
    "bitstring status: list with padding": Ruling("we", "Bitstring Status List 1.0 section 2.2: base64url without padding"),
    "bitstring status: list too short": Ruling("we", "Bitstring Status List 1.0 section 3.2: STATUS_LIST_LENGTH_ERROR"),
}  # fmt: skip
"""Every disagreement, by a pattern of its id."""


# --- JOSE --------------------------------------------------------------------------------------------


def jose() -> Iterator[Specimen]:
    """Tokens of a did:web, by every algorithm, good and broken in every way."""
    for alg, family in ALGORITHMS.items():
        key = a_key(family)
        web, group = a_web(a_document(key=key)), f"JOSE {alg}"
        good = token(key, alg=alg)
        yield jws(group, "good", good, web, DID)
        for name, broken in broken_tokens(good):
            yield jws(group, name, broken, web, DID)
        yield jws(group, "another key", token(a_key(family, "mallory"), alg=alg), web, DID)
        yield jws(group, "alg none", token(key, alg="none"), web, DID)
        yield jws(group, "alg HS256", token(key, alg="HS256"), web, DID)
        yield jws(
            group, "alg of another key", token(key, alg="ES384" if alg == "ES256" else "ES256"), web, DID
        )
        yield jws(group, "crit unknown", token(key, alg=alg, extra_header={"crit": ["x"], "x": 1}), web, DID)
        yield jws(
            group, "b64 false", token(key, alg=alg, extra_header={"crit": ["b64"], "b64": False}), web, DID
        )
        yield jws(group, "kid of no key", token(key, alg=alg, kid=f"{DID}#key-9"), web, DID)
        yield jws(group, "kid relative", token(key, alg=alg, kid="#key-1"), web, DID)
        yield jws(group, "kid of another DID", token(key, alg=alg, kid=f"{OTHER}#key-1"), web, DID)
        login = a_web(a_document(key=key, relationships=("authentication",)))
        yield jws(group, "key for login only", good, login, DID)
        yield jws(group, "document of another DID", good, moved(a_document(OTHER, key)), DID)


def token(key: PrivateKey, *, alg: str, kid: str = KID, extra_header: dict[str, Any] | None = None) -> str:
    """A credential of VCDM 2.0 as a token."""
    payload = json.dumps(CREDENTIAL).encode()
    return sign_compact(payload, key, alg=alg, kid=kid, extra_header=extra_header)


def moved(document: dict[str, Any]) -> Web:
    """A DID document at the place of our issuer's."""
    url = "https://issuer.example.com/.well-known/did.json"
    return Web({url: Evidence(url, json.dumps(document).encode(), "application/json", "web")})


def envelopes() -> Iterator[Specimen]:
    """Whole tokens: openvc takes the vc claim of VCDM 1.1, and not the payload of VC-JOSE-COSE."""
    key = a_key(P256)
    web = a_web(a_document(key=key))
    for name, payload in {
        "payload is the credential": CREDENTIAL,
        "payload is the credential, with iss": {**CREDENTIAL, "iss": DID},
        "vc claim": {"iss": DID, "vc": dict(CREDENTIAL)},
    }.items():
        made = sign_compact(json.dumps(payload).encode(), key, kid=KID)
        yield whole("JOSE envelope", name, made, web, DID)
        yield whole("JOSE envelope", f"{name}, altered", broken(made), web, DID)


def broken(made: str) -> str:
    """A token whose signature differs in one character."""
    return dict(broken_tokens(made.partition("~")[0]))["a bit of the signature flipped"] + "".join(
        made.partition("~")[1:]
    )


def the_reference_vendor() -> Iterator[Specimen]:
    """Every token of the embedded vendor, with his own DID documents."""
    bundle = reference_bundle()
    web = Web(dict(bundle.web))
    for evidence in bundle.evidence:
        for credential in read_credentials(evidence):
            assert credential.token is not None
            assert credential.document is not None
            issuer = credential.document.value["issuer"]["id"]
            yield jws("reference vendor", credential.name, credential.token, web, issuer)
            yield jws(
                "reference vendor", f"{credential.name}, altered", broken(credential.token), web, issuer
            )


# --- DIDs --------------------------------------------------------------------------------------------


def dids() -> Iterator[Specimen]:
    """A token under each DID method that both resolve, and what is wrong with the DID or its document."""
    for family in (P256, P384, ED25519):
        key = a_key(family)
        did = did_key_of(key)
        yield of("did:key", f"good, {family}", key, f"{did}#{multikey_of(key)}", did, Web())
        another = did_key_of(a_key(family, "mallory"))
        yield of("did:key", f"of another key, {family}", key, f"{another}#{another[8:]}", another, Web())
        jwk = f"did:jwk:{encode_base64url(json.dumps(jwk_of(key)).encode())}"
        yield of("did:jwk", f"good, {family}", key, f"{jwk}#0", jwk, Web())
        wrong = f"did:jwk:{encode_base64url(json.dumps(jwk_of(a_key(family, 'mallory'))).encode())}"
        yield of("did:jwk", f"of another key, {family}", key, f"{wrong}#0", wrong, Web())
    key = a_key(P256)
    for did in (DID, "did:web:issuer.example.com:mines:a", "did:web:issuer.example.com%3A8443"):
        for form in ("JsonWebKey", "Multikey"):
            document = did_web_document(did, [("key-1", key, ["assertionMethod"])], form=form)
            yield of("did:web", f"good, {form} at {did}", key, f"{did}#key-1", did, a_web(document))
    document = a_document(key=key)
    embedded = {
        **changed(document, verificationMethod=None),
        "assertionMethod": document["verificationMethod"],
    }
    yield of("did:web", "method embedded", key, KID, DID, a_web(embedded))
    yield of("did:web", "no document", key, KID, DID, Web())
    yield of("did:web", "document is a list", key, KID, DID, at_did(b"[]"))
    yield of("did:web", "document is cut off", key, KID, DID, at_did(json.dumps(document).encode()[:-9]))
    yield of("did:web", "id missing", key, KID, DID, at_did(json.dumps(changed(document, id=None)).encode()))
    twice = {
        **document,
        "verificationMethod": [
            *a_document(key=a_key(P256, "x"))["verificationMethod"],
            *document["verificationMethod"],
        ],
    }
    yield of("did:web", "two methods of one id", key, KID, DID, a_web(twice))
    foreign = copy.deepcopy(document)
    foreign["verificationMethod"][0]["controller"] = OTHER
    yield of("did:web", "method of another controller", key, KID, DID, a_web(foreign))
    off_curve = copy.deepcopy(document)
    off_curve["verificationMethod"][0]["publicKeyJwk"]["y"] = off_curve["verificationMethod"][0][
        "publicKeyJwk"
    ]["x"]
    yield of("did:web", "key off the curve", key, KID, DID, a_web(off_curve))
    expired = copy.deepcopy(document)
    expired["verificationMethod"][0]["expires"] = "2026-02-01T00:00:00Z"
    yield of("did:web", "key expired", key, KID, DID, a_web(expired))
    yield from webvh()


def at_did(body: bytes) -> Web:
    """Bytes at the place of our issuer's document."""
    url = "https://issuer.example.com/.well-known/did.json"
    return Web({url: Evidence(url, body, "application/json", "web")})


def of(group: str, name: str, key: PrivateKey, kid: str, did: str, web: Web) -> Specimen:
    """A token of a DID."""
    payload = json.dumps({**CREDENTIAL, "issuer": {"id": did}}).encode()
    return jws(group, name, sign_compact(payload, key, kid=kid), web, did)


def webvh() -> Iterator[Specimen]:
    """Logs of did:webvh: whole, rotated, and with one rule broken."""
    first, second, document = a_log_key("first"), a_log_key("second"), a_log_key("document")

    def log() -> Log:
        return Log().add(first)

    def specimen(name: str, made: Log, body: bytes | None = None) -> Specimen:
        web = made.web()
        if body is not None:
            url = next(iter(web))
            web = Web({url: Evidence(url, body, "text/jsonl", "web")})
        return of("did:webvh", name, document, f"{made.did}#key-1", made.did, web)

    rotated = log().add(first, {"updateKeys": [multikey_of(second)]}).add(second)
    yield specimen("one entry", log())
    yield specimen("two entries", log().add(first))
    yield specimen("keys rotated", rotated)
    yield specimen(
        "signed by a key rotated out", log().add(first, {"updateKeys": [multikey_of(second)]}).add(first)
    )
    yield specimen("signed by a stranger", log().add(second))
    yield specimen("an entry altered", rotated, rotated.lines().replace(b"2026-01-03", b"2026-01-04"))
    yield specimen("the first entry gone", rotated, rotated.lines().split(b"\n", 1)[1])
    yield specimen("an entry left out", rotated, b"\n".join(rotated.lines().split(b"\n")[::2]))
    yield specimen("time runs backwards", log().add(first, time="2025-01-01T00:00:00Z"))
    yield specimen("deactivated", log().add(first, {"deactivated": True}))
    yield specimen("an empty log", rotated, b"")


# --- Data Integrity ----------------------------------------------------------------------------------

SUITES: Final[dict[str, tuple[str, Any]]] = {
    "eddsa-rdfc-2022": (ED25519, DataIntegrityProofSuite),
    "eddsa-jcs-2022": (ED25519, EddsaJcsProofSuite),
    "ecdsa-rdfc-2019 P-256": (P256, EcdsaRdfcProofSuite),
    "ecdsa-rdfc-2019 P-384": (P384, EcdsaRdfcProofSuite),
    "ecdsa-jcs-2019 P-256": (P256, EcdsaJcsProofSuite),
    "ecdsa-jcs-2019 P-384": (P384, EcdsaJcsProofSuite),
}

PLAIN: Final[dict[str, Any]] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "https://issuer.example.com/credentials/1",
    "type": ["VerifiableCredential"],
    "issuer": {"id": DID, "name": "Example Mining"},
    "validFrom": "2026-01-01T00:00:00Z",
    "validUntil": "2030-01-01T00:00:00Z",
    "credentialSubject": [
        {"id": "https://id.example.com/01/09520123456788", "name": "Lot 7"},
        {"name": "a blank node", "description": "another"},
    ],
}


def data_integrity() -> Iterator[Specimen]:
    """Proofs that either signed, good and broken."""
    for name, (family, suite) in SUITES.items():
        key, cryptosuite = a_key(family), name.split()[0]
        assert not isinstance(key, rsa.RSAPrivateKey)
        document = did_web_document(DID, [("key-1", key, ["assertionMethod"])], form="Multikey")
        web = a_web(document)
        mine = sign_proof(PLAIN, cryptosuite, key, KID, NOW, canonicalise)
        yours = suite().add_proof(PLAIN, signing_key=signing_key(key, KID), verification_method=KID)
        yield whole(name, "signed by us", mine, web, DID)
        yield whole(name, "signed by openvc", yours, web, DID)
        for what, broken_proof in broken_proofs(mine):
            yield whole(name, what, broken_proof, web, DID)
        login = a_web(did_web_document(DID, [("key-1", key, ["authentication"])], form="Multikey"))
        yield whole(name, "key for login only", mine, login, DID)
        bare = a_web({**document, "assertionMethod": []})
        yield whole(name, "key for nothing", mine, bare, DID)
        yield whole(
            name,
            "relationship not in the document",
            mine,
            a_web(changed(document, assertionMethod=None)),
            DID,
        )
        stranger = {**PLAIN, "issuer": OTHER}
        yield whole(
            name,
            "by another than the issuer",
            sign_proof(stranger, cryptosuite, key, KID, NOW, canonicalise),
            web,
            OTHER,
        )
        late = sign_proof(PLAIN, cryptosuite, key, KID, NOW, canonicalise, expires="2026-02-01T00:00:00Z")
        yield whole(name, "expired", late, web, DID)
        other = sign_proof(PLAIN, cryptosuite, key, KID, NOW, canonicalise, purpose="authentication")
        both = a_web(
            did_web_document(DID, [("key-1", key, ["assertionMethod", "authentication"])], form="Multikey")
        )
        yield whole(name, "made for another purpose", other, both, DID)


def broken_proofs(good: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A secured credential with one thing wrong."""
    proof = good["proof"]
    value = proof["proofValue"]
    flipped = value[:9] + ("2" if value[9] != "2" else "3") + value[10:]
    changes: dict[str, dict[str, Any]] = {
        "proof value altered": {"proofValue": flipped},
        "proof value cut off": {"proofValue": value[:-4]},
        "proof value in another base": {
            "proofValue": "u" + value[1:] if value[0] == "z" else "z" + value[1:]
        },
        "proof value without a base": {"proofValue": value[1:]},
        "created altered": {"created": "2026-05-05T00:00:00Z"},
        "purpose altered": {"proofPurpose": "authentication"},
        "method altered": {"verificationMethod": f"{DID}#key-2"},
        "suite altered": {
            "cryptosuite": "eddsa-jcs-2022" if "rdfc" in proof["cryptosuite"] else "eddsa-rdfc-2022"
        },
        "suite unknown": {"cryptosuite": "rot13-2026"},
        "an option added": {"nonce": "added"},
        "type unknown": {"type": "MadeUpProof"},
    }
    for name, change in changes.items():
        yield name, {**good, "proof": {**proof, **change}}
    yield "validFrom altered", {**good, "validFrom": "2026-02-02T00:00:00Z"}
    yield "issuer's name altered", {**good, "issuer": {**good["issuer"], "name": "Mallory"}}
    yield "a member added", {**good, "description": "added"}
    yield "an undefined member added", {**good, "notInAnyContext": 1}
    yield "a context added", {**good, "@context": [*good["@context"], {"x": "https://example.com/x"}]}
    yield "no proof", {name: value for name, value in good.items() if name != "proof"}


def selective() -> Iterator[Specimen]:
    """ecdsa-sd-2023: base proofs by openvc, derived by openvc, judged by both."""
    key = a_key(P256)
    web = a_web(did_web_document(DID, [("key-1", key, ["assertionMethod"])], form="Multikey"))
    suite = EcdsaSdProofSuite()
    lot = {"id": "https://id.example.com/01/09520123456788", "name": "Lot 7", "description": "concentrate"}
    base = suite.add_base_proof(
        {**PLAIN, "credentialSubject": lot}, signing_key=signing_key(key, KID), verification_method=KID,
        mandatory_pointers=["/issuer", "/validFrom", "/validUntil"],
    )  # fmt: skip
    for name, pointers in {
        "nothing more revealed": [],
        "one member revealed": ["/credentialSubject/name"],
        "all revealed": ["/id", "/credentialSubject"],
    }.items():
        derived = suite.derive_proof(base, selective_pointers=pointers)
        yield whole("ecdsa-sd-2023", name, derived, web, DID)
        yield whole(
            "ecdsa-sd-2023",
            f"{name}, validFrom altered",
            {**derived, "validFrom": "2026-02-02T00:00:00Z"},
            web,
            DID,
        )
        value = derived["proof"]["proofValue"]
        altered = value[:60] + ("A" if value[60] != "A" else "B") + value[61:]
        yield whole(
            "ecdsa-sd-2023",
            f"{name}, proof altered",
            {**derived, "proof": {**derived["proof"], "proofValue": altered}},
            web,
            DID,
        )
        added = {**derived, "description": "added"}
        yield whole("ecdsa-sd-2023", f"{name}, a member added", added, web, DID)
    yield whole("ecdsa-sd-2023", "a base proof", base, web, DID)


# --- SD-JWT ------------------------------------------------------------------------------------------


def sd_jwt() -> Iterator[Specimen]:
    """SD-JWTs that either issued, with disclosures kept, withheld, repeated and altered."""
    for alg, family in {"ES256": P256, "EdDSA": ED25519}.items():
        key = a_key(family)
        web, group = a_web(a_document(key=key)), f"SD-JWT {alg}"
        claims = {
            "iss": DID,
            "vct": "https://example.com/lot",
            "grade": 28.5,
            "lot": "7",
            "mine": {"name": "A"},
        }
        theirs = SdJwtVcProofSuite().issue(
            claims, signing_key=signing_key(key, KID), disclosable=["grade", "lot", "mine"], decoys=2
        )
        yield from presented(group, "issued by openvc", theirs, web)
        yield from presented(group, "issued by us", ours(key), web)
        yield whole(group, "_sd_alg unknown", ours(key, _sd_alg="rot13"), web, DID)
        yield whole(group, "a digest twice", ours(key, twice=True), web, DID)
        yield whole(group, "a disclosure of a claim that is there", ours(key, description="there"), web, DID)


def ours(key: PrivateKey, *, twice: bool = False, **members: Any) -> str:
    """An SD-JWT of a VCDM credential with two disclosures, each claim with a salt."""
    disclosures = [
        encode_base64url(json.dumps(["c2FsdA", name, value]).encode())
        for name, value in (("description", "disclosed"), ("name", "Passport"))
    ]
    digests = [encode_base64url(hashlib.sha256(one.encode()).digest()) for one in disclosures]
    payload = {**PLAIN, "iss": DID, "_sd_alg": "sha-256", "_sd": digests * (2 if twice else 1), **members}
    return "~".join(
        [sign_compact(json.dumps(payload).encode(), key, kid=KID, typ="vc+sd-jwt"), *disclosures, ""]
    )


def presented(group: str, name: str, text: str, web: Web) -> Iterator[Specimen]:
    """An SD-JWT presented in every way."""
    token_part, *disclosures = text.rstrip("~").split("~")

    def joined(*parts: str) -> str:
        return "~".join([token_part, *parts, ""])

    one = disclosures[0]
    foreign = encode_base64url(json.dumps(["c2FsdA", "added", 1]).encode())
    yield whole(group, f"{name}, all disclosed", text, web, DID)
    yield whole(group, f"{name}, nothing disclosed", joined(), web, DID)
    yield whole(group, f"{name}, one disclosed", joined(one), web, DID)
    yield whole(group, f"{name}, one disclosed twice", joined(one, one), web, DID)
    yield whole(
        group,
        f"{name}, one altered",
        joined(one[:-3] + ("A" if one[-3] != "A" else "B") + one[-2:]),
        web,
        DID,
    )
    yield whole(group, f"{name}, one that nobody signed", joined(*disclosures, foreign), web, DID)
    yield whole(group, f"{name}, an empty one", joined(one, ""), web, DID)
    yield whole(group, f"{name}, signature altered", broken(joined(one)), web, DID)


# --- Status ------------------------------------------------------------------------------------------

LIST: Final = "https://issuer.example.com/status/1"


def statuses() -> Iterator[Specimen]:
    """Status lists of either, read by both at the ends, in the middle and beyond."""
    set_bits = (0, 7, 8, 4242, 131_071)
    bits = bits_of(set_bits)
    mine = a_list(encode_list(bits))
    theirs = build_status_list_credential(id=LIST, issuer=DID, bitstring=bits, valid_from=START)
    for index in (*set_bits, 1, 6):
        yield status(f"index {index} in a list of openvc", an_entry(index), theirs)
    for index in (*set_bits, 1, 6, 9, 94_567, 131_070, 131_072, 10**9):
        yield status(f"index {index}", an_entry(index), mine)
    yield status("index as a number", {**an_entry(7), "statusListIndex": 7}, mine)
    for name, value in {
        "negative": "-1",
        "with a sign": "+7",
        "with blanks": " 7 ",
        "not a number": "seven",
        "a fraction": "7.5",
    }.items():
        yield status(f"index {name}", {**an_entry(7), "statusListIndex": value}, mine)
    yield status("another purpose", {**an_entry(7), "statusPurpose": "suspension"}, mine)
    packed = encode_list(bits_of(set_bits))
    for name, text in {
        "without multibase prefix": packed[1:],
        "with padding": packed + "=",
        "cut off": packed[:-9],
        "altered": packed[:30] + ("A" if packed[30] != "A" else "B") + packed[31:],
        "not gzip": "u" + encode_base64url(b"nothing of the kind"),
        "empty": "",
        "in base58": "z" + packed[1:],
        "too short": encode_list(bits_of((7,), size=1024)),
    }.items():
        yield status(f"list {name}", an_entry(7), a_list(text))


def an_entry(index: int) -> dict[str, Any]:
    """A status entry."""
    return {**build_status_list_entry(status_list_credential=LIST, index=7), "statusListIndex": str(index)}


def a_list(encoded: str) -> dict[str, Any]:
    """A list credential, whose signature is not the question here."""
    subject = {"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": encoded}
    return {
        "@context": PLAIN["@context"], "id": LIST, "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": DID, "validFrom": "2026-01-01T00:00:00Z", "credentialSubject": subject,
    }  # fmt: skip


# --- The comparison ----------------------------------------------------------------------------------


@cache
def specimens() -> dict[str, Specimen]:
    """Every specimen by its id."""
    sources = (jose, envelopes, the_reference_vendor, dids, data_integrity, selective, sd_jwt, statuses)
    every = [one for source in sources for one in source()]
    found = {one.id: one for one in every}
    assert len(found) == len(every)
    return found


@pytest.fixture(autouse=True)
def _no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection fails."""

    def refuse(*_arguments: object) -> None:
        raise AssertionError("a verifier asked the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


def test_both_say_the_same(record_property: Record) -> None:
    """On every specimen both say the same, or the table says who is right."""
    counted: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    differing: dict[str, str] = {}
    for name, specimen in specimens().items():
        mine, other = specimen.ours(), specimen.theirs()
        counted[specimen.group] += 1
        agreed[specimen.group] += mine == other
        if mine != other:
            differing[name] = f"we {mine}, openvc {other}"
    for group, number in counted.items():
        record_property(HEADING, f"{group:28} {number:4} judged, {agreed[group]:4} alike")
    record_property(HEADING, f"{'all':28} {counted.total():4} judged, {agreed.total():4} alike")
    assert {name for name in differing if not rulings(name)} == set()
    for name, said in differing.items():
        (ruling,) = rulings(name)
        record_property(HEADING, f"  differs: {name}: {said}; right: {ruling.right}, {ruling.clause}")
    unused = [
        pattern for pattern in DISAGREEMENTS if not any(fnmatchcase(name, pattern) for name in differing)
    ]
    assert unused == []


def rulings(name: str) -> list[Ruling]:
    """The rulings on a specimen."""
    return [ruling for pattern, ruling in DISAGREEMENTS.items() if fnmatchcase(name, pattern)]


@pytest.mark.parametrize("pattern", [name for name in DISAGREEMENTS if "*" not in name])
def test_a_ruling_is_of_a_specimen(pattern: str) -> None:
    """A ruling without a wildcard names a specimen that there is."""
    assert pattern in specimens()


def test_good_ones_are_accepted_by_both() -> None:
    """Agreement is not that both refuse everything: of each group, both accept or answer something."""
    groups = {one.group for one in specimens().values()}
    alive = {
        one.group
        for one in specimens().values()
        if one.ours() not in (False, REFUSED) and one.ours() == one.theirs()
    }
    assert alive == groups

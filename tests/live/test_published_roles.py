"""Publisher, registrar, vocabulary and access control: a good site passes, one page that is another one is caught by its requirement."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from harness.judge.access_control import ANONYMOUS
from harness.trust.bitstring import MINIMUM_ENTRIES, encode_list
from harness.trust.signing import did_web_document, sign_compact

from .judging import caught
from .pages import JSON, LINKSET, Page, credential, linkset, site

STORE, ID = "https://store.minerals.example", "https://id.minerals.example"
ITEM, PLANT, LOT = f"{ID}/01/09520123456788/21/1", f"{ID}/414/9521200001082", f"{ID}/01/09520123456795/10/7"
PASSPORT, EVENT, LIST, CONTEXT = (
    f"{STORE}/dpp.json",
    f"{STORE}/dte.json",
    f"{STORE}/list.json",
    f"{STORE}/1.0.0/context.jsonld",
)
REGISTER, MEMBER, ANCHOR, ENDED = (
    "https://reg.example/idr.json",
    "https://reg.example/id/906",
    "https://reg.example/dia.json",
    "https://reg.example/old.json",
)
SCHEME, PROFILE, CRITERION = (
    f"https://scheme.example/{name}/1.0.0" for name in ("scheme", "profile", "criterion")
)
HOST = "did:web:minerals.example"
Pages = dict[str, Page]
Change = Callable[[Pages], None]


def digest(page: Page) -> str:
    """What vendor.toml says of a frozen page."""
    return hashlib.sha256(page.body).hexdigest()


def did(name: str, **more: Any) -> Page:
    """The document of a DID."""
    return Page(
        {"@context": ["https://www.w3.org/ns/did/v1"], "id": name, "verificationMethod": []} | more,
        "application/did+json",
    )


def status_list(*, revoked: bool = False, **more: Any) -> Page:
    """A status list, in which number 7 may be revoked."""
    bits = bytearray(MINIMUM_ENTRIES // 8)
    bits[0] = 1 if revoked else 0
    subject = {
        "id": f"{LIST}#list", "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": encode_list(bytes(bits)),
        "ttl": 86_400_000,
    }  # fmt: skip
    made = credential(
        "BitstringStatusListCredential",
        subject,
        id=LIST,
        validFrom="2026-03-01T00:00:00Z",
        validUntil="2026-04-01T00:00:00Z",
    )
    return replace(made, value=made.value | more, headers={"Cache-Control": "max-age=3600"})


ENTRY = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "7",
    "statusListCredential": LIST,
}


def publisher() -> Pages:
    """A passport, an event, what they name, and what resolves what they are about."""
    facility = {"type": ["Facility"], "id": PLANT}
    return {
        PASSPORT: credential(
            "DigitalProductPassport", {"id": ITEM, "producedAtFacility": facility}, credentialStatus=[ENTRY]
        ),
        EVENT: credential(
            "DigitalTraceabilityEvent",
            {"type": ["MakeEvent"], "outputProduct": [{"type": ["Product"], "id": LOT}]},
        ),
        "https://minerals.example/.well-known/did.json": did(HOST),
        LIST: status_list(),
        CONTEXT: Page({"@context": {"ore": "https://minerals.example/ore"}}, "application/ld+json"),
        ITEM: linkset(ITEM, dpp=PASSPORT),
        PLANT: linkset(PLANT, dfr=f"{STORE}/dfr.json"),
        LOT: linkset(LOT, dte=EVENT),
    }


def publisher_row(pages: Mapping[str, Page]) -> dict[str, Any]:
    """What vendor.toml says of it, with the digests of before."""
    return {
        "credentials": [PASSPORT, EVENT], "contexts": [CONTEXT], "wallet": True,
        "frozen": [{"url": url, "sha256": digest(pages[url])} for url in (PASSPORT, CONTEXT)],
    }  # fmt: skip


def put(url: str, page: Page) -> Change:
    """Another page at an address."""
    return lambda pages: pages.__setitem__(url, page)


def altered(url: str, **members: Any) -> Change:
    """The page with other members, or other headers and media type where they are named so."""

    def change(pages: Pages) -> None:
        page = pages[url]
        more = {name: members.pop(name) for name in ("headers", "media_type") if name in members}
        pages[url] = replace(page, value=page.value | members, **more)

    return change


PUBLISHER: Mapping[str, tuple[str, Change]] = {
    "life-rewrite": ("DPP-LIFE-01", altered(PASSPORT, name="Repaired")),
    "ctx-changed": ("VCP-CTX-07", altered(CONTEXT, more=1)),
    "ctx-html": ("VCP-CTX-07", altered(CONTEXT, media_type="text/html")),
    "ttl-long": ("VCP-STAT-15", altered(LIST, headers={"Cache-Control": "max-age=31536000"})),
    "list-over": ("VCP-STAT-15", put(LIST, status_list(validUntil="2026-03-01T12:00:00Z"))),
    "did-closed": ("VCP-DID-08", altered("https://minerals.example/.well-known/did.json", headers={"Access-Control-Allow-Origin": "https://minerals.example"})),
    "id-nochain": ("IDR-ID-06", put(ITEM, Page())),
    "dfr-unlinked": ("DFR-RES-01", put(PLANT, linkset(PLANT, about=f"{STORE}/plant.html"))),
    "dte-unlinked": ("DTE-DISC-01", put(LOT, linkset(LOT, dpp=PASSPORT))),
    "wallet-only": ("VCP-PUB-01", put(ITEM, linkset(ITEM, about=f"{STORE}/pack.html"))),
}  # fmt: skip


def test_a_good_publisher() -> None:
    """Nothing is found."""
    assert caught("publisher", publisher_row(publisher()), site(publisher())) == set()


@pytest.mark.parametrize("name", PUBLISHER)
def test_a_publisher_that_is_broken(name: str) -> None:
    """Its requirement finds it; an identifier that leads nowhere does not lead to the wallet's credential either."""
    requirement, change = PUBLISHER[name]
    row, pages = publisher_row(publisher()), publisher()
    change(pages)
    beside = {"VCP-PUB-01"} if name == "id-nochain" else set()
    assert caught("publisher", row, site(pages)) == {requirement} | beside


def test_a_context_without_a_version() -> None:
    """The URL of a context says which version it is."""
    pages = publisher()
    pages[f"{STORE}/context.jsonld"] = pages.pop(CONTEXT)
    row = {"credentials": [PASSPORT], "contexts": [f"{STORE}/context.jsonld"]}
    assert caught("publisher", row, site(pages)) == {"VCP-CTX-07"}


MEMBER_DID = "did:web:member.example"


def registrar() -> Pages:
    """A register with one member and its anchor, and an anchor that has ended."""
    identity = {
        "type": ["RegisteredIdentity"],
        "id": MEMBER_DID,
        "registeredId": "906",
        "idScheme": {"id": "https://reg.example/id/"},
    }
    service = {"id": f"{MEMBER_DID}#dia", "type": "dia", "serviceEndpoint": {"href": ANCHOR}}
    return {
        REGISTER: Page({"entries": [{"id": "https://reg.example/id/"}]}),
        MEMBER: linkset(MEMBER, dia=ANCHOR),
        ANCHOR: credential("DigitalIdentityAnchor", identity),
        "https://member.example/.well-known/did.json": did(
            MEMBER_DID, alsoKnownAs=[MEMBER], service=[service]
        ),
        "https://minerals.example/.well-known/did.json": did(HOST),
        ENDED: credential("DigitalIdentityAnchor", identity, credentialStatus=[ENTRY]),
        LIST: status_list(revoked=True),
    }


REGISTRAR_ROW = {"register": REGISTER, "members": [MEMBER], "ended": [ENDED]}
REGISTRAR: Mapping[str, tuple[str, Change]] = {
    "dia-unlinked": ("DIA-DISC-02", put(MEMBER, linkset(MEMBER, about="https://reg.example/906.html"))),
    "dia-noservice": ("DIA-DISC-01", altered("https://member.example/.well-known/did.json", service=[])),
    "dia-noalias": ("DIA-DISC-01", altered("https://member.example/.well-known/did.json", alsoKnownAs=[])),
    "dia-stale": ("DIA-REV-01", put(LIST, status_list())),
    "dia-schemevariant": ("DIA-SCHEME-01", put(REGISTER, Page({"entries": [{"id": "https://reg.example/id"}]}))),
}  # fmt: skip


def test_a_good_registrar() -> None:
    """Nothing is found."""
    assert caught("registrar", REGISTRAR_ROW, site(registrar())) == set()


@pytest.mark.parametrize("name", REGISTRAR)
def test_a_registrar_that_is_broken(name: str) -> None:
    """Its requirement finds it, and no other."""
    requirement, change = REGISTRAR[name]
    pages = registrar()
    change(pages)
    assert caught("registrar", REGISTRAR_ROW, site(pages)) == {requirement}


def test_an_anchor_that_has_expired_has_ended_too() -> None:
    """A registration may end by the end of the anchor's validity."""
    pages = registrar()
    altered(ENDED, credentialStatus=[], validUntil="2026-03-01T00:00:00Z")(pages)
    assert caught("registrar", REGISTRAR_ROW, site(pages)) == set()


def vocabulary() -> Pages:
    """A scheme, its profile and a criterion."""
    return {
        SCHEME: Page({"id": SCHEME, "includedProfile": [{"id": PROFILE}]}),
        PROFILE: Page({"id": PROFILE, "scheme": {"id": SCHEME}, "criterion": [{"id": CRITERION}], "standardAlignment": [{"standard": {}}]}),
        CRITERION: Page({"id": CRITERION, "conformityTopic": [{"id": "x"}], "passThreshold": [{"score": {"code": "A"}}]}),
        "https://scheme.example/register.json": Page({"entries": [{"id": SCHEME}]}),
    }  # fmt: skip


VOCABULARY_ROW = {
    "schemes": [SCHEME], "profiles": [PROFILE], "criteria": [CRITERION], "maturity": 3,
    "register": "https://scheme.example/register.json", "frozen": [{"url": CRITERION, "sha256": digest(vocabulary()[CRITERION])}],
}  # fmt: skip
VOCABULARY: Mapping[str, tuple[str, Change]] = {
    "uri-reused": ("CVC-URI-02", altered(CRITERION, name="Stricter")),
    "uri-unversioned": ("CVC-URI-02", altered(SCHEME, id="https://scheme.example/scheme")),
    "level3-bare": ("CVC-MAT-01", altered(PROFILE, standardAlignment=[])),
    "profile-orphan": ("CVC-LINK-01", altered(SCHEME, includedProfile=[])),
    "reg-absent": ("CVC-REG-01", put("https://scheme.example/register.json", Page({"entries": []}))),
}


def pages_for_people(pages: Pages) -> Any:
    """The site, with a page for people at the criterion."""
    plain = site(pages)

    def answer(asked: Any) -> Any:
        if asked.address == CRITERION and "text/html" in asked.headers.get("accept", ""):
            return Page(b"<h1>Criterion", "text/html").reply()
        return plain(asked)

    return answer


def test_a_good_vocabulary() -> None:
    """Nothing is found."""
    assert caught("vocabulary", VOCABULARY_ROW, pages_for_people(vocabulary())) == set()


@pytest.mark.parametrize("name", VOCABULARY)
def test_a_vocabulary_that_is_broken(name: str) -> None:
    """Its requirement finds it, and no other: a scheme under another id is in no register either."""
    requirement, change = VOCABULARY[name]
    pages = vocabulary()
    change(pages)
    beside = {"CVC-REG-01"} if name == "uri-unversioned" else set()
    assert caught("vocabulary", VOCABULARY_ROW, pages_for_people(pages)) == {requirement} | beside


def test_a_criterion_for_machines_alone() -> None:
    """People get a page."""
    assert caught("vocabulary", VOCABULARY_ROW, site(vocabulary())) == {"CVC-URI-03"}


KEY = bytes(range(16))


def sealed(content: bytes, key: bytes = KEY) -> Page:
    """Content encrypted with AES-GCM, as the reference kit of the UN writes it."""
    nonce = hashlib.sha256(key).digest()[:12]
    whole = AESGCM(key).encrypt(nonce, content, None)
    parts = {"cipherText": whole[:-16], "iv": nonce, "tag": whole[-16:]}
    return Page(
        {name: base64.b64encode(part).decode() for name, part in parts.items()} | {"type": "aes-128-gcm"}
    )


def access(**link: Any) -> Pages:
    """An item whose event is encrypted, and another event for recyclers."""
    targets = [
        {"href": f"{STORE}/sealed", "title": "Service", "type": JSON, "encryptionMethod": "AES", "accessRole": [ANONYMOUS]},
        {"href": f"{STORE}/closed", "title": "Recycling", "type": JSON, "accessRole": ["untp:accessRole#Recycler"]} | link,
    ]  # fmt: skip
    return {
        ITEM: Page({"linkset": [{"anchor": ITEM, "dte": targets}]}, LINKSET),
        f"{STORE}/sealed": sealed(SIGNED),
        f"{STORE}/closed": sealed(SIGNED, bytes(range(16, 32))),
        "https://minerals.example/.well-known/did.json": Page(DOCUMENT, "application/did+json"),
    }


@pytest.mark.parametrize(
    ("profile", "parameter", "found"),
    [
        ("untp-0.7.0", "decryptionKey", set()), ("untp-0.7.0", "key", {"DAC-KEY-01"}),
        ("untp-0.6.1", "key", set()), ("untp-0.6.1", "secret", {"DAC-KEY-02"}), ("untp-0.6.1", "decryptionKey", {"DAC-KEY-02"}),
    ],
)  # fmt: skip
def test_the_name_of_the_key(profile: str, parameter: str, found: set[str]) -> None:
    """0.7.0 has decryptionKey, 0.6 has key."""
    row = {"codes": [f"{ITEM}?{parameter}={KEY.hex()}"]}
    assert caught("access_control", row, site(access()), profile=profile) == found


def test_a_confidential_event_in_the_clear() -> None:
    """An event for recyclers is not for everybody; in 0.6 the rule on encryption says so."""
    pages = access()
    pages[f"{STORE}/closed"] = credential("DigitalTraceabilityEvent", {"type": ["MoveEvent"]})
    row = {"codes": [f"{ITEM}?decryptionKey={KEY.hex()}"]}
    assert caught("access_control", row, site(pages)) == {"DTE-CONF-01"}
    older = {"codes": [f"{ITEM}?key={KEY.hex()}"]}
    assert caught("access_control", older, site(pages), profile="untp-0.6.1") == {"DAC-ENC-01"}


def test_a_key_that_opens_nothing() -> None:
    """A key of the right length that does not open the target is no key of it."""
    row = {"codes": [f"{ITEM}?decryptionKey={bytes(16).hex()}"]}
    assert caught("access_control", row, site(access())) == {"DAC-ENC-02"}


def _signed() -> tuple[bytes, dict[str, Any]]:
    private = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
    value = credential("DigitalTraceabilityEvent", {"type": ["MoveEvent"]}).value
    token = sign_compact(json.dumps(value).encode(), private, kid=f"{HOST}#key", typ="vc+jwt")
    return token.encode(), did_web_document(HOST, [("key", private, ["assertionMethod"])])


SIGNED, DOCUMENT = _signed()

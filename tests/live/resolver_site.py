"""A small resolver that does all that is asked of one, and one broken way for each requirement."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from .world import Asked, Reply

HOST = "id.minerals.example"
STORE = "https://store.minerals.example"
GTIN = "09520123456788"
CLASS = f"https://{HOST}/01/{GTIN}"
ITEM = f"{CLASS}/21/10001"
ROW: Mapping[str, Any] = {
    "base": f"https://{HOST}/",
    "identifiers": [f"01/{GTIN}/21/10001"],
    "carriers": [[f"01/{GTIN}", f"01/{GTIN[1:]}"]],
    "urns": [
        {"urn": f"urn:gtr:{HOST}:AB%20/1".replace("%20", " "), "template": f"https://{HOST}/lots/{{id}}"}
    ],
    "variants": ["untp:accessRole#Recycler"],
}
PDF, JWT = "application/pdf", "application/json"
ANYONE, RECYCLER = "untp:accessRole#Anonymous", "untp:accessRole#Recycler"


def link(path: str, title: str, **more: Any) -> dict[str, Any]:
    """One target."""
    return {"href": f"{STORE}/{path}", "title": title, "type": JWT} | more


def linkset(fault: str) -> dict[str, Any]:
    """The link set of the item."""
    other = f"https://{HOST}/01/09520123456795/21/7"
    secret = {"encryptionMethod": "AES-128", "accessRole": [ANYONE]}
    if fault == "enc-unmarked":
        del secret["encryptionMethod"]
    if fault == "role-string":
        secret["accessRole"] = ANYONE
    update = link("events", "Add an event", rel=["edit"], method=["POST", "X-API-Key"])
    idr = {
        "href": f"{STORE}/linkset/10001", "title": "Second resolver",
        "type": "text/html" if fault == "idr-html" else "application/linkset+json",
    }  # fmt: skip
    item = {
        "anchor": other if fault == "anchor-other" else ITEM,
        "dpp": [
            link("dpp.json", "Passport", hreflang=["en"]),
            link("dpp-de.json", "Pass", hreflang=["de"]),
            link("dpp-old.json", "Passport", hreflang=["en"], rel=["predecessor-version"]),
            link("dpp-recycler.json", "Passport for recyclers", accessRole=[RECYCLER]),
        ],
        "dte": [link("event.jwe", "Maintenance", **secret), update],
        "idr": [idr],
    }
    above = {"anchor": CLASS, "dcc": [link("dcc.json", "Certificate")]}
    return {"linkset": [item, above]}


def credential(path: str, fault: str) -> dict[str, Any]:
    """What stands in the store."""
    kind = "DigitalConformityCredential" if path.startswith("/dcc") else "DigitalProductPassport"
    about = ITEM.replace("10001", "2") if fault == "target-other" and path == "/dpp.json" else ITEM
    if kind == "DigitalConformityCredential":
        about = CLASS
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": [kind, "VerifiableCredential"],
        "issuer": {"id": "did:web:minerals.example"},
        "credentialSubject": {"id": about},
    }


def site(fault: str = "") -> Callable[[Asked], Reply]:
    """The resolver and its store, good or broken in one way."""

    def answer(asked: Asked) -> Reply:
        if asked.host == urlsplit(STORE).netloc:
            return _store(asked, fault)
        if asked.host.lower() == HOST and not (fault == "host-case" and asked.host != HOST):
            return _resolver(asked, fault)
        return Reply(404)

    return answer


def _json(value: Any, media_type: str = "application/json", **headers: str) -> Reply:
    return Reply(200, json.dumps(value).encode(), {"Content-Type": media_type} | headers)


def _store(asked: Asked, fault: str) -> Reply:
    path = urlsplit(asked.path).path
    if path == "/linkset/10001":
        return _json(
            {"linkset": [{"anchor": ITEM, "dpp": [link("dpp.json", "Passport")]}]}, "application/linkset+json"
        )
    if path == "/events":
        return Reply(200 if fault == "post-open" else 401)
    if path == "/event.jwe":
        sealed = {
            "cipherText": "AAAA",
            "iv": "AAAAAAAAAAAAAAAA",
            "tag": "AAAAAAAAAAAAAAAAAAAAAA==",
            "type": "aes-128-gcm",
        }
        return _json(sealed)
    return _json(credential(path, fault))


def _resolver(asked: Asked, fault: str) -> Reply:
    parts = urlsplit(asked.path)
    path, query = unquote(parts.path), {name: values[0] for name, values in parse_qs(parts.query).items()}
    if path == "/.well-known/resolver":
        return (
            Reply(404)
            if fault == "wk-404"
            else _json({"name": "Resolver", "resolverRoot": f"https://{HOST}"})
        )
    if asked.method == "HEAD" and fault == "head-405":
        return Reply(405)
    if path == "/lots/AB /1":
        return Reply(404) if fault == "urn-raw" else Reply(307, headers={"Location": ITEM})
    short = f"/01/{GTIN[1:]}"
    if path.startswith(f"{urlsplit(CLASS).path}/21/") and path != urlsplit(ITEM).path:
        path = urlsplit(CLASS).path
    known = {urlsplit(ITEM).path, urlsplit(CLASS).path, *(() if fault == "carrier-split" else (short,))}
    if path not in known:
        malformed = (
            path.startswith("/01/") and path != short and not path.split("/")[2].endswith(_digit(path))
        )
        return _unknown(fault, malformed=malformed)
    return _known(asked, query, fault, item="/21/" in path)


def _digit(path: str) -> str:
    digits = path.split("/")[2][:-1]
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def _unknown(fault: str, *, malformed: bool) -> Reply:
    if malformed:
        return Reply(200 if fault == "bad-200" else 400)
    if fault == "unknown-200":
        return _json({"linkset": []}, "application/linkset+json")
    return Reply(404)


def _known(asked: Asked, query: Mapping[str, str], fault: str, *, item: bool) -> Reply:
    kind, listed = query.get("linkType"), linkset(fault)
    if not item:
        listed["linkset"] = listed["linkset"][1:]
    if kind in ("linkset", "all") or (kind is None and "linkset+json" in asked.headers.get("accept", "")):
        return _listing(kind, query, listed, fault)
    contexts = [context for context in listed["linkset"] if context["anchor"] != CLASS]
    own = contexts[0].get(kind or "dpp") if contexts else None
    above = listed["linkset"][-1].get(kind or "dcc")
    if fault == "fallback-404" and own is None and above:
        return Reply(404)
    if kind is None and fault == "default-404":
        return Reply(404)
    if fault == "redirect-loop" and kind is None:
        return Reply(307, headers={"Location": asked.path})
    if fault == "type-404" and kind is not None and not own and not above:
        return Reply(404)
    if kind is not None and not own and not above:
        kind = None
        own = contexts[0]["dpp"] if contexts else listed["linkset"][-1]["dcc"]
    if fault == "filter-ignored":
        own = contexts[0]["dpp"]
    if fault == "redirect-200" and kind is not None and own is not None:
        return Reply(200, b"<p>See dpp.json", {"Content-Type": "text/html"})
    targets = own or above or []
    return Reply(307, headers={"Location": _choice(targets, asked, query, fault)})


def _choice(targets: list[dict[str, Any]], asked: Asked, query: Mapping[str, str], fault: str) -> str:
    language = query.get("language") or asked.headers.get("accept-language", "en")
    if fault == "lang-ignored":
        language = "en"
    current = [target for target in targets if "predecessor-version" not in target.get("rel", ())]
    if fault == "default-old" and language == "en":
        current = [target for target in targets if "predecessor-version" in target.get("rel", ())] or current
    spoken = [target for target in current if language in target.get("hreflang", ())]
    return str((spoken or current)[0]["href"])


def _listing(kind: str | None, query: Mapping[str, str], listed: dict[str, Any], fault: str) -> Reply:
    if fault == "linkset-404" and kind == "linkset":
        return Reply(404)
    role = query.get("accessRole")
    if role and fault != "variant-ignored":
        for context in listed["linkset"]:
            for name, targets in context.items():
                if name != "anchor":
                    context[name] = [t for t in targets if role in t.get("accessRole", [role])]
    if fault == "single-redirect":
        listed = {"linkset": [{"anchor": ITEM, "dpp": [link("dpp.json", "Passport", accessRole=[RECYCLER])]}]}
    media_type = "application/json" if fault == "linkset-json" else "application/linkset+json"
    cors = {} if fault == "no-cors" else {"Access-Control-Allow-Origin": "*"}
    return _json(listed, media_type, **cors)

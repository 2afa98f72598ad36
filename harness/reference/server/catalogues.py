"""Registrar and vocabulary: registers, the records in them, schemes, profiles and criteria, for people and machines."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from harness.reference.payloads import dump
from harness.reference.server.answers import OPEN, document, preferred, problem
from harness.reference.server.estate import Estate
from harness.reference.server.faults import Switchboard
from harness.reference.server.possessions import Possessions
from harness.reference.server.resolver import Resolver

OFFERED = ("application/json", "application/ld+json", "text/html")
SCHEMA = "application/schema+json"
ONE_CRITERION = "/criteria/emissions-intensity/1.0.0"
ANOTHER_CRITERION = "/criteria/no-forced-labour/1.0.0"
"""The criteria that are spoiled where one is enough: the others show what is then not to be had of it."""
FROZEN_CRITERION = "/criteria/site-safety/1.0.0"
"""The criterion whose digest vendor.toml gives: only the fault that changes its meaning touches it."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Catalogues:
    """Answers for the registers, their records, and the vocabulary."""

    estate: Estate
    possessions: Possessions
    resolver: Resolver

    def answer(self, request: Request, url: str) -> Response | None:
        """What stands at a URL; None where none of this does."""
        value = self.possessions.site.get(url)
        if value is not None:
            return self._document(request, value)
        if url in self.possessions.pages:
            if self.estate.faults.has("login-wall"):
                return Response(status_code=302, headers={"location": f"{self.estate.base}/login"})
            return document(request, self.possessions.pages[url].encode(), "text/html; charset=utf-8")
        if url in self.possessions.links:
            return self.resolver.resolved(request, [url])
        return None

    def _document(self, request: Request, value: Json) -> Response:
        faults = self.estate.faults
        if "$schema" in value:
            if faults.has("schema-404"):
                return problem(404, "Not found", "Nothing is published here.")
            return document(request, dump(value).encode(), SCHEMA, seconds=86_400)
        if faults.has("crit-404") and value["id"].endswith(ANOTHER_CRITERION):
            return problem(404, "Not found", "Nothing is published here.")
        spoiled = spoiled_document(json.loads(json.dumps(value)), faults)
        page = f"<!doctype html><html lang=en><title>{html.escape(str(value['name']))}</title><pre>{html.escape(dump(value))}</pre></html>"
        match preferred(request, OFFERED):
            case None:
                return problem(406, "Not acceptable", f"It is had as {', '.join(OFFERED)}.")
            case "text/html":
                return self._as(request, page.encode(), "text/html; charset=utf-8")
            case media_type if faults.has("crit-htmlonly") and value["id"].endswith(ONE_CRITERION):
                return self._as(request, page.encode(), "text/html; charset=utf-8")
            case media_type:
                return self._as(request, dump(spoiled).encode(), str(media_type))

    def _as(self, request: Request, body: bytes, media_type: str) -> Response:
        return document(request, body, media_type, headers=OPEN | {"vary": "Accept"})


def spoiled_document(value: Json, faults: Switchboard) -> Json:
    """A register or vocabulary document, spoiled by each fault that is on and that concerns its kind."""
    for name, (kind, spoil) in SPOILS.items():
        if faults.has(name) and _is(value, kind):
            spoil(value)
    return value


def _is(value: Json, kind: str) -> bool:
    return kind in value.get("type", ()) or value["id"].endswith(f"/{kind}")


def _set(member: str, content: Any) -> Callable[[Json], None]:
    def change(value: Json) -> None:
        value[member] = content

    return change


def _drop(member: str) -> Callable[[Json], None]:
    def change(value: Json) -> None:
        value.pop(member, None)

    return change


def _no_threshold(value: Json) -> None:
    if value["id"].endswith(ONE_CRITERION):
        del value["passThreshold"]


def _undefined_member(value: Json) -> None:
    value["scheme"]["zzUndefined"] = "by nobody"


def _another_meaning(value: Json) -> None:
    if value["id"].endswith(FROZEN_CRITERION):
        value["description"] += " Audits every third year are enough."


def _no_alignment(value: Json) -> None:
    value.pop("standardAlignment", None)
    value.pop("regulatoryAlignment", None)


def _own_topic(value: Json) -> None:
    if not value["id"].endswith(ONE_CRITERION):
        return
    value["conformityTopic"][0]["id"] = "https://copper-scheme.example/topics/labour"


def _unknown_alignment(value: Json) -> None:
    value["standardAlignment"][0]["alignmentLevel"] = "fully"


def _broken_pattern(value: Json) -> None:
    value["entries"][0]["registeredIdExample"] = "no such number"


def _no_registrar(value: Json) -> None:
    del value["entries"][0]["registrarName"]


def _unknown_scope(value: Json) -> None:
    value["entries"][0]["untpScope"].append("XYZ")


def _no_result(value: Json) -> None:
    value["entries"][0]["products"][0]["testResults"] = []


def _no_owner(value: Json) -> None:
    del value["entries"][0]["owner"]


def _other_schemes(value: Json) -> None:
    for entry in value["entries"]:
        entry["id"] = entry["id"].rstrip("/") if entry["id"].endswith("/") else f"{entry['id']}/"


SPOILS: Mapping[str, tuple[str, Callable[[Json], None]]] = {
    "align-level": ("ConformityProfile", _unknown_alignment),
    "crit-nothreshold": ("Criterion", _no_threshold),
    "crit-changed": ("Criterion", _another_meaning),
    "crit-owntopic": ("Criterion", _own_topic),
    "cvc-undef": ("ConformityProfile", _undefined_member),
    "profile-unaligned": ("ConformityProfile", _no_alignment),
    "profile-noscheme": ("ConformityProfile", _drop("scheme")),
    "profile-orphan": ("ConformityScheme", _set("includedProfile", [])),
    "cvc-reg-noowner": ("cvc", _no_owner),
    "reg-noregistrar": ("idr", _no_registrar),
    "reg-pattern": ("idr", _broken_pattern),
    "scheme-level": ("ConformityScheme", _set("endorsementLevel", "accredited")),
    "scheme-not-registered": ("idr", _other_schemes),
    "swi-noresult": ("swi", _no_result),
    "swi-scope": ("swi", _unknown_scope),
}
"""Each fault of registers and vocabulary documents: the kind that it concerns, and what it does."""

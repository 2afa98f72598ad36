"""http: any HTTP interface, as templates in vendor.toml: URL, method, headers, body; the answer by JSON pointers.

Templates are Jinja in its sandbox, without any access to the machine. They know `credential` (an object, or a
token as text), `presentation`, `media_type`, `options`, `credential_id`, `status`, and the endpoint's own variables.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from harness.errors import VendorFileError
from harness.exchange import Request
from harness.gather.adapters import Question
from harness.gather.adapters.said import (
    ACCEPTS,
    ADAPTER,
    CREDENTIAL,
    ERRORS,
    INPUT,
    OPERATION,
    VERIFIED,
    WARNINGS,
)
from harness.vendor import Endpoint

KNOWN = frozenset({"credential", "presentation", "options", "credential_id", "media_type", "status"})
"""Names that the harness gives to templates."""
_BODY = {
    "issue": "{{ credential | json }}",
    "verify": "{{ credential | json }}",
    "present": "{{ presentation | json }}",
}


@dataclass(frozen=True)
class Templates:
    """An endpoint described by templates; every name in them is checked when it is made."""

    endpoint: Endpoint

    def __post_init__(self) -> None:
        for place, text in self._texts():
            _checked(self.endpoint, place, text)

    def hello(self) -> None:
        """There is no such thing: the first real question shows whether anybody is there."""

    def issue(self, credential: Mapping[str, Any], options: Mapping[str, Any] | None = None) -> Question:
        """The request of the row itself."""
        return self._asked(self.endpoint.row, "issue", credential=credential, options=options or {})

    def verify(self, credential: Mapping[str, Any] | str, media_type: str = "application/vc+jwt") -> Question:
        """The request of the row itself."""
        return self._asked(self.endpoint.row, "verify", credential=credential, media_type=media_type)

    def present(
        self, presentation: Mapping[str, Any] | str, media_type: str = "application/vp+jwt",
        options: Mapping[str, Any] | None = None,
    ) -> Question | None:  # fmt: skip
        """The request of the table `presentation`."""
        call = self.endpoint.row.get("presentation")
        if not call:
            return None
        return self._asked(
            call, "present", presentation=presentation, media_type=media_type, options=options or {}
        )

    def revoke(self, credential: str, entry: Mapping[str, Any]) -> Question | None:
        """The request of the table `revoke`."""
        call = self.endpoint.row.get("revoke")
        return self._asked(call, "revoke", credential_id=credential, status=dict(entry)) if call else None

    def _asked(self, call: Mapping[str, Any], operation: str, **given: Any) -> Question:
        names = {**self.endpoint.variables, **given}
        row = self.endpoint.row
        headers = {
            name.lower(): value
            for name, value in {**row.get("headers", {}), **call.get("headers", {})}.items()
        }
        headers.setdefault("content-type", "application/json")
        headers.setdefault("accept", "application/json")
        filled = tuple((name, self._filled(value, names)) for name, value in headers.items())
        body = self._filled(call.get("body", _BODY.get(operation, "")), names)
        method = call.get("method", "POST")
        request = Request(method, self._filled(call["endpoint"], names), filled, body.encode())
        about = {ADAPTER: "http", OPERATION: operation, **self._picks(operation)}
        if "credential" in given:
            about[INPUT] = json.dumps(given["credential"], ensure_ascii=False)
        return Question(request, about)

    def _picks(self, operation: str) -> dict[str, str]:
        answer = self.endpoint.row.get("answer", {})
        named = (
            {"credential": CREDENTIAL}
            if operation == "issue"
            else {"verified": VERIFIED, "warnings": WARNINGS}
        )
        picks = {
            about: str(answer[key]) for key, about in (named | {"errors": ERRORS}).items() if key in answer
        }
        if "accepts" in answer:
            picks[ACCEPTS] = json.dumps(answer["accepts"])
        return picks

    def _filled(self, text: str, names: Mapping[str, Any]) -> str:
        try:
            return _environment().from_string(text).render(names)
        except TemplateError as error:
            message = f"{self.endpoint.name}: a template cannot be filled: {error.message}"
            raise VendorFileError(
                message, where=self.endpoint.where, hint="docs/vendor.md shows the names."
            ) from error

    def _texts(self) -> list[tuple[str, str]]:
        texts = []
        for place, call in (
            ("", self.endpoint.row),
            *((k, self.endpoint.row.get(k)) for k in ("revoke", "presentation")),
        ):
            if call is None:
                continue
            at = f"{place}." if place else ""
            texts += [(f"{at}{key}", call[key]) for key in ("endpoint", "body") if key in call]
            texts += [(f"{at}headers.{name}", value) for name, value in call.get("headers", {}).items()]
        return texts


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True
    )
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    environment.filters["tojson"] = environment.filters["json"]
    environment.globals.clear()
    return environment


def _checked(endpoint: Endpoint, place: str, text: str) -> None:
    """Raise VendorFileError for a template that is none, or that uses a name that nobody gives."""
    named = f"{endpoint.name}.{place}"
    try:
        used = meta.find_undeclared_variables(_environment().parse(text))
    except TemplateError as error:
        message = f"{named} is no template: {error.message}"
        raise VendorFileError(message, where=endpoint.where, hint="Names stand in {{ }}.") from error
    known = KNOWN | set(endpoint.variables)
    for name in sorted(used - known):
        near = difflib.get_close_matches(name, sorted(known), n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Give it under [{endpoint.role}.variables]."
        raise VendorFileError(f"{named} uses {name!r}, which nobody gives", where=endpoint.where, hint=hint)

"""vc-api: the W3C CCG's HTTP interface to issuers and verifiers (VC-API: issue, verify, presentations, status)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from harness.exchange import Request
from harness.gather.adapters import Question
from harness.gather.adapters.said import ADAPTER, GIVEN, GUESSED, OPERATION
from harness.vendor import Endpoint

VC2 = "https://www.w3.org/ns/credentials/v2"
_ISSUE = re.compile(r"(?P<base>.+?)(?:/issue|(?<=/credentials))(?P<rest>/?(?:\?.*)?)")
"""An address at which credentials are issued: `…/issue`, or `…/credentials` itself."""
_CREDENTIALS = re.compile(r"(?P<base>.*)/credentials/(?P<rest>.*)")
_HEADERS = (("content-type", "application/json"), ("accept", "application/json"))


@dataclass(frozen=True)
class VcApi:
    """POST of JSON to the endpoint; the others stand beside it unless vendor.toml names them."""

    endpoint: Endpoint

    def hello(self) -> None:
        """VC-API has no such thing: the first real question shows whether anybody is there."""

    def issue(self, credential: Mapping[str, Any], options: Mapping[str, Any] | None = None) -> Question:
        """POST {credential, options} to …/credentials/issue."""
        row = self.endpoint.row
        value: dict[str, Any] = {"credential": dict(credential)}
        merged = {**row.get("options", {}), **(options or {})}
        if merged:
            value["options"] = merged
        return self._post(self.endpoint.url, value, "issue")

    def verify(self, credential: Mapping[str, Any] | str, media_type: str = "application/vc+jwt") -> Question:
        """POST {verifiableCredential, options} to …/credentials/verify; a token goes in its envelope."""
        value = {"verifiableCredential": _wrapped(credential, media_type, "EnvelopedVerifiableCredential")}
        return self._post(self.endpoint.url, self._with_options(value), "verify")

    def present(
        self, presentation: Mapping[str, Any] | str, media_type: str = "application/vp+jwt",
        options: Mapping[str, Any] | None = None,
    ) -> Question | None:  # fmt: skip
        """POST {verifiablePresentation, options} to …/presentations/verify."""
        url = self._beside("presentations", _CREDENTIALS, r"\g<base>/presentations/")
        value: dict[str, Any] = {
            "verifiablePresentation": _wrapped(presentation, media_type, "EnvelopedVerifiablePresentation")
        }
        return self._post(url, self._with_options(value, options), "present") if url else None

    def revoke(self, credential: str, entry: Mapping[str, Any]) -> Question | None:
        """POST {credentialId, credentialStatus: {type, statusPurpose, status: true}} to …/credentials/status.

        Where vendor.toml does not name it, it is the address that VC-API gives it beside that of issuing (`GUESSED`).
        """
        url = self._beside("status", _ISSUE, r"\g<base>/status")
        status = {
            "type": entry.get("type", "BitstringStatusListEntry"),
            "statusPurpose": entry.get("statusPurpose", "revocation"), "status": True,
        }  # fmt: skip
        body = {"credentialId": credential, "credentialStatus": status}
        if not url:
            return None
        question = self._post(url, body, "revoke")
        return (
            question
            if "status" in self.endpoint.row
            else replace(question, about={**question.about, GUESSED: "yes"})
        )

    def _with_options(self, value: dict[str, Any], more: Mapping[str, Any] | None = None) -> dict[str, Any]:
        options = {**self.endpoint.row.get("options", {}), **(more or {})}
        return {**value, "options": options} if options else value

    def _beside(self, key: str, pattern: re.Pattern[str], address: str) -> str | None:
        """The address under a key of vendor.toml, none where it is empty; else the one beside the endpoint."""
        named = self.endpoint.row.get(key)
        if named is not None:
            return str(named) or None
        found = pattern.fullmatch(self.endpoint.url)
        return found.expand(address) + found["rest"] if found else None

    def _post(self, url: str, value: Mapping[str, Any], operation: str) -> Question:
        body = json.dumps(value, ensure_ascii=False).encode()
        request = Request("POST", url, (*_HEADERS, *self.endpoint.headers), body)
        given = {
            "issue": "/credential",
            "verify": "/verifiableCredential",
            "present": "/verifiablePresentation",
        }
        about = {ADAPTER: "vc-api", OPERATION: operation}
        return Question(request, about | ({GIVEN: given[operation]} if operation in given else {}))


def _wrapped(value: Mapping[str, Any] | str, media_type: str, kind: str) -> Mapping[str, Any]:
    if not isinstance(value, str):
        return value
    return {"@context": [VC2], "type": [kind], "id": f"data:{media_type},{value}"}

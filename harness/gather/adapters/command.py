"""command: a program under test, one JSON request per line; how a library without a server is tested."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.exchange import Request
from harness.gather.adapters import Question
from harness.gather.adapters.said import ADAPTER, CREDENTIAL, ERRORS, OPERATION, VERIFIED, WARNINGS
from harness.gather.processes import COMMAND, PROTOCOL, VERSION
from harness.vendor import Endpoint

_PICKS: Mapping[str, Mapping[str, str]] = {
    "issue": {CREDENTIAL: "/result/credential", ERRORS: "/refused/errors"},
    "verify": {VERIFIED: "/result/verified", ERRORS: "/result/errors", WARNINGS: "/result/warnings"},
    "present": {VERIFIED: "/result/verified", ERRORS: "/result/errors", WARNINGS: "/result/warnings"},
}


@dataclass(frozen=True)
class Command:
    """Requests of test_cases/schemas/command.schema.json; the id of each is a digest of what it asks."""

    endpoint: Endpoint

    def hello(self) -> Question:
        """Operation hello: who it is, and what it can do."""
        return self._asked("hello")

    def issue(self, credential: Mapping[str, Any], options: Mapping[str, Any] | None = None) -> Question:
        """Operation issue."""
        merged = {**self.endpoint.row.get("options", {}), **(options or {})}
        return self._asked("issue", credential=dict(credential), **({"options": merged} if merged else {}))

    def verify(self, credential: Mapping[str, Any] | str, media_type: str = "application/vc+jwt") -> Question:
        """Operation verify; a token is text, its media type an option."""
        return self._asked("verify", credential=_plain(credential), **self._options(credential, media_type))

    def present(
        self, presentation: Mapping[str, Any] | str, media_type: str = "application/vp+jwt",
        options: Mapping[str, Any] | None = None,
    ) -> Question:  # fmt: skip
        """Operation present."""
        given = self._options(presentation, media_type)
        merged = {**given.get("options", {}), **(options or {})}
        more = {"options": merged} if merged else {}
        return self._asked("present", credential=_plain(presentation), **more)

    def revoke(self, credential: str, entry: Mapping[str, Any]) -> Question:
        """Operation revoke."""
        return self._asked("revoke", credentialId=credential, credentialStatus=dict(entry))

    def _options(self, value: Mapping[str, Any] | str, media_type: str) -> dict[str, Any]:
        options = dict(self.endpoint.row.get("options", {}))
        if isinstance(value, str):
            options["mediaType"] = media_type
        return {"options": options} if options else {}

    def _asked(self, operation: str, **members: Any) -> Question:
        digest = hashlib.sha256(json.dumps([operation, members], sort_keys=True).encode()).hexdigest()
        value = {
            "protocol": PROTOCOL,
            "version": VERSION,
            "id": digest[:16],
            "operation": operation,
            **members,
        }
        request = Request(COMMAND, self.endpoint.url, (), json.dumps(value, ensure_ascii=False).encode())
        return Question(request, {ADAPTER: "command", OPERATION: operation, **_PICKS.get(operation, {})})


def _plain(value: Mapping[str, Any] | str) -> Any:
    return value if isinstance(value, str) else dict(value)

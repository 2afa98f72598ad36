"""Adapters: how an endpoint is asked to issue, verify or revoke, and what its answers say.

    adapter = adapter_of(endpoint)                        # vc-api, http or command
    question = adapter.issue({...})                       # or verify, present, revoke, hello
    exchange = put(line, endpoint, question, probe="issue", step="untp-0.7.0/dpp-pack-item")
    ...
    issued_in(exchange); verified_in(exchange)            # when judging, from the recording alone

What a reader has to know of the adapter stands in the exchange's `about`, under names of `said`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from harness.exchange import Exchange, Line, Request
from harness.gather.adapters.said import Issued, Kind, Verified, given_in, issued_in, verified_in
from harness.vendor import Endpoint

__all__ = [
    "Adapter", "Issued", "Kind", "Question", "Verified", "adapter_of", "given_in", "issued_in", "put", "verified_in",
]  # fmt: skip


REDIRECTS = 3
"""Most redirects that are followed from an endpoint of an interface to issue or verify."""


@dataclass(frozen=True)
class Question:
    """A request, and what is needed to read its answer."""

    request: Request
    about: Mapping[str, str] = field(default_factory=dict)


class Adapter(Protocol):
    """One way to speak to an issuer or a verifier. What an endpoint does not offer is None."""

    def hello(self) -> Question | None:
        """Whether anybody is there: None where only a real question shows it."""

    def issue(self, credential: Mapping[str, Any], options: Mapping[str, Any] | None = None) -> Question:
        """Secure this credential."""

    def verify(self, credential: Mapping[str, Any] | str, media_type: str = "application/vc+jwt") -> Question:
        """Verify this credential: an object with a proof or an envelope, or a token of that media type."""

    def present(
        self, presentation: Mapping[str, Any] | str, media_type: str = "application/vp+jwt",
        options: Mapping[str, Any] | None = None,
    ) -> Question | None:  # fmt: skip
        """Verify this presentation; options say what was asked for: `challenge` and `domain`."""

    def revoke(self, credential: str, entry: Mapping[str, Any]) -> Question | None:
        """Set the status of the credential of this id; `entry` is its credentialStatus."""


def adapter_of(endpoint: Endpoint) -> Adapter:
    """The adapter of an endpoint of vendor.toml. Raises VendorFileError for a template that cannot be used."""
    from harness.gather.adapters.command import Command  # noqa: PLC0415 - each knows Question
    from harness.gather.adapters.http import Templates  # noqa: PLC0415
    from harness.gather.adapters.vc_api import VcApi  # noqa: PLC0415

    made: Mapping[str, Any] = {"vc-api": VcApi, "http": Templates, "command": Command}
    adapter: Adapter = made[endpoint.adapter](endpoint)
    return adapter


def put(
    line: Line, endpoint: Endpoint, question: Question, *, probe: str, step: str = "",
    about: Mapping[str, str] | None = None,
) -> Exchange:  # fmt: skip
    """Ask an endpoint a question of its adapter; `about` is kept beside what the adapter needs."""
    return line.ask(
        question.request, role=endpoint.role, endpoint=endpoint.name, probe=probe, step=step,
        about={**question.about, **(about or {})}, redirects=REDIRECTS,
    )  # fmt: skip

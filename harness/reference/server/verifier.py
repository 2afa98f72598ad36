"""The verifier: POST /credentials/verify and /presentations/verify (VC-API), with the reasons as problem details."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from harness.credential import parse, read_credentials
from harness.errors import MalformedError
from harness.evidence import Evidence
from harness.reference.payloads import dump
from harness.reference.server.answers import json_answer, problem, problem_detail
from harness.reference.server.asked import Asked, body_of, read_posted
from harness.reference.server.estate import Estate, written
from harness.reference.server.judging import Opinion, is_at_home, opinions
from harness.reference.server.lenience import forgiven, invented
from harness.reference.server.web import MachineWeb
from harness.trust.encoding import decode_base64url
from harness.trust.jose import read_compact
from harness.trust.trace import TrustError


@dataclass(frozen=True)
class Verifier:
    """Verifies what it is given: signature, key, status, validity, contexts and schema, by the harness's own cases."""

    estate: Estate
    web: MachineWeb

    def routes(self) -> Iterator[Route]:
        """Its endpoints."""
        yield Route("/credentials/verify", self._credential, methods=["POST"])
        yield Route("/presentations/verify", self._presentation, methods=["POST"])

    async def _credential(self, request: Request) -> Response:
        return await run_in_threadpool(self._answer, await body_of(request), "verifiableCredential")

    async def _presentation(self, request: Request) -> Response:
        return await run_in_threadpool(self._answer, await body_of(request), "verifiablePresentation")

    def _answer(self, body: bytes, member: str) -> Response:
        faults = self.estate.faults
        asked = read_posted(body)
        if not isinstance(asked, Asked):
            return asked
        if isinstance(given := asked.value.get(member), dict | str) and given:
            if faults.has("verifier-breaks-on-bad-input") and _is_strange(given):
                return problem(500, "Internal Server Error", "ValidationError")
            evidence = _evidence(given)
        elif faults.has("verifier-breaks-on-bad-input"):
            return problem(500, "Internal Server Error", "KeyError")
        else:
            return problem(
                400, "Nothing to verify", f"The body needs the member {member}.", kind="PARSING_ERROR"
            )
        found = list(opinions(evidence, (self.estate, self.web), self.estate.clock()))
        return self._verdict(
            found,
            []
            if faults.has("verifier-accepts-replays")
            else list(_replays(evidence, asked.value.get("options"))),
        )

    def _verdict(self, found: list[Opinion], replays: list[dict[str, Any]]) -> Response:
        faults = self.estate.faults
        told = [
            grievance
            for opinion in found
            for grievance in opinion.grievances
            if not forgiven(grievance, opinion, faults) and not is_at_home(grievance, self.estate.base)
        ]
        told += [grievance for opinion in found for grievance in invented(opinion, faults)]
        grave = [one for one in told if one.grave]
        errors = [*(one.as_problem() for one in grave), *replays]
        warnings = [one.as_problem() for one in told if not one.grave]
        if faults.has("verifier-gives-the-wrong-reason"):
            errors = [
                problem_detail("Bad proof", "The proof is bad.", kind="CRYPTOGRAPHIC_SECURITY_ERROR")
                for _ in errors
            ]
        value: dict[str, Any] = {
            "verified": not errors,
            "evaluatedAt": written(self.estate.clock()),
            "warnings": warnings,
            "errors": errors,
            "problemDetails": [*errors, *warnings],
        }
        if faults.has("verifier-hides-when-it-judged"):
            del value["evaluatedAt"]
        return json_answer(value)


def _replays(evidence: Evidence, options: object) -> Iterator[dict[str, Any]]:
    """What a presentation was made for, where it is not what the request asks for: it was shown before, elsewhere."""
    if not isinstance(options, dict):
        return
    for credential in read_credentials(evidence):
        for envelope in credential.envelopes:
            claims = _claims(envelope.token)
            for option, claim in (("challenge", "nonce"), ("domain", "aud")):
                if option in options and claim in claims and claims[claim] != options[option]:
                    title = f"The presentation was made for another {option}"
                    yield problem_detail(title, f"{claim} is not the {option} of the request.")


def _claims(token: str | None) -> dict[str, Any]:
    """The claims of a token; nothing where it is none."""
    try:
        parsed = parse(decode_base64url((token or "").split(".")[1]))
    except (IndexError, MalformedError):
        return {}
    return parsed.value if parsed.valid and isinstance(parsed.value, dict) else {}


def _evidence(given: dict[str, Any] | str) -> Evidence:
    """What was posted, as the bytes that it stands for: a token is given as a string."""
    if isinstance(given, str):
        return Evidence("posted", given.encode(), "application/vc+jwt", "posted")
    return Evidence("posted", dump(given).encode(), "application/vc", "posted")


def _is_strange(given: dict[str, Any] | str) -> bool:
    """Whether what was sent is no credential by its looks: an envelope without a token, or no context."""
    text = given if isinstance(given, str) else str(given.get("id", ""))
    if isinstance(given, dict) and not text.startswith("data:"):
        return "@context" not in given
    token = text.partition(",")[2] if text.startswith("data:") else text
    try:
        read_compact(token.partition("~")[0])
    except TrustError:
        return True
    return False

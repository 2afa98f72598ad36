"""The issuer: POST /credentials/issue and /credentials/status (VC-API), and the credentials that it has issued.

It signs only what holds by the harness's own cases, assigns an entry in a status list, and publishes the
credential under an id that nobody can guess.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jsonpointer import JsonPointer
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from harness.evidence import Evidence
from harness.model import Outcome
from harness.reference.issuing import VC2, enveloped
from harness.reference.server.answers import json_answer, problem
from harness.reference.server.asked import Asked, body_of, read_posted
from harness.reference.server.careless import careless_token, careless_value
from harness.reference.server.estate import NUMBERS, PURPOSES, TOKEN, Estate, written
from harness.reference.server.judging import Grievance, is_at_home, opinions
from harness.reference.server.web import MachineWeb
from harness.trust.jose import read_compact

NAME = "Cadenza Trace Oy"
FILLED_IN = ("id", "issuer", "validFrom", "credentialStatus")
"""What the issuer adds where the input leaves it out."""
UNDEFINED = "VCP-CTX-04"
"""The requirement on members that no context defines."""
UNTOLD = (Outcome.NOT_RUN, Outcome.ERROR)


@dataclass(frozen=True)
class Issuer:
    """Issues credentials for the DIDs whose keys this server holds."""

    estate: Estate
    web: MachineWeb

    def routes(self) -> Iterator[Route]:
        """Its endpoints."""
        yield Route("/credentials/issue", self._issue, methods=["POST"])
        yield Route("/credentials/status", self._status, methods=["POST"])

    async def _issue(self, request: Request) -> Response:
        return await run_in_threadpool(self._issued, await body_of(request))

    async def _status(self, request: Request) -> Response:
        return await run_in_threadpool(self._changed, await body_of(request))

    def _issued(self, body: bytes) -> Response:
        faults = self.estate.faults
        asked = read_posted(body)
        broken = problem(500, "Internal Server Error", "KeyError: 'credential'")
        if not isinstance(asked, Asked):
            return broken if faults.has("issuer-breaks-on-bad-input") else asked
        given = asked.value.get("credential")
        if not isinstance(given, dict):
            missing = problem(400, "No credential", "The body needs the member credential, an object.")
            return broken if faults.has("issuer-breaks-on-bad-input") else missing
        value = self._completed(given, asked.value.get("options"))
        if isinstance(value, dict) and faults.has("issuer-drops-what-it-does-not-know"):
            value = self._without_unknown(value)
        refusal = value if isinstance(value, Response) else self._refusal(value)
        if faults.has("issuer-refuses-passports") and "DigitalProductPassport" in str(given.get("type")):
            refusal = refusal or problem(422, "Not issued", "Passports are out of stock.")
        if refusal is not None:
            return broken if faults.has("issuer-breaks-on-bad-input") else refusal
        assert isinstance(value, dict)
        return self._signed(value)

    def _completed(self, given: dict[str, Any], options: Any) -> dict[str, Any] | Response:
        """The input with what the issuer adds, or the refusal."""
        estate = self.estate
        value = dict(given)
        if "proof" in value:
            return problem(400, "Signed already", "The input carries a proof.", pointer="/proof")
        value.setdefault("@context", [VC2])
        value.setdefault("id", f"{estate.base}/credentials/{secrets.token_hex(16)}")
        value.setdefault("validFrom", written(estate.clock()))
        value.setdefault("issuer", {"type": ["CredentialIssuer"], "id": estate.did, "name": NAME})
        issuer = _issuer_of(value)
        if issuer not in estate.dids and not estate.faults.has("issuer-signs-for-strangers"):
            detail = "This server holds no key of that issuer."
            return problem(422, "Foreign issuer", detail, pointer="/issuer/id", issuer=str(issuer))
        if value["id"] in estate.issued and not estate.faults.has("issuer-issues-twice"):
            return problem(409, "Issued already", "A credential of this id has been issued.", pointer="/id")
        if value.get("credentialStatus") is not None:
            detail = "The issuer assigns the status itself."
            return problem(422, "Status in the input", detail, pointer="/credentialStatus")
        if not estate.faults.has("issuer-assigns-no-status"):
            value["credentialStatus"] = self._entry(value, _purpose(options))
        return value

    def _entry(self, value: dict[str, Any], purpose: str) -> dict[str, Any]:
        is_passport = "DigitalProductPassport" in str(value.get("type"))
        url = self.estate.list_url(purpose, NUMBERS[1] if is_passport else NUMBERS[0])
        index = self.estate.statuses.give(url, in_order=self.estate.faults.has("issuer-numbers-in-order"))
        return {
            "id": f"{url}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": index,
            "statusListCredential": url,
        }

    def _refusal(self, value: dict[str, Any]) -> Response | None:
        """Why it is not issued: what the harness's own cases hold against it once it is signed."""
        found = [
            grievance
            for grievance in self._grievances(value)
            if grievance.grave and not self._let_through(grievance, value)
        ]
        if not found:
            return None
        details = [grievance.as_problem() for grievance in found]
        title = f"The credential would not conform: {found[0].finding.message}"
        return problem(422, "Not issued", title, problemDetails=details, pointer=found[0].finding.pointer)

    def _grievances(self, value: dict[str, Any]) -> Iterator[Grievance]:
        estate = self.estate
        issuer = estate.did if _stranger(value, estate) else str(_issuer_of(value))
        evidence = Evidence("input", estate.signed(value, issuer).served(), TOKEN, "posted")
        for opinion in opinions(evidence, (estate, self.web), estate.clock()):
            yield from opinion.grievances

    def _without_unknown(self, value: dict[str, Any]) -> dict[str, Any]:
        """The input without the members that no context defines, which a careless issuer leaves out without a word."""
        unknown = {
            str(one.finding.pointer) for one in self._grievances(value) if one.requirement == UNDEFINED
        }
        dropped: dict[str, Any] = json.loads(json.dumps(value))
        for pointer in sorted(unknown, reverse=True):
            holder, name = JsonPointer(pointer).to_last(dropped)
            if isinstance(holder, dict):
                holder.pop(str(name), None)
        return dropped

    def _let_through(self, grievance: Grievance, value: dict[str, Any]) -> bool:
        """Whether a grievance keeps nothing from being issued: dates in the future, and what a fault overlooks."""
        if grievance.code in ("not-yet-valid", "expired", "status-unknown"):
            return True
        if is_at_home(grievance, self.estate.base):
            return True
        if _stranger(value, self.estate) and grievance.requirement.startswith(("VCP-JOSE-", "VCP-DID-")):
            return True
        if self.estate.faults.has("issuer-assigns-no-status") and grievance.requirement.startswith(
            "VCP-STAT-"
        ):
            return True
        return any(
            self.estate.faults.has(name) and grievance.requirement in requirements
            for name, requirements in OVERLOOKED.items()
        )

    def _signed(self, value: dict[str, Any]) -> Response:
        estate = self.estate
        value = careless_value(value, estate)
        issuer = estate.did if _stranger(value, estate) else str(_issuer_of(value))
        token = careless_token(value, issuer, estate)
        estate.issued[str(value["id"])] = token
        return json_answer({"verifiableCredential": enveloped(token.decode())}, 201)

    def _changed(self, body: bytes) -> Response:
        """Set or clear the status of a credential that was issued here."""
        asked = read_posted(body)
        if not isinstance(asked, Asked):
            return asked
        identifier, entry = asked.value.get("credentialId"), asked.value.get("credentialStatus")
        if isinstance(entry, list):
            entry = entry[0] if entry else None
        if not isinstance(identifier, str):
            return problem(400, "No credential named", "The body needs the member credentialId.")
        known = self._entry_of(identifier)
        if known is None:
            return problem(404, "Unknown credential", "No credential of this id was issued here.")
        asked_for = entry if isinstance(entry, dict) else {}
        if asked_for.get("type", "BitstringStatusListEntry") != "BitstringStatusListEntry":
            return problem(400, "Unknown status", "Only BitstringStatusListEntry is kept here.")
        if asked_for.get("statusPurpose", known["statusPurpose"]) != known["statusPurpose"]:
            return problem(
                422, "Another purpose", f"The credential has an entry for {known['statusPurpose']}."
            )
        is_set = _truth(asked_for.get("status", asked.value.get("status", True)))
        if is_set is None:
            return problem(400, "No status", "status is true or false.")
        if not self.estate.faults.has("issuer-forgets-to-revoke"):
            self.estate.statuses.set(
                known["statusListCredential"], int(known["statusListIndex"]), value=is_set
            )
        return json_answer({"credentialId": identifier, "credentialStatus": known, "status": is_set})

    def _entry_of(self, identifier: str) -> dict[str, Any] | None:
        """The status entry of a credential that was issued here, also of one of the chain."""
        token = self.estate.issued.get(identifier) or self.estate.tokens.get(identifier)
        if token is None:
            return None
        entry = json.loads(read_compact(token.decode()).payload).get("credentialStatus")
        return entry if isinstance(entry, dict) else None


OVERLOOKED = {
    "issuer-signs-undefined-terms": ("VCP-CTX-04",),
    "issuer-signs-reversed-dates": ("VCP-ENV-13",),
    "issuer-signs-contexts-in-any-order": ("VCP-ENV-01",),
}
"""What a careless issuer does not look at, by fault."""


def _issuer_of(value: dict[str, Any]) -> str | None:
    issuer = value.get("issuer")
    found = issuer.get("id") if isinstance(issuer, dict) else issuer
    return found if isinstance(found, str) else None


def _stranger(value: dict[str, Any], estate: Estate) -> bool:
    return _issuer_of(value) not in estate.dids


def _purpose(options: Any) -> str:
    wanted = options.get("credentialStatus") if isinstance(options, dict) else None
    if isinstance(wanted, list):
        wanted = wanted[0] if wanted else None
    purpose = wanted.get("statusPurpose") if isinstance(wanted, dict) else None
    return purpose if purpose in PURPOSES else PURPOSES[0]


def _truth(value: Any) -> bool | None:
    """VC-API drafts write a status as true or false, 1 or 0, "1" or "0"."""
    known = {True: True, False: False, "1": True, "0": False, "true": True, "false": False}
    return known.get(value) if isinstance(value, bool | int | str) else None

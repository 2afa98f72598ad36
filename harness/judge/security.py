"""What can be said of the signatures, keys, identifiers and status of one credential, worked out once."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from harness.credential import Credential, read_credentials
from harness.credential.disclosures import Processed, process
from harness.errors import AbsentError, EngineError
from harness.evidence import Absence, Evidence, Web
from harness.judge.canonical import canonicaliser
from harness.judge.presented import (
    Presentation,
    PresentationCheck,
    made_by,
    presentations_of,
    signatures_of,
)
from harness.model import Finding
from harness.trust.codes import DECIDES
from harness.trust.cose import verify_cose
from harness.trust.data_integrity import ProofResult, verify_proofs
from harness.trust.did import DidDocument, resolve
from harness.trust.jose import Jws, read_compact, verify_jose
from harness.trust.sd_jwt import read_sd_jwt, verify_sd_jwt
from harness.trust.status import Status, StatusListCredential, list_evidence, read_list, status_of
from harness.trust.status_entry import StatusEntry, entries_of
from harness.trust.trace import Step, Trace, TrustError, Verification

ABSENT = frozenset({"did-document-absent", "status-list-unreachable", "context-absent"})
"""Codes that say that evidence was not brought: the case cannot run."""


MAX_LISTS = 256
"""How many status lists a process remembers."""

_lists: OrderedDict[tuple[Any, ...], tuple[StatusListCredential | TrustError, Verification | None]] = (
    OrderedDict()
)


@dataclass(frozen=True)
class Resolution:
    """A DID and what it resolved to: a document, or the problem, with the steps on the way."""

    did: str
    document: DidDocument | None
    problem: TrustError | None
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class StatusCheck:
    """One status entry, the list that it points to, whether that list is signed, and what it says."""

    entry: StatusEntry
    list_credential: StatusListCredential | None = None
    signature: Verification | None = None
    status: Status | None = None
    problem: TrustError | None = None


@dataclass(frozen=True)
class Security:
    """The trust side of a credential. Every member is worked out when it is first asked for."""

    credential: Credential
    web: Mapping[str, Evidence | Absence]
    at: datetime
    issuer: str | None
    engine: str

    @cached_property
    def _web(self) -> Web:
        return self.web if isinstance(self.web, Web) else Web(dict(self.web))

    @cached_property
    def token(self) -> str | None:
        """The compact JWS, without the disclosures of an SD-JWT."""
        found = self.credential.token
        return found.partition("~")[0] if found else None

    @cached_property
    def jws(self) -> Jws | None:
        """The token taken apart; None where there is none or it cannot be read."""
        if self.token is None:
            return None
        try:
            jws = read_compact(self.token)
        except TrustError:
            return None
        document = self.credential.document
        if document is not None and not document.base and not self.credential.faults:
            jws.__dict__["claims"] = document.value  # the payload was read strictly already
        return jws

    @cached_property
    def signature(self) -> Verification | None:
        """The verification of the JOSE or COSE envelope; None where the credential has none."""
        if self.credential.cose is not None:
            return verify_cose(self.credential.cose, web=self._web, at=self.at, issuer=self.issuer)
        if self.token is None:
            return None
        if self.disclosable:
            return verify_sd_jwt(self.credential.token or "", web=self._web, at=self.at, issuer=self.issuer)
        return verify_jose(self.jws or self.token, web=self._web, at=self.at, issuer=self.issuer)

    @property
    def disclosable(self) -> bool:
        """Whether the envelope is an SD-JWT."""
        return "~" in (self.credential.token or "")

    @cached_property
    def claims(self) -> Jws | None:
        """The token with what its payload says once disclosed: for rules about claims (VC-JOSE-COSE 3.2)."""
        document = self.credential.document
        if not self.disclosable or self.jws is None or document is None:
            return self.jws
        return replace(self.jws, payload=json.dumps(document.value).encode())

    @cached_property
    def processed(self) -> Processed | None:
        """What an SD-JWT disclosed and what it withheld; None where the credential is none, or cannot be read."""
        if not self.disclosable:
            return None
        try:
            presented = read_sd_jwt(self.credential.token or "")
            return process(presented.jws.claims, presented.disclosures)
        except TrustError:
            return None

    @cached_property
    def proofs(self) -> tuple[ProofResult, ...]:
        """The verification of each embedded proof, in order; nothing where there is none."""
        document = self.credential.document
        if (
            document is None
            or not isinstance(document.value, dict)
            or document.value.get("proof") in (None, [])
        ):
            return ()
        canonicalise = canonicaliser(self._web, self.engine)
        try:
            return tuple(verify_proofs(document.value, web=self._web, at=self.at, canonicalise=canonicalise))
        except TrustError as problem:
            return (ProofResult({}, 0, "unknown", legacy=False, verification=Verification((), problem)),)

    @cached_property
    def presentations(self) -> tuple[Presentation, ...]:
        """The presentations around the credential, told with the first credential of each, outermost first."""
        return tuple(presentations_of(self.credential))

    @cached_property
    def presentation_checks(self) -> tuple[PresentationCheck, ...]:
        """The signatures of these presentations."""
        return tuple(
            check
            for presentation in self.presentations
            for check in signatures_of(
                presentation, self._web, self.at, canonicaliser(self._web, self.engine)
            )
        )

    @cached_property
    def issuer_resolution(self) -> Resolution | None:
        """What the issuer's DID resolves to; None where the issuer is no DID."""
        if self.issuer is None or not self.issuer.startswith("did:"):
            return None
        trace = Trace()
        try:
            document = resolve(self.issuer, self._web, trace, at=self.at)
        except TrustError as problem:
            return Resolution(self.issuer, None, problem, tuple(trace.steps))
        return Resolution(self.issuer, document, None, tuple(trace.steps))

    @cached_property
    def status_entries(self) -> tuple[StatusEntry, ...]:
        """The status entries of the credential, read with their problems."""
        document = self.credential.document
        return entries_of(document.value) if document is not None and isinstance(document.value, dict) else ()

    @cached_property
    def statuses(self) -> tuple[StatusCheck, ...]:
        """Each status entry with its list and what the list says."""
        return tuple(self._check(entry) for entry in self.status_entries)

    def _check(self, entry: StatusEntry) -> StatusCheck:
        try:
            evidence = list_evidence(entry, self._web)
        except TrustError as absent:
            return StatusCheck(entry, problem=absent)
        key = (evidence.sha256, evidence.name, self.at, self.engine, self._identities)
        known = _lists.get(key)
        if known is None:
            known = _lists[key] = self._read_list(evidence)
            while len(_lists) > MAX_LISTS:
                _lists.popitem(last=False)
        listed, signature = known
        if isinstance(listed, TrustError):
            return StatusCheck(entry, problem=listed)
        try:
            return StatusCheck(entry, listed, signature, status_of(entry, listed))
        except TrustError as problem:
            return StatusCheck(entry, listed, signature, None, problem)

    @cached_property
    def _identities(self) -> tuple[tuple[str, str], ...]:
        """What the signature of a list may depend on: everything brought but the lists themselves."""
        lists = {entry.list_url for entry in self.status_entries}
        return tuple(
            (url, answer.sha256 if isinstance(answer, Evidence) else answer.reason)
            for url, answer in sorted(self._web.items())
            if url not in lists
        )

    def _read_list(self, evidence: Evidence) -> tuple[StatusListCredential | TrustError, Verification | None]:
        """A list credential and its signature, worked out once for all credentials that refer to it."""
        inner = next(iter(read_credentials(evidence)))
        if inner.document is None or not isinstance(inner.document.value, dict):
            unreadable = TrustError(
                "status-list-unreadable", "What stands at the URL of the list is no credential.",
                step="statusListCredential", expected="a BitstringStatusListCredential", actual=evidence.name,
            )  # fmt: skip
            return unreadable, None
        if inner.faults:
            fault = inner.faults[0].finding
            ambiguous = TrustError(
                "status-list-unreadable", f"The list cannot be read without doubt: {fault.message}.",
                step="statusListCredential", expected=fault.expected, actual=evidence.name, hint=fault.hint,
            )  # fmt: skip
            return ambiguous, None
        listed = read_list(inner.document.value, url=evidence.name, at=self.at)
        return listed, self._list_signature(inner, listed)

    def _list_signature(self, inner: Credential, listed: StatusListCredential) -> Verification | None:
        view = Security(inner, self.web, self.at, listed.issuer, self.engine)
        if view.signature is not None:
            return view.signature
        checked = [made_by(listed.issuer, proof) for proof in view.proofs]
        return next((one for one in checked if one.problem is not None), checked[0] if checked else None)


def settle(verification: Verification | TrustError) -> TrustError | None:
    """The problem of a verification, where it is the vendor's.

    Raises AbsentError where evidence was not brought and EngineError where nobody can say: such a case
    neither passes nor fails.
    """
    problem = verification if isinstance(verification, TrustError) else verification.problem
    if problem is None:
        return None
    if problem.code in ABSENT:
        more = f": {problem.actual}" if problem.actual and problem.actual not in problem.message else ""
        raise AbsentError(problem.message + more, hint=problem.hint)
    if problem.undetermined:
        raise EngineError(problem.message, hint=problem.hint)
    return problem


def stopped_for(verification: Verification | None, requirement: str) -> TrustError | None:
    """The problem of a verification, where it stopped at a rule that this requirement decides."""
    problem = verification.problem if verification is not None else None
    if problem is None or problem.undetermined or DECIDES.get(problem.code) != requirement:
        return None
    return problem


def finding_of(problem: TrustError, steps: tuple[Step, ...] = (), place: Finding | None = None) -> Finding:
    """A finding of a verification that stopped, with its trace and the step at which it stopped."""
    return Finding(
        problem.message,
        place.pointer if place else None,
        place.line if place else None,
        place.column if place else None,
        problem.expected,
        problem.actual,
        problem.hint,
        None,
        problem.step,
        tuple(step.as_json() for step in steps),
    )


def proof_objects(value: Any) -> Iterator[dict[str, Any]]:
    """The proof objects of a credential, one or many."""
    proofs = value.get("proof") if isinstance(value, dict) else None
    yield from (p for p in (proofs if isinstance(proofs, list) else [proofs]) if isinstance(p, dict))

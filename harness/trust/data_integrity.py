"""Data Integrity proofs: one, a set, or a chain of them, each verified with a trace of every step.

Source: Verifiable Credential Data Integrity 1.0, sections 2 and 4. The cryptosuites do the arithmetic;
here is what holds for all of them: options, purpose, key, time, and which proof builds on which.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from harness.evidence import Web
from harness.trust.codes import Problem
from harness.trust.cryptosuites import Canonicalise, Secured, Workings, suite_of
from harness.trust.cryptosuites.suite import DATA_INTEGRITY
from harness.trust.did import VerificationMethod, find_method, resolve
from harness.trust.did_local import RELATIONSHIPS
from harness.trust.moments import moment, utc
from harness.trust.trace import Trace, TrustError, Verification

PROOFS = DATA_INTEGRITY + "#proofs"
VERIFY = DATA_INTEGRITY + "#verify-proof"
CHAINS = DATA_INTEGRITY + "#verify-proof-sets-and-chains"
MOST_PROOFS = 32


@dataclass(frozen=True)
class ProofResult:
    """What became of one proof of a document.

    `method_controller` is who controls the key, where one was found: whether it has to be the issuer is
    for the case to say. `notes` are faults that leave the signature as good as it is.
    """

    proof: Mapping[str, Any] = field(repr=False)
    index: int
    suite: str
    legacy: bool
    verification: Verification
    method_controller: str | None = None
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class _Expectations:
    web: Web
    at: datetime
    canonicalise: Canonicalise
    purpose: str | None
    domain: frozenset[str] | None
    challenge: str | None


def verify_proofs(
    document: Mapping[str, Any],
    *,
    web: Web,
    at: datetime,
    canonicalise: Canonicalise,
    expected_purpose: str | None = "assertionMethod",
    domain: str | Iterable[str] | None = None,
    challenge: str | None = None,
) -> list[ProofResult]:
    """Verify every proof of a document (section 4.5), in the order in which they stand.

    A proof that has `previousProof` holds only if all the proofs that it names hold. Raises TrustError
    where there is nothing to verify: document-malformed, proof-missing, proof-too-many.
    """
    expected = _Expectations(
        web,
        at,
        canonicalise,
        expected_purpose,
        None if domain is None else frozenset(_strings(domain)),
        challenge,
    )
    _check_json(document)
    proofs = _proofs(document)
    bare = {name: value for name, value in document.items() if name != "proof"}
    results = [_verify_one(bare, proofs, place, expected) for place in range(len(proofs))]
    return [_with_predecessors(results, place) for place in range(len(results))]


def _proofs(document: Mapping[str, Any]) -> list[Any]:
    value = document.get("proof")
    proofs = value if isinstance(value, list) else [] if value is None else [value]
    if not proofs:
        raise TrustError(
            "proof-missing", "The document has no proof.", step="proof", clause=PROOFS,
            expected="an object or an array of objects", actual="nothing" if value is None else repr(value)[:80],
        )  # fmt: skip
    if len(proofs) > MOST_PROOFS:
        raise TrustError(
            "proof-too-many", "The document has more proofs than the harness verifies.", step="proof", clause=PROOFS,
            expected=f"at most {MOST_PROOFS}", actual=f"{len(proofs):,}", undetermined=True,
        )  # fmt: skip
    return proofs


def _verify_one(bare: dict[str, Any], proofs: list[Any], place: int, expected: _Expectations) -> ProofResult:
    proof = proofs[place]
    if not isinstance(proof, dict):
        problem = _problem(
            "proof-malformed", "The proof is not an object.", "proof", PROOFS, actual=repr(proof)[:80]
        )
        return ProofResult({}, place, "", legacy=False, verification=Verification((), problem))
    trace, notes = Trace(), list(_notes(proof, expected.at))
    name, legacy = _suite_name(proof), False
    method: VerificationMethod | None = None
    stopped: TrustError | None = None
    try:
        suite = suite_of(proof)
        legacy = suite.legacy
        _check_options(proof, expected)
        method = _method(proof, expected, trace)
        suite.check(
            Secured(_input_document(bare, proofs, proof), proof),
            method.key,
            Workings(expected.canonicalise, trace),
        )
        _check_expiry(proof, expected.at)
    except TrustError as error:
        stopped = error
    if method is not None:
        notes.extend(_method_notes(method, legacy=legacy))
    if legacy:
        notes.append(_note("proof-suite-legacy", f"{name} is older than Data Integrity 1.0.", "type", VERIFY))
    controller = None if method is None else method.controller
    return ProofResult(
        proof, place, name, legacy, Verification(tuple(trace.steps), stopped), controller, tuple(notes)
    )


def _input_document(bare: dict[str, Any], proofs: list[Any], proof: dict[str, Any]) -> dict[str, Any]:
    """The document as this proof secures it: with the proofs that it builds on, and no others (4.5, 4.2)."""
    if "previousProof" not in proof:
        return bare
    matching = []
    for identifier in _previous(proof):
        found = [one for one in proofs if isinstance(one, dict) and one.get("id") == identifier]
        if len(found) != 1:
            code = "previous-proof-ambiguous" if found else "previous-proof-missing"
            message = "previousProof does not name exactly one proof of the document."
            raise _problem(
                code, message, "previousProof", CHAINS, expected=identifier, actual=f"{len(found)} proofs"
            )
        if found[0] is proof:
            raise _problem("proof-chain-cycle", "The proof builds on itself.", "previousProof", CHAINS)
        matching.append(found[0])
    ordered = [one for one in proofs if any(one is each for each in matching)]
    return {**bare, "proof": ordered}


def _previous(proof: Mapping[str, Any]) -> list[str]:
    value = proof.get("previousProof")
    several = value if isinstance(value, list) else [value]
    if not several or not all(isinstance(one, str) for one in several):
        message = "previousProof is not a string or an array of strings."
        raise _problem("previous-proof-malformed", message, "previousProof", PROOFS, actual=repr(value)[:120])
    return list(dict.fromkeys(several))


def _with_predecessors(results: Sequence[ProofResult], place: int) -> ProofResult:
    """A proof holds only if all proofs that it builds on hold, and theirs, and so on (section 2.1)."""
    result = results[place]
    if result.verification.problem is not None or "previousProof" not in result.proof:
        return result
    before = [results[index] for index in _predecessors(results, place)]
    broken = [(one.proof["id"], one.verification.problem) for one in before if one.verification.problem]
    if not broken:
        return result
    identifier, problem = min(broken, key=lambda one: one[1].undetermined)
    stopped = _problem(
        "previous-proof-does-not-hold", "A proof that this one builds on does not hold.", "previousProof", CHAINS,
        expected="a proof that holds", actual=f"{identifier}: {problem.code}", undetermined=problem.undetermined,
    )  # fmt: skip
    return replace(result, verification=Verification(result.verification.steps, stopped))


def _predecessors(results: Sequence[ProofResult], place: int) -> list[int]:
    """The proofs that a proof builds on, and those that they build on; a proof that fails leads no further."""
    found: list[int] = []
    todo = [place]
    while todo:
        proof = results[todo.pop()].proof
        for identifier in _previous(proof) if "previousProof" in proof else ():
            index = next(one.index for one in results if one.proof.get("id") == identifier)
            if index not in found:
                found.append(index)
                if results[index].verification.problem is None:
                    todo.append(index)
    return found


def _check_options(proof: dict[str, Any], expected: _Expectations) -> None:
    """Steps 3 to 6 of Verify Proof, and that the times are times."""
    purpose = proof.get("proofPurpose")
    for name in ("verificationMethod", "proofPurpose"):
        if not isinstance(proof.get(name), str):
            actual = "missing" if name not in proof else repr(proof[name])[:120]
            code = "proof-method-missing" if name == "verificationMethod" else "proof-purpose-missing"
            raise _problem(code, f"{name} is not a string.", name, VERIFY, expected="a string", actual=actual)
    if expected.purpose is not None and purpose != expected.purpose:
        message = "The proof was made for another purpose."
        raise _problem(
            "proof-purpose", message, "proofPurpose", VERIFY, expected=expected.purpose, actual=purpose
        )
    if purpose not in RELATIONSHIPS:
        message, known = "The proof purpose is no verification relationship.", ", ".join(RELATIONSHIPS)
        raise _problem("proof-purpose", message, "proofPurpose", VERIFY, expected=known, actual=purpose)
    given = frozenset(_strings(proof.get("domain", ())))
    if expected.domain is not None and given != expected.domain:
        message = "The proof was made for another domain."
        wanted, actual = ", ".join(sorted(expected.domain)), ", ".join(sorted(given)) or "none"
        raise _problem("proof-domain", message, "domain", VERIFY, expected=wanted, actual=actual)
    if expected.challenge is not None and proof.get("challenge") != expected.challenge:
        message, actual = "The proof answers another challenge.", repr(proof.get("challenge"))[:120]
        raise _problem(
            "proof-challenge", message, "challenge", VERIFY, expected=expected.challenge, actual=actual
        )
    for name in ("created", "expires"):
        _time(proof, name)


def _time(proof: Mapping[str, Any], name: str) -> datetime | None:
    """Read created or expires; without a time zone it is taken as UTC (section 2.1)."""
    if name not in proof:
        return None
    read = moment(proof[name]) or moment(f"{proof[name]}Z")
    if read is None:
        raise _problem(
            f"proof-{name}-malformed", f"{name} is not a date and time.", name, PROOFS, expected="dateTimeStamp",
            actual=repr(proof[name])[:80], hint="For example 2026-01-31T00:00:00Z.",
        )  # fmt: skip
    return read


def _check_expiry(proof: Mapping[str, Any], at: datetime) -> None:
    expires = _time(proof, "expires")
    if expires is not None and expires <= at:
        message, expected = "The proof has expired.", f"a time after {utc(at)}"
        raise _problem("proof-expired", message, "expires", PROOFS, expected=expected, actual=utc(expires))


def _method(proof: Mapping[str, Any], expected: _Expectations, trace: Trace) -> VerificationMethod:
    """Retrieve the verification method, authorised for the purpose (CID 1.0 section 3.3)."""
    url: str = proof["verificationMethod"]
    trace.step("verificationMethod", url, VERIFY)
    document = resolve(url.partition("#")[0], expected.web, trace, at=expected.at)
    return find_method(document, url, proof["proofPurpose"], trace, at=expected.at)


def _notes(proof: Mapping[str, Any], at: datetime) -> Iterable[Problem]:
    for name in ("created", "expires"):
        if moment(proof.get(name)) is None and moment(f"{proof.get(name)}Z") is not None:
            yield _note(
                "proof-time-without-zone", f"{name} names no time zone.", name, PROOFS, actual=proof[name]
            )
    created = proof.get("created")
    if (moment(created) or at) > at:
        yield _note(
            "proof-created-in-future", "The proof was made in the future.", "created", PROOFS, actual=created
        )
    identifier = proof.get("id")
    if identifier is not None and not (isinstance(identifier, str) and ":" in identifier):
        yield _note(
            "proof-id-malformed",
            "The id of the proof is not a URL.",
            "id",
            PROOFS,
            actual=repr(identifier)[:120],
        )
    if "domain" in proof and "challenge" not in proof:
        yield _note(
            "proof-domain-without-challenge",
            "A proof with a domain should have a challenge.",
            "domain",
            PROOFS,
        )


def _method_notes(method: VerificationMethod, *, legacy: bool) -> Iterable[Problem]:
    if not legacy and method.type not in ("Multikey", "JsonWebKey"):
        yield _note(
            "proof-method-type", "The suite asks for a verification method of type Multikey.", "verificationMethod",
            "https://www.w3.org/TR/cid-1.0/#Multikey", actual=method.type,
        )  # fmt: skip


def _suite_name(proof: Mapping[str, Any]) -> str:
    kind = proof.get("type")
    name = proof.get("cryptosuite") if kind == "DataIntegrityProof" else kind
    return name if isinstance(name, str) else ""


def _strings(value: object) -> list[str]:
    several = [value] if isinstance(value, str) else value if isinstance(value, Iterable) else [value]
    return [one if isinstance(one, str) else repr(one) for one in several]


def _check_json(document: Mapping[str, Any]) -> None:
    try:
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        message = f"The document is not JSON: {error}"
        raise _problem("document-malformed", message, "document", DATA_INTEGRITY + "#algorithms") from error


def _problem(code: str, message: str, step: str, clause: str, **more: Any) -> TrustError:
    return TrustError(code, message, step=step, clause=clause, **more)


def _note(code: str, message: str, member: str, clause: str, *, actual: str | None = None) -> Problem:
    return Problem(code, message, pointer=f"/{member}", clause=clause, actual=actual)

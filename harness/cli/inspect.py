"""`untp-crm inspect`: all that can be seen in one credential, each value under its name in the standard."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any

import typer

from harness.cli.console import clock, note, out
from harness.cli.sources import Allowed, Authority, OnlineFlag, WebFolders, sources
from harness.credential import read_credentials
from harness.errors import HarnessError, UsageError
from harness.evidence import Evidence
from harness.gather.closure import Closure
from harness.gather.files import gather_paths
from harness.judge import CredentialUnderTest, Terms, load_suite, under_test
from harness.judge.canonical import canonicaliser
from harness.judge.security import StatusCheck
from harness.model import EXIT_CODES, Verdict
from harness.semantics.artefacts import registry
from harness.trust.trace import Step

SHOWN = 400
"""Longest value, in characters, that is printed whole."""

BEFORE = 40
"""How many characters are shown before the first one that differs."""


def inspect(
    path: Annotated[
        str, typer.Argument(help="A file or URL with one or more credentials, or - for standard input.")
    ],
    at: Annotated[str | None, typer.Option(help="Moment of judgement; now by default.")] = None,
    web: WebFolders = None,
    allow: Allowed = None,
    ca: Authority = None,
    compare: Annotated[
        Path | None, typer.Option(help="A trace of your own software: name the first step that differs.")
    ] = None,
    *,
    online: OnlineFlag = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the trace as JSON, as --compare reads it.")
    ] = False,
) -> int:
    """Show envelope, keys, status, dropped terms, canonical form and every intermediate value."""
    suite = load_suite()
    terms = Terms(clock(at))
    asked = sources(web, online, allow, ca)
    closure = Closure(asked, registry().contexts)
    code = seen = 0
    for evidence in gather_paths([path], sources=asked):
        seen += 1
        if not isinstance(evidence, Evidence):
            note(f"{evidence.name}: {evidence.reason}", always=True)
            code = 3
            continue
        for credential in read_credentials(evidence):
            subject = under_test(credential, suite, terms, closure.of(credential))
            steps = list(_steps(subject))
            if compare is not None:
                code = max(code, _compared(steps, compare))
            elif as_json:
                out(json.dumps([step.as_json() for step in steps], ensure_ascii=False, indent=1))
            else:
                for line in _told(subject, steps):
                    out(line)
    if not seen:
        note(f"Nothing to inspect: no credential was found in {path}.", always=True)
        return EXIT_CODES[Verdict.UNDETERMINED]
    return code


def _told(subject: CredentialUnderTest, steps: list[Step]) -> Iterator[str]:
    credential = subject.credential
    yield f"{credential.name}"
    yield f"  sha256      {credential.evidence.sha256}"
    yield f"  kind        {credential.kind}"
    yield f"  envelopes   {' > '.join(e.kind for e in credential.envelopes) or 'none'}"
    for fault in credential.faults:
        place = f"{fault.finding.line}:{fault.finding.column} " if fault.finding.line else ""
        yield f"  fault       {place}{fault.finding.message}"
    if credential.document is None:
        return
    yield f"  type        {subject.type.name if subject.type else 'no UNTP type'}"
    yield f"  profile     {subject.profile.name}"
    yield f"  issuer      {subject.issuer_id}"
    for line in _semantics(subject):
        yield line
    for line in _trust(subject):
        yield line
    for step in steps:
        text = step.text if len(step.text) <= SHOWN else f"{step.text[:SHOWN]}… ({len(step.text)} characters)"
        yield f"  {step.name}" + (f"  [{step.clause}]" if step.clause else "")
        yield f"    sha256 {step.sha256}"
        yield from (f"    {line}" for line in text.splitlines()[:12])


def _semantics(subject: CredentialUnderTest) -> Iterator[str]:
    expansion = subject.expansion
    yield f"  contexts    {', '.join(expansion.contexts) or 'none'}"
    if expansion.fault is not None:
        yield f"  expansion   fails: {expansion.fault.code}: {expansion.fault.message}"
        return
    for lost in expansion.dropped:
        near = f"; nearest: {lost.nearest}" if lost.nearest else ""
        yield f"  dropped     {lost.pointer} ({lost.reason}: {lost.detail}{near})"
    if not expansion.dropped:
        yield "  dropped     nothing"


def _trust(subject: CredentialUnderTest) -> Iterator[str]:
    security = subject.security
    if security.signature is not None:
        problem = security.signature.problem
        yield f"  signature   {'verifies' if problem is None else f'{problem.code}: {problem.message}'}"
    for result in security.proofs:
        problem = result.verification.problem
        legacy = " (legacy)" if result.legacy else ""
        yield f"  proof {result.index}     {result.suite}{legacy}: " + (
            "verifies" if problem is None else f"{problem.code}: {problem.message}"
        )
        for noted in result.notes:
            yield f"              {noted.pointer}: {noted.message}"
    for check in security.statuses:
        yield f"  status      index {check.entry.index} in {check.entry.list_url}: {_said(check)}"
        if check.signature is not None and check.signature.problem is not None:
            yield f"              its list does not verify: {check.signature.problem.message}"


def _said(check: StatusCheck) -> str:
    if check.status is not None:
        return f"{check.status.purpose} = {check.status.value}"
    return check.problem.message if check.problem is not None else "nothing"


def _steps(subject: CredentialUnderTest) -> Iterator[Step]:
    if subject.credential.document is None:
        return
    if subject.expansion.fault is None:
        yield Step.of(
            "Expanded document",
            json.dumps(subject.expansion.expanded, ensure_ascii=False),
            "JSON-LD 1.1 API section 5.1",
        )
        try:
            text = canonicaliser(subject.web, subject.engine)(subject.document.value, "sha256")
            yield Step.of("Canonical N-Quads of the whole document", text, "RDFC-1.0 section 4")
        except HarnessError as error:
            yield Step.of(
                "Canonical N-Quads of the whole document", f"none: {error.message}", "RDFC-1.0 section 4"
            )
    if subject.security.signature is not None:
        yield from subject.security.signature.steps
    for result in subject.security.proofs:
        yield from result.verification.steps
    for check in subject.security.statuses:
        yield from _status_steps(check)


def _status_steps(check: StatusCheck) -> Iterator[Step]:
    clause = "Bitstring Status List 1.0 section 3.2"
    yield Step.of("statusListCredential", check.entry.list_url or "none", clause)
    if check.signature is not None:
        yield from check.signature.steps
    if check.list_credential is not None and check.list_credential.bits is not None:
        yield Step.of("uncompressed bitstring", check.list_credential.bits.bits, clause)
    yield Step.of("status", _said(check), clause)


def _compared(steps: list[Step], path: Path) -> int:
    """Walk through their steps in order; a name that comes again means the next step of that name here."""
    theirs = _read_trace(path)
    met: Counter[str] = Counter()
    for row in theirs:
        name = str(row.get("name"))
        here = [step for step in steps if step.name == name]
        if met[name] >= len(here):
            known = ", ".join(dict.fromkeys(step.name for step in steps))
            out(f"There is no step '{name}' here{' any more' * bool(met[name])}; ours: {known}.")
            return 1
        own = here[met[name]]
        met[name] += 1
        text = str(row.get("text", ""))
        digest = row.get("sha256") or hashlib.sha256(text.encode()).hexdigest()
        if digest != own.sha256 and not ("sha256" not in row and text == own.raw.hex()):
            out(f"First step that differs: {own.name}" + (f" ({own.clause})" if own.clause else ""))
            before = max(0, _alike(own.text, text) - BEFORE)
            out(f"  ours    {own.sha256}  {_around(own.text, before)}")
            out(f"  theirs  {digest}  {_around(text, before)}")
            return 1
    out(f"All {len(theirs)} steps agree.")
    return 0


def _alike(ours: str, theirs: str) -> int:
    """How many characters are the same from the start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(ours, theirs, strict=False)))


def _around(text: str, start: int) -> str:
    """A value from a place on, so that what differs can be seen."""
    return ("…" if start else "") + text[start : start + SHOWN]


def _read_trace(path: Path) -> list[dict[str, Any]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"the trace {path} cannot be read: {error}") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(
            f"{path} is no trace", hint="A list of {name, text or sha256}, as inspect --json prints it."
        )
    return rows

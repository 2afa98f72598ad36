"""`untp-crm list` and `untp-crm explain`: the suite as data, for people and for scripts."""

from __future__ import annotations

import difflib
import json
from enum import StrEnum
from typing import Annotated, Any

import typer

from harness.cli.console import out
from harness.errors import UsageError
from harness.judge import Case, Suite, load_suite
from harness.model import Requirement
from harness.reference.vectors import Vector, load_vectors
from harness.semantics.artefacts import registry


class Kind(StrEnum):
    """What can be listed."""

    REQUIREMENTS = "requirements"
    CASES = "cases"
    PROFILES = "profiles"
    VECTORS = "vectors"
    ARTEFACTS = "artefacts"
    CONFLICTS = "conflicts"


class ListFormat(StrEnum):
    """How a list is printed."""

    TEXT = "text"
    JSON = "json"


def list_suite(
    kind: Annotated[Kind, typer.Argument(help="What to list.")],
    profile: Annotated[
        str | None, typer.Option(help="Only what belongs to this profile (requirements, cases).")
    ] = None,
    output_format: Annotated[ListFormat, typer.Option("--format", help="text or json.")] = ListFormat.TEXT,
) -> int:
    """List requirements, cases, profiles, vectors, artefacts or conflicts."""
    rows = _rows(kind, load_suite(), profile)
    if output_format is ListFormat.JSON:
        out(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    for row in rows:
        out("  ".join(str(value) for value in list(row.values())[:5] if value not in (None, "", [])))
    out(f"{len(rows)} {kind}")
    return 0


def _rows(kind: Kind, suite: Suite, profile: str | None) -> list[dict[str, Any]]:
    wanted = suite.profile(profile) if profile else None
    requirements = suite.catalogue.requirements
    match kind:
        case Kind.REQUIREMENTS:
            tested = {item.requirement for item in suite.cases}
            return [
                _requirement_row(r, tested)
                for r in requirements.values()
                if wanted is None or wanted.contains(r)
            ]
        case Kind.CASES:
            chosen = [
                c for c in suite.cases if wanted is None or wanted.contains(requirements[c.requirement])
            ]
            return [
                {"id": c.id, "suite": c.suite, "title": c.title, "requirement": c.requirement} for c in chosen
            ]
        case Kind.PROFILES:
            return [
                {
                    "name": p.name,
                    "title": p.title,
                    "version": p.version,
                    "components": list(p.components),
                    "types": list(p.types),
                }
                for p in suite.catalogue.profiles.values()
            ]
        case Kind.VECTORS:
            return [
                {"name": v.name, "requirement": v.requirement, "base": v.base, "summary": v.summary}
                for v in load_vectors()
            ]
        case Kind.ARTEFACTS:
            return [
                {
                    "url": a.url,
                    "kind": a.kind,
                    "file": a.file,
                    "official_sha256": a.sha256,
                    "source": a.digest_source,
                }
                for a in registry().artefacts.values()
            ]
        case Kind.CONFLICTS:
            return [c.as_json() for c in suite.catalogue.conflicts.values()]


def _requirement_row(requirement: Requirement, tested: set[str]) -> dict[str, Any]:
    return {
        "id": requirement.id,
        "level": str(requirement.level),
        "basis": str(requirement.basis),
        "title": requirement.title,
        "how": requirement.kind if requirement.id in tested else "not tested yet",
        "role": requirement.role,
        "component": requirement.component,
        "versions": list(requirement.versions),
        "statement": requirement.statement,
        "decide": requirement.decide,
        "sources": list(requirement.sources),
        "tested": requirement.id in tested,
        "reason": requirement.manual or requirement.deferred,
        "conflict": requirement.conflict,
        "note": requirement.note,
    }


def explain(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="A requirement or case, such as DPP-GRAN-02.")
    ],
) -> int:
    """Say what a requirement demands, why, on whose word, how it is decided and how it is broken on purpose."""
    suite = load_suite()
    requirement = suite.catalogue.requirements.get(identifier.upper())
    case = next((c for c in suite.cases if c.id == identifier.upper()), None)
    if requirement is None and case is not None:
        requirement = suite.catalogue.requirements[case.requirement]
    if requirement is None:
        near = difflib.get_close_matches(identifier.upper(), list(suite.catalogue.requirements), n=3)
        raise UsageError(
            f"there is no requirement or case {identifier!r}",
            hint=f"Did you mean {', '.join(near)}?" if near else "untp-crm list requirements",
        )
    cases = [c for c in suite.cases if c.requirement == requirement.id]
    vectors = [v for v in load_vectors() if v.requirement == requirement.id]
    for line in _told(requirement, cases, vectors):
        out(line)
    return 0


def _told(requirement: Requirement, cases: list[Case], vectors: list[Vector]) -> list[str]:
    effect = {
        "failed": "a fault fails the vendor",
        "warning": "a fault is a warning",
    }[str(requirement.severity())]
    lines = [
        f"{requirement.id}  {requirement.title}",
        "",
        f"  {requirement.statement}",
        "",
        f"  level     {requirement.level}, by {requirement.basis}: {effect}",
        f"  role      {requirement.role}",
        f"  versions  {', '.join(requirement.versions)}",
        f"  decided   {requirement.decide}",
    ]
    lines += [f"  source    {source}" for source in requirement.sources]
    if requirement.conflict:
        lines.append(f"  conflict  {requirement.conflict}")
    if requirement.note:
        lines.append(f"  note      {requirement.note}")
    lines += [f"  case      {c.id}: {c.title}" for c in cases]
    if not cases:
        reason = requirement.manual or requirement.deferred or "this version has no case for it"
        lines.append(f"  not tested: {reason}")
    lines += [f"  mutation  {v.name}: {v.summary}" for v in vectors]
    if not vectors and requirement.mutation:
        lines.append(
            f"  mutation  {requirement.mutation['name']}: {requirement.mutation['change']} (planned)"
        )
    return lines

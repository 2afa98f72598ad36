"""`untp-crm list` and `untp-crm explain`: the suite as data, for people and for scripts."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

import typer

from harness.cli.console import out
from harness.errors import UsageError
from harness.judge import Case, Suite, load_suite
from harness.model import Requirement
from harness.reference.bundle_vectors import BundleVector, load_bundle_vectors
from harness.reference.crm import expected, load_crm_vectors
from harness.reference.document_vectors import load_document_vectors
from harness.reference.extension_vectors import load_extension_vectors
from harness.reference.server.faults import load_live_faults
from harness.reference.vectors import Vector, load_vectors
from harness.semantics.artefacts import registry, verified


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
        str | None, typer.Option(help="Only what belongs to this profile (requirements, cases, vectors).")
    ] = None,
    output_format: Annotated[ListFormat, typer.Option("--format", help="text or json.")] = ListFormat.TEXT,
) -> int:
    """List requirements, cases, profiles, vectors, artefacts or conflicts."""
    rows = _rows(kind, load_suite(), profile)
    if output_format is ListFormat.JSON:
        out(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    for line in _lines(kind, rows):
        out(line)
    out(f"{len(rows)} {kind}")
    return 0


COLUMNS = {
    Kind.REQUIREMENTS: ("id", "level", "basis", "how", "title"),
    Kind.CASES: ("id", "suite", "requirement", "title"),
    Kind.PROFILES: ("name", "version", "title"),
    Kind.VECTORS: ("requirement", "name", "base", "summary"),
    Kind.ARTEFACTS: ("kind", "found", "source", "url"),
    Kind.CONFLICTS: ("id", "versions", "title"),
}
"""What the text form shows, the longest last; JSON has everything."""


def _lines(kind: Kind, rows: list[dict[str, Any]]) -> Iterator[str]:
    shown = [[_cell(row[name]) for name in COLUMNS[kind]] for row in rows]
    widths = (
        [max(len(cells[place]) for cells in shown) for place in range(len(COLUMNS[kind]) - 1)]
        if shown
        else []
    )
    for row, cells in zip(rows, shown, strict=True):
        padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
        yield "  ".join([*padded, cells[-1]])
        if kind is Kind.CONFLICTS:
            yield from (f"    {side['says']}  {side['source']}" for side in row["sides"])
            yield f"    {row['note']}"


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return "-" if value in (None, "") else str(value)


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
                _vector_row(v)
                for v in _vectors()
                if wanted is None or wanted.contains(requirements[v.requirement])
            ]
        case Kind.ARTEFACTS:
            return list(verified(registry()))
        case Kind.CONFLICTS:
            return [
                {**c.as_json(), "versions": list(c.versions), "note": c.note}
                for c in suite.catalogue.conflicts.values()
            ]


@cache
def _vectors() -> tuple[Vector, ...]:
    """Every mutation: of credentials, of documents beside them, of an extension, of a bundle; as one kind of row."""
    of_extension = (
        Vector(v.name, v.requirement, f"extension/{v.part}", v.summary, v.patch, also=v.also, file=v.file)
        for v in load_extension_vectors()
    )
    of_bundle = (
        Vector(v.name, v.requirement, "bundle", v.summary, _changes(v), also=v.also, file=v.file)
        for v in load_bundle_vectors()
    )
    return (*load_vectors(), *load_crm_vectors(), *load_document_vectors(), *of_extension, *of_bundle)


def _changes(vector: BundleVector) -> tuple[Mapping[str, Any], ...]:
    return (
        *vector.changes,
        *({"drop": name} for name in vector.drop),
        *({"distrust": name} for name in vector.distrust),
    )


def _vector_row(vector: Vector) -> dict[str, Any]:
    outcomes = expected(vector) if vector in load_crm_vectors() else vector.expects
    return {
        "name": vector.name,
        "requirement": vector.requirement,
        "component": vector.component,
        "base": vector.base,
        "summary": vector.summary,
        "expected": {name: str(outcome) for name, outcome in outcomes.items()},
        "patch": [dict(operation) for operation in vector.patch] or None,
        "text": [dict(change) for change in vector.text] or None,
        "envelope": dict(vector.envelope) if vector.envelope else None,
        "also": [{"requirement": other.requirement, "because": other.because} for other in vector.also],
        "file": vector.file,
    }


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
    case = next((c for c in suite.cases if c.id.upper() == identifier.upper()), None)
    if requirement is None and case is not None:
        requirement = suite.catalogue.requirements[case.requirement]
    if requirement is None:
        near = difflib.get_close_matches(identifier.upper(), list(suite.catalogue.requirements), n=3)
        raise UsageError(
            f"there is no requirement or case {identifier!r}",
            hint=f"Did you mean {', '.join(near)}?" if near else "untp-crm list requirements",
        )
    cases = [c for c in suite.cases if c.requirement == requirement.id]
    vectors = [v for v in _vectors() if v.requirement == requirement.id]
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
    faults = [fault for fault in load_live_faults().values() if fault.requirement == requirement.id]
    lines += [
        f"  fault     {fault.name}: {fault.summary} (reference serve --fault {fault.name})"
        for fault in faults
    ]
    if not vectors and not faults and requirement.mutation:
        lines.append(
            f"  mutation  {requirement.mutation['name']}: {requirement.mutation['change']} (planned)"
        )
    return lines

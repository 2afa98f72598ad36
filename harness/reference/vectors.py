"""Named mutations: a good credential broken in one way, so that exactly one requirement says so.

They are data, test_cases/vectors/<component>.toml; the good twins lie beside them under good/.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from harness.catalogue import load_catalogue
from harness.data_files import place_in, read_toml
from harness.errors import SuiteError
from harness.model import Outcome
from harness.reference.chain import Bundle, Plan, issue
from harness.reference.edits import Patch, Replace
from harness.reference.operations import change
from harness.reference.payloads import load_payloads
from harness.resources import resource


@dataclass(frozen=True)
class Also:
    """Another requirement that cannot but fail with a mutation, and why."""

    requirement: str
    because: str


@dataclass(frozen=True)
class Vector:
    """One mutation: its name, the requirement that catches it, the good twin, and the change."""

    name: str
    requirement: str
    base: str
    summary: str
    patch: tuple[Mapping[str, Any], ...] = ()
    text: tuple[Mapping[str, str], ...] = ()
    envelope: Mapping[str, Any] | None = None
    also: tuple[Also, ...] = ()
    file: str = ""

    @property
    def component(self) -> str:
        """The component of its requirement."""
        return self.requirement.partition("-")[0]

    @property
    def expected(self) -> Outcome:
        """What the requirement has to say of it: failed where it binds, else a warning."""
        return load_catalogue().requirements[self.requirement].severity()

    @property
    def expects(self) -> Mapping[str, Outcome]:
        """The outcome of every requirement that may change against the good twin."""
        names = (self.requirement, *(other.requirement for other in self.also))
        return {name: load_catalogue().requirements[name].severity() for name in names}


@cache
def load_vectors() -> tuple[Vector, ...]:
    """Every mutation, by file and in the order of the files. Raises SuiteError with the place of what is wrong."""
    return read_vectors(resource("test_cases", "vectors"))


def read_vectors(folder: Path) -> tuple[Vector, ...]:
    """The mutations of a folder laid out like test_cases/vectors/."""
    found: dict[str, Vector] = {}
    for path in sorted(path for path in folder.glob("*.toml") if path.name != UNMUTATED):
        for number, row in enumerate(read_toml(path, "vector")["vector"]):
            vector = _vector(row, path, number)
            if vector.name in found:
                where = place_in(path, "vector", number, "name")
                raise SuiteError(f"the vector {vector.name} is named twice", where=where)
            found[vector.name] = vector
    return tuple(found.values())


UNMUTATED = "unmutated.toml"
"""The file that names the requirements without a mutation."""


@cache
def load_unmutated() -> Mapping[str, str]:
    """The requirements that have a case and no mutation, with the reason. Raises SuiteError for an unknown one."""
    path = resource("test_cases", "vectors", UNMUTATED)
    found: dict[str, str] = {}
    for number, row in enumerate(read_toml(path, "unmutated")["unmutated"]):
        name = row["requirement"]
        if name not in load_catalogue().requirements or name in found:
            problem = "is listed twice" if name in found else "is unknown"
            where = place_in(path, "unmutated", number, "requirement")
            raise SuiteError(f"the requirement {name} {problem}", where=where)
        found[name] = row["reason"]
    return found


def faults() -> tuple[Vector, ...]:
    """The mutations that make the vendor nonconformant by one requirement that binds, and by no other."""
    return tuple(vector for vector in load_vectors() if _failing(vector) == [vector.requirement])


def _failing(vector: Vector) -> list[str]:
    return [name for name, outcome in vector.expects.items() if outcome is Outcome.FAILED]


def apply(vector: Vector, bundle: Bundle) -> Bundle:
    """The chain with the mutation in it, signed again wherever the mutation leaves signing alone."""
    return issue(mutated(vector, bundle.plan))


def mutated(vector: Vector, plan: Plan) -> Plan:
    """The plan with the mutation in it. Raises SuiteError where its base or operation does not exist."""
    issuance = plan.issuances.get(vector.base)
    if issuance is None:
        raise SuiteError(f"the vector {vector.name} has the unknown base {vector.base}", where=vector.file)
    if vector.envelope is not None:
        return change(plan, vector.base, vector.envelope)
    if vector.text:
        edits = tuple(Replace(row["find"], row["replace"], vector.name) for row in vector.text)
        return plan.reissued(replace(issuance, text_edits=(*issuance.text_edits, *edits)))
    patch = Patch.of(vector.patch, f"vector {vector.name}")
    return plan.reissued(replace(issuance, payload_edits=(*issuance.payload_edits, patch)))


def _vector(row: Mapping[str, Any], path: Path, number: int) -> Vector:
    requirements, payloads = load_catalogue().requirements, load_payloads()
    also = tuple(Also(other["requirement"], other["because"]) for other in row.get("also", ()))
    for name in (row["requirement"], *(other.requirement for other in also)):
        if name not in requirements:
            where = place_in(path, "vector", number, "requirement")
            raise SuiteError(f"vector {row['name']} names the unknown requirement {name}", where=where)
    payload = payloads.get(row["base"])
    if payload is None:
        where = place_in(path, "vector", number, "base")
        raise SuiteError(f"vector {row['name']} has the unknown base {row['base']}", where=where)
    if payload.version.removeprefix("untp-") not in requirements[row["requirement"]].versions:
        message = f"vector {row['name']}: {row['requirement']} does not belong to {payload.version}"
        raise SuiteError(message, where=place_in(path, "vector", number, "requirement"))
    return Vector(
        name=row["name"],
        requirement=row["requirement"],
        base=row["base"],
        summary=row["summary"],
        patch=tuple(row.get("patch", ())),
        text=tuple(row.get("text", ())),
        envelope=row.get("envelope"),
        also=also,
        file=str(place_in(path, "vector", number, "name")),
    )

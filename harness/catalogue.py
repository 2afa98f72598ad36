"""Loads requirements, profiles and conflicts: data under test_cases/, never code.

Every file is checked against a schema of its own under test_cases/schemas/ before it is used.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from harness.errors import SuiteError
from harness.model import Basis, Level, Requirement
from harness.resources import resource


@dataclass(frozen=True)
class CredentialType:
    """What a profile says of one credential type: its component, subject classes, schema and context.

    An extension type `extends` a type of UNTP: it is judged by all that holds for that one, its `schema`
    included, and by the schema named in `extension` too.
    """

    name: str
    component: str
    subject: tuple[str, ...]
    schema: str
    context: str
    shapes: tuple[str, ...] = ()
    extends: str | None = None
    extension: str | None = None

    @property
    def core(self) -> str:
        """The name of the UNTP type that it is, or that it extends."""
        return self.extends or self.name


@dataclass(frozen=True)
class Profile:
    """What is tested together: a UNTP version, or an extension on top of one.

    `version` is the one that requirements name; `proposed` is "binds" where our own proposals can fail.
    """

    name: str
    title: str
    version: str
    components: tuple[str, ...]
    types: Mapping[str, CredentialType]
    shapes: tuple[str, ...] = ()
    proposed: str = "warns"
    note: str | None = None
    base: str | None = None
    extension_contexts: tuple[str, ...] = ()
    """Contexts that an extension adds: a credential that names one is judged by this profile."""
    bases: tuple[str, ...] = ()
    """Only requirements of these bases, where it is not empty: a release that is judged at schema level."""

    def contains(self, requirement: Requirement) -> bool:
        """Whether a requirement belongs to this profile."""
        if self.bases and requirement.basis not in self.bases:
            return False
        return self.version in requirement.versions and requirement.component in self.components


@dataclass(frozen=True)
class Conflict:
    """A place where official artefacts contradict the standards that they cite."""

    id: str
    title: str
    versions: tuple[str, ...]
    requirements: tuple[str, ...]
    sides: tuple[Mapping[str, str], ...]
    note: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Members: id, title, sides, requirements."""
        return {
            "id": self.id,
            "title": self.title,
            "sides": [dict(side) for side in self.sides],
            "requirements": list(self.requirements),
        }


@dataclass(frozen=True)
class Catalogue:
    """All requirements, profiles and conflicts, by id or name."""

    requirements: Mapping[str, Requirement]
    profiles: Mapping[str, Profile]
    conflicts: Mapping[str, Conflict]
    retired: Mapping[str, str] = field(default_factory=dict)

    def of(self, profile: Profile) -> Iterator[Requirement]:
        """The requirements of a profile, in the order of the catalogue."""
        return (requirement for requirement in self.requirements.values() if profile.contains(requirement))


@cache
def load_catalogue() -> Catalogue:
    """The catalogue that ships with the suite. Raises SuiteError with file and place when it is wrong."""
    return read_catalogue(resource("test_cases"))


def read_catalogue(folder: Path) -> Catalogue:
    """Read a folder laid out like test_cases/: requirements/, profiles/, conflicts.toml."""
    requirements: dict[str, Requirement] = {}
    retired: dict[str, str] = {}
    for path in sorted((folder / "requirements").glob("*.toml")):
        data = read_toml(path, "requirement")
        for row in data.get("retired", ()):
            retired[row["id"]] = row["reason"]
        for row in data["requirement"]:
            requirement = _requirement(row)
            if requirement.id in requirements:
                raise SuiteError(
                    f"the id {requirement.id} is used twice", where=str(path), hint="Ids are never reused."
                )
            requirements[requirement.id] = requirement
    for used in retired.keys() & requirements.keys():
        raise SuiteError(f"the retired id {used} is used again", hint="Ids are never reused.")
    profiles = _profiles(folder / "profiles")
    conflicts = {}
    for row in read_toml(folder / "conflicts.toml", "conflict")["conflict"]:
        for concerned in row["requirements"]:
            if concerned not in requirements:
                raise SuiteError(
                    f"conflict {row['id']} names the unknown requirement {concerned}", where="conflicts.toml"
                )
        conflicts[row["id"]] = Conflict(
            row["id"],
            row["title"],
            tuple(row["versions"]),
            tuple(row["requirements"]),
            tuple(row["sides"]),
            row.get("note"),
        )
    return Catalogue(requirements, profiles, conflicts, retired)


def read_toml(path: Path, schema: str) -> dict[str, Any]:
    """Parse a TOML file of ours and check it against test_cases/schemas/`schema`.schema.json."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SuiteError(f"not TOML: {error}", where=str(path)) from None
    except OSError as error:
        raise SuiteError(f"cannot be read: {error.strerror}", where=str(path)) from None
    for problem in validator(schema).iter_errors(data):
        place = "/".join(str(part) for part in problem.absolute_path)
        raise SuiteError(f"{problem.message} (at {place or 'the top'})", where=str(path))
    return data


@cache
def validator(name: str) -> Draft202012Validator:
    """The validator of one kind of data file: test_cases/schemas/`name`.schema.json."""
    schemas = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in resource("test_cases", "schemas").glob("*.json")
    ]
    known: Registry[Any] = Registry().with_resources(
        (s["$id"], DRAFT202012.create_resource(s)) for s in schemas
    )
    wanted = next(schema for schema in schemas if schema["$id"] == f"{name}.schema.json")
    return Draft202012Validator(wanted, registry=known)


def _requirement(row: Mapping[str, Any]) -> Requirement:
    return Requirement(
        id=row["id"],
        title=row["title"],
        level=Level(row["level"]),
        role=row["role"],
        basis=Basis(row["basis"]),
        versions=tuple(row["versions"]),
        kind=row["kind"],
        statement=row["statement"],
        decide=row["decide"],
        sources=tuple(row["sources"]),
        mutation=row.get("mutation"),
        manual=row.get("manual"),
        deferred=row.get("deferred"),
        conflict=row.get("conflict"),
        note=row.get("note"),
    )


def _profiles(folder: Path) -> dict[str, Profile]:
    """The profiles of a folder; one that stands on a base takes over the types of the base."""
    rows = {path: read_toml(path, "profile") for path in sorted(folder.glob("*.toml"))}
    found: dict[str, Profile] = {}
    for path, row in sorted(rows.items(), key=lambda item: "base" in item[1]):
        base = found.get(row["base"]) if "base" in row else None
        if base is None and "base" in row:
            message = f"the profile {row['name']} stands on the unknown profile {row['base']}"
            raise SuiteError(message, where=str(path), hint="A base is a profile without a base of its own.")
        found[row["name"]] = _profile(path, row, base)
    return {name: found[name] for name in sorted(found)}


def _profile(path: Path, row: Mapping[str, Any], base: Profile | None) -> Profile:
    shapes = tuple(row.get("shapes", ()))
    types = dict(base.types) if base else {}
    for name, spec in row["types"].items():
        types[name] = (
            _extension_type(path, name, spec, types, shapes)
            if "extends" in spec
            else CredentialType(
                name,
                spec["component"],
                tuple(spec["subject"]),
                spec["schema"],
                spec["context"],
                tuple(shape for shape in shapes if shape.split(".")[0] in ("vcp", spec["component"].lower())),
            )
        )
    return Profile(
        row["name"], row["title"], row["version"], tuple(row["components"]), types,
        (*(base.shapes if base else ()), *shapes),
        "binds" if row.get("proposed") else "warns", row.get("note"), row.get("base"),
        tuple(row.get("extension_contexts", ())), tuple(row.get("bases", ())),
    )  # fmt: skip


def _extension_type(
    path: Path,
    name: str,
    spec: Mapping[str, Any],
    types: Mapping[str, CredentialType],
    shapes: tuple[str, ...],
) -> CredentialType:
    core = types.get(spec["extends"])
    if core is None:
        raise SuiteError(f"the type {name} extends the unknown type {spec['extends']}", where=str(path))
    return CredentialType(
        name, core.component, tuple(spec["subject"]), core.schema, core.context, (*core.shapes, *shapes),
        extends=core.name, extension=spec["schema"],
    )  # fmt: skip

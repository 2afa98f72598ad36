"""Loads requirements, profiles and conflicts: data under test_cases/, never code.

Every file is checked against a schema of its own under test_cases/schemas/ before it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from harness.data_files import place_in, read_toml, validator
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
    suite: str = "credential"
    """The folder of the cases that judge it: "document" where it is no credential."""
    umbrella: str = "VCP-SCH-01"
    """The requirement that answers for every schema fault that no other has failed for."""
    marks: tuple[tuple[str, ...], ...] = ()
    """Of a document that is no credential: the paths of members by which it is known, arrays looked through."""

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
    documents: Mapping[str, CredentialType] = field(default_factory=dict)
    """The kinds of documents beside credentials that it judges: link sets, vocabularies, registers."""
    model: str = ""
    """The version whose data model it has: where cases differ from model to model, they go by it."""

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
        for number, row in enumerate(data["requirement"]):
            requirement = _requirement(row)
            if requirement.id in requirements:
                where = place_in(path, "requirement", number, "id")
                raise SuiteError(
                    f"the id {requirement.id} is used twice", where=where, hint="Ids are never reused."
                )
            requirements[requirement.id] = requirement
    for used in retired.keys() & requirements.keys():
        raise SuiteError(f"the retired id {used} is used again", hint="Ids are never reused.")
    profiles = _profiles(folder / "profiles", requirements)
    _require_known_versions(folder, requirements, profiles)
    conflicts = {}
    path = folder / "conflicts.toml"
    for number, row in enumerate(read_toml(path, "conflict")["conflict"]):
        for concerned in row["requirements"]:
            if concerned not in requirements:
                message = f"conflict {row['id']} names the unknown requirement {concerned}"
                raise SuiteError(message, where=place_in(path, "conflict", number, "requirements"))
        conflicts[row["id"]] = Conflict(
            row["id"],
            row["title"],
            tuple(row["versions"]),
            tuple(row["requirements"]),
            tuple(row["sides"]),
            row.get("note"),
        )
    return Catalogue(requirements, profiles, conflicts, retired)


def with_requirements(catalogue: Catalogue, folder: Path) -> Catalogue:
    """The catalogue with the requirements of an extension: folder/requirements/*.toml. Raises SuiteError for a used id."""
    found = dict(catalogue.requirements)
    for path in sorted((folder / "requirements").glob("*.toml")):
        for number, row in enumerate(read_toml(path, "requirement")["requirement"]):
            if row["id"] in found or row["id"] in catalogue.retired:
                where = place_in(path, "requirement", number, "id")
                hint = "An extension gives its requirements ids of its own, such as EXT-YOURS-01."
                raise SuiteError(f"the id {row['id']} is used already", where=where, hint=hint)
            found[row["id"]] = _requirement(row)
    _require_known_versions(folder, found, catalogue.profiles)
    return replace(catalogue, requirements=found)


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


def _require_known_versions(
    folder: Path, requirements: Mapping[str, Requirement], profiles: Mapping[str, Profile]
) -> None:
    """Raise SuiteError where a requirement names a version that no profile judges: a slip of the pen."""
    known = {profile.version for profile in profiles.values()}
    known |= {profile.name.rpartition("-")[2] for profile in profiles.values()}
    for requirement in requirements.values():
        for version in requirement.versions:
            if version not in known:
                raise SuiteError(
                    f"{requirement.id} names the version {version}, which no profile has",
                    where=str(folder / "requirements"),
                    hint=f"Versions: {', '.join(sorted(known))}; a new one needs a file under profiles/.",
                )


def _profiles(folder: Path, requirements: Mapping[str, Requirement]) -> dict[str, Profile]:
    """The profiles of a folder; one that stands on a base takes over the types of the base."""
    rows = {path: read_toml(path, "profile") for path in sorted(folder.glob("*.toml"))}
    found: dict[str, Profile] = {}
    for path, row in sorted(rows.items(), key=lambda item: "base" in item[1]):
        base = found.get(row["base"]) if "base" in row else None
        if base is None and "base" in row:
            message = f"the profile {row['name']} stands on the unknown profile {row['base']}"
            hint = "A base is a profile without a base of its own."
            raise SuiteError(message, where=place_in(path, "base"), hint=hint)
        found[row["name"]] = _profile(path, row, base, requirements)
        _require_whole(path, row, requirements)
    return {name: found[name] for name in sorted(found)}


def _require_whole(path: Path, row: Mapping[str, Any], requirements: Mapping[str, Requirement]) -> None:
    """Raise SuiteError where a profile names a file that is not there, or a component without any requirement."""
    for folder, name, steps in (
        *(
            ("schemas", spec["schema"], (group, kind, "schema"))
            for group in ("types", "documents")
            for kind, spec in row.get(group, {}).items()
            if "schema" in spec
        ),
        *(("shapes", shape, ("shapes",)) for shape in row["shapes"]),
    ):
        if not resource(folder).joinpath(*name.split("/")).is_file():
            message = f"the profile {row['name']} names {folder}/{name}, which does not exist"
            raise SuiteError(message, where=place_in(path, *steps))
    wanted = {r.component for r in requirements.values() if row["version"] in r.versions}
    for component in row["components"]:
        if component not in wanted:
            raise SuiteError(
                f"the profile {row['name']} names the component {component}, of which no requirement is in {row['version']}",
                where=place_in(path, "components"),
                why="A profile without requirements would pass everything.",
                hint="Add the version to the requirements that apply, or leave the component out.",
            )


def _profile(
    path: Path, row: Mapping[str, Any], base: Profile | None, requirements: Mapping[str, Requirement]
) -> Profile:
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
    documents = dict(base.documents) if base else {}
    for name, spec in row.get("documents", {}).items():
        documents[name] = _document(path, name, spec, requirements)
    return Profile(
        row["name"], row["title"], row["version"], tuple(row["components"]), types,
        (*(base.shapes if base else ()), *shapes),
        "binds" if row.get("proposed") else "warns", row.get("note"), row.get("base"),
        tuple(row.get("extension_contexts", ())), tuple(row.get("bases", ())), documents,
        row.get("model", row["version"]),
    )  # fmt: skip


def _document(
    path: Path, name: str, spec: Mapping[str, Any], requirements: Mapping[str, Requirement]
) -> CredentialType:
    if spec["umbrella"] not in requirements:
        raise SuiteError(
            f"the document kind {name} names the unknown requirement {spec['umbrella']}",
            where=place_in(path, "documents", name, "umbrella"),
        )
    return CredentialType(
        name, spec["component"], (), spec.get("schema", ""), spec.get("context", ""), suite="document",
        umbrella=spec["umbrella"], marks=tuple(tuple(mark.split("/")) for mark in spec["marks"]),
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
        message = f"the type {name} extends the unknown type {spec['extends']}"
        raise SuiteError(message, where=place_in(path, "types", name, "extends"))
    return CredentialType(
        name, core.component, tuple(spec["subject"]), core.schema, core.context, (*core.shapes, *shapes),
        extends=core.name, extension=spec["schema"],
    )  # fmt: skip


__all__ = [
    "Catalogue",
    "Conflict",
    "CredentialType",
    "Profile",
    "load_catalogue",
    "read_catalogue",
    "read_toml",
    "validator",
]

"""The suite: the cases, loaded by path, with the catalogue that they belong to; and the plan for a subject.

`harness` never imports `test_cases`: cases are files, so that an extension can bring its own.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from harness.catalogue import Catalogue, CredentialType, Profile, load_catalogue, with_requirements
from harness.credential import CREDENTIAL, Credential, Node
from harness.errors import HarnessError, SuiteError, UsageError, Where
from harness.judge.case import Case, Ownership, take_collected
from harness.model import Basis
from harness.resources import resource

SUITES = (
    "credential", "document", "bundle", "issuer", "verifier", "resolver", "publisher", "registrar", "vocabulary",
    "access_control", "extension",
)  # fmt: skip

READING = ("VCP-JSON-01", "VCP-ENV-21")
"""The cases that say whether there is a JSON text to read at all: they judge documents beside credentials too."""

_VERSION = re.compile(
    r"untp/(?:v)?(?:(?P<type>[a-z]{3})/)?(?P<version>[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6})(?![0-9])"
)


@dataclass(frozen=True)
class Plan:
    """The cases for credentials of one type under one profile, and who owns which schema fault."""

    profile: Profile
    type: CredentialType | None
    cases: tuple[Case, ...]
    ownership: Ownership
    extension_ownership: Ownership
    """Who owns the faults that only the schema of the extension has: proposed requirements alone."""


@dataclass(frozen=True)
class Suite:
    """Cases and catalogue together; `digest` names exactly this state of both."""

    catalogue: Catalogue
    cases: tuple[Case, ...]
    digest: str
    _plans: dict[tuple[str, str | None], Plan] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def cases_by_id(self) -> Mapping[str, Case]:
        """The cases by their ids."""
        return {item.id: item for item in self.cases}

    def profile(self, name: str) -> Profile:
        """A profile by name. Raises UsageError that names the ones there are."""
        found = self.catalogue.profiles.get(name)
        if found is None:
            known = ", ".join(sorted(self.catalogue.profiles))
            raise UsageError(f"there is no profile {name!r}", hint=f"Profiles: {known}.")
        return found

    def guess_profile(self, credential: Credential) -> Profile:
        """The profile that the first UNTP context points to; the newest where there is none."""
        contexts = _contexts(credential)
        document = self._profile_of_document(credential, contexts)
        if document is not None:
            return document
        for profile in self.catalogue.profiles.values():
            if set(profile.extension_contexts) & set(contexts):
                return profile
        candidates = [profile for profile in self.catalogue.profiles.values() if profile.base is None]
        for context in contexts:
            for profile in candidates:
                if any(spec.context == context for spec in profile.types.values()):
                    return profile
        newest = max(candidates, key=lambda profile: _ordered(profile.version))
        for context in contexts:
            match = _VERSION.search(context)
            if match is None:
                continue
            named = _ordered(match["version"])
            older = [profile for profile in candidates if _ordered(profile.name.rpartition("-")[2]) <= named]
            return (
                max(older, key=lambda p: _ordered(p.name.rpartition("-")[2]))
                if older
                else min(candidates, key=lambda p: _ordered(p.name.rpartition("-")[2]))
            )
        return newest

    def document_kind(self, credential: Credential, profile: Profile) -> CredentialType | None:
        """What a document that is no credential is, by its type or else by its members; None where nobody knows."""
        if credential.document is None or credential.kind == CREDENTIAL:
            return None
        root = credential.document.root
        for spec in profile.documents.values():
            if spec.name in root.types:
                return spec
        return next(
            (spec for spec in profile.documents.values() if all(_has(root, mark) for mark in spec.marks)),
            None,
        )

    def _profile_of_document(self, credential: Credential, contexts: tuple[str, ...]) -> Profile | None:
        """The profile of a document beside credentials: that of its context, else the newest that knows its kind."""
        knowing = [
            (profile, kind)
            for profile in self.catalogue.profiles.values()
            if profile.base is None and (kind := self.document_kind(credential, profile)) is not None
        ]
        named = [profile for profile, kind in knowing if kind.context in contexts]
        found = named or [profile for profile, _ in knowing]
        return max(found, key=lambda profile: _ordered(profile.name.rpartition("-")[2]), default=None)

    def type_of(self, credential: Credential, profile: Profile) -> CredentialType | None:
        """The UNTP type of a credential: by its type, else by its subject's class, else by its context.

        An extension type goes before the type that it extends.
        """
        if credential.document is None:
            return None
        if credential.kind != CREDENTIAL:
            return self.document_kind(credential, profile)
        root = credential.document.root
        classes = {kind for node in root.each("credentialSubject") for kind in node.types} | set(root.types)
        named = [profile.types[name] for name in root.types if name in profile.types]
        extended = [spec for spec in named if spec.extends] + [
            spec
            for spec in profile.types.values()
            if spec.extends and classes & set(spec.subject) and spec.extends in {core.name for core in named}
        ]
        if extended or named:
            return (extended or named)[0]
        for spec in profile.types.values():
            if classes & set(spec.subject):
                return spec
        contexts = _contexts(credential)
        matching = [spec for spec in profile.types.values() if spec.context in contexts]
        return matching[0] if len(matching) == 1 else None

    def plan(self, profile: Profile, kind: CredentialType | None) -> Plan:
        """The cases for one type, of the suite that judges it, ordered by id, worked out once."""
        key = (profile.name, kind.name if kind else None)
        if key not in self._plans:
            suite = kind.suite if kind else "credential"
            read = READING if suite == "document" else ()
            chosen = tuple(
                c for c in self.cases if c.id in read or (c.suite == suite and self._fits(c, profile, kind))
            )
            ours = [c for c in chosen if self.catalogue.requirements[c.requirement].basis is Basis.PROPOSED]
            official = [c for c in chosen if c not in ours]
            self._plans[key] = Plan(profile, kind, chosen, Ownership.of(official), Ownership.of(ours))
        return self._plans[key]

    def _fits(self, item: Case, profile: Profile, kind: CredentialType | None) -> bool:
        requirement = self.catalogue.requirements[item.requirement]
        if not profile.contains(requirement):
            return False
        if item.types or item.suite == "document":
            return kind is not None and bool({kind.name, kind.core} & set(item.types))
        return requirement.component in ("VCP", kind.component if kind else "VCP")


def _has(node: Node, path: tuple[str, ...]) -> bool:
    """Whether there is a member at a path of names, arrays looked through."""
    if not path:
        return True
    return any(_has(inner, path[1:]) for item in node if (inner := item[path[0]]) is not None)


def _contexts(credential: Credential) -> tuple[str, ...]:
    if credential.document is None:
        return ()
    return tuple(
        node.value for node in credential.document.root.each("@context") if isinstance(node.value, str)
    )


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


OWN_CHECKS = "UNTP_CRM_CHECKS"
"""The variable that names the folder of an extension's own requirements and cases, laid out like test_cases/."""


def load_suite() -> Suite:
    """The suite that ships with the harness, with the cases of an extension where UNTP_CRM_CHECKS names their folder.

    Raises SuiteError where cases and catalogue do not fit.
    """
    return _loaded(os.environ.get(OWN_CHECKS) or None)


@cache
def _loaded(own: str | None) -> Suite:
    if own is None:
        return build_suite(load_catalogue(), resource("test_cases"))
    folder = Path(own)
    if not folder.is_dir():
        raise SuiteError("the folder of checks does not exist", where=own, hint=f"Correct {OWN_CHECKS}.")
    return build_suite(with_requirements(load_catalogue(), folder), resource("test_cases"), own=folder)


def build_suite(
    catalogue: Catalogue, folder: Path, more: Iterable[Path] = (), *, own: Path | None = None
) -> Suite:
    """Load every case file of a folder laid out like test_cases/ and check it against the catalogue.

    `own` is a folder of the same layout with the cases of an extension.
    """
    cases: list[Case] = []
    digest = hashlib.sha256()
    for root in filter(None, (folder, own)):
        for suite in SUITES:
            cases.extend(_in_folder(root / suite))
    for path in sorted(_data_files(own)) if own is not None else ():
        digest.update(b"own\0" + path.relative_to(own or path).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for path in more:
        cases.extend(replace(item, suite="credential") for item in load_cases(path))
        digest.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    for path in sorted(_data_files(folder)):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for other in ("schemas", "shapes"):
        root = resource(other)
        for path in sorted(
            p for p in root.rglob("*") if p.is_file() and p.suffix in (".json", ".jsonld", ".ttl", ".toml")
        ):
            digest.update(f"{other}/{path.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    seen: dict[str, Case] = {}
    for item in cases:
        if item.requirement not in catalogue.requirements:
            place = f"{item.file}:{item.line}"
            raise SuiteError(f"case {item.id} names the unknown requirement {item.requirement}", where=place)
        if item.id in seen:
            raise SuiteError(f"the case id {item.id} is used twice", where=f"{item.file}:{item.line}")
        seen[item.id] = item
    ordered = tuple(sorted(cases, key=lambda item: (SUITES.index(item.suite), item.id)))
    return Suite(catalogue, ordered, f"sha256-{digest.hexdigest()}")


def _in_folder(folder: Path) -> Iterator[Case]:
    """The cases of one suite: functions in test_*.py, and checks written as data in *.toml."""
    from harness.judge.endpoint_check import read_checks  # noqa: PLC0415 - it judges endpoints, which know suites

    for path in sorted(folder.glob("test_*.py")):
        yield from (replace(item, suite=folder.name) for item in load_cases(path))
    for path in sorted(folder.glob("*.toml")):
        yield from (check.as_case() for check in read_checks(path))


def _data_files(folder: Path) -> Iterable[Path]:
    """What the digest covers: not the rules of review, which say nothing of how a credential is judged."""
    found = (p for p in folder.rglob("*") if p.is_file() and p.suffix in (".py", ".toml", ".json", ".txt"))
    return (p for p in found if p.relative_to(folder).parts[0] != "review")


def load_cases(path: Path) -> list[Case]:
    """Run one case file and take the cases that it registers. Raises SuiteError where it cannot be run."""
    name = f"untp_crm_cases_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SuiteError("this is no Python file", where=str(path))
    module: Any = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    folder = str(path.parent)
    take_collected()
    _forget_namesakes(path.parent)
    sys.path.insert(0, folder)
    try:
        spec.loader.exec_module(module)
    except SuiteError:
        raise
    except _BREAKS as error:
        line = _line_in(path, error)
        message = f"the case file cannot be loaded: {type(error).__name__}: {error}"
        raise SuiteError(message, where=Where(str(path), None, line)) from error
    finally:
        sys.path.remove(folder)
    return take_collected()


_BREAKS = (
    ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, NameError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError, HarnessError,
)  # fmt: skip
"""What a case file may break with while it is loaded."""


def _forget_namesakes(folder: Path) -> None:
    """Forget modules of other folders that are named like the shared modules of this one."""
    for shared in folder.glob("_*.py"):
        known = sys.modules.get(shared.stem)
        if known is not None and Path(known.__file__ or "").resolve() != shared.resolve():
            del sys.modules[shared.stem]


def _line_in(path: Path, error: BaseException) -> int | None:
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)
    ]
    return lines[-1] if lines else None

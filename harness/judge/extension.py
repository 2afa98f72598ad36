"""What an extension case sees: the published parts of an extension beside those of UNTP; and how it is run.

A finding names the file at fault, so that a designer sees file, line and reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from harness.catalogue import CredentialType, Profile
from harness.credential import Credential, Document, parse, read_credentials
from harness.credential.strict_json import escape, unescape
from harness.errors import AbsentError, HarnessError, SuiteError, UsageError
from harness.evidence import Absence, Evidence, Web
from harness.judge.case import Case
from harness.judge.excerpt import with_source
from harness.judge.judge import STUMBLES, Terms
from harness.judge.suite import Suite
from harness.model import Finding, Outcome, Result, SubjectReport, verdict_of
from harness.semantics.expansion import Expansion, expand
from harness.semantics.extension import Schemas, defined

EXTENSION = "Extension"
"""The type that the report on an extension has."""

PROTECTED = ("protected term redefinition", "invalid context nullification")
"""What a JSON-LD processor says of a context that changes a protected term."""

MOST_URLS = 200
"""How many URLs of an extension are asked for."""

BASE_CONTEXT = "https://www.w3.org/ns/credentials/v2"


@dataclass(frozen=True)
class ExtensionFinding(Finding):
    """A finding in one file of an extension."""

    subject: str = ""


@dataclass(frozen=True)
class Part:
    """One file of an extension: its name, where it is published, and what is in it."""

    name: str
    document: Document
    url: str | None = None
    previous: Document | None = None

    def finds(
        self, pointer: str, message: str, *, expected: str | None = None, actual: str | None = None,
        hint: str | None = None,
    ) -> ExtensionFinding:  # fmt: skip
        """A finding at a place of this file."""
        found = self.document.finding(pointer, message)
        shown = actual if actual is not None or not pointer else self.document.shown(pointer, 80)
        return ExtensionFinding(
            message, pointer, found.line, found.column, expected, shown, hint, subject=self.name
        )


@dataclass(frozen=True)
class ExtensionType:
    """One credential type of an extension: what it extends, its schema and its examples."""

    name: str
    core: CredentialType
    subject: tuple[str, ...]
    schema: Part | None
    examples: tuple[Part, ...]


@dataclass(frozen=True)
class ExtensionUnderTest:
    """An extension of a profile of UNTP, as its designer publishes it."""

    name: str
    table: Part
    profile: Profile
    contexts: tuple[Part, ...]
    schemas: tuple[Part, ...]
    types: tuple[ExtensionType, ...]
    judge_core: Callable[[Part], tuple[Result, ...]] = field(repr=False, compare=False)
    web: Mapping[str, Evidence | Absence] = field(default_factory=Web)
    """What was brought of the URLs that the extension publishes under."""

    @property
    def description(self) -> Mapping[str, Any]:
        """What extension.toml says."""
        value: Mapping[str, Any] = self.table.document.value
        return value

    @property
    def examples(self) -> tuple[tuple[ExtensionType, Part], ...]:
        """Each example with its type."""
        return tuple((kind, example) for kind in self.types for example in kind.examples)

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """Every file of it that findings have a place in, by name."""
        schemas = (kind.schema for kind in self.types if kind.schema is not None)
        parts = (self.table, *self.contexts, *self.schemas, *schemas, *(one for _, one in self.examples))
        return {part.name: part.document for part in parts}

    @cached_property
    def together(self) -> Schemas:
        """Its schemas as one set."""
        parts = (*self.schemas, *(kind.schema for kind in self.types if kind.schema is not None))
        return Schemas(
            {part.name: part.document.value for part in parts},
            {part.name: part.url for part in parts if part.url is not None},
        )

    def expanded(self, document: Any) -> Expansion:
        """A document expanded under its contexts; those of the extension are taken from its files."""
        own = {part.url: part.document.value for part in self.contexts}
        contexts: list[Any] = []
        named = document.get("@context") if isinstance(document, dict) else None
        for context in named if isinstance(named, list) else [named]:
            held = own.get(context) if isinstance(context, str) else None
            found = held.get("@context") if isinstance(held, dict) else context
            contexts += found if isinstance(found, list) else [found]
        value = {**document, "@context": contexts} if named is not None else document
        return expand(value, Web(), engine="reference")

    def iris(self, part: Part) -> list[tuple[str, str]]:
        """Each term that a context defines, with its IRI as the contexts together expand it: place and IRI."""
        terms = []
        for place, term in defined(part.document.value):
            stated = term.get("@id", unescape(place.rpartition("/")[2])) if isinstance(term, dict) else term
            if isinstance(stated, str) and not stated.startswith("@"):
                terms.append((place, stated))
        contexts = [BASE_CONTEXT, self.types[0].core.context, *(other.url for other in self.contexts)]
        made = self.expanded({"@context": contexts, "@id": "urn:x", "@type": [stated for _, stated in terms]})
        if made.fault is not None:
            return []
        found = made.expanded[0].get("@type", []) if made.expanded else []
        return [(place, iri) for (place, _), iri in zip(terms, found, strict=False)]

    @property
    def published(self) -> tuple[str, ...]:
        """The URLs under which it publishes contexts, schemas and the pages of its terms."""
        urls = [part.url for part in self.contexts]
        urls += [self.together.base(name) for name in self.together.documents]
        urls += [iri.partition("#")[0] for part in self.contexts for _, iri in self.iris(part)]
        sites = {_site(part.url) for part in self.contexts}
        return tuple(dict.fromkeys(url for url in urls if url and _site(url) in sites))[:MOST_URLS]

    def redefined(self, part: Part, core: CredentialType) -> list[str]:
        """The terms of a context that are protected terms of the core, with another meaning: their places."""
        whole = part.document.value.get("@context")
        terms = whole if isinstance(whole, dict) else {}
        plain = {name: term for name, term in terms.items() if name.startswith("@") or _prefix(term)}
        found = []
        for name, term in terms.items():
            alone = {**plain, name: term} if not name.startswith("@") else plain
            fault = self.expanded({"@context": [BASE_CONTEXT, core.context, alone], "id": "urn:x"}).fault
            if fault is not None and fault.code in PROTECTED and name not in plain:
                found.append(f"/@context/{escape(name)}")
        return found

    def stacked(self, core: CredentialType) -> Expansion:
        """The contexts of a core type with those of the extension after them, around an empty object."""
        own = [part.url for part in self.contexts]
        return self.expanded({"@context": [BASE_CONTEXT, core.context, *own], "id": "urn:example:node"})


def extension_under_test(
    description: Mapping[str, Any],
    files: Mapping[str, Evidence],
    examples: Mapping[str, tuple[str, ...]],
    suite: Suite,
    *,
    table: str,
    judge_core: Callable[[Credential, Profile], tuple[Result, ...]],
) -> ExtensionUnderTest:
    """The subject of extension cases. Raises UsageError where a file is no JSON or a type extends none of UNTP."""
    profile = suite.profile(description["base"])
    documents = {name: _document(files[name]) for name in files if name != table}
    credentials = {name: _credential(files[name]) for names in examples.values() for name in names}

    def part(name: str, url: str | None = None, previous: str | None = None) -> Part:
        return Part(name, documents[name], url, documents[previous] if previous else None)

    kinds = []
    for row in description["type"]:
        core = profile.types.get(row["extends"])
        if core is None:
            raise UsageError(
                f"the type {row['name']} extends {row['extends']}, which {profile.name} does not have",
                where=table, hint=f"Types: {', '.join(sorted(profile.types))}.",
            )  # fmt: skip
        shown = tuple(
            Part(name, credentials[name].document or documents[name]) for name in examples[row["name"]]
        )
        schema = part(row["schema"]) if "schema" in row else None
        kinds.append(ExtensionType(row["name"], core, tuple(row.get("subject", ())), schema, shown))
    source = parse(files[table].body).source
    return ExtensionUnderTest(
        name=f"{description['name']} {description['version']}",
        table=Part(table, Document(description, source)),
        profile=profile,
        contexts=tuple(part(row["file"], row["url"], row.get("previous")) for row in description["context"]),
        schemas=tuple(part(row["file"], row.get("url")) for row in description.get("schema", ())),
        types=tuple(kinds),
        judge_core=lambda example: judge_core(credentials[example.name], profile),
    )


def _prefix(term: object) -> bool:
    """Whether a term is a prefix of other terms: an IRI that ends where a name may follow."""
    return isinstance(term, str) and term[-1:] in ("/", "#", ":", "0")


def _site(url: str | None) -> str | None:
    """The host of a URL of the web; None where it is none."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") else None


def _document(evidence: Evidence) -> Document:
    credentials = list(read_credentials(evidence))
    if len(credentials) != 1 or credentials[0].document is None:
        parsed = parse(evidence.body)
        fault = next(iter(parsed.faults), None)
        line, column = parsed.source.place(fault.offset) if fault is not None else (1, 1)
        raise UsageError(
            f"{evidence.name} cannot be read: {fault.message if fault else 'it is no single JSON document'}",
            where=f"{evidence.name}:{line}:{column}", hint="Contexts, schemas and examples are JSON.",
        )  # fmt: skip
    return credentials[0].document


def _credential(evidence: Evidence) -> Credential:
    return next(iter(read_credentials(evidence)))


def judge_extension(
    extension: ExtensionUnderTest, suite: Suite, terms: Terms, evidence: Evidence
) -> SubjectReport:
    """Judge an extension by every extension case of the profile that it extends."""
    results: list[Result] = []
    for item in suite.cases:
        requirement = suite.catalogue.requirements[item.requirement]
        wanted = not terms.only or any(fnmatchcase(item.id, glob) for glob in terms.only)
        if item.suite == "extension" and wanted and extension.profile.contains(requirement):
            results.extend(run_extension_case(item, extension, suite))
    return SubjectReport(
        name=evidence.name, sha256=evidence.sha256, media_type="application/toml", size=len(evidence.body),
        origin=evidence.origin, type=EXTENSION, profile=extension.profile.name, results=tuple(results),
        verdict=verdict_of(results),
    )  # fmt: skip


def run_extension_case(item: Case, extension: ExtensionUnderTest, suite: Suite) -> list[Result]:
    """One case on one extension: a result for each file at fault, or one for the extension."""
    requirement = suite.catalogue.requirements[item.requirement]

    def result(
        outcome: Outcome, findings: tuple[Finding, ...] = (), name: str = extension.table.name
    ) -> Result:
        reason = findings[0].message if findings and outcome in (Outcome.NOT_RUN, Outcome.ERROR) else None
        told = tuple(replace(finding, source=finding.source or requirement.source) for finding in findings)
        return Result(
            item.id, requirement.id, requirement.level, requirement.role, name, outcome, told, reason
        )

    found: list[Finding] = []
    try:
        if item.when is not None and not item.when(extension):
            return [result(Outcome.NOT_APPLICABLE)]
        for finding in item.function(extension):
            found.append(finding)  # noqa: PERF402 - what was found before something was missing counts
    except AbsentError as absent:
        if not found:
            return [result(Outcome.NOT_RUN, (Finding(absent.message, hint=absent.hint),))]
    except SuiteError:
        raise
    except HarnessError as failure:
        return [result(Outcome.ERROR, (Finding(failure.message, hint=failure.hint),))]
    except STUMBLES as stumble:
        message = f"the case stumbled over this extension: {type(stumble).__name__}: {stumble}"
        hint = "This is a fault of the harness: report it with the extension."
        return [result(Outcome.ERROR, (Finding(message, hint=hint),))]
    if not found:
        return [result(Outcome.PASSED)]
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in found:
        name = finding.subject if isinstance(finding, ExtensionFinding) else extension.table.name
        by_file[name].append(with_source(finding, extension.documents.get(name)))
    severity = requirement.severity(proposed=extension.profile.proposed)
    return [result(severity, tuple(findings), name) for name, findings in by_file.items()]

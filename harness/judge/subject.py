"""What a case sees: a credential with everything that can be known about it, worked out once.

Each aspect (schema faults, expansion, shape results, signature) is computed when a case first asks for
it, by the engine that the run was told to use, from the evidence alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from harness.catalogue import CredentialType, Profile
from harness.credential import Credential, Document, Node
from harness.errors import AbsentError, EngineError
from harness.evidence import Absence, Evidence
from harness.judge.excerpt import with_excerpt
from harness.judge.security import Security
from harness.model import Finding
from harness.semantics import rdf, schema, shapes
from harness.semantics.expansion import Expansion, expand, require_same
from harness.semantics.place_triples import chosen, place_triples
from harness.semantics.schema import SchemaFault
from harness.semantics.shapes import ShapeResult
from harness.trust.anchors import NOBODY, Anchors

SAMPLE_IN = 512
"""One in so many credentials that a fast engine passes is judged again by the reference engine."""


@dataclass(frozen=True)
class CredentialUnderTest:
    """One credential, the profile that it is judged by, the evidence around it, and the clock."""

    credential: Credential
    profile: Profile
    type: CredentialType | None
    web: Mapping[str, Evidence | Absence]
    at: datetime
    engine: str = "fast"
    owner: Callable[[str, str], str | None] = field(default=lambda _pointer, _keyword: None, repr=False)
    extension_owner: Callable[[str, str], str | None] = field(
        default=lambda _pointer, _keyword: None, repr=False
    )
    anchors: Anchors = NOBODY
    remembered: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What helpers of cases have worked out about it: see `once`."""

    @property
    def name(self) -> str:
        """The name that it has in the record."""
        return self.credential.name

    @cached_property
    def document(self) -> Document:
        """The credential as JSON. Raises AbsentError where it could not be read."""
        if self.credential.document is None:
            raise AbsentError("the credential could not be read, so nothing in it can be judged")
        return self.credential.document

    @property
    def root(self) -> Node:
        """The credential object."""
        return self.document.root

    @property
    def version(self) -> str:
        """The UNTP version whose data model it has."""
        return self.profile.model or self.profile.version

    @cached_property
    def subjects(self) -> tuple[Node, ...]:
        """The objects under credentialSubject."""
        return tuple(node for node in self.root.each("credentialSubject") if isinstance(node.value, dict))

    @property
    def issuer_id(self) -> str | None:
        """The issuer's identifier, from the object or the bare string."""
        issuer = self.root.get("issuer")
        found = issuer.get("id") if isinstance(issuer, dict) else issuer
        return found if isinstance(found, str) else None

    def members(self, *names: str) -> list[Node]:
        """Every value anywhere under one of these member names, arrays taken apart."""
        return self.document.members(*names)

    @cached_property
    def sampled(self) -> bool:
        """Whether the reference engine looks at this one although the fast engine passed it.

        The lot falls by the bytes and by the place in them, so that the lines of a file do not share it.
        """
        evidence = self.credential.evidence
        drawn = zlib.crc32(f"{evidence.sha256}{self.name.removeprefix(evidence.name)}".encode())
        return self.engine == "fast" and drawn % SAMPLE_IN == 0

    # --- JSON Schema -------------------------------------------------------------------------------

    @cached_property
    def schema_faults(self) -> Mapping[str | None, tuple[SchemaFault, ...]]:
        """Faults against the schema of its type, by the requirement that owns them (None: the umbrella)."""
        if self.type is None or not self.type.schema:
            return {}
        found = schema.schema_faults(self.type.schema, self.document.value, engine=self.engine)
        if not found and self.sampled:
            schema.confirm(self.type.schema, self.document.value)
        owned: dict[str | None, list[SchemaFault]] = {}
        for fault in found:
            owned.setdefault(self.owner(fault.pointer, fault.keyword), []).append(fault)
        return {requirement: tuple(faults) for requirement, faults in owned.items()}

    @cached_property
    def extension_faults(self) -> Mapping[str | None, tuple[SchemaFault, ...]]:
        """Faults that only the schema of its extension type has, by the proposed requirement that owns them."""
        if self.type is None or self.type.extension is None:
            return {}
        core = {fault for faults in self.schema_faults.values() for fault in faults}
        found = schema.schema_faults(self.type.extension, self.document.value, engine=self.engine)
        if not found and self.sampled:
            schema.confirm(self.type.extension, self.document.value)
        owned: dict[str | None, list[SchemaFault]] = {}
        for fault in found:
            if fault not in core:
                owned.setdefault(self.extension_owner(fault.pointer, fault.keyword), []).append(fault)
        return {requirement: tuple(faults) for requirement, faults in owned.items()}

    def schema_findings(
        self, requirement: str | None, *, excused: Callable[[SchemaFault], str | None] = lambda _fault: None
    ) -> Iterator[Finding]:
        """A finding for each schema fault that a requirement owns; for None, for those nobody owns.

        `excused` names the conflict of standards that a fault comes from, if any.
        """
        added = self.extension_faults.get(requirement, ()) if requirement is not None else ()
        for fault in (*self.schema_faults.get(requirement, ()), *added):
            yield replace(self.finding_of(fault), conflict=excused(fault))

    def finding_of(self, fault: SchemaFault) -> Finding:
        """What to say of one schema fault."""
        missing = fault.keyword == "required"
        return self.document.finding(
            fault.pointer,
            fault.message,
            expected=fault.expected,
            actual="nothing" if missing else self.document.shown(fault.pointer),
            hint=fault.hint,
        )

    # --- JSON-LD and SHACL -------------------------------------------------------------------------

    @cached_property
    def expansion(self) -> Expansion:
        """The credential expanded, with what was dropped. Raises AbsentError where a context is not there."""
        document = self.document
        made = expand(document.value, self.web, engine=self.engine, objects=document.located)
        if self.sampled:
            require_same(made, expand(document.value, self.web, engine="reference"))
        return made

    @property
    def expanded(self) -> Expansion:
        """The expansion, where there is one. Raises AbsentError with the reason where there is none."""
        if self.expansion.fault is not None:
            raise AbsentError(f"the credential cannot be expanded: {self.expansion.fault.message}")
        return self.expansion

    @cached_property
    def shape_results(self) -> Mapping[str, tuple[ShapeResult, ...]]:
        """Violations of the shapes of its type, by requirement."""
        if self.type is None or not self.type.shapes:
            return {}
        expansion = self.expanded
        wanted = shapes.predicates_of(self.type.shapes)
        fast = self.engine == "fast"
        ntriples = place_triples(expansion.expanded, expansion.places, wanted) if fast else None
        if ntriples is None or self.sampled:
            by_place = rdf.by_place(expansion.expanded, expansion.places)
            written = rdf.to_ntriples(by_place, engine=self.engine)
            if ntriples not in (None, chosen(written, wanted)):
                raise EngineError("the shapes graph written directly differs from the one by way of RDF")
            ntriples = written
        found = shapes.shape_results(self.type.shapes, ntriples, engine=self.engine)
        if not found and self.sampled:
            shapes.confirm(self.type.shapes, ntriples)
        grouped: dict[str, list[ShapeResult]] = {}
        for result in found:
            grouped.setdefault(result.requirement, []).append(result)
        return {requirement: tuple(results) for requirement, results in grouped.items()}

    def shape_findings(
        self, requirement: str, *, expected: str | None = None, hint: str | None = None
    ) -> Iterator[Finding]:
        """A finding for each violated shape of a requirement, at the place of the object at fault."""
        for result in self.shape_results.get(requirement, ()):
            yield self.document.finding(
                result.pointer,
                result.message,
                expected=expected,
                actual=result.value or self.document.shown(result.pointer),
                hint=hint,
            )

    @cached_property
    def security(self) -> Security:
        """What can be said of its signatures, keys, identifiers and status."""
        return Security(self.credential, self.web, self.at, self.issuer_id, self.engine)

    # --- evidence ----------------------------------------------------------------------------------

    def fetched(self, url: str) -> Evidence:
        """What gather brought for a URL. Raises AbsentError with the URL and the reason where nothing came."""
        answer = self.web[url]
        if isinstance(answer, Absence):
            raise AbsentError(f"{url}: {answer.reason}", hint="Give it with --web DIR, or allow --online.")
        return answer

    def excerpted(self, finding: Finding) -> Finding:
        """A finding in this credential with the source around its place."""
        return with_excerpt(finding, self.credential)

    def not_a_credential(self) -> Finding:
        """What to say of a JSON document that is no credential: ours to say, not a fault of the vendor."""
        return Finding(
            f"this is {self.credential.kind}, not a credential: nothing in it was judged",
            "", 1, 1,
            expected="a verifiable credential",
            actual=self.credential.kind,
            hint="Point the harness at the credentials only; other artefacts have suites of their own.",
            blame="harness",
        )  # fmt: skip

    def value(self, *path: str) -> Any:
        """The value at a path of member names from the root, or None."""
        return self.root.get(*path)


@dataclass(frozen=True)
class DocumentUnderTest(CredentialUnderTest):
    """What is published beside credentials: a link set, a vocabulary of criteria, a register. Nobody signs it."""

    def expanded_by(self, context: str) -> Expansion:
        """It, expanded under a context that it need not name itself. Raises AbsentError where that cannot be done."""
        own = [node.value for node in self.root.each("@context")]
        contexts = own if context in own else [context, *own]
        made = expand({**self.document.value, "@context": contexts}, self.web, engine=self.engine)
        if made.fault is not None:
            raise AbsentError(f"the document cannot be expanded: {made.fault.message}")
        return made

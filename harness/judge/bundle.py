"""What a bundle case sees: many credentials as one graph, with its chains, lineage and balance; and how it is run.

A finding of a bundle case names the credential at fault, so that each report stands with its credential.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from harness.catalogue import Profile
from harness.credential import Document
from harness.errors import AbsentError, EngineError, HarnessError, SuiteError
from harness.graph import Graph, Origin, Source, State, build_graph
from harness.graph.balance import Balance
from harness.graph.build import Reading, read
from harness.graph.chains import Chains
from harness.graph.entities import Link
from harness.graph.lineage import Lineage
from harness.graph.merged import Merged
from harness.graph.reading import identifier, link, moment, text, words
from harness.judge.case import Case
from harness.judge.judge import STUMBLES, Terms
from harness.judge.security import settle
from harness.judge.subject import CredentialUnderTest
from harness.judge.suite import Suite
from harness.model import Finding, Outcome, Requirement, Result, Verdict
from harness.trust.moments import moment as stamp

NAME = "bundle"
"""The subject of results that are not about one credential."""


@dataclass(frozen=True)
class BundleFinding(Finding):
    """A finding in one credential of a bundle."""

    subject: str = NAME
    version: str | None = None


@dataclass(frozen=True)
class BundleUnderTest:
    """The credentials of a run as one subject: the graph, and what is worked out from it once."""

    graph: Graph
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict, repr=False)
    engine: str = "fast"

    @cached_property
    def merged(self) -> Merged:
        """Each product and facility as one node."""
        return Merged(self.graph, self.engine)

    @cached_property
    def chains(self) -> Chains:
        """The chains of trust."""
        return Chains(self.graph)

    @cached_property
    def lineage(self) -> Lineage:
        """The goods along the events."""
        return Lineage(self.graph)

    @cached_property
    def balance(self) -> Balance:
        """The mass balance."""
        return Balance(self.graph)

    def finds(
        self, at: Origin, message: str, *, expected: str | None = None, actual: str | None = None,
        hint: str | None = None, member: str | None = None,
    ) -> BundleFinding:  # fmt: skip
        """A finding at the place of a statement, or of one of its members."""
        pointer = f"{at.pointer}/{member}" if member else at.pointer
        document = self.documents.get(at.source.name)
        line = column = None
        if document is not None:
            placed = document.finding(pointer, message)
            line, column = placed.line, placed.column
        return BundleFinding(
            message, pointer, line, column, expected, actual, hint,
            subject=at.source.name, version=at.source.version,
        )  # fmt: skip


def reading_of(subject: CredentialUnderTest, verdict: Verdict | None = None) -> Reading | None:
    """What a credential says for the graph; None where it is none, or cannot be read."""
    if subject.credential.kind != "credential" or subject.credential.document is None:
        return None
    root = subject.root
    state, why = state_of(subject)
    issuer = root["issuer"]
    software = root.get("issuingSoftware")
    aliases = issuer.each("issuerAlsoKnownAs") if issuer is not None else ()
    source = Source(
        name=subject.name,
        id=words(root.get("id")),
        component=subject.type.component if subject.type is not None else "",
        version=subject.version,
        issuer=identifier(subject.issuer_id) or "",
        issuer_names=tuple(filter(None, (identifier(alias.value) for alias in aliases))),
        issued_by=words(root.get("issuer", "name")),
        software=identifier(software) or (text(software.get("name")) if isinstance(software, dict) else None),
        valid_from=moment(root.get("validFrom")),
        valid_until=moment(root.get("validUntil")),
        state=state,
        why=why,
        conformant=verdict is None or verdict is Verdict.CONFORMANT,
        links=tuple(_links(subject)),
        kind=subject.type.name if subject.type is not None else "",
        profile=subject.profile.name,
    )
    return read(source, subject.subjects)


def _links(subject: CredentialUnderTest) -> Iterable[Link]:
    for node in subject.document.objects:
        made = link(node) if "linkURL" in node.value else None
        if made is not None:
            yield made


def state_of(subject: CredentialUnderTest) -> tuple[State, str]:
    """Whether a credential is verified at the clock of the run, and if not, why."""
    security = subject.security
    checks = [security.signature, *(result.verification for result in security.proofs)]
    found = [check for check in checks if check is not None]
    if not found:
        return State.UNVERIFIED, "it is not signed"
    try:
        problem = next(filter(None, (settle(check) for check in found)), None)
        if problem is not None:
            return State.BROKEN, problem.message
        for check in security.statuses:
            listed = settle(check.problem) if check.problem is not None else None
            listed = listed or (settle(check.signature) if check.signature is not None else None)
            if listed is not None:
                return State.UNVERIFIED, listed.message
            if check.status is not None and check.status.blocks:
                return State.WITHDRAWN, f"its status is {check.status.purpose}"
    except (AbsentError, EngineError) as absent:
        return State.UNVERIFIED, absent.message
    begins, ends = (
        stamp(written) or moment(written)
        for written in (subject.value("validFrom"), subject.value("validUntil"))
    )
    for member, read_as in (("validFrom", begins), ("validUntil", ends)):
        if subject.value(member) is not None and read_as is None:
            return State.UNVERIFIED, f"its {member} is no date that can be read"
    if ends is not None and ends < subject.at:
        return State.EXPIRED, f"it ended on {ends.date().isoformat()}"
    if begins is not None and begins > subject.at:
        return State.UNVERIFIED, f"it begins on {begins.date().isoformat()}"
    return State.VERIFIED, ""


def bundle_of(
    readings: Iterable[Reading], suite: Suite, *, roots: Iterable[str] = (),
    profiles: Mapping[str, Profile] | None = None, documents: Mapping[str, Document] | None = None,
) -> BundleUnderTest:  # fmt: skip
    """The subject of bundle cases, from what was read of each credential."""
    graph = build_graph(readings, roots=roots)
    known = profiles if profiles is not None else {
        profile.name: profile
        for source in graph.sources
        for profile in suite.catalogue.profiles.values()
        if profile.name == source.profile
        or (not source.profile and profile.version == source.version and profile.base is None)
    }  # fmt: skip
    return BundleUnderTest(graph, known, documents or {})


def judge_bundle(
    subjects: Sequence[CredentialUnderTest], suite: Suite, terms: Terms, *, roots: Iterable[str] = ()
) -> tuple[Result, ...]:
    """Judge some credentials together: what each bundle case says, credential by credential."""
    readings = [reading for subject in subjects if (reading := reading_of(subject)) is not None]
    documents = {s.name: s.credential.document for s in subjects if s.credential.document is not None}
    profiles = {subject.profile.name: subject.profile for subject in subjects}
    bundle = bundle_of(readings, suite, roots=roots, profiles=profiles, documents=documents)
    return run_bundle(bundle, suite, terms)


def run_bundle(bundle: BundleUnderTest, suite: Suite, terms: Terms) -> tuple[Result, ...]:
    """Every bundle case that belongs to a profile of the bundle, in the order of the ids."""
    from fnmatch import fnmatchcase  # noqa: PLC0415 - rarely needed

    results: list[Result] = []
    if bundle.engine != terms.engine:
        bundle = replace(bundle, engine=terms.engine)
    for item in suite.cases:
        requirement = suite.catalogue.requirements[item.requirement]
        if item.suite != "bundle" or (
            terms.only and not any(fnmatchcase(item.id, glob) for glob in terms.only)
        ):
            continue
        profiles = [profile for profile in bundle.profiles.values() if profile.contains(requirement)]
        if profiles:
            results.extend(_run(item, requirement, bundle, profiles))
    return tuple(results)


def _run(
    item: Case, requirement: Requirement, bundle: BundleUnderTest, profiles: Sequence[Profile]
) -> list[Result]:
    def result(
        outcome: Outcome, name: str = NAME, findings: tuple[Finding, ...] = (), reason: str | None = None
    ) -> Result:
        level, role = requirement.level, requirement.role
        return Result(item.id, requirement.id, level, role, name, outcome, findings, reason)

    versions = {profile.version for profile in profiles}
    try:
        if item.when is not None and not item.when(bundle):
            return [result(Outcome.NOT_APPLICABLE)]
        found = [f for f in item.function(bundle) if getattr(f, "version", None) in (None, *versions)]
    except SuiteError:
        raise
    except HarnessError as failure:
        finding = Finding(failure.message, hint=failure.hint, source=requirement.source)
        return [result(Outcome.ERROR, NAME, (finding,), failure.message)]
    except STUMBLES as stumble:
        message = f"the case stumbled over this bundle: {type(stumble).__name__}: {stumble}"
        hint = "This is a fault of the harness: report it with the credentials."
        return [
            result(Outcome.ERROR, NAME, (Finding(message, hint=hint, source=requirement.source),), message)
        ]
    if not found:
        return [result(Outcome.PASSED)]
    by_subject: dict[str, list[Finding]] = defaultdict(list)
    for finding in found:
        name = finding.subject if isinstance(finding, BundleFinding) else NAME
        by_subject[name].append(replace(finding, source=finding.source or requirement.source))
    severity = requirement.severity(
        proposed="binds" if any(p.proposed == "binds" for p in profiles) else "warns"
    )
    return [result(severity, name, tuple(findings)) for name, findings in by_subject.items()]

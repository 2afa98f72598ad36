"""The conformity vocabulary catalogue of 0.7.0: schemes, profiles and criteria as documents of their own."""

from __future__ import annotations

from _lists import URI, is_topic, listed

from harness.judge import DocumentUnderTest, Findings, case
from harness.semantics.schema import SchemaFault

CONTEXT = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
LEVELS = ("meets", "exceeds", "partial")
ALIGNMENTS = (("standardAlignment", "standard"), ("regulatoryAlignment", "regulation"))
VALUES = frozenset(
    [
        "Classification",
        "Endorsement",
        "Image",
        "Link",
        "Measure",
        "Performance",
        "RegulatoryAlignment",
        "Score",
        "ScoringFramework",
        "StandardAlignment",
    ]
)
"""Classes that the schemas of the catalogue name and the context does not define."""
BESIDE_REGISTER = "served beside a register"
"""The origin of a scheme that an endpoint gave for which vendor.toml names a register of schemes."""
CATALOGUE = ["ConformityScheme", "ConformityProfile", "Criterion"]


@case("CVC-SCHEME-01", types=["ConformityScheme"])
def a_scheme_is_complete(scheme: DocumentUnderTest) -> Findings:
    """A scheme has the members and codes of the schema."""
    yield from scheme.schema_findings(None, excused=_context)


@case("CVC-PROF-01", types=["ConformityProfile"])
def a_profile_is_complete(profile: DocumentUnderTest) -> Findings:
    """A profile has the members and codes of the schema."""
    yield from profile.schema_findings(None, excused=_context)


@case("CVC-CRIT-01", types=["Criterion"])
def a_criterion_is_complete(criterion: DocumentUnderTest) -> Findings:
    """A criterion has the members and codes of the schema; its threshold under either name."""

    def excused(fault: SchemaFault) -> str | None:
        renamed = fault.pointer in ("/passThreshold", "/requiredPerformance")
        return "CONFLICT-28" if renamed and criterion.value("requiredPerformance") else _context(fault)

    yield from criterion.schema_findings(None, excused=excused)


def _context(fault: SchemaFault) -> str | None:
    return "CONFLICT-29" if fault.pointer == "/@context" else None


@case("CVC-CRIT-02", types=["Criterion"], when=lambda criterion: criterion.root["conformityTopic"])
def criteria_carry_a_topic_of_the_un(criterion: DocumentUnderTest) -> Findings:
    """A criterion names at least one concept of the UN conformity topics, and none of another list."""
    topics = list(criterion.root.each("conformityTopic"))
    if not topics:
        yield criterion.root.at("conformityTopic").finds(
            "the criterion has no topic",
            expected="a UN conformity topic",
            hint="Name the topic that it serves.",
        )
    for topic in topics:
        if not is_topic(topic.get("id")):
            yield topic.at("id").finds(
                "this is no UN conformity topic", expected="https://vocabulary.uncefact.org/conformity-topics/…",
                hint="Choose a concept of the published taxonomy (UNTP 0.7.0, Core Taxonomies).",
            )  # fmt: skip


@case(
    "CVC-LINK-02",
    types=["ConformityProfile"],
    owns=[f"/{name}" for name, _ in ALIGNMENTS],
    when=lambda profile: profile.members(*(name for name, _ in ALIGNMENTS)),
)
def alignments_name_their_target(profile: DocumentUnderTest) -> Findings:
    """An alignment gives the URI of a standard or regulation, and meets, exceeds or partial."""
    found = list(profile.schema_findings("CVC-LINK-02"))
    yield from found
    told = {finding.pointer for finding in found}
    for member, target in ALIGNMENTS:
        for alignment in profile.root.each(member):
            level, aim = alignment.at("alignmentLevel"), alignment.at(target)
            if level.value not in LEVELS and level.pointer not in told:
                yield level.finds(
                    "the alignment does not say how far it goes", expected=", ".join(LEVELS),
                    actual=None if alignment["alignmentLevel"] else "nothing", hint="Add alignmentLevel.",
                )  # fmt: skip
            if not URI.match(str(aim.get("id"))) and not any(p and p.startswith(aim.pointer) for p in told):
                yield aim.finds("the alignment names no target", expected="a URI", hint="Add its id.")


@case("CVC-LD-01", types=CATALOGUE)
def it_can_be_read_as_linked_data(published: DocumentUnderTest) -> Findings:
    """Under the official context no member is lost."""
    for lost in published.expanded_by(CONTEXT).dropped:
        finding = published.document.finding(
            lost.pointer, f"'{lost.name}' means nothing under the official context: {lost.detail}",
            expected="members that the context defines", actual=published.document.shown(lost.pointer),
            hint="Use the term of the context, or leave it out.",
        )  # fmt: skip
        if f"{lost.pointer}/".startswith("/passThreshold/"):
            yield finding.excused_by("CONFLICT-28")
        else:
            yield finding.excused_by("CONFLICT-33") if lost.name in VALUES else finding


def _asked_elsewhere(published: DocumentUnderTest) -> bool:
    """Whether a live endpoint gave the scheme beside a register that vendor.toml names: CVC-REG-01a looks there."""
    return published.credential.evidence.origin == BESIDE_REGISTER and not published.root["entries"]


@case(
    "CVC-REG-01",
    types=["ConformityScheme", "ConformitySchemeRegister"],
    when=lambda published: not _asked_elsewhere(published),
)
def the_scheme_is_registered(published: DocumentUnderTest) -> Findings:
    """A scheme is found in the UNTP register of schemes; the entries of such a register are valid."""
    yield from published.schema_findings(None) if published.root["entries"] else ()
    known = listed("untp_registers")["conformity_schemes"]
    if not published.root["entries"] and published.value("id") not in known:
        yield published.root.at("id").finds(
            "the scheme is not in the UNTP register of schemes", expected="an id of the register",
            hint="Ask for an entry: https://untp.unece.org/registers/cvc.",
        )  # fmt: skip

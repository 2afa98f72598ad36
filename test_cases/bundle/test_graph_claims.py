"""Claims are borne out by assessments of others: the same subject, criterion, time and value."""

from __future__ import annotations

from harness.graph.claims import Support, out_of_time
from harness.graph.entities import State
from harness.judge import Findings, case
from harness.judge.bundle import BundleUnderTest

ACTIVE = ("active", "proposed")
GONE = (State.EXPIRED, State.WITHDRAWN)


def claims(bundle: BundleUnderTest) -> bool:
    """Whether anything is claimed at all."""
    return any(True for _ in bundle.graph.claims)


@case("GRAPH-CLAIM-01", when=claims)
def claims_have_assessments(bundle: BundleUnderTest) -> Findings:
    """Each claim has a verified assessment by somebody else on the same subject and criterion."""
    for claim in bundle.graph.claims:
        backing = bundle.chains.claims.backing(claim)
        unsure = [
            b for b in backing if b.support is Support.VOID and b.pairs[0][0].origin.source.state not in GONE
        ]
        refuted = next((b for b in backing if b.support is Support.REFUTED), None)
        if refuted is not None:
            yield bundle.finds(
                claim.origin,
                f"{refuted.pairs[0][0].origin.source.told} says that this does not conform",
                expected="no assessment by somebody else that refutes the claim",
                actual=refuted.criterion.written,
                hint="Withdraw the claim, or have the same body assess it again.",
            )
        elif unsure:
            yield bundle.finds(
                claim.origin,
                f"the claim is borne out only by {unsure[0].pairs[0][0].origin.source.told}",
                expected="an assessment in a credential that verifies",
                actual=unsure[0].criterion.written,
                hint="What cannot be verified supports nothing: have the attestation issued again.",
            )
        elif (
            backing
            and all(b.support is Support.NONE for b in backing)
            and not any(e.protected for e in claim.evidence)
        ):
            yield bundle.finds(
                claim.origin,
                "no assessment in the bundle bears this claim out",
                expected="a conforming assessment of the same subject by the same criterion",
                actual=", ".join(b.criterion.written for b in backing),
                hint="Add the conformity credential, or cite the criterion exactly as the assessment does.",
            )


@case("GRAPH-CLAIM-02", when=claims)
def every_criterion_is_assessed(bundle: BundleUnderTest) -> Findings:
    """A claim counts as verified only where every one of its criteria is assessed."""
    for claim in bundle.graph.claims:
        backing = bundle.chains.claims.backing(claim)
        open_ones = [b for b in backing if b.support is Support.NONE]
        if open_ones and len(open_ones) < len(backing):
            yield bundle.finds(
                claim.origin,
                f"{len(open_ones)} of {len(backing)} criteria of the claim are not assessed",
                expected="an assessment by each criterion",
                actual=", ".join(b.criterion.written for b in open_ones),
                hint="Have the others assessed, or claim them apart.",
            )


@case("GRAPH-CLAIM-03", when=claims)
def assessed_subject_covers_the_claim(bundle: BundleUnderTest) -> Findings:
    """The assessment that a claim links to is about its product, its batch or model, or its facility."""
    for claim in bundle.graph.claims:
        for backing in bundle.chains.claims.backing(claim):
            if backing.support is Support.ELSEWHERE:
                attestation, assessment = backing.pairs[0]
                about = (*assessment.products, *assessment.facilities) or (
                    assessment.organisation or "nothing",
                )
                yield bundle.finds(
                    claim.origin,
                    f"the assessment in {attestation.origin.source.name} is about something else",
                    expected=f"an assessment of {claim.about}"
                    + (f" or {claim.facility}" if claim.facility else ""),
                    actual=", ".join(about),
                    hint="Link the attestation of this very product, its class or its facility.",
                )


@case("GRAPH-CLAIM-04", when=claims)
def assessment_holds_in_time(bundle: BundleUnderTest) -> Findings:
    """The supporting credential is neither expired nor withdrawn, and speaks of the period of the claim."""
    for claim in bundle.graph.claims:
        for backing in bundle.chains.claims.backing(claim):
            if backing.support is Support.VOID and backing.pairs[0][0].origin.source.state in GONE:
                yield bundle.finds(
                    claim.origin,
                    f"the claim is borne out only by {backing.pairs[0][0].origin.source.told}",
                    expected="a credential that holds at the time of judgement",
                    actual=str(backing.pairs[0][0].origin.source.state),
                    hint="Have the subject assessed again, or withdraw the claim.",
                )
            own, assessed = claim.period, backing.pairs[0][1].period if backing.pairs else None
            if own and assessed and out_of_time(claim, backing):
                yield bundle.finds(
                    claim.origin,
                    "the assessment speaks of another period",
                    expected=f"{own.start} to {own.end}",
                    actual=f"{assessed.start} to {assessed.end}",
                    hint="Link the attestation of the period that is claimed.",
                    member="applicablePeriod",
                )


@case("GRAPH-CLAIM-05", when=claims)
def values_agree(bundle: BundleUnderTest) -> Findings:
    """Claimed and assessed values of one metric agree within their tolerances."""
    for claim in bundle.graph.claims:
        for backing in bundle.chains.claims.backing(claim):
            if backing.support is not Support.HELD:
                continue
            for value, other, attestation in bundle.chains.claims.disagreements(claim, backing):
                yield bundle.finds(
                    claim.origin,
                    f"the claimed {value.metric} is not what {attestation.origin.source.name} assessed",
                    expected=" ".join(
                        filter(None, (other.measure.told if other.measure else "", other.score))
                    ),
                    actual=" ".join(filter(None, (value.measure.told if value.measure else "", value.score))),
                    hint="Claim the assessed value in the same unit, or have the new one assessed.",
                )


@case("GRAPH-CLAIM-06", when=claims)
def criteria_are_active(bundle: BundleUnderTest) -> Findings:
    """No criterion that a claim or assessment cites is called deprecated where the bundle states its status."""
    places = [
        (item.origin, item.criteria)
        for item in (*bundle.graph.claims, *(a for t in bundle.graph.attestations for a in t.assessments))
    ]
    for origin, criteria in places:
        for criterion in criteria:
            if criterion.status is not None and criterion.status.lower() not in ACTIVE:
                yield bundle.finds(
                    origin,
                    f"the criterion {criterion.written} is {criterion.status}",
                    expected="an active criterion",
                    actual=criterion.status,
                    hint="Have the subject assessed by the criterion that replaced it.",
                )


@case("GRAPH-CLAIM-07", when=claims)
def standard_matches_too(bundle: BundleUnderTest) -> Findings:
    """In 0.6 the assessment names the standard or regulation that the claim names."""
    for claim in bundle.graph.claims:
        for backing in bundle.chains.claims.backing(claim):
            stated = [pair[1].references for pair in backing.pairs]
            if (
                backing.support is Support.HELD
                and claim.references
                and not any(claim.references & s for s in stated)
            ):
                yield bundle.finds(
                    claim.origin,
                    "the assessment is by another standard or regulation than the claim",
                    expected=", ".join(sorted(set().union(*stated)))
                    or "the standard or regulation of the claim",
                    actual=", ".join(sorted(claim.references)),
                    hint="Claim by the standard that was assessed.",
                )


@case("DPP-CLAIM-10", when=claims)
def evidence_is_a_credential(bundle: BundleUnderTest) -> Findings:
    """The evidence of a claim links to a conformity credential rather than a bare file."""
    for claim in bundle.graph.claims:
        if claim.of != "product" or not claim.evidence:
            continue
        if not any(
            e.kind in ("dcc", "digitalconformitycredential") or bundle.chains.link_targets(e.url)
            for e in claim.evidence
        ):
            yield bundle.finds(
                claim.origin,
                "no evidence of the claim is a credential",
                expected="a link to a conformity credential",
                actual=", ".join(e.url for e in claim.evidence),
                hint="Link the attestation itself; a report for people can stand beside it.",
            )

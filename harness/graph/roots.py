"""Where trust ends: anchors and accreditations up to a party that the verifier trusts, and never back to themselves."""

from __future__ import annotations

from dataclasses import dataclass

from harness.graph.entities import Attestation, Graph, Identity
from harness.graph.parties import Parties


@dataclass(frozen=True)
class Roots:
    """The ways from the anchors of a graph to the parties that a verifier trusts."""

    graph: Graph
    parties: Parties

    def circles(self, identity: Identity) -> tuple[str, ...]:
        """The parties on the way from an anchor back to its own subject; nothing where it leads elsewhere."""
        subject = identity.subject
        todo: list[tuple[str, tuple[str, ...]]] = [(identity.origin.source.issuer, (subject,))]
        seen: set[str] = set()
        while todo:
            issuer, path = todo.pop()
            if self.parties.same(issuer, subject):
                return (*path, issuer)
            if issuer in seen or issuer in self.graph.roots:
                continue
            seen.add(issuer)
            for further in self.graph.identities_by_subject.get(issuer, ()):
                todo.append((further.origin.source.issuer, (*path, issuer)))
        return ()

    def reached_from(self, identity: Identity) -> bool:
        """Whether verified anchors lead from this one to a party that the verifier trusts.

        Accreditations lead there over accreditations only: an entry in a business register gives nobody the power
        to accredit (UNTP, Digital Identity Anchor, register types).
        """
        accredits = identity.accredits
        todo: list[Identity] = [identity]
        seen: set[str] = set()
        while todo:
            here = todo.pop()
            issuer = here.origin.source.issuer
            if not here.origin.source.verified or issuer in seen:
                continue
            if issuer in self.graph.roots:
                return True
            seen.add(issuer)
            todo.extend(
                further for further in self.parties.anchors(issuer) if further.accredits or not accredits
            )
        return False

    def accreditations(self, attestation: Attestation) -> tuple[Identity, ...]:
        """The verified accreditations of the body behind an attestation."""
        found = self.parties.anchors(attestation.origin.source.issuer)
        return tuple(identity for identity in found if identity.accredits)

    def accredited(self, attestation: Attestation) -> bool:
        """Whether its body is accredited for it, by an authority on the verifier's list where there is one."""
        return any(
            in_scope(attestation, one) and not self.circles(one)
            and (not self.graph.roots or self.reached_from(one))
            for one in self.accreditations(attestation)
        )  # fmt: skip


def in_scope(attestation: Attestation, accreditation: Identity) -> bool:
    """Whether an accreditation covers the scheme, profile, a criterion or the topic of an attestation."""
    criteria = {c.id for a in attestation.assessments for c in a.criteria}
    named = {attestation.scheme, attestation.profile, *criteria} - {None, ""}
    topics = {scope.rstrip("/#").replace("#", "/").rpartition("/")[2] for scope in accreditation.scopes}
    return any(
        str(name) == scope or str(name).startswith(scope.rstrip("/") + "/")
        for name in named
        for scope in accreditation.scopes
    ) or bool(topics & attestation.topics)

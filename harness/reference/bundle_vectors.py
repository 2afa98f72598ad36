"""Named mutations of the chain as a whole: several credentials changed, left out, or a root distrusted.

They are data, test_cases/vectors/bundle/<component>.toml; the good twin is the good chain.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from harness.catalogue import load_catalogue, read_toml
from harness.data_files import place_in
from harness.errors import SuiteError
from harness.evidence import Evidence
from harness.model import Outcome
from harness.reference.chain import Bundle, issue
from harness.reference.crm import CHAINS, PROFILE, crm_anchors, crm_chain, crm_evidence, load_crm_payloads
from harness.reference.edits import Patch
from harness.reference.operations import change
from harness.reference.payloads import load_payloads
from harness.reference.vectors import Also
from harness.resources import resource
from harness.trust.anchors import Anchors, anchors_of


@dataclass(frozen=True)
class BundleVector:
    """One mutation of the chain: its name, the requirement that catches it, and the changes."""

    name: str
    requirement: str
    summary: str
    changes: tuple[Mapping[str, Any], ...] = ()
    drop: tuple[str, ...] = ()
    distrust: tuple[str, ...] = ()
    also: tuple[Also, ...] = ()
    file: str = ""

    @property
    def bases(self) -> tuple[str, ...]:
        """The good payloads that it changes or drops."""
        return (*self.drop, *(change_["base"] for change_ in self.changes))

    @property
    def crm(self) -> bool:
        """Whether it is about a chain of UNTP-CRM, under whose profile proposed requirements bind."""
        return any(base.startswith(f"{PROFILE}/") for base in self.bases)

    @property
    def expects(self) -> Mapping[str, Outcome]:
        """The outcome of every requirement that says something of it."""
        names = (self.requirement, *(other.requirement for other in self.also))
        proposed = "binds" if self.crm else "warns"
        return {name: load_catalogue().requirements[name].severity(proposed=proposed) for name in names}


@cache
def good_anchors() -> Anchors:
    """What a verifier of the chain trusts."""
    text = resource("test_cases", "vectors", "good", "anchors.toml").read_text(encoding="utf-8")
    return anchors_of(tomllib.loads(text))


@cache
def crm_roots() -> frozenset[str]:
    """The parties that a verifier of the chains of UNTP-CRM trusts."""
    return anchors_of(tomllib.loads(crm_anchors())).parties


def good_roots() -> frozenset[str]:
    """The parties that a verifier of the chain trusts."""
    return good_anchors().parties


@cache
def load_bundle_vectors() -> tuple[BundleVector, ...]:
    """Every mutation, in the order of the files. Raises SuiteError with the place of what is wrong."""
    found: dict[str, BundleVector] = {}
    known = load_catalogue().requirements
    for path in sorted(resource("test_cases", "vectors", "bundle").glob("*.toml")):
        for number, row in enumerate(read_toml(path, "bundle-vector")["vector"]):
            also = tuple(Also(other["requirement"], other["because"]) for other in row.get("also", ()))
            vector = BundleVector(
                row["name"], row["requirement"], row["summary"], tuple(row.get("change", ())),
                tuple(row.get("drop", ())), tuple(row.get("distrust", ())), also,
                str(place_in(path, "vector", number, "name")),
            )  # fmt: skip
            bases = vector.bases
            wrong = [
                name for name in (vector.requirement, *(a.requirement for a in also)) if name not in known
            ]
            wrong += [
                base for base in bases if base not in (load_crm_payloads() if vector.crm else load_payloads())
            ]
            if vector.name in found or wrong:
                what = f"names the unknown {wrong[0]}" if wrong else "is named twice"
                raise SuiteError(f"the vector {vector.name} {what}", where=str(path))
            found[vector.name] = vector
    return tuple(found.values())


def crm_mutated(vector: BundleVector) -> tuple[Evidence, ...]:
    """The chain of UNTP-CRM that a mutation is about, with the mutation in it."""
    (chain,) = [name for name in CHAINS if set(vector.bases) <= set(crm_chain(name))]
    patches = {row["base"]: Patch.of(row["patch"], f"vector {vector.name}") for row in vector.changes}
    return tuple(
        crm_evidence(name, *([patches[name]] if name in patches else []))
        for name in crm_chain(chain)
        if name not in vector.drop
    )


def apply_to_chain(vector: BundleVector, bundle: Bundle) -> Bundle:
    """The chain with the mutation in it, signed again, without the credentials that it drops."""
    plan = bundle.plan
    for row in vector.changes:
        if "envelope" in row:
            plan = change(plan, row["base"], row["envelope"])
            continue
        issuance = plan.issuances[row["base"]]
        patch = Patch.of(row["patch"], f"vector {vector.name}")
        plan = plan.reissued(replace(issuance, payload_edits=(*issuance.payload_edits, patch)))
    made = issue(plan)
    dropped = {made.delivered(name).name for name in vector.drop}
    return replace(made, evidence=tuple(e for e in made.evidence if e.name not in dropped))

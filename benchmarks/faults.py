"""The known faults of a generated pilot: mutations of the suite as changes to one lot."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from harness.catalogue import load_catalogue
from harness.reference import issuing
from harness.reference.bundle_vectors import BundleVector, load_bundle_vectors
from harness.reference.chain import Plan
from harness.reference.crm import load_crm_vectors
from harness.reference.edits import Patch, Replace
from harness.reference.issuing import Issuance
from harness.reference.operations import change
from harness.reference.vectors import Vector, load_vectors

sys.path.insert(0, str(Path(__file__).parent))
from platforms import pilot_data

PROFILES = {"lithium": "binds", "copper": "binds", "cobalt": "binds"}
"""Chains of UNTP-CRM, whose profile makes proposed requirements bind."""


@dataclass(frozen=True)
class Fault:
    """A known fault of a lot: what is changed in which of its credentials, and which requirement says so."""

    name: str
    requirement: str
    outcome: str
    patches: Mapping[str, Patch] = field(default_factory=dict)
    envelope: tuple[str, Mapping[str, Any]] | None = None
    text: tuple[str, tuple[Replace, ...]] | None = None
    drop: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def bases(self) -> tuple[str, ...]:
        """The credentials that it changes or leaves out."""
        named = [part[0] for part in (self.envelope, self.text) if part is not None]
        return (*self.patches, *named, *self.drop)

    def changed(self, name: str) -> Callable[[Issuance], Issuance] | None:
        """The change to the way in which one credential is issued, where this fault has one."""
        if self.envelope is not None and self.envelope[0] == name:
            arguments = self.envelope[1]
            return lambda issuance: change(Plan({name: issuance}), name, arguments).issuances[name]
        if self.text is not None and self.text[0] == name:
            edits = self.text[1]
            return lambda issuance: replace(issuance, text_edits=edits)
        return None


@cache
def faults_of(chain: str) -> tuple[Fault, ...]:
    """The faults that benchmarks/pilot.toml names for a chain, as the vectors of the suite have them."""
    names = next((row["names"] for row in pilot_data()["faults"] if row["chain"] == chain), ())
    vectors: dict[str, Vector | BundleVector] = {v.name: v for v in (*load_vectors(), *load_crm_vectors())}
    vectors |= {v.name: v for v in load_bundle_vectors()}
    return tuple(fault_of(vectors[name], chain) for name in names)


def fault_of(vector: Vector | BundleVector, chain: str) -> Fault:
    """A mutation of the suite as a fault of a lot."""
    requirements = load_catalogue().requirements
    outcome = requirements[vector.requirement].severity(proposed=PROFILES.get(chain, "warns"))
    also = tuple(other.requirement for other in vector.also)
    made = Fault(vector.name, vector.requirement, str(outcome), also=also)
    if isinstance(vector, BundleVector):
        enveloped = [row for row in vector.changes if "envelope" in row]
        patches = {
            row["base"]: Patch.of(row["patch"], vector.name) for row in vector.changes if "patch" in row
        }
        envelope = (enveloped[0]["base"], enveloped[0]["envelope"]) if enveloped else None
        return replace(made, patches=patches, envelope=envelope, drop=vector.drop)
    if vector.envelope is not None:
        return replace(made, envelope=(vector.base, vector.envelope))
    if vector.text:
        return replace(
            made,
            text=(vector.base, tuple(Replace(r["find"], r["replace"], vector.name) for r in vector.text)),
        )
    return replace(made, patches={vector.base: Patch.of(vector.patch, vector.name)})


def forget() -> None:
    """Let go of the texts that were changed: what issues remembers each."""
    issuing._edited_text.cache_clear()  # noqa: SLF001
    issuing._signed.cache_clear()  # noqa: SLF001

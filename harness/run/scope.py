"""What a run is about: the components and roles that are claimed, and what credentials alone can show of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.judge import Suite
from harness.judge.extension import EXTENSION
from harness.model import (
    SubjectReport,
)
from harness.vendor import Endpoint

TESTED_ROLES = ("issuer", "registrar")
"""The roles that credentials alone can show."""


SHOWN_ROLES = (*TESTED_ROLES, "graph")
"""The same, and what several credentials show together."""

JOINED = frozenset({"GRAPH", "MB", "CRM"})
"""The components that only credentials together can show."""

JOINT = "several credentials together show it: untp-crm audit, or certify with GRAPH, MB or CRM in the scope"


@dataclass(frozen=True)
class Scope:
    """What is claimed: the vendor and product, and the components and roles that count for the verdict."""

    components: tuple[str, ...]
    roles: tuple[str, ...]
    vendor: Mapping[str, Any] = field(default_factory=dict)
    product: Mapping[str, Any] = field(default_factory=dict)
    endpoints: tuple[Endpoint, ...] = ()
    """The live endpoints that the vendor names."""


def bundle_scope(suite: Suite, profiles: Iterable[str | None]) -> Scope:
    """The scope of a bare check: the components of the types that were found, for roles that credentials show."""
    found = sorted({name for name in profiles if name})
    components = [c for name in found for c in suite.catalogue.profiles[name].components]
    return Scope(tuple(dict.fromkeys(components)), TESTED_ROLES)


def roles_of(suite: Suite, report: SubjectReport) -> frozenset[str]:
    """The roles that a document beside credentials shows, such as the resolver by its link set; none of a credential."""
    profile = suite.catalogue.profiles.get(report.profile or "")
    if profile is None or report.type not in {*profile.documents, EXTENSION}:
        return frozenset()
    return frozenset(result.role for result in report.results) - set(TESTED_ROLES)

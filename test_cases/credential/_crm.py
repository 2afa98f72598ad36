"""What the cases of the UNTP-CRM profile share: its types, its code lists, and where its members stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from _reading import along, last_part

from harness.credential import Node
from harness.judge import CredentialUnderTest
from harness.resources import resource

CONTEXT = "https://untp-crm.example/0.1/context.jsonld"
ACTIVITIES = "https://untp-crm.example/vocabulary/Activity"

RAW = "RawMaterialPassport"
REFINED = "RefinedMaterialPassport"
LOTS = (RAW, REFINED)
BATTERY = "BatteryPassport"
PERMIT = "MiningPermitCredential"
EMISSIONS = "EmissionsIntensityCredential"
RESPONSIBLE = "ResponsibleMiningCredential"
MINE = "MineSiteRecord"
REFINERY = "RefineryRecord"
MIXING = "BulkMixingEvent"
SMELTING = "SmeltingRefiningEvent"
KINDS = (*LOTS, BATTERY, PERMIT, EMISSIONS, RESPONSIBLE, MINE, REFINERY, MIXING, SMELTING)
CORE = (
    "DigitalProductPassport", "DigitalConformityCredential", "DigitalFacilityRecord", "DigitalTraceabilityEvent",
    "DigitalIdentityAnchor",
)  # fmt: skip
"""The five types of UNTP: a case for them is for the types of UNTP-CRM too."""

CHARACTERISTICS = "/credentialSubject/characteristics"


@cache
def codes(name: str) -> Mapping[str, Any]:
    """A table of test_cases/codes/."""
    return tomllib.loads(resource("test_cases", "codes", f"{name}.toml").read_text(encoding="utf-8"))


def characteristics(credential: CredentialUnderTest) -> list[Node]:
    """The sector data of a passport."""
    return along(credential.subjects, "characteristics")


def form_of(credential: CredentialUnderTest) -> Mapping[str, Any] | None:
    """What the table says of the material form of a passport, or None where it states none that we know."""
    for node in characteristics(credential):
        stated = node.get("materialForm")
        found: Mapping[str, Any] | None = codes("crm_forms").get(stated) if isinstance(stated, str) else None
        if found is not None:
            return found
    return None


def bare(code: object) -> str:
    """The digits of a classification code."""
    return re.sub(r"\D", "", code) if isinstance(code, str) else ""


def scheme_of_goods(scheme: object) -> str | None:
    """The list behind a classification scheme's address: cpc, hs or None."""
    if not isinstance(scheme, str):
        return None
    lowered = scheme.lower()
    if "unstats.un.org" in lowered and "cpc" in lowered:
        return "cpc"
    return "hs" if "wcoomd.org" in lowered else None


def linked(node: Node, member: str, relation: str) -> list[Node]:
    """The links of a member whose type is a relation, in whatever spelling."""
    return [link for link in along([node], member) if last_part(link.get("linkType")) == relation]


def metric_of(performance: Node) -> str | None:
    """The last part of the metric of a performance."""
    return last_part(performance.get("metric", "id"))

"""Audit and pilot as HTML pages: the transparency graph, the flow of materials, and how far a pilot is.

Drawn from the JSON of the two commands and from nothing else. Same manner as the report: no outside request, works
with script off, every string of a stranger visible and escaped, style and script named by digest in the policy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from harness.report.layered import HEIGHT, WIDTH, placed
from harness.report.sankey import BAR, drawn
from harness.report.template import asset, environment_of, policy_of
from harness.report.texts import Texts, texts

KINDS = ("authority", "party", "attestation", "facility", "product")
SHAPES: Mapping[str | None, str] = {
    "verified": "passed", "unverified": "warning", "broken": "failed", "expired": "not_run", "withdrawn": "review",
    None: "not_applicable",
}  # fmt: skip
"""The shape and colour of a state: those of the outcome that is nearest to it."""

STANDINGS: Mapping[str, str] = {
    "held": "passed", "partial": "warning", "protected": "not_run", "void": "failed", "elsewhere": "failed", "refuted": "failed",
    "unassessed": "not_applicable",
}  # fmt: skip
RESULTS: Mapping[str, str] = {"even": "passed", "over": "failed", "undecided": "not_run"}
TONNE = 1000
SHOWN = 200
"""Rows of a table that are written at most; the JSON beside the page has all."""


def render_audit(report: Mapping[str, Any], *, language: str = "en") -> str:
    """The page of an audit from its JSON."""
    graph = report["graph"]
    names = {node["id"]: node for node in graph["nodes"]}
    leads: dict[str, list[str]] = defaultdict(list)
    comes: dict[str, list[str]] = defaultdict(list)
    for edge in graph["edges"]:
        leads[edge["from"]].append(edge["to"])
        comes[edge["to"]].append(edge["from"])
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in report["findings"]:
        found[row["requirement"]].append(row)
    return _page(
        "audit.html.j2",
        language,
        report=report,
        layout=placed(graph, KINDS),
        nodes=names,
        leads=leads,
        comes=comes,
        tiers=sorted({node["tier"] for node in graph["nodes"] if node["tier"] is not None}),
        kinds=[kind for kind in KINDS if any(node["kind"] == kind for node in graph["nodes"])],
        states=[state for state in SHAPES if any(node["state"] == state for node in graph["nodes"])],
        diagram=drawn(report["flow"]),
        found=found,
        count=sum(len(row["findings"]) for row in report["findings"]),
        size=(WIDTH, HEIGHT),
        bar=BAR,
        places={process["id"]: process["name"] for process in report["flow"]["processes"]},
        second=lambda node: _second(node, texts(language)),
    )


def render_pilot(report: Mapping[str, Any], *, language: str = "en") -> str:
    """The dashboard of a pilot from its JSON."""
    bars = []
    for name, row in report["measures"].items():
        most = max(row["target"], row["verified"] + row["declared_only"], 1)
        bars.append(
            {
                "name": name,
                **row,
                "verified_share": round(row["verified"] * 1000 / most),
                "declared_share": round(row["declared_only"] * 1000 / most),
                "target_share": round(row["target"] * 1000 / most),
            }
        )
    return _page("pilot.html.j2", language, report=report, bars=bars)


def _page(template: str, language: str, **values: Any) -> str:
    words = texts(language)
    style = asset("report.css").replace("{kind}", "UNTP-CRM") + asset("pictures.css")
    script = asset("pictures.js")
    page = _environment().get_template(template)
    return page.render(
        t=words,
        policy=policy_of(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        en=Markup("") if words.language == "en" else Markup(' lang="en"'),
        mass=lambda kilograms: mass(kilograms, words),
        shape_of=SHAPES,
        standing_of=STANDINGS,
        result_of=RESULTS,
        shown=SHOWN,
        **values,
    )


def _second(node: Mapping[str, Any], words: Texts) -> str:
    """The second line in a box: its claims, or else its identifier."""
    claims = ", ".join(f"{words.number(n)} {words(f'standing.{name}')}" for name, n in node["claims"].items())
    named = node["names"][0] if node["names"] and node["count"] == 1 else ""
    return claims or (named if named != node["label"] else "")


def cut(text: str, longest: int) -> str:
    """The beginning of a text, as much as has room in a picture."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def mass(kilograms: float, words: Texts) -> str:
    """A mass for people: tonnes from a tonne on, kilograms below, at most four digits that matter."""
    value, unit = (kilograms / TONNE, "t") if abs(kilograms) >= TONNE else (kilograms, "kg")
    whole = round(value)
    if abs(value) >= TONNE or whole == value:
        return f"{words.number(whole)} {unit}"
    return f"{value:.4g} {unit}"


@cache
def _environment() -> Environment:
    return environment_of(cut=cut)


__all__ = ["render_audit", "render_pilot"]

"""`untp-crm pilot`: the project's measure of success, and how far it is."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from harness.cli.audit import (
    Anchors,
    At,
    Format,
    Jobs,
    Joining,
    Out,
    Paths,
    Profile,
    WebFolders,
    joined,
    write,
)
from harness.cli.console import Language, out
from harness.cli.runs import ClusterOption, ResumeOption
from harness.graph.pilot import breaks, measures, rooted
from harness.graph.summary import claims
from harness.report.pictures import render_pilot

SHOWN = 5
UNJUDGED = 3


def pilot(
    paths: Paths,
    profile: Profile = None,
    at: At = None,
    web: WebFolders = None,
    anchors: Anchors = None,
    out_folder: Out = None,
    output_format: Annotated[Format, typer.Option("--format", help="How to print the result.")] = Format.TEXT,
    jobs: Jobs = 1,
    lang: Language = "en",
    cluster: ClusterOption = None,
    resume: ResumeOption = False,  # noqa: FBT002 - typer makes it a flag
) -> int:
    """Count actors, platforms, value chains, countries and consignments with conformant, verified evidence."""
    bundle, bench, counted = joined(
        paths, Joining(profile, at, web, anchors, out_folder, jobs, cluster, resume)
    )
    graph, chains = bundle.graph, bundle.chains
    found = measures(graph)
    broken = breaks(graph, chains)
    told_of = claims(graph, chains)
    report = {
        "pilot": 1,
        "at": bench.terms.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentials": len(graph.sources),
        "verified": sum(source.verified for source in graph.sources),
        "conformant_and_verified": sum(source.verified and source.conformant for source in graph.sources),
        "measures": {one.name: one.as_json() for one in found},
        "names": {one.name: sorted(one.verified) for one in found if one.name != "consignments"},
        "actors_rooted": rooted(graph, chains, found[0].verified),
        "claims": told_of["counts"],
        "held_by": told_of["held_by"],
        "breaks": broken,
        "reached": all(not one.gap for one in found),
    }
    text = told(report)
    write(out_folder, "pilot", report, text, page=lambda: render_pilot(report, language=lang))
    out(json.dumps(report, indent=2, ensure_ascii=False) if output_format is Format.JSON else text)
    return 0 if graph.sources and not counted.unread else UNJUDGED


def told(report: dict[str, Any]) -> str:
    """The pilot for people: one line for each measure, then where the chain breaks first."""
    lines = [
        f"{report['credentials']} credentials, {report['verified']} verified, {report['conformant_and_verified']} of them conformant",
        f"{'':<14}{'verified':>10}{'declared only':>15}{'target':>9}{'gap':>9}",
    ]
    for name, row in report["measures"].items():
        shown = name.replace("_", " ")
        lines.append(
            f"{shown:<14}{row['verified']:>10,}{row['declared_only']:>15,}{row['target']:>9,}{row['gap']:>9,}"
        )
    if report["actors_rooted"] is not None:
        lines.append(f"Of the verified actors {report['actors_rooted']:,} are anchored to a trusted root.")
    else:
        lines.append("No trusted roots were given (--anchors FILE): nobody is known to be who they say.")
    if report["breaks"]:
        lines.append(f"The chain breaks in {len(report['breaks'])} places, first here:")
        lines += [
            f"  {row['at'] or 'undated'} {row['credential']}: {row['what']}: {row['why']}"
            for row in report["breaks"][:SHOWN]
        ]
    else:
        lines.append("The chain breaks nowhere.")
    return "\n".join(lines)

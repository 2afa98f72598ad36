"""`untp-crm audit`: many credentials together: entities, chains of trust, mass balance with its sums, findings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from harness.cli.console import Language, clock, note, out
from harness.cli.left_out import named, unread_lines, why_unread
from harness.cli.runs import ClusterOption, ResumeOption, Stream
from harness.cli.sources import folders
from harness.errors import UsageError
from harness.graph.build import Reading
from harness.graph.flow import flow
from harness.graph.picture import Picture
from harness.graph.summary import summary
from harness.judge import Terms, load_suite
from harness.judge.bundle import BundleUnderTest, bundle_of, run_bundle
from harness.model import Outcome, Result, Verdict
from harness.report.pictures import render_audit
from harness.run import JOINED, Bench, Judged
from harness.trust.anchors import load_anchors
from harness.volume import LARGE

FAULTS = (Outcome.FAILED, Outcome.ERROR, Outcome.WARNING)
FAILED, UNJUDGED = 1, 3


class Format(StrEnum):
    """How `audit` and `pilot` print their result."""

    TEXT = "text"
    JSON = "json"


Paths = Annotated[list[str], typer.Argument(help="Files, folders, zip archives, JSON Lines, or -.")]
Profile = Annotated[
    str | None, typer.Option(help="Profile to judge by; guessed from the contexts by default.")
]
At = Annotated[str | None, typer.Option(help="Moment of judgement, as 2026-11-22T00:00:00Z; now by default.")]
WebFolders = Annotated[
    list[Path] | None, typer.Option("--web", help="Folder that answers https://host/path from DIR/host/path.")
]
Anchors = Annotated[
    Path | None,
    typer.Option("--anchors", help='File with roots = ["did:…"]: the parties that you trust, TOML or JSON.'),
]
Out = Annotated[Path | None, typer.Option("--out", help="Also write the result here.")]
Jobs = Annotated[int, typer.Option(min=1, help="Processes that judge side by side.")]


def audit(
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
    """Judge credentials together: who trusts whom, what goods became of what, and where it does not add up."""
    how = Joining(profile, at, web, anchors, out_folder, jobs, cluster, resume)
    bundle, bench, told_of = joined(paths, how)
    results = run_bundle(bundle, bench.suite, bench.terms)
    report = audited(bundle, bench, results, told_of.verdicts)
    report["unread"] = [{"name": name, "why": why} for name, why in told_of.unread.items()]
    text = told(report, results)
    write(out_folder, "audit", report, text, page=lambda: render_audit(report, language=lang))
    out(json.dumps(report, indent=2, ensure_ascii=False) if output_format is Format.JSON else text)
    outcomes = {result.outcome for result in results}
    if not bundle.graph.sources or Outcome.ERROR in outcomes:
        return UNJUDGED
    if Outcome.FAILED in outcomes:
        return FAILED
    return UNJUDGED if told_of.unread else 0


def write_audit(
    judged: Sequence[Judged], bench: Bench, components: Collection[str], folder: Path, *, language: str
) -> None:
    """Write the audit of a certified bundle beside its report, where the scope asks for what credentials show together."""
    readings = [item.reading for item in judged if item.reading is not None]
    if not readings or not JOINED & set(components):
        return
    profile = bench.terms.profile
    bundle = bundle_of(
        readings,
        bench.suite,
        roots=bench.terms.anchors.parties,
        profiles={profile.version: profile} if profile else None,
    )
    results = run_bundle(bundle, bench.suite, bench.terms)
    verdicts = Counter(str(item.report.verdict) for item in judged)
    report = audited(bundle, bench, results, verdicts)
    write(
        folder, "audit", report, told(report, results), page=lambda: render_audit(report, language=language)
    )


def audited(
    bundle: BundleUnderTest, bench: Bench, results: Sequence[Result], verdicts: Mapping[str, int]
) -> dict[str, Any]:
    """The audit as its JSON: what the page is drawn from."""
    picture = Picture(bundle.graph, bundle.chains)
    return {
        "audit": 1,
        "at": bench.terms.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "roots": sorted(bundle.graph.roots),
        **summary(bundle.graph, bundle.chains, bundle.balance),
        "graph": picture.as_json(),
        "flow": flow(bundle.graph, bundle.balance, picture),
        "cases": {str(o): sum(r.outcome is o for r in results) for o in Outcome},
        "requirements": {
            name: bench.suite.catalogue.requirements[name].title
            for name in sorted({result.requirement for result in results if result.outcome in FAULTS})
        },
        "findings": [result.as_json() for result in results if result.outcome in FAULTS],
        "credential_verdicts": {str(v): verdicts[str(v)] for v in Verdict},
    }


@dataclass(frozen=True)
class Joining:
    """How credentials are judged before they are joined: the options of `audit` and `pilot`."""

    profile: str | None
    at: str | None
    web: list[Path] | None
    anchors: Path | None
    out: Path | None
    jobs: int = 1
    cluster: str | None = None
    resume: bool = False


@dataclass(frozen=True)
class Counted:
    """Of what was to be joined: how many credentials have which verdict, and what could not be read, each with the reason."""

    verdicts: Mapping[str, int]
    unread: Mapping[str, str]


def joined(paths: list[str], how: Joining) -> tuple[BundleUnderTest, Bench, Counted]:
    """Every credential of some paths, judged by itself and joined into one bundle; and what became of each.

    Of each credential only what it says for the graph is held. Raises KeyboardInterrupt where the run was stopped.
    """
    suite = load_suite()
    chosen = suite.profile(how.profile) if how.profile else None
    trusted = load_anchors(how.anchors)
    bench = Bench(Terms(clock(how.at), chosen, anchors=trusted), tuple(folders(how.web)), joins=True)
    stream = Stream.over(
        paths, bench, how.out, jobs=how.jobs, cluster=how.cluster, resume=how.resume, readings=True,
        profile=how.profile,
    )  # fmt: skip
    readings: list[Reading] = []
    verdicts: Counter[str] = Counter()
    others: list[str] = []
    unread: dict[str, str] = {}
    for part in stream.parts():
        for row, reading in zip(part.rows, part.readings or [None] * len(part.rows), strict=True):
            verdicts[row["verdict"]] += 1
            if reading is not None:
                readings.append(reading)
            elif (why := why_unread(row, suite)) is not None:
                unread[row["name"]] = why
            else:
                others.append(row["name"])
    if not stream.ended:
        raise KeyboardInterrupt
    if stream.skipped:
        note(f"Left out, as neither JSON nor a signed token: {len(stream.skipped)} ({named(stream.skipped)})")
    if others:
        note(f"No credential, so not in the graph: {len(others)} ({named(others)})", always=True)
    if unread:
        note("\n".join(unread_lines(unread)), always=True)
    if not readings:
        note("Nothing to judge: no credential was found.", always=True)
    if sum(verdicts.values()) <= LARGE and not how.resume:
        stream.tidy()
    profiles = {chosen.version: chosen} if chosen else None
    return (
        bundle_of(readings, suite, roots=trusted.parties, profiles=profiles),
        bench,
        Counted(verdicts, unread),
    )


def write(
    folder: Path | None, name: str, report: dict[str, Any], text: str, *, page: Callable[[], str]
) -> None:
    """Write the result as JSON, as text and as a page into a folder. Raises UsageError where that cannot be."""
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(
            json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        (folder / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
        (folder / f"{name}.html").write_text(page(), encoding="utf-8")
        note(f"Page    {folder / f'{name}.html'}")
    except OSError as error:
        raise UsageError(
            f"--out {folder} cannot be written: {error.strerror}", hint="Choose another folder."
        ) from None


def told(report: dict[str, Any], results: tuple[Result, ...]) -> str:
    """The audit for people."""
    said = report["credentials"]
    states = ", ".join(f"{number} {state}" for state, number in said["states"].items() if number)
    lines = [f"Credentials  {said['total']}: {states or 'none'}"]
    lines += [
        f"             {row['credential']}: {row['state']}, {row['why']}" for row in said["not_verified"][:10]
    ]
    lines += [
        f"             {row['id']} is the id of {len(row['credentials'])} credentials: {', '.join(row['credentials'][:5])}"
        for row in said["same_id"][:10]
    ]
    lines.append(
        "Entities     " + ", ".join(f"{number} {name}" for name, number in report["entities"].items())
    )
    claims = report["claims"]["counts"]
    lines.append(
        "Claims       " + (", ".join(f"{number} {name}" for name, number in claims.items()) or "none")
    )
    if claims.get("held"):
        by = report["claims"]["held_by"]
        lines.append(
            f"             held by accredited third parties {by['accredited']}, by others {by['others']}, "
            f"by the claimant alone {by['claimant']}"
        )
    if claims.get("protected"):
        lines.append("             protected: judged as far as the public part goes, neither held nor open")
    anchors = report["anchors"]
    reached = sum(row["reaches_root"] is True for row in anchors)
    lines.append(
        f"Anchors      {len(anchors)}, of which {reached} lead to a trusted root"
        if report["roots"]
        else f"Anchors      {len(anchors)}; no trusted roots were given (--anchors FILE), so no chain is known to end in one"
    )
    lines.append("Balance")
    lines += [_balance(row) for row in report["balance"]] or ["  no make event"]
    found = [result for result in results if result.outcome in FAULTS]
    lines.append(f"Findings     {sum(len(r.findings) for r in found)}")
    for result in found:
        lines.append(f"  {result.outcome} {result.requirement} ({result.level}) in {result.subject}")
        for finding in result.findings:
            lines.append(f"    {finding.pointer or ''}: {finding.message}")
            lines += [
                f"      {name}: {value}"
                for name, value in (("expected", finding.expected), ("is", finding.actual))
                if value
            ]
    return "\n".join(lines)


def _balance(row: dict[str, Any]) -> str:
    head = f"  {row['result']:<9} {row['event']}: {row['of']}"
    if row["missing"]:
        return f"{head}\n            cannot be summed: {'; '.join(row['missing'][:5])}"
    share = f" ({row['share']:.1%})" if row["share"] is not None else ""
    return f"{head}{share}\n            in  {row['in']}\n            out {row['out']}"

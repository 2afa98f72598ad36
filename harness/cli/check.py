"""`untp-crm check`: judge credentials in files, folders, archives, JSON Lines or standard input."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from harness.catalogue import Profile
from harness.cli.console import Language, clock, note, out, put, selected, stdout_console
from harness.cli.left_out import named
from harness.cli.runs import (
    STOPPED,
    ClusterOption,
    Gathered,
    Jobs,
    ReadingsOption,
    ResumeOption,
    ShardOption,
    Stream,
    write_large,
    writing,
)
from harness.cli.sources import Allowed, Authority, OnlineFlag, WebFolders, sources
from harness.judge import Terms, load_suite
from harness.model import EXIT_CODES
from harness.report import line, render_junit, render_sarif, show, write_report
from harness.run import Bench, Judged, bundle_scope, make_record
from harness.trust.anchors import load_anchors
from harness.volume.tally import told


class Format(StrEnum):
    """How `check` prints its result."""

    TEXT = "text"
    JSONL = "jsonl"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


class Engine(StrEnum):
    """Which engines judge."""

    FAST = "fast"
    REFERENCE = "reference"


def check(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files, folders, zip archives, JSON Lines, URLs, or - for standard input."),
    ],
    profile: Annotated[
        str | None, typer.Option(help="Profile to judge by; guessed from the contexts by default.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="Moment of judgement, as 2026-11-22T00:00:00Z; now by default.")
    ] = None,
    web: WebFolders = None,
    allow: Allowed = None,
    ca: Authority = None,
    output_format: Annotated[Format, typer.Option("--format", help="How to print the result.")] = Format.TEXT,
    anchors: Annotated[
        Path | None,
        typer.Option("--anchors", help="TOML or JSON file of the parties and registers that you trust."),
    ] = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Also write the report folder here.")
    ] = None,
    jobs: Jobs = 1,
    shard: ShardOption = None,
    cluster: ClusterOption = None,
    resume: ResumeOption = False,  # noqa: FBT002 - typer makes it a flag
    readings: ReadingsOption = False,  # noqa: FBT002
    engine: Annotated[Engine, typer.Option(help="fast, or reference only.")] = Engine.FAST,
    lang: Language = "en",
    only: Annotated[list[str] | None, typer.Option(help="Run only the cases that match this glob.")] = None,
    *,
    online: OnlineFlag = False,
) -> int:
    """Judge credentials: one verdict each, with the place, the reason and the fix of every fault."""
    suite = load_suite()
    chosen = suite.profile(profile) if profile else None
    terms = Terms(clock(at), chosen, str(engine), tuple(only or ()), load_anchors(anchors))
    asked = sources(web, online, allow, ca)
    bench = Bench(terms, asked, joins=readings)
    command = _command(paths, terms, profile, web, anchors, *_online(online, allow, ca))
    stream = Stream.over(
        paths, bench, out_folder, jobs=jobs, cluster=cluster, shard=shard, resume=resume, readings=readings,
        profile=profile, reproduce=command,
    )  # fmt: skip
    gathered = Gathered.empty(suite)
    lines = output_format in (Format.JSONL, Format.JSON)
    before = "["
    for item in gathered.take(
        stream.parts(), whole=output_format in (Format.SARIF, Format.JUNIT), each=lines
    ):
        if output_format is Format.JSONL:
            out(line(item.report))
        elif lines:
            put(before + line(item.report))
            before = ",\n"
    if output_format is Format.JSON:
        out("[]" if before == "[" else "]")
    if stream.skipped:
        note(f"Left out, as neither JSON nor a signed token: {len(stream.skipped)} ({named(stream.skipped)})")
    if not stream.ended:
        return STOPPED
    if not gathered.tally.subjects:
        note(
            "Nothing to judge: no credential was found. A run that tested nothing is undetermined.",
            always=True,
        )
    conclude(
        gathered,
        stream,
        Conclusion(bench, chosen, [command], lang, output_format, whole=shard is None and not readings),
    )
    return EXIT_CODES[gathered.tally.verdict]


@dataclass(frozen=True)
class Conclusion:
    """How a run is told: its terms, the profile that was forced, how to run it again, the language and the format."""

    bench: Bench
    profile: Profile | None
    reproduce: list[str]
    language: str
    format: Format
    whole: bool = True
    """Whether this is a run by itself, whose parts are not needed once a record holds all of it."""


def conclude(gathered: Gathered, stream: Stream, how: Conclusion) -> None:
    """Write what a run comes to and print it: a record with its report, or the summary of a large run."""
    folder, judged, parts = stream.out, gathered.judged, stream.run.folder
    if judged is not None and stream.run.shard.of == 1:
        if folder is None and how.format in (Format.JSONL, Format.JSON):
            return
        record = make_record(
            judged, how.bench, bundle_scope(gathered.suite, (j.report.profile for j in judged)), profile=how.profile,
            reproduce=how.reproduce,
        )  # fmt: skip
        if folder is not None:
            write_report(record, folder, language=how.language)
            if how.whole:
                stream.tidy()
        if how.format is not Format.JSON:
            printed(how.format, record, judged, folder)
        return
    more: dict[str, Any] = {
        "profile": how.profile,
        "reproduce": how.reproduce,
        "skipped": len(stream.skipped),
    }
    if folder is None or parts is None or stream.run.shard.of > 1:
        summary = gathered.tally.summary(how.bench.terms, files=[], **more)
        where = None
    else:
        summary = write_large(gathered, parts, folder, how.bench.terms, **more)
        where = folder / "summary.json"
        with writing(folder):
            where.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if how.format is Format.TEXT:
        out(told(summary, where=str(where) if where is not None else None))


def _command(
    paths: list[str],
    terms: Terms,
    profile: str | None,
    web: list[Path] | None,
    anchors: Path | None,
    *more: str,
) -> str:
    words = ["untp-crm", "check", *paths]
    if profile:
        words += ["--profile", profile]
    for folder in web or ():
        words += ["--web", str(folder)]
    if anchors is not None:
        words += ["--anchors", str(anchors)]
    moment = ["--at", terms.at.strftime("%Y-%m-%dT%H:%M:%SZ")]
    return shlex.join([*words, *more, *moment]) + selected(terms.only)


def _online(online: bool, allow: list[str] | None, ca: Path | None) -> list[str]:  # noqa: FBT001 - a flag
    """The options that let the network be asked, as they were given."""
    if not online:
        return []
    words = ["--online"]
    for name in allow or ():
        words += ["--allow", name]
    return [*words, "--ca", str(ca)] if ca is not None else words


def printed(output_format: Format, record: dict[str, Any], judged: list[Judged], folder: Path | None) -> None:
    """Print a record in the wanted form; JSON Lines were printed on the way."""
    match output_format:
        case Format.TEXT:
            show(record, console=stdout_console(), report=folder / "report.html" if folder else None)
        case Format.SARIF:
            out(render_sarif(record).decode())
        case Format.JUNIT:
            out(render_junit(record).decode())
        case Format.JSON:
            out("[" + ",\n".join(line(item.report) for item in judged) + "]")
        case Format.JSONL:
            pass

"""`untp-crm check`: judge credentials in files, folders, archives, JSON Lines or standard input."""

from __future__ import annotations

import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from harness.cli.console import Language, clock, note, out, progress, stdout_console
from harness.errors import UsageError
from harness.gather.files import gather_paths
from harness.gather.web import FolderWeb
from harness.judge import Terms, load_suite
from harness.model import EXIT_CODES, Verdict, worst
from harness.report import line, render_junit, render_sarif, show, write_report
from harness.run import Bench, Judged, bundle_scope, make_record
from harness.trust.anchors import load_anchors


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
        list[str], typer.Argument(help="Files, folders, zip archives, JSON Lines, or - for standard input.")
    ],
    profile: Annotated[
        str | None, typer.Option(help="Profile to judge by; guessed from the contexts by default.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="Moment of judgement, as 2026-11-22T00:00:00Z; now by default.")
    ] = None,
    web: Annotated[
        list[Path] | None, typer.Option(help="Folder that answers https://host/path from DIR/host/path.")
    ] = None,
    output_format: Annotated[Format, typer.Option("--format", help="How to print the result.")] = Format.TEXT,
    anchors: Annotated[
        Path | None,
        typer.Option("--anchors", help="TOML or JSON file of the parties and registers that you trust."),
    ] = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Also write the report folder here.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that judge side by side.")] = 1,
    engine: Annotated[Engine, typer.Option(help="fast, or reference only.")] = Engine.FAST,
    lang: Language = "en",
    only: Annotated[list[str] | None, typer.Option(help="Run only the cases that match this glob.")] = None,
) -> int:
    """Judge credentials: one verdict each, with the place, the reason and the fix of every fault."""
    suite = load_suite()
    chosen = suite.profile(profile) if profile else None
    terms = Terms(clock(at), chosen, str(engine), tuple(only or ()), load_anchors(anchors))
    bench = Bench(terms, tuple(folders(web)))
    skipped: list[str] = []
    judged: list[Judged] = []
    keep = output_format is not Format.JSONL or out_folder is not None
    verdicts: list[Verdict] = []
    for item in progress(bench.judge_all(gather_paths(paths, skipped=skipped), jobs=jobs)):
        verdicts.append(item.report.verdict)
        if output_format is Format.JSONL:
            out(line(item.report))
        if keep:
            judged.append(item)
    if skipped:
        shown = ", ".join(skipped[:5]) + (" …" if len(skipped) > 5 else "")  # noqa: PLR2004
        note(f"Left out, as neither JSON nor a signed token: {len(skipped)} ({shown})")
    if not verdicts:
        note(
            "Nothing to judge: no credential was found. A run that tested nothing is undetermined.",
            always=True,
        )
    if keep:
        record = make_record(
            judged, bench, bundle_scope(suite, (j.report.profile for j in judged)), profile=chosen,
            reproduce=[_command(paths, terms, profile, web, anchors)],
        )  # fmt: skip
        folder = out_folder
        if folder is not None:
            write_report(record, folder, language=lang)
        printed(output_format, record, judged, folder)
    return EXIT_CODES[worst(verdicts)]


def folders(web: list[Path] | None) -> list[FolderWeb]:
    for folder in web or ():
        if not folder.is_dir():
            raise UsageError(
                f"--web {folder} is not a folder", hint="It holds host/path files that answer URLs."
            )
    return [FolderWeb(folder) for folder in web or ()]


def _command(
    paths: list[str], terms: Terms, profile: str | None, web: list[Path] | None, anchors: Path | None
) -> str:
    words = ["untp-crm", "check", *paths]
    if profile:
        words += ["--profile", profile]
    for folder in web or ():
        words += ["--web", str(folder)]
    if anchors is not None:
        words += ["--anchors", str(anchors)]
    for glob in terms.only:
        words += ["--only", glob]
    return shlex.join([*words, "--at", terms.at.strftime("%Y-%m-%dT%H:%M:%SZ")])


def printed(output_format: Format, record: dict[str, Any], judged: list[Judged], folder: Path | None) -> None:
    """Print a record in the wanted form; JSON Lines were printed on the way."""
    match output_format:
        case Format.TEXT:
            show(record, console=stdout_console(), report=folder / "report.html" if folder else None)
        case Format.JSON:
            out("[" + ",\n".join(line(item.report) for item in judged) + "]")
        case Format.SARIF:
            out(render_sarif(record).decode())
        case Format.JUNIT:
            out(render_junit(record).decode())
        case Format.JSONL:
            pass

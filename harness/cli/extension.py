"""`untp-crm extension`: judge an extension of UNTP by what its designer publishes."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.check import Format, printed
from harness.cli.console import Language, clock, out
from harness.cli.sources import folders
from harness.gather.extension import gather_extension
from harness.judge import Terms, load_suite
from harness.model import EXIT_CODES, worst
from harness.report import line, write_report
from harness.run import Bench, Scope, make_record


def extension(
    paths: Annotated[list[Path], typer.Argument(help="Folders with an extension.toml, or such files.")],
    web: Annotated[
        list[Path] | None, typer.Option(help="Folder that answers https://host/path from DIR/host/path.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="Moment of judgement, as 2026-11-22T00:00:00Z; now by default.")
    ] = None,
    output_format: Annotated[Format, typer.Option("--format", help="How to print the result.")] = Format.TEXT,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Also write the report folder here.")
    ] = None,
    lang: Language = "en",
    only: Annotated[list[str] | None, typer.Option(help="Run only the cases that match this glob.")] = None,
) -> int:
    """Judge an extension: contexts, schemas and examples beside those of UNTP, each finding with file and line."""
    suite = load_suite()
    terms = Terms(clock(at), only=tuple(only or ()))
    bench = Bench(terms, tuple(folders(web)))
    judged = [bench.judge_extension(gather_extension(path)) for path in paths]
    if output_format is Format.JSONL:
        for item in judged:
            out(line(item.report))
    bases = sorted({item.report.profile or "" for item in judged})
    words = ["untp-crm", "extension", *map(str, paths)]
    for folder in web or ():
        words += ["--web", str(folder)]
    record = make_record(
        judged, bench, Scope(("EXT", "VCP"), ("extension",)),
        profile=suite.profile(bases[0]) if len(bases) == 1 else None,
        reproduce=[shlex.join([*words, "--at", terms.at.strftime("%Y-%m-%dT%H:%M:%SZ")])],
    )  # fmt: skip
    if out_folder is not None:
        write_report(record, out_folder, language=lang)
    printed(output_format, record, judged, out_folder)
    return EXIT_CODES[worst(item.report.verdict for item in judged)]

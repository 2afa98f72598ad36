"""`untp-crm merge`: the shares of one run, judged apart, as the run that they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.check import Conclusion, Format, conclude
from harness.cli.console import Language
from harness.cli.runs import PARTS, Gathered, Stream
from harness.errors import UsageError
from harness.judge import Terms, load_suite
from harness.model import EXIT_CODES
from harness.run import Bench
from harness.trust.anchors import anchors_of
from harness.volume import InProcess, Part, Run, RunFolder
from harness.volume.merge import Shares


def merge(
    shards: Annotated[list[Path], typer.Argument(help="The --out folders of all shares, in any order.")],
    out_folder: Annotated[Path, typer.Option("--out", help="The folder of the whole.")],
    lang: Language = "en",
) -> int:
    """Put together what `check --shard I/N --out DIR` judged apart: the same record as in one run."""
    suite = load_suite()
    shares = Shares.found([folder / PARTS for folder in shards])
    if out_folder.resolve() in {folder.resolve() for folder in shards}:
        raise UsageError(f"--out {out_folder} is the folder of a share", hint="Name another one.")
    about = shares.about
    if about["suite"] != suite.digest:
        raise UsageError(
            "the shares were judged by another suite", hint="Merge them with the version that judged them."
        )
    profile = suite.profile(about["profile"]) if about.get("profile") else None
    terms = Terms(
        datetime.fromisoformat(about["at"]), profile, about["engine"], anchors=anchors_of(about["anchors"])
    )
    bench = Bench(terms, joins=bool(about.get("readings")))
    folder = RunFolder(out_folder / PARTS)
    folder.forget()
    stream = Stream(Run(bench, InProcess(), folder=folder), [], out_folder, ended=True)
    stream.skipped.extend([""] * shares.left_out)
    gathered = Gathered.empty(suite)

    def kept() -> Iterator[Part]:
        for number, part in enumerate(shares.parts()):
            folder.keep(number, part)
            yield part

    for _ in gathered.take(kept(), each=False):
        pass
    folder.note(**{**about, "shard": [1, 1]}, merged=len(shards))
    how = Conclusion(bench, profile, [about["reproduce"]], lang, Format.TEXT, whole=not about.get("readings"))
    conclude(gathered, stream, how)
    return EXIT_CODES[gathered.tally.verdict]

"""`untp-crm demo`: certify the embedded reference vendor, offline; with --fault, broken in one named way."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.check import Engine
from harness.cli.console import Language, out, stdout_console
from harness.errors import UsageError
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.model import EXIT_CODES, Verdict
from harness.reference.chain import reference_bundle
from harness.reference.vectors import apply, faults
from harness.report import show, write_report
from harness.run import Bench, Scope, make_record


def demo(
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the report.")] = Path("out/demo"),
    fault: Annotated[
        str | None, typer.Option(help="Break the vendor in this named way (see --faults).")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that judge side by side.")] = 1,
    engine: Annotated[Engine, typer.Option(help="fast, or reference only.")] = Engine.FAST,
    only: Annotated[list[str] | None, typer.Option(help="Run only the cases that match this glob.")] = None,
    lang: Language = "en",
    *,
    list_faults: Annotated[bool, typer.Option("--faults", help="List the named faults and stop.")] = False,
) -> int:
    """Certify the embedded reference vendor and write its report."""
    known = {vector.name: vector for vector in faults()}
    if list_faults:
        for vector in known.values():
            out(f"{vector.name}  {vector.requirement}  {vector.summary}")
        return 0
    bundle = reference_bundle()
    if fault is not None:
        if fault not in known:
            near = difflib.get_close_matches(fault, list(known), n=3)
            hint = f"Did you mean {', '.join(near)}?" if near else "untp-crm demo --faults lists them."
            raise UsageError(f"there is no fault {fault!r}", hint=hint)
        bundle = apply(known[fault], bundle)
    bench = Bench(Terms(bundle.at, None, str(engine), tuple(only or ())), (HeldWeb(bundle.web),))
    judged = list(bench.judge_all(bundle.evidence, jobs=jobs))
    scope = Scope(
        tuple(bundle.vendor["scope"]["components"]), tuple(bundle.vendor["scope"]["roles"]),
        bundle.vendor["vendor"], bundle.vendor["product"],
    )  # fmt: skip
    again = "untp-crm demo" + (f" --fault {fault}" if fault else "")
    record = make_record(judged, bench, scope, profile=None, reproduce=[again])
    write_report(record, out_folder, language=lang)
    show(record, console=stdout_console(), report=out_folder / "report.html")
    return EXIT_CODES[Verdict(record["verdict"])]

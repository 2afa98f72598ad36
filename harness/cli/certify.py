"""`untp-crm certify`: every suite in a vendor's scope, and the report folder."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.check import Engine
from harness.cli.console import Language, clock, note, progress, stdout_console
from harness.evidence import Absence, Evidence
from harness.gather.files import gather_paths
from harness.gather.web import FolderWeb
from harness.judge import Suite, Terms, load_suite
from harness.model import EXIT_CODES, Finding, Outcome, Result, Verdict
from harness.report import show, write_report
from harness.run import JOINED, TESTED_ROLES, Bench, Scope, bundle_results, make_record
from harness.vendor import Vendor, load_vendor


def certify(
    vendor_file: Annotated[
        Path, typer.Argument(metavar="VENDOR.toml", help="Who is tested and what is claimed.")
    ],
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the report.")] = Path("out"),
    at: Annotated[str | None, typer.Option(help="Moment of judgement; now by default.")] = None,
    nonce: Annotated[
        str | None, typer.Option(help="A reviewer's nonce, in hexadecimal, kept in the record.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Run only the cases that match this glob.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that judge side by side.")] = 1,
    engine: Annotated[Engine, typer.Option(help="fast, or reference only.")] = Engine.FAST,
    lang: Language = "en",
) -> int:
    """Judge what a vendor's product has issued and write the report folder."""
    vendor = load_vendor(vendor_file)
    suite = load_suite()
    profile = suite.profile(vendor.profile)
    terms = Terms(clock(at), profile, str(engine), tuple(only or ()))
    sources = tuple(FolderWeb(bundle.web) for bundle in vendor.bundles if bundle.web is not None)
    bench = Bench(terms, sources, joins=bool(JOINED & set(vendor.components)))
    judged = list(progress(bench.judge_all(_evidence(vendor), jobs=jobs)))
    scope = Scope(vendor.components, vendor.roles, vendor.vendor, vendor.product)
    extra = [*_not_run(vendor, suite), *bundle_results(judged, bench, vendor.components)]
    record = make_record(
        judged, bench, scope, profile=profile, nonce=nonce, extra=extra,
        reproduce=[f"untp-crm certify {shlex.quote(str(vendor_file))} --at {terms.at.strftime('%Y-%m-%dT%H:%M:%SZ')}"],
    )  # fmt: skip
    write_report(record, out_folder, language=lang)
    show(record, console=stdout_console(), report=out_folder / "report.html")
    return EXIT_CODES[Verdict(record["verdict"])]


def _evidence(vendor: Vendor) -> Iterator[Evidence | Absence]:
    if not vendor.bundles:
        note("vendor.toml names no bundle: no credential is judged.", always=True)
    for bundle in vendor.bundles:
        yield from gather_paths([str(bundle.path)])


def _not_run(vendor: Vendor, suite: Suite) -> Iterator[Result]:
    """A claimed role that credentials alone cannot show is not run: never silently left out."""
    profile = suite.profile(vendor.profile)
    joined = {item.requirement for item in suite.cases if item.suite == "bundle"}
    for requirement in suite.catalogue.of(profile):
        if (
            requirement.role in vendor.roles
            and requirement.id not in joined
            and requirement.role not in TESTED_ROLES
            and requirement.component in vendor.components
        ):
            reason = (
                f"the role {requirement.role} is tested at its endpoint, and this version has no suite for it"
            )
            yield Result(
                requirement.id, requirement.id, requirement.level, requirement.role, "endpoint", Outcome.NOT_RUN,
                (Finding(reason, source=requirement.source),), reason,
            )  # fmt: skip

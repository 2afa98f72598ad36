"""`untp-crm demo`: certify the embedded reference vendor, offline; with --fault, broken in one named way."""

from __future__ import annotations

import difflib
import shlex
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.audit import write_audit
from harness.cli.check import Engine
from harness.cli.console import Language, clock, note, out, selected, stdout_console
from harness.errors import UsageError
from harness.gather.store import EvidenceStore
from harness.gather.web import HeldWeb
from harness.judge import Terms
from harness.listing.folder import seal_text, write_listing
from harness.listing.replay import kept, record_of
from harness.listing.signer import Signer, signer_of
from harness.listing.submission import RunTerms, make_submission, vendor_text
from harness.model import EXIT_CODES, Verdict
from harness.reference.bundle_vectors import good_anchors
from harness.reference.chain import bundle_at, reference_bundle
from harness.reference.keys import signing_key
from harness.reference.vectors import apply, faults
from harness.report import show, write_report
from harness.run import Bench, Scope


def demo(
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the report.")] = Path("out/demo"),
    fault: Annotated[
        str | None, typer.Option(help="Break the vendor in this named way (see --faults).")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            help="Moment of the demo, to which its dates are moved; now by default. Not with --fault."
        ),
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
    if fault is not None and at is not None:
        raise UsageError(
            "a fault is judged at its own moment",
            hint="Leave out --at: every fault names the moment that shows it.",
        )
    bundle = reference_bundle() if fault is not None else bundle_at(clock(at))
    if fault is not None:
        if fault not in known:
            near = difflib.get_close_matches(fault, list(known), n=3)
            hint = f"Did you mean {', '.join(near)}?" if near else "untp-crm demo --faults lists them."
            raise UsageError(f"there is no fault {fault!r}", hint=hint)
        bundle = apply(known[fault], bundle)
    terms = Terms(bundle.at, None, str(engine), tuple(only or ()), good_anchors())
    bench = Bench(terms, (HeldWeb(bundle.web),), joins=True)
    store = EvidenceStore()
    judged = list(kept(bench.judge_all(store.taking(bundle.evidence), jobs=jobs), store))
    scope = Scope(
        tuple(bundle.vendor["scope"]["components"]), tuple(bundle.vendor["scope"]["roles"]),
        bundle.vendor["vendor"], bundle.vendor["product"],
    )  # fmt: skip
    moment = bundle.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    again = f"untp-crm demo --fault {fault}" if fault else f"untp-crm demo --at {moment}"
    run = RunTerms.of(bench.terms, nonce=None, reproduce=(again + selected(terms.only),))
    record = record_of(judged, bench, scope, run)
    made = make_submission(record, store, vendor_text(bundle.vendor), run, signer=demo_signer())
    write_report(record, out_folder, seal=seal_text(made, lang), language=lang)
    write_listing(record, made, out_folder)
    write_audit(judged, bench, scope.components, out_folder, language=lang)
    show(record, console=stdout_console(), report=out_folder / "report.html")
    asked = f" --at {moment}" if fault else ""
    note(f"Review  untp-crm review {shlex.quote(str(out_folder / 'submission.zip'))}{asked}")
    return EXIT_CODES[Verdict(record["verdict"])]


def demo_signer() -> Signer:
    """The embedded vendor's own did:web, with its published DEMO key."""
    key = signing_key("did:web:cadenza-trace.example")
    return signer_of(key.private, did=key.did, kid=key.kid)

"""`untp-crm certify`: every suite in a vendor's scope, and the report folder."""

from __future__ import annotations

import itertools
import os
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.audit import write_audit
from harness.cli.check import Engine
from harness.cli.console import Language, clock, note, progress, selected, stdout_console
from harness.cli.scaffold import left_from_sample
from harness.errors import UnreadableError, UsageError
from harness.evidence import Absence, Evidence
from harness.exchange import Exchange
from harness.gather.adapters.manifest import with_manifests
from harness.gather.files import gather_paths
from harness.gather.store import EvidenceStore
from harness.gather.web import FolderWeb, Source
from harness.judge import Terms, load_suite
from harness.judge.expected import load_expected
from harness.judge.suite import OWN_CHECKS
from harness.listing.archive import read_members, read_submission_file
from harness.listing.folder import base_url, seal_text, write_listing
from harness.listing.replay import judge_again, kept, record_of
from harness.listing.rules import SubmissionRefusedError, load_rules
from harness.listing.shown import shown_components
from harness.listing.signer import KEY_VARIABLE, read_signer
from harness.listing.submission import RunTerms, make_submission, open_members, require_no_secrets
from harness.live.documents import documents_in
from harness.live.host import host_of
from harness.live.issuer import given_web
from harness.live.session import Session, hold, on_its_port
from harness.model import EXIT_CODES, Verdict
from harness.report import show, write_record, write_report
from harness.run import JOINED, Bench, Scope
from harness.trust.anchors import load_anchors
from harness.vendor import Vendor, load_vendor


def certify(
    vendor_file: Annotated[
        Path | None, typer.Argument(metavar="VENDOR.toml", help="Who is tested and what is claimed.")
    ] = None,
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the report.")] = Path("out"),
    at: Annotated[str | None, typer.Option(help="Moment of judgement; now by default.")] = None,
    nonce: Annotated[
        str | None, typer.Option(help="A reviewer's nonce, in hexadecimal, kept in the record.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Run only the cases that match this glob.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that judge side by side.")] = 1,
    engine: Annotated[Engine, typer.Option(help="fast, or reference only.")] = Engine.FAST,
    lang: Language = "en",
    replayed: Annotated[
        Path | None,
        typer.Option(
            "--replay", metavar="SUBMISSION", help="Judge a submission again, from its evidence alone."
        ),
    ] = None,
    preview: Annotated[
        str | None,
        typer.Option(metavar="PROFILE", help="With --replay: judge the evidence by this profile instead."),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help=f"Key that seals the record, PEM or JWK; else ${KEY_VARIABLE}.")
    ] = None,
    signer: Annotated[
        str | None,
        typer.Option(metavar="COMMAND", help="Seal with this command; --key is then its public JWK."),
    ] = None,
    did: Annotated[
        str | None, typer.Option(help="The did:web that signs, where the key does not say.")
    ] = None,
    publish: Annotated[
        str | None, typer.Option(metavar="URL", help="Folder on the web where the attestation will stand.")
    ] = None,
    *,
    anew: Annotated[
        bool,
        typer.Option("--anew", help="Ask the endpoints everything again, whatever an earlier run has kept."),
    ] = False,
) -> int:
    """Judge what a vendor's product has issued and write the report folder with the submission."""
    if (vendor_file is None) == (replayed is None):
        raise UsageError(
            "certify takes a VENDOR.toml, or --replay SUBMISSION", hint="untp-crm init writes one."
        )
    if replayed is not None:
        if at or nonce or only:
            raise UsageError("--replay judges under the terms of the submission: no --at, --nonce, --only")
        return _replay(replayed, out_folder, jobs, lang, preview)
    assert vendor_file is not None
    if nonce is not None and (not nonce or set(nonce) - set("0123456789abcdef")):
        raise UsageError(f"--nonce {nonce!r} is not hexadecimal", hint="Lower-case digits 0-9 and a-f.")
    sealer = read_signer(key, did=did, command=signer)
    vendor, text = with_manifests(load_vendor(vendor_file)), vendor_file.read_text(encoding="utf-8")
    _use_checks_beside(vendor_file)
    sample = left_from_sample(vendor)
    if sample:
        note(
            f"{vendor_file} still has the sample of untp-crm init in {', '.join(sample)}: the report names nobody real.",
            always=True,
        )
        note(f"  what to do: Write your own organisation and product into {vendor_file}.", always=True)
    require_no_secrets(text)
    profile, anchors = load_suite().profile(vendor.profile), load_anchors(vendor.anchors)
    session = (
        _held(vendor, text, out_folder, nonce, clock(at) if at else None, anew=anew) if vendor.live else None
    )
    store = EvidenceStore()
    sources: tuple[Source, ...] = tuple(FolderWeb(b.web) for b in vendor.bundles if b.web is not None)
    evidence = _evidence(vendor)
    if session is not None:
        nonce = session.nonce
        store.record(session.recording)
        sources = (*sources, given_web(vendor, session.nonce, session.at), session.web)
        evidence = itertools.chain(
            evidence, session.issued(), documents_in(session.recording, load_suite(), profile)
        )
    terms = Terms(clock(at), profile, str(engine), tuple(only or ()), anchors, load_expected(vendor.expected))
    bench = Bench(terms, sources, joins=bool(JOINED & set(vendor.components)))
    judged = list(progress(kept(bench.judge_all(store.taking(evidence), jobs=jobs), store)))
    scope = Scope(vendor.components, vendor.roles, vendor.vendor, vendor.product, vendor.live)
    again = f"untp-crm certify {shlex.quote(str(vendor_file))} --at {terms.at.strftime('%Y-%m-%dT%H:%M:%SZ')}"
    run = RunTerms.of(terms, nonce=nonce, reproduce=(again + selected(terms.only),))
    record = record_of(judged, bench, scope, run, store.recording)
    made = make_submission(record, store, text, run, signer=sealer, base=base_url(publish))
    write_report(record, out_folder, seal=seal_text(made, lang), language=lang)
    write_listing(record, made, out_folder)
    write_audit(judged, bench, scope.components, out_folder, language=lang)
    show(record, console=stdout_console(), report=out_folder / "report.html")
    if session is not None:
        _tell(session)
    bare = [name for name in vendor.components if name not in shown_components(record)]
    if bare:
        note(
            f"Claimed, but nothing shows it: {', '.join(bare)}. Review does not list that (REV-SCO-03).",
            always=True,
        )
    if sealer is None:
        note("The submission is not sealed: untp-crm keygen makes a key, --key FILE seals with it.")
    return EXIT_CODES[Verdict(record["verdict"])]


def _use_checks_beside(vendor_file: Path) -> None:
    """Judge by the cases of an extension too, where a folder checks/ stands beside vendor.toml."""
    folder = vendor_file.resolve().parent / "checks"
    if folder.is_dir() and not os.environ.get(OWN_CHECKS):
        os.environ[OWN_CHECKS] = str(folder)
        note(f"The cases of {folder} belong to this run: review it with {OWN_CHECKS} naming the same folder.")


def _held(
    vendor: Vendor, text: str, out_folder: Path, nonce: str | None, at: datetime | None, *, anew: bool
) -> Session:
    """The dialogues with the vendor's endpoints, with progress; what an earlier run left is taken up."""
    with host_of(vendor if anew else on_its_port(vendor, out_folder)) as host:
        return hold(
            vendor, text, load_suite(), out=out_folder, nonce=nonce, at=at, anew="anew" if anew else "",
            host=host, passing=partial(progress, label="Asking"), said=note,
        )  # fmt: skip


def _tell(session: Session) -> None:
    """Say on standard error what could not be had from the endpoints, and how to take it up."""
    first: dict[str, Exchange] = {}
    for exchange in session.open:
        first.setdefault(exchange.endpoint, exchange)
    for name, exchange in first.items():
        note(f"{name}: {exchange.request.method} {exchange.request.url}: {exchange.reason}", always=True)
    if session.interrupted:
        note("Interrupted: what was not asked is not run.", always=True)
    if session.interrupted or first:
        note(
            "Run the same command again: the answers so far are kept under live/ and it takes up the rest.",
            always=True,
        )


def _replay(path: Path, out_folder: Path, jobs: int, language: str, preview: str | None) -> int:
    """Judge a submission again from its own evidence, by its own profile or by another as a preview."""
    try:
        window = load_rules().window
        submission, _ = open_members(read_members(read_submission_file(path, window), window))
    except SubmissionRefusedError as refusal:
        breach = refusal.breaches[0]
        raise UnreadableError(
            f"{breach.rule}: {breach.message}", where=f"{path} {breach.place or ''}".strip(),
            hint="untp-crm review says all that is wrong with it.",
        ) from refusal  # fmt: skip
    if preview is not None:
        submission = replace(submission, terms=replace(submission.terms, profile=preview))
    record = judge_again(submission, jobs=jobs)
    write_report(record, out_folder, language=language)
    show(record, console=stdout_console(), report=out_folder / "report.html")
    if preview is not None:
        note(f"A preview under {preview}: untp-crm compare shows what would change.")
        return EXIT_CODES[Verdict(record["verdict"])]
    same = write_record(record) == submission.record_body
    note(
        "The record has the same bytes." if same else "The record is ANOTHER one: untp-crm review says where."
    )
    return EXIT_CODES[Verdict(record["verdict"])]


def _evidence(vendor: Vendor) -> Iterator[Evidence | Absence]:
    if not vendor.bundles and not vendor.live:
        note("vendor.toml names no bundle: no credential is judged.", always=True)
    for bundle in vendor.bundles:
        yield from gather_paths([str(bundle.path)])

"""`untp-crm declaration URL RECORD`: what a vendor declares on its web against what a record shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from harness.cli.console import clock, note, out
from harness.cli.review import Format
from harness.cli.sources import folders
from harness.errors import UnreadableError, UsageError
from harness.evidence import Absence
from harness.listing.archive import read_members, read_submission_file
from harness.listing.attestation import WELL_KNOWN
from harness.listing.conformance_assertion import declaration_address
from harness.listing.declaration import live_breaches, published
from harness.listing.rules import Breach, SubmissionRefusedError, load_rules
from harness.listing.submission import open_members
from harness.report import read_record
from harness.report.visible import one_line

ABSENT = 3
"""Exit code where nothing could be compared."""


def declaration(
    url: Annotated[str, typer.Argument(metavar="URL", help=f"The vendor's website, or its {WELL_KNOWN}.")],
    record: Annotated[Path, typer.Argument(metavar="RECORD", help="A record.json, or a submission.zip.")],
    web: Annotated[
        list[Path] | None,
        typer.Option(help="Folder that answers URLs: the declaration, its test report, did:web documents."),
    ] = None,
    at: Annotated[str | None, typer.Option(help="Moment of judgement; now by default.")] = None,
    output_format: Annotated[Format, typer.Option("--format", help="How to print the answer.")] = Format.TEXT,
) -> int:
    """Compare a live declaration with a record: 0 no more than it shows, 1 more or unproven, 3 not there. Provisional."""
    if not url.startswith("https://"):
        raise UsageError(f"{one_line(url, 120)} is no https URL", hint="For example https://vendor.example/.")
    address, sources = declaration_address(url), folders(web)
    shown, body = _record(record)
    answer = published(address, sources, clock(at)).answer
    if isinstance(answer, Absence):
        note(f"untp-crm: {address}: {answer.reason}", always=True)
        return ABSENT
    breaches = list(live_breaches(address, sources, clock(at), shown, body))
    if output_format is Format.JSON:
        rows = [
            {"rule": one.rule, "message": one.message, "place": one.place, "expected": one.expected, "actual": one.actual}
            for one in breaches
        ]  # fmt: skip
        out(json.dumps({"declaration": address, "breaches": rows}, indent=1))
    else:
        out(_text(address, breaches))
    return 1 if breaches else 0


def _record(path: Path) -> tuple[dict[str, Any], bytes]:
    """A record and its bytes, from its own file or from a submission."""
    if path.suffix != ".zip":
        found = read_record(path)
        return found, path.read_bytes()
    window = load_rules().window
    try:
        submission, _ = open_members(read_members(read_submission_file(path, window), window))
    except SubmissionRefusedError as refusal:
        breach = refusal.breaches[0]
        raise UnreadableError(
            f"{breach.rule}: {breach.message}",
            where=str(path),
            hint="untp-crm review says all that is wrong.",
        ) from refusal
    return dict(submission.record), submission.record_body


def _text(address: str, breaches: list[Breach]) -> str:
    lines = [
        f"{address}",
        "The declaration promises no more than the record shows."
        if not breaches
        else f"{len(breaches)} things in it are not shown by the record, or not proven.",
    ]
    for breach in breaches:
        lines += ["", f"{breach.rule}  {breach.message}"]
        for label, value in (
            ("place", breach.place),
            ("expected", breach.expected),
            ("actual", breach.actual),
        ):
            if value is not None:
                lines.append(f"  {label:9} {one_line(value, 300)}")
    lines += [
        "",
        "The protocol is a draft of the UN, and this reading of it is provisional: docs/attestation.md.",
    ]
    return "\n".join(lines)

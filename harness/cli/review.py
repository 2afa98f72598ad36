"""`untp-crm review`: checks a submission, judges it again offline, and says listable or why not."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.console import clock, out
from harness.cli.sources import folders
from harness.errors import UsageError
from harness.listing.pages import write_page
from harness.listing.review import EXIT_CODES, review_file
from harness.listing.review_text import review_html, review_text


class Format(StrEnum):
    """How `review` prints its answer."""

    TEXT = "text"
    JSON = "json"


def review(
    submission: Annotated[Path, typer.Argument(metavar="SUBMISSION", help="The submission.zip of a vendor.")],
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Also write review.html and review.json here.")
    ] = None,
    output_format: Annotated[Format, typer.Option("--format", help="How to print the answer.")] = Format.TEXT,
    at: Annotated[str | None, typer.Option(help="Moment of the review; now by default.")] = None,
    nonce: Annotated[
        str | None, typer.Option(help="The nonce that you gave the vendor, in hexadecimal.")
    ] = None,
    web: Annotated[
        list[Path] | None,
        typer.Option(help="Folder with what the vendor publishes today: did:web document, status list."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that judge side by side.")] = 1,
) -> int:
    """Review a submission: 0 listable, 1 not listable, 3 needs a person."""
    if nonce is not None and (not nonce or set(nonce) - set("0123456789abcdef")):
        raise UsageError(f"--nonce {nonce!r} is not hexadecimal", hint="Lower-case digits 0-9 and a-f.")
    found = review_file(submission, at=clock(at), nonce=nonce, web=folders(web), jobs=jobs)
    if out_folder is not None:
        write_page(out_folder / "review.html", review_html(found))
        write_page(out_folder / "review.json", json.dumps(found.as_json(), indent=1) + "\n")
    out(json.dumps(found.as_json(), indent=1) if output_format is Format.JSON else review_text(found))
    return EXIT_CODES[found.answer]

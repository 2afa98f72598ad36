"""`untp-crm register build`: the register's site and data from a folder of accepted submissions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.console import clock, note, out
from harness.cli.sources import folders
from harness.errors import UsageError
from harness.listing.register import build_register
from harness.model import EXIT_CODES, Verdict

app = typer.Typer(help="The register of conformant vendors.", no_args_is_help=True)


@app.callback()
def register() -> None:
    """The register of conformant vendors."""


@app.command("build")
def build(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of accepted submissions, *.zip.")],
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the site.")],
    at: Annotated[str | None, typer.Option(help="Moment of the build; now by default.")] = None,
    web: Annotated[
        list[Path] | None,
        typer.Option(help="Folder with what vendors publish today: status lists, did:web documents."),
    ] = None,
    address: Annotated[
        str, typer.Option("--address", help="Where the site will stand.")
    ] = "https://register.untp-crm.example/",
) -> int:
    """Build the static site; a submission whose digests or seal do not hold is left out and named.

    A folder without any submission makes no site, so that a wrong path never empties a register.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", hint="It holds the accepted submissions.")
    if not any(folder.glob("*.zip")):
        note(
            f"Nothing to list: {folder} holds no submission (*.zip), so that no site was written.",
            always=True,
        )
        note("  what to do: Copy each accepted submission.zip into it, under any name.", always=True)
        return EXIT_CODES[Verdict.UNDETERMINED]
    built = build_register(folder, out_folder, at=clock(at), address=address, web=folders(web))
    for name, breach in built.refused:
        note(f"Left out: {name}: {breach.rule} {breach.message}", always=True)
    out(f"{len(built.listings)} listed, {len(built.refused)} left out: {out_folder / 'index.html'}")
    return 1 if built.refused else 0

"""Where `check`, `inspect` and `audit` get what credentials refer to: folders that stand for the web, or the network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.errors import UsageError
from harness.gather.online import Online
from harness.gather.web import FolderWeb, Source

WebFolders = Annotated[
    list[Path] | None,
    typer.Option("--web", help="Folder that answers https://host/path from DIR/host/path."),
]
OnlineFlag = Annotated[
    bool,
    typer.Option(
        "--online", help="Ask the network for what no --web folder answers; otherwise nothing leaves."
    ),
]
Allowed = Annotated[
    list[str] | None,
    typer.Option("--allow", metavar="HOST:PORT", help="With --online: a private address that may be asked."),
]
Authority = Annotated[
    Path | None,
    typer.Option(
        "--ca", metavar="FILE", help="With --online: certificates to trust beside the system's, in PEM form."
    ),
]


def folders(web: list[Path] | None) -> list[FolderWeb]:
    """The folders that stand for the web. Raises UsageError for what is none."""
    for folder in web or ():
        if not folder.is_dir():
            raise UsageError(
                f"--web {folder} is not a folder", hint="It holds host/path files that answer URLs."
            )
    return [FolderWeb(folder) for folder in web or ()]


def sources(
    web: list[Path] | None,
    online: bool,  # noqa: FBT001 - what typer gives for a flag
    allow: list[str] | None,
    ca: Path | None,
) -> tuple[Source, ...]:
    """The sources in the order in which they are asked: folders, then the network where it may be asked.

    Raises UsageError for what is no folder or no file, and for options that do not go together.
    """
    found: list[Source] = [*folders(web)]
    if online:
        if ca is not None and not ca.is_file():
            raise UsageError(f"--ca {ca} is not a file", hint="It holds -----BEGIN CERTIFICATE----- …")
        found.append(Online(tuple(allow or ()), ca))
    elif allow or ca:
        raise UsageError("--allow and --ca go with --online", hint="Without it nothing leaves this machine.")
    return tuple(found)

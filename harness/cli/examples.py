"""`untp-crm examples`: the value chains of UNTP-CRM as files to look at, check and certify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.console import out
from harness.errors import UsageError
from harness.reference.chain import DEMO_CLOCK
from harness.reference.crm import CHAINS
from harness.reference.examples import crm_files


def examples(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; it must be new or empty.")],
) -> int:
    """Write the lithium, copper and cobalt chains, signed, with the web around them and the extension's own parts.

    The commands that it tells judge at the moment that the examples are written for: their status lists end soon after.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder", hint="Name a folder that does not exist yet.")
    for name, body in crm_files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    web = f"--web {folder / 'web'}"
    at = f"--at {DEMO_CLOCK.strftime('%Y-%m-%dT%H:%M:%SZ')}"
    for chain in CHAINS:
        out(f"untp-crm check {folder / chain} {web} {at}")
    for chain in CHAINS:
        out(f"untp-crm audit {folder / chain} {web} --anchors {folder / 'anchors.toml'} {at}")
    out(f"untp-crm extension {folder} {web}")
    out(f"untp-crm certify {folder / 'vendor.toml'} --out {folder / 'report'} {at}")
    return 0

"""`untp-crm reference`: the embedded vendor as a live server, and its named faults."""

from __future__ import annotations

import shlex
import threading
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.console import note, out
from harness.errors import UnreadableError
from harness.reference.server.application import live_vendor
from harness.reference.server.faults import load_live_faults

PORT = 8443
FOLDER = Path("out/reference")
"""Where the server writes the certificate of its throw-away authority and the vendor.toml that fits it."""
AUTHORITY, VENDOR = "authority.pem", "vendor.toml"
HARNESS = "untp-crm-authority.pem"
"""Where the harness writes its own authority while it tests the verifier: beside the vendor.toml."""

app = typer.Typer(no_args_is_help=True, help="The embedded vendor as a live server, good or broken.")


@app.command("serve")
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on loopback; 0 takes a free one.")] = PORT,
    fault: Annotated[
        list[str] | None, typer.Option(help="Break the vendor in this named way; can be repeated.")
    ] = None,
    out_folder: Annotated[
        Path, typer.Option("--out", help="Folder for its authority's certificate and its vendor.toml.")
    ] = FOLDER,
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Authority that its verifier trusts; the harness's own by default. The file may come later.",
        ),
    ] = None,
) -> int:
    """Serve every role over HTTPS on loopback, until Ctrl-C."""
    with live_vendor(port=port, faults=fault or (), authorities=trust or [out_folder / HARNESS]) as vendor:
        place = out_folder / VENDOR
        try:
            out_folder.mkdir(parents=True, exist_ok=True)
            (out_folder / AUTHORITY).write_bytes(vendor.hosted.authority)
            place.write_text(vendor.vendor_toml(place=str(place)), encoding="utf-8")
        except OSError as error:
            raise UnreadableError(f"cannot be written: {error.strerror}", where=str(out_folder)) from None
        out(vendor.base)
        note(f"Certify  untp-crm certify {shlex.quote(str(place))}")
        note("Stop     Ctrl-C")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            note("Stopped.")
    return 0


@app.command("faults")
def faults() -> int:
    """List the named faults: name, kind, role, requirement that catches it, what becomes of the vendor, summary."""
    for one in load_live_faults().values():
        out(f"{one.name}  {one.kind}  {one.role}  {one.requirement}  {one.verdict}  {one.summary}")
    return 0

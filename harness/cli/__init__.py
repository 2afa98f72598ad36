"""`untp-crm`: one module per command, each thin. Exit codes: 0 conformant, 1 not, 3 could not be judged, 4 wrong usage."""

from __future__ import annotations

import contextlib
import sys
from typing import Any, TextIO, cast

import typer

from harness import __version__
from harness.cli import (
    artefacts,
    audit,
    catalogue,
    certify,
    check,
    compare,
    declaration,
    demo,
    examples,
    extension,
    inspect,
    keygen,
    merge,
    pilot,
    reference,
    register,
    review,
    scaffold,
)
from harness.cli.console import Lasting, note, settings
from harness.errors import HarnessError
from harness.judge.collector import look_seldom

USAGE = 4
USAGE_ERROR: Any = typer.BadParameter.__mro__[1]
"""What typer raises for every kind of wrong usage; it brings its own click, so the class is taken from there."""
INTERRUPTED = 130

app = typer.Typer(
    name="untp-crm",
    help="Conformance tests for the UN Transparency Protocol and its Critical Raw Materials extension.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo", short_help="Certify the embedded reference vendor, offline.")(demo.demo)
app.command("certify", short_help="Judge what a product has issued; report and submission.")(certify.certify)
app.command("check", short_help="Judge credentials: verdict, place, reason, what to do.")(check.check)
app.command("examples", short_help="Write signed example chains of critical materials.")(examples.examples)
app.command("extension", short_help="Judge an extension of UNTP: contexts and schemas.")(extension.extension)
app.command("merge", short_help="Parts of one run, judged with --shard, as one.")(merge.merge)
app.command("audit", short_help="Judge credentials together: trust, goods, mass balance.")(audit.audit)
app.command("pilot", short_help="Count actors, value chains, countries, consignments.")(pilot.pilot)
app.command("inspect", short_help="Every intermediate value of one credential.")(inspect.inspect)
app.command("explain", short_help="What a requirement demands, and on whose word.")(catalogue.explain)
app.command("list", short_help="Requirements, cases, profiles, vectors, artefacts.")(catalogue.list_suite)
app.command("review", short_help="Listable, not listable, or a person: judged again.")(review.review)
app.command("compare", short_help="Two records: better, worse, new, gone, and why.")(compare.compare)
app.command("declaration", short_help="A live declaration against what a record shows.")(
    declaration.declaration
)
app.command("keygen", short_help="A first key to seal with, and the did.json to publish.")(keygen.keygen)
app.command("init", short_help="Write a commented vendor.toml.")(scaffold.init)
app.add_typer(artefacts.app, name="artefacts")
app.add_typer(register.app, name="register")
app.add_typer(reference.app, name="reference")


def _version(*, value: bool) -> None:
    if value:
        typer.echo(f"untp-crm {__version__}")
        raise typer.Exit


@app.callback()
def common(
    *,
    quiet: bool = typer.Option(False, "--quiet", "-q", help="Results only: no progress, no notes."),
    verbose: bool = typer.Option(
        False, "--verbose", "-v", help="Also say what is read and which engine judges."
    ),
    _show_version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Options that go before every command."""
    settings.quiet = quiet
    settings.verbose = verbose


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; every error becomes a clear message and an exit code, never a traceback."""
    look_seldom()
    try:
        with contextlib.redirect_stdout(cast(TextIO, Lasting(sys.stdout))):
            code = app(args=arguments, standalone_mode=False, prog_name="untp-crm")
            sys.stdout.flush()
    except USAGE_ERROR as error:
        note(f"untp-crm: {error.format_message()}", always=True)
        note("Try 'untp-crm --help' or 'untp-crm COMMAND --help'.", always=True)
        code = USAGE
    except typer.Abort:
        code = INTERRUPTED
    except HarnessError as error:
        note(f"untp-crm: {error}", always=True)
        code = error.exit_code
    except KeyboardInterrupt:
        note("untp-crm: interrupted", always=True)
        code = INTERRUPTED
    sys.exit(code if isinstance(code, int) else 0)

"""What commands share on the terminal: results to standard output, everything else to standard error."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, TextIO, TypeVar

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from harness.errors import UsageError
from harness.report.texts import languages, texts

Item = TypeVar("Item")


def _language(code: str) -> str:
    """Refuse a language that there is no file for before anything is judged."""
    return texts(code).language


Language = Annotated[
    str,
    typer.Option(
        "--lang", metavar="|".join(languages()), callback=_language, help="Language of report.html."
    ),
]
SLOW = 2.0
"""Seconds after which a progress bar shows on a terminal."""


@dataclass
class Settings:
    """--quiet and --verbose, set once before the command runs."""

    quiet: bool = False
    verbose: bool = False


settings = Settings()


def selected(only: Iterable[str]) -> str:
    """The options that select cases, as they were given, after a blank; a selection is told on standard error."""
    chosen = list(only)
    if not chosen:
        return ""
    note(
        f'Only cases that match {", ".join(chosen)} were run: "conformant" speaks of these alone.',
        always=True,
    )
    return " " + shlex.join([word for glob in chosen for word in ("--only", glob)])


def note(text: str, *, always: bool = False) -> None:
    """A line to standard error: left out under --quiet unless it is an error."""
    if always or not settings.quiet:
        print(text, file=sys.stderr)  # noqa: T201


class Lasting:
    """Standard output that its reader may close, as `head` does: what nobody reads is lost, the verdict is not."""

    def __init__(self, stream: TextIO) -> None:
        """Write to this stream while somebody reads it."""
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write, or let it go where the reader is gone."""
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            self._let_go()
            return len(text)

    def flush(self) -> None:
        """Flush, or let it go where the reader is gone."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._let_go()

    def _let_go(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


def out(text: str) -> None:
    """A line of the result to standard output."""
    sys.stdout.write(text + "\n")


def put(text: str) -> None:
    """A piece of the result to standard output, as it is."""
    sys.stdout.write(text)


def stdout_console() -> Console:
    """A rich console on standard output; plain where it is no terminal or NO_COLOR is set."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=False)


def clock(text: str | None) -> datetime:
    """The moment of judgement: --at, else SOURCE_DATE_EPOCH, else now; whole seconds in UTC."""
    if text is None:
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        if epoch is None:
            return datetime.now(UTC).replace(microsecond=0)
        try:
            return datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError):
            raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}, which is no number of seconds") from None
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"--at {text!r} is no time", hint="Write it as 2026-11-22T00:00:00Z.") from None


def progress(
    items: Iterable[Item], *, total: int | None = None, label: str = "Judging",
    weigh: Callable[[Item], int] | None = None,
) -> Iterator[Item]:  # fmt: skip
    """Pass items through; show a bar on a terminal once the work takes more than two seconds.

    Where items have a weight in bytes, the bar shows how many a second, and the time that is left of a total.
    """
    if settings.quiet or not sys.stderr.isatty():
        yield from items
        return
    columns: tuple[ProgressColumn, ...] = (MofNCompleteColumn(), TimeElapsedColumn())
    if weigh is not None:
        columns = (DownloadColumn(), TransferSpeedColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    columns = (TextColumn("{task.description}"), BarColumn(), *columns)
    bar = Progress(*columns, console=Console(file=sys.stderr), transient=True)
    task = bar.add_task(label, total=total)
    began = time.monotonic()
    shown = False
    try:
        for item in items:
            yield item
            bar.advance(task, weigh(item) if weigh is not None else 1)
            if not shown and time.monotonic() - began > SLOW:
                bar.start()
                shown = True
    finally:
        if shown:
            bar.stop()

"""The terminal says the same as the page, in the same order, on any stream."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from harness.report import show

from .pieces import Json


def test_the_order_is_that_of_the_report(failing_record: Json) -> None:
    """Verdict, reasons, table, findings, untested, report, next command."""
    text = _shown(failing_record)
    marks = [
        "Not conformant",
        "Why",
        "Component",
        "IDR-ID-02 GTR",
        "They do not count",
        "Report  out/report.html",
    ]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert text.rstrip().endswith("untp-crm explain VCP-ENV-01")


def test_a_pipe_gets_neither_colour_nor_wrapping(failing_record: Json) -> None:
    """In a pipe there is no escape sequence, no trailing blank, and a finding's lines stay whole."""
    text = _shown(failing_record, width=40)
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines() if "no case" not in line)
    assert (
        "what to do: Put https://www.w3.org/ns/credentials/v2 first; the order decides how terms are read."
        in text
    )


def test_no_color_is_honoured(failing_record: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR takes the colour from a terminal and leaves the signs."""
    monkeypatch.setenv("NO_COLOR", "1")
    text = _shown(failing_record, terminal=True)
    assert "[31m" not in text
    assert "✗ failed" in text


def test_a_narrow_terminal_is_kept_to(failing_record: Json) -> None:
    """Lines are no wider than the terminal, but for what a reader copies."""
    lines = Text.from_ansi(_shown(failing_record, terminal=True, width=78)).plain.splitlines()
    assert max(len(line) for line in lines if not line.startswith(("Report", "Next"))) <= 78


def test_hostile_strings_neither_steer_nor_mark_up(failing_record: Json) -> None:
    """Escape sequences are shown as codes and square brackets as they are."""
    vendor = {"name": "\x1b[2J[bold]Evil[/bold]\u202e", "website": None, "country": None}
    text = _shown({**failing_record, "vendor": vendor, "profile": "untp\x07\nConformant"})
    assert "⟨U+001B⟩[2J[bold]Evil[/bold]⟨U+202E⟩" in text
    assert "untp⟨U+0007⟩ Conformant at 2026" in text


def test_a_stream_without_unicode_is_served(failing_record: Json) -> None:
    """On an ASCII stream signs are left out and letters beyond it are escaped."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    vendor = {"name": "Cuivre d'Été SA", "website": None, "country": "FR"}
    show({**failing_record, "vendor": vendor}, console=Console(file=stream, width=100))
    stream.flush()
    stream.seek(0)
    text = stream.read()
    assert "Cuivre d'\\xc9t\\xe9 SA" in text
    assert "\nfailed VCP-ENV-01" in text


def test_what_was_judged_though_not_claimed_is_told(failing_record: Json) -> None:
    """A row of numbers does not pass for a claim."""
    claimed = [name for name in failing_record["scope"]["components"] if name != "IDR"]
    narrower = {**failing_record, "scope": {**failing_record["scope"], "components": claimed}}
    assert "Judged, though not claimed" not in _shown(failing_record)
    assert "Judged, though not claimed: IDR" in _shown(narrower)


def test_a_conformant_vendor_has_no_reasons(good_record: Json) -> None:
    """A good verdict is short: no reasons, no findings, and still what is not tested."""
    text = _shown(good_record)
    assert text.startswith("Conformant\n")
    assert "Why" not in text
    assert "They do not count" in text


def _shown(record: Json, *, width: int = 100, terminal: bool = False) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=terminal)
    show(record, console=console, report=Path("out/report.html"))
    return stream.getvalue()

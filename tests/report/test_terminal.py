"""The terminal says the same as the page, in the same order, on any stream."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.text import Text

from harness.report import show

from .pieces import Json, finding
from .synthetic import record_of, result


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


def _row(subject: str, message: str, case: str = "VCP-ENV-04", outcome: str = "failed", **parts: str) -> Json:
    return result(case, subject, outcome, [finding(message, **parts)])


def _record(*rows: Json, **members: Any) -> Json:
    names = [(name, "DigitalProductPassport") for name in dict.fromkeys(row["subject"] for row in rows)]
    return record_of(list(rows), subjects=names, verdict="nonconformant", **members)


def test_each_different_finding_of_a_requirement_is_told() -> None:
    """Up to three of a kind in full, where else each was found, and how many other kinds there are and where."""
    rows = [_row(f"{name}.json", "no id") for name in "abcd"]
    rows += [
        _row(f"{kind}.json", f"the id is {kind}", hint="Write a URL.")
        for kind in ("seven", "eight", "nine", "ten")
    ]
    lines = [line.strip() for line in _shown(_record(*rows)).splitlines()]
    assert "no id" in lines
    assert "The same in 3 more places: b.json, c.json and 1 more" in lines
    assert {"the id is seven", "the id is eight"} <= set(lines)
    assert not {"the id is nine", "the id is ten"} & set(lines)
    assert "and 2 findings of 2 more kinds: nine.json, ten.json" in lines


def test_what_was_said_of_the_first_is_not_repeated() -> None:
    """The same hint stands once in a group, another one stands beside its finding."""
    rows = [_row("a.json", "no id", hint="Add one."), _row("b.json", "an empty id", hint="Add one.")]
    rows.append(_row("c.json", "an id that is no URL", hint="Write a URL."))
    text = _shown(_record(*rows))
    assert text.count("Add one.") == 1
    assert text.count("Write a URL.") == 1


def test_one_cause_is_told_once() -> None:
    """What a missing document leaves open is told under the first requirement, and named under the others."""
    cases = ("VCP-DID-01", "VCP-JOSE-15")
    rows = [
        _row(name, "the document is not there", case, "not_run")
        for case in cases
        for name in ("a.json", "b.json")
    ]
    text = _shown(_record(*rows))
    assert text.count("the document is not there") == 1
    assert "Open for the same reason, in the same places: VCP-JOSE-15" in text
    elsewhere = [*rows[:3], _row("c.json", "the document is not there", cases[1], "not_run")]
    assert "Open for the same reason" not in _shown(_record(*elsewhere))


def test_failures_are_told_one_by_one() -> None:
    """Two requirements that fail alike are two faults."""
    rows = [_row("a.json", "the value is missing", case) for case in ("VCP-ENV-04", "VCP-ENV-07")]
    assert _shown(_record(*rows)).count("the value is missing") == 2


def test_reasons_say_where_and_how_many_more_there_are() -> None:
    """The first two places, the number of the others, and the number of reasons that are not among the five."""
    row = _row("a.json", "no id")
    reason = {"requirement": "VCP-ENV-04", "outcome": "failed", "text": "An id", "count": 7}
    places = {"subjects": ["a.json", "b.json", "c.json"], "places": 6}
    text = _shown({**_record(row), "reasons": [{**reason, **places}], "reasons_more": 3})
    assert "VCP-ENV-04 An id (7 checks: a.json, b.json and 4 more)" in text
    assert "and 3 more, told below or in the report." in text
    also = {**reason, **places, "also": ["VCP-ENV-05", "VCP-ENV-06"]}
    text = _shown({**_record(row), "reasons": [also]})
    assert "VCP-ENV-04 and 2 more: An id" in text
    assert "told below" not in text


def test_without_a_vendor_there_are_no_empty_rows() -> None:
    """Nobody claims anything in a check of credentials: what nothing speaks of is left out."""
    row = _row("a.json", "no id")
    record = _record(row)
    alone = _shown({**record, "vendor": None, "product": None})
    components = [line.split()[0] for line in alone.splitlines() if line[:3].isupper() and line[:3].isalpha()]
    assert components == ["VCP"]
    assert "Not claimed" not in alone
    assert "claimed: " not in alone
    claimed = _shown(record)
    assert "\nDCC " in claimed
    assert "Not claimed: DAC" in claimed


def _shown(record: Json, *, width: int = 100, terminal: bool = False) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=terminal)
    show(record, console=console, report=Path("out/report.html"))
    return stream.getvalue()

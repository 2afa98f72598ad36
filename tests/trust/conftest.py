"""What a test records under a name that begins with `trust: ` is printed after the run."""

from __future__ import annotations

from typing import Final

import pytest

LINE: Final = "trust: "


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the lines that the tests recorded, by their headings."""
    lines: dict[str, list[str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for name, value in report.user_properties:
                    if name.startswith(LINE):
                        lines.setdefault(name, []).append(str(value))
    for name in sorted(lines):
        terminalreporter.section(name.removeprefix(LINE))
        terminalreporter.write_line("\n".join(lines[name]))

"""What the browser tests need, and a note where it is not there.

They need a Chromium, Playwright and axe-core. Where one of them is missing, tests/browser is not collected
and a note at the end says so; under CI=true the tests are collected and fail. `.ci/browser` brings all three.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import pytest
from listing.table import tampering_table
from live.table_of_faults import fault_tables

_BROWSER = Path(__file__).parent / "browser"
_AXE = _BROWSER / "node_modules/axe-core/axe.min.js"
_CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
_NEEDS = {
    "Chromium": _CHROMIUM is not None,
    "Playwright": importlib.util.find_spec("playwright") is not None,
    "axe-core": _AXE.exists(),
}
_MISSING = [name for name, present in _NEEDS.items() if not present]

collect_ignore = ["browser"] if _MISSING and os.environ.get("CI") != "true" else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which checks did not run on this machine, and print the tables of tampering and of faults, with workers or not."""
    tampering_table(terminalreporter)
    fault_tables(terminalreporter)
    if collect_ignore:
        checks = ", ".join(sorted(path.stem for path in _BROWSER.glob("test_*.py")))
        terminalreporter.write_line(
            f"Browser checks did not run: {', '.join(_MISSING)} missing ({checks}). `bash .ci/browser` brings them."
        )


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The system's Chromium; its absence fails where it is demanded."""
    if _MISSING or _CHROMIUM is None:
        pytest.fail(f"{', '.join(_MISSING)} missing: `bash .ci/browser` brings them.")
    return Path(_CHROMIUM)


@pytest.fixture(scope="session")
def axe(chromium: Path) -> str:
    """The source of axe-core."""
    return _AXE.read_text(encoding="utf-8")

"""Root of the pytest configuration: the suites as pytest items."""

from __future__ import annotations

pytest_plugins = ["harness.pytest_plugin"]

"""Root of the pytest configuration: the suites as pytest items."""

from __future__ import annotations

import os

import pytest

pytest_plugins = ["harness.pytest_plugin"]


def pytest_configure(config: pytest.Config) -> None:
    """No test of the harness depends on the official documents that somebody keeps on this machine."""
    if config.getoption("--vendor") is None:
        os.environ["UNTP_CRM_ARTEFACTS"] = ""

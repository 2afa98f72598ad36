"""Speaks to a served site as `certify` does, and judges the recording: what each requirement was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from harness.judge import Terms, load_suite
from harness.judge.recording import judge_recording
from harness.live import LiveTerms, converse_with
from harness.model import Outcome, Result
from harness.vendor import Endpoint, Vendor

from .world import Site, speaking

AT = datetime(2026, 3, 2, tzinfo=UTC)
COMPONENTS = ("VCP", "DPP", "DCC", "DFR", "DTE", "DIA", "IDR", "DAC", "CVC", "EXT")
ROLES = ("issuer", "verifier", "resolver", "publisher", "registrar", "vocabulary", "extension")
FINE = (Outcome.PASSED, Outcome.NOT_APPLICABLE)


def results(
    table: str, row: Mapping[str, Any], site: Site, *, profile: str = "untp-0.7.0", only: Sequence[str] = ()
) -> tuple[Result, ...]:
    """Every result on one endpoint of a table that a site plays."""
    suite = load_suite()
    found = suite.profile(profile)
    endpoint = Endpoint(table, f"{table}[0]", row)
    vendor = Vendor(
        {"name": "x"},
        {"name": "x", "version": "1"},
        profile,
        COMPONENTS,
        ROLES,
        endpoints={table: (endpoint,)},
    )
    terms = LiveTerms("6c69766533", AT, found, COMPONENTS, ROLES)
    with speaking(site) as line:
        for _ in converse_with(endpoint, vendor, line, terms):
            pass
        recording = line.recording
    return judge_recording(recording, {table: (endpoint.name,)}, suite, Terms(AT, found, only=tuple(only)))


def caught(table: str, row: Mapping[str, Any], site: Site, *, profile: str = "untp-0.7.0") -> set[str]:
    """The requirements that found something."""
    return {
        result.requirement
        for result in results(table, row, site, profile=profile)
        if result.outcome not in FINE
    }


def passed(table: str, row: Mapping[str, Any], site: Site, *, profile: str = "untp-0.7.0") -> set[str]:
    """The requirements that were tested and hold."""
    found = results(table, row, site, profile=profile)
    return {result.requirement for result in found if result.outcome is Outcome.PASSED}

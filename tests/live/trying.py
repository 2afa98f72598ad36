"""A verifier tried as `certify` tries it: the dialogue over the wire, then the judgement from the recording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harness.exchange import Recording
from harness.gather.line import RecordedLine
from harness.judge import Terms, load_suite
from harness.judge.recording import judge_recording
from harness.live import LiveTerms, converse_with_all
from harness.live.host import WebHost
from harness.model import Outcome, Result
from harness.vendor import Vendor, load_vendor

from .verifiers import SmallVerifier, serving

TOML = """
[vendor]
name = "Small Verifier Ltd"
[product]
name = "Small"
version = "1"
[scope]
profile = "{profile}"
components = ["VCP", "DIA", "DAC", "IDR"]
roles = ["verifier"]
[[verifier]]
adapter = "vc-api"
endpoint = "{endpoint}"
depth = "{depth}"
{more}
[network]
allow = ["127.0.0.1"]
timeout_seconds = {seconds}
"""


@dataclass(frozen=True)
class Tried:
    """What came of it."""

    recording: Recording
    results: Mapping[str, Result]
    vendor: Vendor
    at: datetime

    def outcomes(self, *wanted: Outcome) -> set[str]:
        """The requirements with one of these outcomes."""
        return {name for name, result in self.results.items() if result.outcome in wanted}


def judged(recording: Recording, vendor: Vendor, at: datetime) -> Mapping[str, Result]:
    """The results of the verifier suite, by requirement."""
    suite = load_suite()
    terms = Terms(at, suite.profile(vendor.profile))
    results = judge_recording(
        recording, {"verifier": ["verifier[0]"]}, suite, terms,
        components=vendor.components, roles=vendor.roles,
    )  # fmt: skip
    return {result.requirement: result for result in results}


def tried(
    host: WebHost, authority: Path, folder: Path, *faults: str, at: datetime | None = None,
    profile: str = "untp-0.7.0", nonce: str = "5eed", depth: str = "core", seconds: float = 6, more: str = "",
) -> Tried:  # fmt: skip
    """Try a verifier with these faults."""
    at = at or datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    with serving(SmallVerifier(authority, at, frozenset(faults), "checks" in more)) as endpoint:
        vendor = vendor_of(folder, endpoint, profile=profile, depth=depth, seconds=seconds, more=more)
        terms = LiveTerms(nonce, at, load_suite().profile(profile), vendor.components, vendor.roles, host)
        with RecordedLine.of(vendor) as line:
            for _ in converse_with_all(vendor, line, terms):
                pass
        recording = line.recording
    return Tried(recording, judged(recording, vendor, at), vendor, at)


def vendor_of(folder: Path, endpoint: str, **more: object) -> Vendor:
    """A vendor.toml with one verifier, loaded."""
    path = folder / "vendor.toml"
    values = {"profile": "untp-0.7.0", "depth": "core", "seconds": 6, "more": "", **more}
    path.write_text(TOML.format(endpoint=endpoint, **values), encoding="utf-8")
    return load_vendor(path)

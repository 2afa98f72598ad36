"""`pytest --vendor VENDOR.toml test_cases` runs cases of live endpoints too, those written as data among them."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from harness.reference.server.application import LiveVendor

ROOT = Path(__file__).resolve().parents[2]
HEAD = """
[vendor]
name = "x"
[product]
name = "x"
version = "1"
[scope]
profile = "untp-0.7.0"
components = ["IDR"]
roles = ["resolver"]
[[resolver]]
base = "{base}"
identifiers = ["{identifier}"]
[network]
allow = ["{host}"]
ca = "authority.pem"
"""


def test_checks_are_items(vendor: LiveVendor, tmp_path: Path) -> None:
    """A good resolver passes; a broken one fails with the message of the check, by its case id."""
    (tmp_path / "authority.pem").write_bytes(vendor.hosted.authority)
    row = tomllib.loads(vendor.vendor_toml(place="x"))["resolver"][0]
    text = HEAD.format(
        base=row["base"], identifier=row["identifiers"][0], host=vendor.base.removeprefix("https://")
    )
    (tmp_path / "vendor.toml").write_text(text, encoding="utf-8")
    good = _pytest(tmp_path)
    assert "resolver/checks.toml::IDR-WK-01[resolver[0]] PASSED" in good
    assert "resolver/test_idr_queries.py::IDR-QRY-03[resolver[0]] PASSED" in good
    vendor.faults.turn_on(["filter-ignored"])
    broken = _pytest(tmp_path)
    assert "resolver/test_idr_queries.py::IDR-QRY-03[resolver[0]] FAILED" in broken
    assert "the answer is not about links of type" in broken


def _pytest(folder: Path) -> str:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-v",
        "-p",
        "no:cacheprovider",
        "--vendor",
        str(folder / "vendor.toml"),
    ]
    done = subprocess.run(
        [*command, "test_cases/resolver"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    return done.stdout + done.stderr

"""`pytest --vendor VENDOR.toml test_cases` runs cases of live endpoints too, those written as data among them."""

from __future__ import annotations

import re
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

ISSUER = """
[vendor]
name = "x"
[product]
name = "x"
version = "1"
[scope]
profile = "untp-0.7.0"
components = ["VCP", "DPP", "DCC"]
roles = ["issuer"]
[[issuer]]
adapter = "vc-api"
endpoint = "{base}/credentials/issue"
id = "{did}"
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


def test_what_an_issuer_gives_is_judged_item_by_item(vendor: LiveVendor, tmp_path: Path) -> None:
    """A case for each credential that was issued live, with its status list at hand; a fault in one fails its item."""
    (tmp_path / "authority.pem").write_bytes(vendor.hosted.authority)
    text = ISSUER.format(base=vendor.base, did=vendor.estate.did, host=vendor.base.removeprefix("https://"))
    (tmp_path / "vendor.toml").write_text(text, encoding="utf-8")
    vendor.faults.turn_on(["publisher-loses-one-status-list"])
    found = _pytest(tmp_path, "test_cases/credential", "-k", "VCP-STAT-06 or VCP-JOSE-15")
    name = r"issuer\[0\]/issue/untp-0\.7\.0/{}[a-z-]*\.json"
    assert re.search(rf"test_vcp_status.py::VCP-STAT-06\[{name.format('dcc')}\] PASSED", found)
    assert re.search(rf"test_vcp_status.py::VCP-STAT-06\[{name.format('dpp')}\] FAILED", found)
    assert re.search(rf"::VCP-JOSE-15\[{name.format('dpp')}\] PASSED", found)


def _pytest(folder: Path, *arguments: str) -> str:
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
        [*command, *(arguments or ("test_cases/resolver",))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.stdout + done.stderr

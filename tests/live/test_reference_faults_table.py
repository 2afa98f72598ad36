"""The table of live faults is whole, the command serves and stops, the example is what the server writes."""

from __future__ import annotations

import re
import signal
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from harness.errors import SuiteError, UsageError
from harness.reference.server.application import catalogues_of
from harness.reference.server.estate import Estate
from harness.reference.server.faults import Switchboard, load_live_faults
from harness.reference.server.vendor_file import vendor_toml

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "reference" / "vendor.toml"
SERVER = ROOT / "harness" / "reference" / "server"
PLACE, FOLDER = "examples/reference/vendor.toml", "../../out/reference/"


def example() -> str:
    """The vendor.toml of the server on its own port."""
    estate = Estate("https://localhost:8443")
    return vendor_toml(estate, catalogues_of(estate), place=PLACE, folder=FOLDER)


def test_every_fault_is_built_in() -> None:
    """Each name of the table stands in the code of the server, and nobody else than the table names faults."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in SERVER.glob("*.py"))
    missing = [name for name in load_live_faults() if f'"{name}"' not in code]
    asked = set(re.findall(r'\.has\("([a-z0-9-]+)"\)', code))
    assert not missing
    assert asked <= load_live_faults().keys()
    assert len(load_live_faults()) >= 40


def test_an_unknown_fault_is_wrong_usage() -> None:
    """A fault that does not exist is told with a suggestion; asking for one in code is an error of ours."""
    with pytest.raises(UsageError, match="no fault 'linkset-jsn'") as told:
        Switchboard().turn_on(["linkset-jsn"])
    assert str(told.value.hint).startswith("Did you mean linkset-json")
    with pytest.raises(SuiteError, match="not in its table"):
        Switchboard().has("no-such-fault")


def test_the_example_is_what_the_server_writes() -> None:
    """examples/reference/vendor.toml fits the server on its default port."""
    assert EXAMPLE.read_text(encoding="utf-8") == example()


def test_the_command_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    """It prints its address, writes authority and vendor.toml, answers over HTTPS, and ends with 0 on Ctrl-C."""
    command = [sys.executable, "-m", "harness", "reference", "serve", "--port", "0", "--out", str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        base = process.stdout.readline().strip()
        context = ssl.create_default_context(cafile=str(tmp_path / "authority.pem"))
        assert base in (tmp_path / "vendor.toml").read_text(encoding="utf-8")
        assert httpx.get(f"{base}/.well-known/did.json", verify=context).status_code == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in errors


if __name__ == "__main__":
    EXAMPLE.write_text(example(), encoding="utf-8")

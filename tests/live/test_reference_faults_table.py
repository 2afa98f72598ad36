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

from harness.cli import main
from harness.errors import SuiteError, UsageError
from harness.model import Outcome
from harness.reference.server.application import catalogues_of
from harness.reference.server.estate import Estate
from harness.reference.server.faults import Kind, Switchboard, load_live_faults, read_live_faults
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


def test_most_faults_bind_and_break_one_thing() -> None:
    """Binding faults of every role, each with one requirement that fails; those that break more are apart."""
    binding = [fault for fault in load_live_faults().values() if fault.kind is Kind.BINDING]
    assert len(binding) >= 60
    assert all(list(fault.expects.values()) == [Outcome.FAILED] for fault in binding)
    assert {fault.role for fault in binding} == {"issuer", "verifier", "resolver", "publisher", "registrar"}


ROW = """
[[fault]]
name = "some-fault"
role = "resolver"
requirement = "{requirement}"
kind = "{kind}"
summary = "It is broken."
"""


@pytest.mark.parametrize(
    ("requirement", "kind", "told"),
    [
        ("IDR-QRY-04", "binding", "is called binding, and IDR-QRY-04 only warns"),
        ("IDR-QRY-01", "advisory", "is called advisory, and IDR-QRY-01 binds"),
        ("IDR-QRY-99", "binding", "names the unknown IDR-QRY-99"),
    ],
)
def test_a_fault_is_of_the_kind_that_its_requirement_says(
    requirement: str, kind: str, told: str, tmp_path: Path
) -> None:
    """A fault that is called more or less than it weighs is an error of ours, with its place."""
    path = tmp_path / "faults.toml"
    path.write_text(ROW.format(requirement=requirement, kind=kind), encoding="utf-8")
    with pytest.raises(SuiteError, match=told):
        read_live_faults(path)


def test_the_command_lists_them_with_their_kind(capsys: pytest.CaptureFixture[str]) -> None:
    """`reference faults` says what binds and what only warns."""
    with pytest.raises(SystemExit):
        main(["reference", "faults"])
    listed = capsys.readouterr().out
    assert "hreflang-string  binding  resolver  IDR-SET-03  nonconformant  " in listed
    assert "linkset-404  advisory  resolver  IDR-QRY-04  conformant  " in listed


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

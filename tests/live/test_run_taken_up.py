"""A run that stops is told as such, taken up by the next, and judged again to the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.reference.server.application import live_vendor

from .peers import ROOT, certify, command, record_in

ROLES = """[scope]
profile = "untp-0.7.0"
components = ["VCP", "DPP"]
roles = ["issuer"]
"""


@contextmanager
def reference(folder: Path, port: int = 0) -> Iterator[int]:
    """The reference vendor as an issuer, its vendor.toml in a folder; gives its port."""
    with live_vendor(port=port) as vendor:
        text = vendor.vendor_toml(place="vendor.toml")
        head, _, rest = text.partition("[scope]")
        issuer = "[[issuer]]" + rest.partition("[[issuer]]")[2].partition("[[")[0]
        network = "[network]" + rest.partition("[network]")[2]
        (folder / "authority.pem").write_bytes(vendor.hosted.authority)
        (folder / "vendor.toml").write_text(head + ROLES + issuer + network, encoding="utf-8")
        yield int(vendor.base.rpartition(":")[2])


def started(folder: Path) -> subprocess.Popen[str]:
    """Certify in a process of its own, once it has asked a dozen questions."""
    arguments = command("certify", "vendor.toml", "--out", "out", "--nonce", "5eed")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        arguments, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=folder, env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - heard also in the background
    )  # fmt: skip
    rows, until = folder / "out" / "live" / "exchanges.jsonl", time.monotonic() + 120
    while not (rows.exists() and rows.read_bytes().count(b"\n") >= 6):
        assert process.poll() is None, "it ended before it was stopped"
        assert time.monotonic() < until, "it asked nothing"
        time.sleep(0.02)
    return process


def test_a_vendor_that_is_killed_is_taken_up(tmp_path: Path) -> None:
    """The record says what could not be judged; the next run asks the rest alone; the replay gives the same bytes."""
    with reference(tmp_path) as port:
        process = started(tmp_path)
    _, told = process.communicate(timeout=240)
    stopped = record_in(tmp_path / "out")
    assert process.returncode == 3
    assert stopped["verdict"] == "undetermined"
    assert {row["outcome"] for row in stopped["results"] if row["subject"] == "issuer[0]"} & {
        "not_run",
        "error",
    }
    assert "Run the same command again" in told
    vendor = (tmp_path / "vendor.toml").read_text(encoding="utf-8")
    with reference(tmp_path, port):
        assert (tmp_path / "vendor.toml").read_text(encoding="utf-8") == vendor
        again = certify(tmp_path / "vendor.toml", tmp_path / "out", "--nonce", "5eed")
        assert "Taking up the run of" in again.errors
    assert again.code == 0
    assert again.record["nonce"] == "5eed"
    assert not (tmp_path / "out" / "live").exists()
    replayed = replay(tmp_path / "out" / "submission.zip", tmp_path / "again")
    assert replayed.returncode == 0
    assert "The record has the same bytes." in replayed.stderr
    assert (tmp_path / "again" / "record.json").read_bytes() == (
        tmp_path / "out" / "record.json"
    ).read_bytes()


def replay(submission: Path, out: Path) -> subprocess.CompletedProcess[str]:
    """Judge a submission again in a process in which no socket can be opened."""
    refuse = "import socket,sys; socket.socket.connect=lambda *_: sys.exit('the network was used');"
    arguments = ["certify", "--replay", str(submission), "--out", str(out)]
    code = f"{refuse} from harness.cli import main; main({arguments!r})"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT, timeout=240
    )


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_interruption_is_told_and_taken_up(tmp_path: Path) -> None:
    """Ctrl-C ends the questions, the record says that not all was asked, and the next run goes on."""
    with reference(tmp_path):
        process = started(tmp_path)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=240)
        assert process.returncode == 3
        assert "Interrupted: what was not asked is not run." in told
        outcomes = {
            row["outcome"] for row in record_in(tmp_path / "out")["results"] if row["subject"] == "issuer[0]"
        }
        assert outcomes <= {"not_run", "error"}
        again = certify(tmp_path / "vendor.toml", tmp_path / "out", "--nonce", "5eed")
    assert "Taking up the run of" in again.errors
    assert again.code == 0

"""Servers as strangers run them: real ones on loopback, each hostile in one way; and certify against them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Answering = Callable[[BaseHTTPRequestHandler], None]
"""How a server answers one request, whatever its method."""


def says(status: int, body: bytes, media_type: str = "application/json", **headers: str) -> Answering:
    """Always the same answer."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"content-type": media_type, "content-length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hangs(handler: BaseHTTPRequestHandler) -> None:
    """Nothing, for as long as anybody waits."""
    time.sleep(20)
    handler.close_connection = True


def drips(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, so that no single wait is long."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(400):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def floods(handler: BaseHTTPRequestHandler) -> None:
    """One gigabyte, unannounced."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1024):
        handler.wfile.write(bytes(1024 * 1024))


def drops(handler: BaseHTTPRequestHandler) -> None:
    """The connection, closed without a word."""
    handler.close_connection = True


def babbles(handler: BaseHTTPRequestHandler) -> None:
    """Bytes that are no HTTP."""
    handler.wfile.write(b"\x00\x01\x02 hello\r\n")
    handler.close_connection = True


@contextmanager
def peer(answer: Answering) -> Iterator[str]:
    """A server on a free loopback port that answers everything in one way; gives its host and port."""

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:  # who asked has gone away
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing."""

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            answer(self)

        do_GET = do_POST  # noqa: N815 - the names that http.server calls

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


HEAD = """
[vendor]
name = "Sample Minerals Ltd"
website = "https://minerals.example"

[product]
name = "TraceMine"
version = "4.2.0"

[scope]
profile = "untp-0.7.0"
components = ["VCP", "DPP"]
roles = ["issuer"]
"""


def vendor_file(folder: Path, *tables: str, allow: tuple[str, ...] = (), seconds: float = 1.0) -> Path:
    """A vendor.toml with these tables, and the hosts that it allows."""
    network = f"\n[network]\nallow = {json.dumps(list(allow))}\ntimeout_seconds = {seconds}\n"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "vendor.toml"
    path.write_text(HEAD + "\n".join(tables) + network, encoding="utf-8")
    return path


def issuer(where: str) -> str:
    """The table of a VC-API issuer at host and port."""
    return f'[[issuer]]\nadapter = "vc-api"\nendpoint = "http://{where}/credentials/issue"\n'


@dataclass(frozen=True)
class Run:
    """What a run of certify came to."""

    code: int
    errors: str
    seconds: float
    record: dict[str, Any]

    def outcomes(self, subject: str) -> dict[str, str]:
        """The outcome of each case on one subject."""
        return {row["case"]: row["outcome"] for row in self.record["results"] if row["subject"] == subject}

    def reasons(self, subject: str) -> str:
        """All that was said about one subject."""
        rows = [row for row in self.record["results"] if row["subject"] == subject]
        return "\n".join([finding["message"] for row in rows for finding in row["findings"]])


def command(*arguments: str) -> list[str]:
    """The command line of the harness in a process of its own."""
    return [sys.executable, "-m", "harness", *arguments]


def certify(vendor: Path, out: Path, *more: str) -> Run:
    """Certify a vendor in a process of its own."""
    began = time.monotonic()
    done = subprocess.run(
        command("certify", str(vendor), "--out", str(out), *more),
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=300,
    )  # fmt: skip
    return Run(done.returncode, done.stderr, time.monotonic() - began, record_in(out))


def record_in(out: Path) -> dict[str, Any]:
    """The record that a run wrote; empty where it wrote none."""
    path = out / "record.json"
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return record

"""The command adapter: a program that reads one JSON request per line and writes one answer per line.

The protocol is test_cases/schemas/command.schema.json. The program is started once in a run, in the folder of
vendor.toml, and ended at the end of it; a line is bounded in size and in time.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess  # the program is named in vendor.toml, by the vendor who runs it
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.data_files import validator
from harness.exchange import Answer, Trouble
from harness.gather.limits import MAX_FILE
from harness.gather.network import StoppedError
from harness.vendor import Endpoint

COMMAND = "COMMAND"
"""The method of a request to a program."""
PROTOCOL = "untp-crm-command"
VERSION = 1
STATUS = {"result": 200, "refused": 422, "unsupported": 501, "failed": 500}
"""The HTTP status that stands for each kind of answer, so that cases read both alike."""
GRACE = 2.0
"""Seconds that a program has to end by itself once its input is closed."""


@dataclass
class Programs:
    """The programs of a run, by endpoint; started when first asked."""

    folder: Path = field(default_factory=Path)
    seconds: float = 10.0
    max_bytes: int = MAX_FILE
    _running: dict[str, _Program] = field(default_factory=dict)

    def answer(self, endpoint: Endpoint, line: bytes) -> Answer:
        """The answer of an endpoint's program to one line. Raises StoppedError where there is none."""
        program = self._running.get(endpoint.name)
        if program is None or program.ended:
            program = self._running[endpoint.name] = _Program(
                endpoint.row["argv"], self.folder, self.max_bytes
            )
        told = program.told(line, self.seconds)
        return Answer(_status(told, line), (("content-type", "application/json"),), told, endpoint.url)

    def close(self) -> None:
        """End every program that was started here."""
        for program in self._running.values():
            program.end()
        self._running.clear()


class _Program:
    def __init__(self, argv: list[str], folder: Path, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._rest = bytearray()
        self._whole = False
        try:
            self._process = subprocess.Popen(  # noqa: S603 - no shell
                argv, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise StoppedError(Trouble.REFUSED, f"{argv[0]!r} cannot be started: {reason}") from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input, self._output = self._process.stdin, self._process.stdout
        os.set_blocking(self._input.fileno(), False)
        os.set_blocking(self._output.fileno(), False)

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def told(self, line: bytes, seconds: float) -> bytes:
        """The next line that the program writes after it was given one."""
        if b"\n" in line:
            raise StoppedError(Trouble.PROTOCOL, "a request is one line")
        waiting, end = line + b"\n", time.monotonic() + seconds
        with selectors.DefaultSelector() as ready:
            ready.register(self._output, selectors.EVENT_READ)
            ready.register(self._input, selectors.EVENT_WRITE)
            while True:
                if self._whole and not waiting:
                    told, _, self._rest = self._rest.partition(b"\n")
                    self._whole = b"\n" in self._rest
                    return bytes(told)
                left = end - time.monotonic()
                if left <= 0:
                    self.end()
                    raise StoppedError(
                        Trouble.TIMEOUT, f"no answer within {seconds:g} seconds; the program was ended"
                    )
                for key, _ in ready.select(left):
                    if key.fileobj is self._input:
                        waiting = self._write(waiting)
                        if not waiting:
                            ready.unregister(self._input)
                    else:
                        self._read()

    def _write(self, waiting: bytes) -> bytes:
        try:
            return waiting[os.write(self._input.fileno(), waiting[:65_536]) :]
        except BlockingIOError:
            return waiting
        except OSError:
            raise self._gone() from None

    def _read(self) -> None:
        try:
            piece = os.read(self._output.fileno(), 65_536)
        except BlockingIOError:
            return
        if not piece:
            raise self._gone()
        self._rest += piece
        self._whole = self._whole or b"\n" in piece
        if len(self._rest) > self._max_bytes:
            self.end()
            raise StoppedError(Trouble.TOO_LARGE, f"a line is longer than {self._max_bytes:,} bytes")

    def _gone(self) -> StoppedError:
        self.end()
        return StoppedError(Trouble.PROTOCOL, f"the program ended with exit code {self._process.returncode}")

    def end(self) -> None:
        """End it: first by closing its input, then by signals to the group that it started."""
        with contextlib.suppress(OSError):
            self._input.close()
        for number in (None, signal.SIGTERM, signal.SIGKILL):
            if number is not None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(GRACE)
                break
        with contextlib.suppress(OSError):
            self._output.close()


def _status(told: bytes, line: bytes) -> int:
    """The status that an answer stands for. Raises StoppedError for a line that is none of the protocol."""
    try:
        answer: Any = json.loads(told)
    except (ValueError, RecursionError):
        raise StoppedError(Trouble.PROTOCOL, "the program wrote a line that is no JSON") from None
    fault = next(
        iter(
            validator("command")
            .evolve(schema={"$ref": "command.schema.json#/$defs/answer"})
            .iter_errors(answer)
        ),
        None,
    )
    if fault is not None:
        raise StoppedError(
            Trouble.PROTOCOL, f"the program wrote a line that is none of the protocol: {fault.message[:200]}"
        )
    if answer["id"] != json.loads(line)["id"]:
        raise StoppedError(Trouble.PROTOCOL, "the program answered another request")
    return next(STATUS[kind] for kind in STATUS if kind in answer)

"""A server on a loopback port of its own, in a thread: started, asked, stopped. HTTPS from a throw-away authority."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import trustme
import uvicorn
from starlette.applications import Starlette

from harness.errors import EngineError, UsageError

HOST = "localhost"
LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
PATIENCE = 10.0
"""Seconds within which a server of ours has started or stopped."""


@dataclass(frozen=True)
class Hosted:
    """A running server: where it answers, and the certificate of the authority behind its own, in PEM."""

    base: str
    authority: bytes


@contextlib.contextmanager
def hosting(make: Callable[[str], Starlette], *, port: int = 0) -> Iterator[Hosted]:
    """Serve an application, made for its base URL, over HTTPS on loopback. Raises UsageError where the port is taken."""
    sockets = _sockets(port)
    base = f"https://{HOST}:{sockets[0].getsockname()[1]}"
    authority = trustme.CA(organization_name="UNTP-CRM reference vendor, throw-away authority")
    server = _server(make(base), authority)
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, name=base, daemon=True)
    thread.start()
    try:
        _wait(server, thread)
        yield Hosted(base, authority.cert_pem.bytes())
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        server.force_exit = True
        for one in sockets:
            one.close()


def _server(application: Starlette, authority: trustme.CA) -> uvicorn.Server:
    config = uvicorn.Config(
        application, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=1
    )
    config.load()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST, "127.0.0.1", "::1").configure_cert(context)
    config.ssl = context
    return _Quiet(config)


class _Quiet(uvicorn.Server):
    """A server that leaves signals to whoever started it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal: the command ends the server on Ctrl-C."""
        yield


def _sockets(port: int) -> list[socket.socket]:
    """The port on every loopback address that this machine has, so that `localhost` is never ambiguous."""
    made: list[socket.socket] = []
    for family, address in LOOPBACK:
        try:
            one = socket.create_server((address, port), family=family)
        except OSError as error:
            if made:
                continue
            hint = "Choose another with --port, or --port 0 for any that is free."
            raise UsageError(f"port {port} cannot be had: {error.strerror or error}", hint=hint) from None
        # asyncio leaves it out for a socket made by hand: each answer would wait for an acknowledgement
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port = one.getsockname()[1]
        made.append(one)
    return made


def _wait(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise EngineError("the reference vendor did not start")
        time.sleep(0.005)

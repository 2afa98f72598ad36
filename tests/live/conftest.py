"""The reference vendor as a live server, one for all tests of this room, good again after each."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpx
import pytest

from harness.reference.server.application import LiveVendor, live_vendor


@pytest.fixture(scope="session")
def running() -> Iterator[LiveVendor]:
    """A server on a free port."""
    with live_vendor() as vendor:
        yield vendor


@pytest.fixture
def vendor(running: LiveVendor) -> Iterator[LiveVendor]:
    """The server without any fault; faults that a test turns on are off after it."""
    running.faults.turn_on(())
    yield running
    running.faults.turn_on(())


@pytest.fixture(scope="session")
def _client(running: LiveVendor) -> Iterator[httpx.Client]:
    context = ssl.create_default_context(cadata=running.hosted.authority.decode())
    with httpx.Client(verify=context, base_url=running.base, timeout=30) as client:
        yield client


@pytest.fixture
def client(vendor: LiveVendor, _client: httpx.Client) -> httpx.Client:
    """A client that trusts its authority."""
    return _client

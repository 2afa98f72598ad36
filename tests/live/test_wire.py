"""One question over the wire: bounded in time, size and redirects; what came is kept as it came."""

from __future__ import annotations

import gzip
import os
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from harness.exchange import Request, Trouble
from harness.gather.network import Policy, StoppedError
from harness.gather.wire import Wire

from .peers import Answering, babbles, drips, drops, floods, hangs, peer, says


def wire(*places: str, seconds: float = 1.0, max_bytes: int = 1_000_000) -> Wire:
    """A wire to these places on loopback."""
    return Wire(Policy(frozenset(), places), seconds, max_bytes)


def counted(answer: Answering, calls: list[str]) -> Answering:
    """The same answer, and a list of who asked how."""

    def counting(handler: BaseHTTPRequestHandler) -> None:
        calls.append(handler.command)
        answer(handler)

    return counting


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (hangs, Trouble.TIMEOUT),
        (drips, Trouble.TIMEOUT),
        (floods, Trouble.TOO_LARGE),
        (says(200, b"x" * 2_000_000), Trouble.TOO_LARGE),
        (drops, Trouble.PROTOCOL),
        (babbles, Trouble.PROTOCOL),
        (says(302, b"", location="/again"), Trouble.REDIRECTS),
        (says(302, b"", location="http://10.0.0.1/"), Trouble.NOT_ALLOWED),
        (says(302, b"", location="file:///etc/passwd"), Trouble.NOT_ALLOWED),
        (says(302, b"", location="http://[::bad"), Trouble.REDIRECTS),
    ],
)
def test_every_kind_of_hostility_has_its_trouble(answer: Answering, trouble: Trouble) -> None:
    """And all of it ends within the time that one question has."""
    with peer(answer) as place:
        began = time.monotonic()
        with pytest.raises(StoppedError) as stopped:
            wire(place).send(Request("GET", f"http://{place}/"), redirects=3)
    assert stopped.value.trouble is trouble
    assert time.monotonic() - began < 10


BOMB = gzip.compress(bytes(500_000_000), 9)
"""Half a gigabyte in half a megabyte."""


def test_a_bomb_is_not_unpacked() -> None:
    """What is packed is unpacked up to the limit and no further."""
    with (
        peer(says(200, BOMB, **{"content-encoding": "gzip"})) as place,
        pytest.raises(StoppedError) as stopped,
    ):
        wire(place, seconds=20).send(Request("GET", f"http://{place}/"))
    assert stopped.value.trouble is Trouble.TOO_LARGE


def test_a_packed_answer_is_read() -> None:
    """A server may pack an answer although nobody asked for it."""
    with peer(says(200, gzip.compress(b"ok" * 1000), **{"content-encoding": "gzip"})) as place:
        assert wire(place).send(Request("GET", f"http://{place}/")).body == b"ok" * 1000


def test_headers_of_caches_are_kept() -> None:
    """ETag, Cache-Control and all others, in the order of the wire."""
    with peer(says(200, b"ok", "text/plain", ETag='"a"', **{"Cache-Control": "max-age=60"})) as place:
        answer = wire(place).send(Request("GET", f"http://{place}/"))
    assert answer.header("etag") == '"a"'
    assert answer.header("cache-control") == "max-age=60"
    assert (answer.status, answer.body, answer.media_type, answer.peer) == (200, b"ok", "text/plain", place)


@pytest.mark.parametrize(("method", "times"), [("GET", 3), ("POST", 1)])
def test_only_what_changes_nothing_is_sent_again(method: str, times: int) -> None:
    """A dropped GET is asked again, twice; a POST never: it may have been done."""
    calls: list[str] = []
    with peer(counted(drops, calls)) as place, pytest.raises(StoppedError):
        wire(place, seconds=10).send(Request(method, f"http://{place}/", (), b"{}"))
    assert calls == [method] * times


def test_redirects_are_kept_and_bodies_not_sent_on() -> None:
    """A POST that is sent to see other is a GET there, as browsers do; the way is in the answer."""
    calls: list[str] = []
    with (
        peer(counted(says(200, b"there"), calls)) as there,
        peer(says(303, b"", location=f"http://{there}/x")) as here,
    ):
        answer = wire(here, there).send(Request("POST", f"http://{here}/", (), b"{}"), redirects=1)
    assert calls == ["GET"]
    assert (answer.url, answer.body) == (f"http://{there}/x", b"there")
    assert [(hop.status, hop.location) for hop in answer.hops] == [(303, f"http://{there}/x")]


def test_redirects_are_not_followed_unless_asked_for() -> None:
    """A redirect is an answer."""
    with peer(says(307, b"", location="http://10.0.0.1/")) as place:
        assert wire(place).send(Request("GET", f"http://{place}/")).status == 307


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked goes where vendor.toml says, whatever the environment."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with peer(says(200, b"ok")) as place:
        assert wire(place).send(Request("GET", f"http://{place}/")).body == b"ok"
    assert os.environ["ALL_PROXY"]


def test_an_authority_that_is_unknown_is_an_error_of_tls(tmp_path: Path) -> None:
    """And the one that `[network] ca` names is trusted."""
    from harness.reference.server.application import live_vendor

    with live_vendor() as vendor:
        place = vendor.base.removeprefix("https://")
        request = Request("GET", f"{vendor.base}/.well-known/did.json")
        with pytest.raises(StoppedError) as stopped:
            wire(place, seconds=10).send(request)
        (tmp_path / "ca.pem").write_bytes(vendor.hosted.authority)
        trusting = Wire(Policy(frozenset(), (place,)), 10, authority=tmp_path / "ca.pem")
        assert trusting.send(request).status == 200
    assert stopped.value.trouble is Trouble.TLS

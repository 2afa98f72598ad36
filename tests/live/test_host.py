"""The harness's own side of the web: served over TLS, seen, silent, and gone again."""

from __future__ import annotations

import socket
import ssl
import time
from pathlib import Path

import httpx
import pytest

from harness.errors import UsageError
from harness.live import host as host_module
from harness.live.host import hosted


def client(authority: Path) -> httpx.Client:
    """A client that trusts the authority and no other."""
    return httpx.Client(verify=ssl.create_default_context(cafile=str(authority)), trust_env=False, timeout=5)


def test_what_is_published_is_answered_until_it_is_withdrawn(tmp_path: Path) -> None:
    """A page has its bytes and media type; withdrawn, it answers 404."""
    with hosted(authority=tmp_path / "ca.pem") as host, client(tmp_path / "ca.pem") as asks:
        url = host.publish("a/did.json", b"{}", "application/did+json")
        answer = asks.get(url)
        assert (answer.status_code, answer.content) == (200, b"{}")
        assert answer.headers["content-type"] == "application/did+json"
        host.withdraw("a/did.json")
        assert asks.get(url).status_code == httpx.codes.NOT_FOUND
        assert host.asked("a/did.json") == 2


def test_both_addresses_of_localhost_answer(tmp_path: Path) -> None:
    """Some clients resolve localhost to ::1 first."""
    with hosted(authority=tmp_path / "ca.pem") as host, client(tmp_path / "ca.pem") as asks:
        port = host.base.rpartition(":")[2]
        found = [asks.get(f"https://{name}:{port}/ready").text for name in ("127.0.0.1", "localhost")]
        if socket.has_ipv6:
            found.append(asks.get(f"https://[::1]:{port}/ready").text)
        assert set(found) == {"ready\n"}


def test_a_stranger_to_the_authority_is_refused(tmp_path: Path) -> None:
    """Without the certificate file nobody is fooled into trusting this host."""
    with (
        hosted(authority=tmp_path / "ca.pem") as host,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        httpx.get(f"{host.base}/ready", trust_env=False)


def test_the_authority_stays_from_run_to_run(tmp_path: Path) -> None:
    """A product that trusts it need not be started again; its key is for the owner alone."""
    with hosted(authority=tmp_path / "ca.pem"):
        first = (tmp_path / "ca.pem").read_bytes()
    with hosted(authority=tmp_path / "ca.pem") as host, client(tmp_path / "ca.pem") as asks:
        assert asks.get(f"{host.base}/ready").text == "ready\n"
    assert (tmp_path / "ca.pem").read_bytes() == first
    assert (tmp_path / "ca.key").stat().st_mode & 0o077 == 0


def test_what_is_asked_is_kept_with_what_it_gives_away(tmp_path: Path) -> None:
    """Method, path, query and telling headers are seen; a query finds the page all the same."""
    with hosted(authority=tmp_path / "ca.pem") as host, client(tmp_path / "ca.pem") as asks:
        host.publish("run/list", b"x", "text/plain")
        asks.get(f"{host.base}/run/list?credential=7", headers={"Referer": "https://viewer.example/?key=1"})
        asks.post(f"{host.base}/run/beacon", content=b"stolen")
        asks.get(f"{host.base}/other")
        first, second = host.heard("run/")
        assert (first.method, first.target) == ("GET", "/run/list?credential=7")
        assert dict(first.headers)["referer"] == "https://viewer.example/?key=1"
        assert (second.method, second.size) == ("POST", len(b"stolen"))


def test_a_silent_page_hangs_up_in_bounded_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is taken, nothing is said, and then it is over; other pages are answered meanwhile."""
    monkeypatch.setattr(host_module, "SILENCE", 0.3)
    with hosted(authority=tmp_path / "ca.pem") as host, client(tmp_path / "ca.pem") as asks:
        host.silence("run/list")
        begun = time.monotonic()
        with pytest.raises(httpx.RemoteProtocolError):
            asks.get(f"{host.base}/run/list")
        assert 0.2 < time.monotonic() - begun < 3


def test_a_peer_that_never_shakes_hands_holds_nobody_up(tmp_path: Path) -> None:
    """TLS is shaken in a thread of its own."""
    with hosted(authority=tmp_path / "ca.pem") as host, client(tmp_path / "ca.pem") as asks:
        port = int(host.base.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)):
            assert asks.get(f"{host.base}/ready").text == "ready\n"


def test_a_public_base_is_served_plain_behind_a_proxy(tmp_path: Path) -> None:
    """Below a public base with a folder, the proxy may hand the folder on or take it away."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}/vectors"
    with hosted(f"127.0.0.1:{port}", base, authority=tmp_path / "ca.pem") as host:
        host.publish("x", b"here", "text/plain")
        assert httpx.get(f"{base}/x", trust_env=False).text == "here"
        assert httpx.get(f"http://127.0.0.1:{port}/x", trust_env=False).text == "here"
    assert not (tmp_path / "ca.pem").exists()


def test_a_public_base_that_leads_elsewhere_is_told(tmp_path: Path) -> None:
    """Before anything is asked of the product, the harness asks itself."""
    with (
        pytest.raises(UsageError, match="does not answer at http://127"),
        hosted(public_base="http://127.0.0.1:9", authority=tmp_path / "ca.pem"),
    ):
        pass


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    """The message names address and port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(UsageError, match=f"127.0.0.1:{port} cannot be had"),
            hosted(f"127.0.0.1:{port}", authority=tmp_path / "ca.pem"),
        ):
            pass

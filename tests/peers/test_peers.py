"""Real implementations by others, run as vendors under test: what the harness finds about each is what is known of it.

They come from npm and PyPI at test time (`bash .ci/peers`), are started here on free ports of loopback, and ended by pid.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from harness.cli import main
from harness.live.host import hosted
from harness.semantics.artefacts import registry

HERE = Path(__file__).parent
PEERS: list[dict[str, Any]] = tomllib.loads((HERE / "peers.toml").read_text(encoding="utf-8"))["peer"]
NONCE = "5eed" * 8
OPEN = frozenset({"failed", "warning", "error", "review"})


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a product is given: the authority to trust, and the contexts that it has built in."""
    folder = tmp_path_factory.mktemp("peers")
    with hosted(authority=folder / "authority.pem"):
        pass
    known = registry()
    contexts = {
        url: known.document(url).value for url, one in known.artefacts.items() if one.kind == "context"
    }
    (folder / "contexts.json").write_text(json.dumps(contexts), encoding="utf-8")
    return folder


@contextmanager
def endpoint_of(peer: Mapping[str, Any], given: Path) -> Iterator[str]:
    """The table of vendor.toml that reaches a peer, which runs while the context lasts."""
    if "command" in peer:
        argv = [sys.executable, str(HERE / peer["command"]), str(given / "contexts.json")]
        yield f'adapter = "command"\nargv = {json.dumps(argv)}'
        return
    running = subprocess.Popen(
        ["node", str(HERE / "server.mjs"), peer["stack"], str(given / "contexts.json")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(given / "authority.pem")},
    )
    assert running.stdout is not None
    try:
        url = running.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), f"{peer['product']} did not start"
        yield f'adapter = "vc-api"\nendpoint = "{url}/credentials/verify"\n[network]\nallow = ["{url[7:]}"]'
    finally:
        running.terminate()
        running.wait(timeout=10)
        running.stdout.close()


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer["name"])
def test_a_peer_is_found_to_be_what_it_is(
    peer: dict[str, Any], given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each requirement of a verifier has the outcome that stands in peers.toml, with who is right."""
    monkeypatch.setenv("SSL_CERT_FILE", str(given / "authority.pem"))
    with endpoint_of(peer, given) as endpoint:
        vendor = given / f"{peer['name']}.toml"
        vendor.write_text(
            f'[vendor]\nname = "Somebody else"\n[product]\nname = "{peer["product"]}"\nversion = "as installed"\n'
            '[scope]\nprofile = "untp-0.7.0"\ncomponents = ["VCP"]\nroles = ["verifier"]\n'
            f'[harness]\nauthority = "authority.pem"\n[[verifier]]\n{endpoint}\n',
            encoding="utf-8",
        )
        with pytest.raises(SystemExit) as stopped:
            main(["certify", str(vendor), "--out", str(tmp_path), "--nonce", NONCE])
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    found = {r["requirement"]: r["outcome"] for r in record["results"] if r["outcome"] in OPEN}
    wanted = {name: outcome for outcome in ("failed", "warning", "error") for name in peer.get(outcome, ())}
    assert found == wanted
    passed = sum(result["outcome"] == "passed" for result in record["results"])
    assert (passed == 0) == peer.get("refuses_good", False)
    assert stopped.value.code == 1

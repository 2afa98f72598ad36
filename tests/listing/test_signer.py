"""Keys from a file, the environment or an external command; what cannot sign is told."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from harness.cli import main
from harness.errors import UsageError
from harness.listing.signer import KEY_VARIABLE, private_jwk, read_signer, signer_of
from harness.trust.keys import ED25519, P256, from_jwk
from harness.trust.signatures import ALGORITHMS, verify
from harness.trust.signing import jwk_of, key_from_seed, private_bytes

DID = "did:web:vendor.example"
COMMAND = """
import sys
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
key = serialization.load_pem_private_key(open(sys.argv[1], "rb").read(), None)
sys.stdout.buffer.write(key.sign(sys.stdin.buffer.read(), ec.ECDSA(hashes.SHA256())))
"""


def command(folder: Path) -> str:
    """A signer that is another program with a key of its own."""
    (folder / "sign.py").write_text(COMMAND)
    (folder / "hardware.pem").write_bytes(private_bytes(key_from_seed("DEMO KEY external")))
    return f"{sys.executable} {folder / 'sign.py'} {folder / 'hardware.pem'}"


def holds(signer: object) -> None:
    """A signature of the signer verifies with its public key."""
    jwk, sign, alg = signer.jwk, signer.sign, signer.alg  # type: ignore[attr-defined]
    verify(ALGORITHMS[alg], from_jwk(jwk), sign(b"message"), b"message", step="test")


@pytest.mark.parametrize("family", [P256, ED25519])
def test_a_key_file_signs(family: str, tmp_path: Path) -> None:
    """PEM needs the DID beside it; a JWK of keygen carries it in its kid."""
    key = key_from_seed("DEMO KEY file", family)
    (tmp_path / "key.pem").write_bytes(private_bytes(key))
    (tmp_path / "key.jwk").write_text(json.dumps(private_jwk(key, f"{DID}#key-7")))
    pem, jwk = read_signer(tmp_path / "key.pem", did=DID), read_signer(tmp_path / "key.jwk")
    assert pem is not None
    assert jwk is not None
    assert (pem.kid, jwk.kid, jwk.did) == (f"{DID}#key-1", f"{DID}#key-7", DID)
    holds(pem)
    holds(jwk)


def test_the_environment_holds_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """For CI: the key stands in a secret variable; without one there is no signer."""
    assert read_signer() is None
    monkeypatch.setenv(KEY_VARIABLE, private_bytes(key_from_seed("DEMO KEY env")).decode())
    signer = read_signer()
    assert signer is not None
    assert signer.did.startswith("did:key:zDn")
    holds(signer)


def test_an_external_command_signs(tmp_path: Path) -> None:
    """Bytes go in, a signature comes out, here in DER as hardware gives it; the key file is public."""
    public = {**jwk_of(key_from_seed("DEMO KEY external")), "kid": f"{DID}#hsm"}
    (tmp_path / "public.jwk").write_text(json.dumps(public))
    signer = read_signer(tmp_path / "public.jwk", command=command(tmp_path))
    assert signer is not None
    assert signer.kid == f"{DID}#hsm"
    holds(signer)


def test_a_command_that_signs_with_another_key_is_told(tmp_path: Path) -> None:
    """What it writes is checked before it seals anything."""
    (tmp_path / "public.jwk").write_text(json.dumps(jwk_of(key_from_seed("DEMO KEY another"))))
    signer = read_signer(tmp_path / "public.jwk", command=command(tmp_path))
    assert signer is not None
    with pytest.raises(UsageError, match="no signature of this key"):
        signer.sign(b"message")


def test_what_is_no_key_is_told(tmp_path: Path) -> None:
    """Text, a public JWK, RSA, a curve of no use, a DID that is none."""
    (tmp_path / "text").write_text("hello")
    (tmp_path / "public").write_text(json.dumps(jwk_of(key_from_seed("DEMO KEY a"))))
    (tmp_path / "rsa").write_bytes(private_bytes(rsa.generate_private_key(65537, 2048)))
    (tmp_path / "koblitz").write_bytes(private_bytes(ec.generate_private_key(ec.SECP256K1())))
    for name in ("text", "public", "rsa", "koblitz", "missing"):
        with pytest.raises(UsageError):
            read_signer(tmp_path / name)
    with pytest.raises(UsageError, match="did:web"):
        signer_of(key_from_seed("DEMO KEY a"), did="did:example:1")


def test_keygen_writes_a_first_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Readable for its owner alone, with the document to publish, and never over another key."""
    file = tmp_path / "key.jwk"
    with pytest.raises(SystemExit) as done:
        main(["keygen", "--out", str(file), "--did", DID])
    assert done.value.code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    document = (tmp_path / "did.json").read_text()
    assert json.loads(document)["id"] == DID
    assert '"d":' not in document
    assert "https://vendor.example/.well-known/did.json" in capsys.readouterr().err
    with pytest.raises(SystemExit) as again:
        main(["keygen", "--out", str(file), "--did", DID])
    assert again.value.code == 4

"""`untp-crm keygen`: a first key to seal records with, and the DID document to publish."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from harness.cli.console import note, out
from harness.errors import UsageError
from harness.listing.signer import private_jwk, signer_of


class Algorithm(StrEnum):
    """The algorithms that UNTP credentials are signed with."""

    ES256 = "ES256"
    EDDSA = "EdDSA"


def keygen(
    key_file: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the private key goes.")],
    did: Annotated[
        str | None, typer.Option(help="Your did:web, as did:web:vendor.example; else a did:key.")
    ] = None,
    alg: Annotated[Algorithm, typer.Option(help="Kind of key.")] = Algorithm.ES256,
) -> int:
    """Make a key, readable for you alone, and the did.json to publish; nothing is overwritten."""
    key = (
        ec.generate_private_key(ec.SECP256R1())
        if alg is Algorithm.ES256
        else ed25519.Ed25519PrivateKey.generate()
    )
    signer = signer_of(key, did=did)
    files = {key_file: (private_jwk(key, signer.kid), 0o600)}
    if signer.document_url is not None:
        files[key_file.with_name("did.json")] = (signer.did_document(), 0o644)
    for path, (value, mode) in files.items():
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except OSError as problem:
            hint = "Name a new file: a key is never overwritten."
            raise UsageError(
                f"cannot be written: {problem.strerror}", where=str(path), hint=hint
            ) from problem
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(value, indent=2) + "\n")
        out(str(path))
    if signer.document_url is None:
        note(
            f"{signer.did} certifies itself: UNTP does not acknowledge did:key (VCP-DID-10), and a reviewer asks a person."
        )
        note("Take a did:web of your own domain: untp-crm keygen --did did:web:vendor.example --out FILE")
    else:
        note(f"Publish did.json at {signer.document_url}, and keep {key_file} to yourself.")
    return 0

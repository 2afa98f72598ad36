"""An embedded proof (Data Integrity, JCS cryptosuites), for the one credential that has both securings."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import rfc8785

from harness.reference.keys import DemoKey
from harness.trust.encoding import encode_multibase
from harness.trust.keys import ED25519
from harness.trust.signing import sign_bytes


@dataclass(frozen=True)
class EmbedProof:
    """A credential with a proof by this key added (vc-di-eddsa section 3.3, vc-di-ecdsa section 3.3)."""

    key: DemoKey

    def __call__(self, value: dict[str, Any]) -> dict[str, Any]:
        """The secured credential."""
        proof = {
            "@context": value["@context"],
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022" if self.key.family == ED25519 else "ecdsa-jcs-2019",
            "created": value["validFrom"],
            "verificationMethod": self.key.kid,
            "proofPurpose": "assertionMethod",
        }
        digests = (hashlib.sha256(rfc8785.dumps(part)).digest() for part in (proof, value))
        proof["proofValue"] = encode_multibase(sign_bytes(b"".join(digests), self.key.private))
        return {**value, "proof": proof}

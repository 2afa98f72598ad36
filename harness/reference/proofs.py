"""An embedded proof (Data Integrity), for credentials that have both securings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from harness.errors import SuiteError
from harness.judge.canonical import canonicaliser
from harness.reference.keys import DemoKey
from harness.trust.cryptosuites.create import sign_proof
from harness.trust.keys import ED25519


@dataclass(frozen=True)
class EmbedProof:
    """A credential with a proof by this key added (VC Data Integrity 1.0, section 4.1).

    `suite` is the JCS suite of the key unless it is given; `options` are further members of the proof, as JSON:
    purpose, expires, previousProof and so on.
    """

    key: DemoKey
    suite: str | None = None
    options: str = "{}"

    def __call__(self, value: dict[str, Any]) -> dict[str, Any]:
        """The secured credential."""
        private = self.key.private
        if isinstance(private, rsa.RSAPrivateKey):
            raise SuiteError("no cryptosuite has RSA keys", where=self.key.kid)
        suite = self.suite or ("eddsa-jcs-2022" if self.key.family == ED25519 else "ecdsa-jcs-2019")
        created = datetime.fromisoformat(value["validFrom"])
        return sign_proof(
            value,
            suite,
            private,
            self.key.kid,
            created,
            canonicaliser({}, "fast"),
            **json.loads(self.options),
        )

"""Which cryptosuite a proof is of. A suite that the harness does not know leaves a proof undetermined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.trust.cryptosuites import ecdsa, ecdsa_sd, eddsa, legacy
from harness.trust.cryptosuites.suite import DATA_INTEGRITY, Canonicalise, Secured, Suite, Workings
from harness.trust.trace import TrustError

__all__ = ["CRYPTOSUITES", "LEGACY_TYPES", "Canonicalise", "Secured", "Suite", "Workings", "suite_of"]

CRYPTOSUITES: Mapping[str, Suite] = {
    suite.name: suite for suite in (*eddsa.SUITES, *ecdsa.SUITES, *ecdsa_sd.SUITES)
}
"""By the name in `cryptosuite` of a DataIntegrityProof."""

LEGACY_TYPES: Mapping[str, Suite] = {suite.name: suite for suite in legacy.SUITES}
"""By the `type` of a proof from before DataIntegrityProof."""


def suite_of(proof: Mapping[str, Any]) -> Suite:
    """The suite of a proof (VC Data Integrity 1.0 sections 2.1 and 3.1).

    Raises TrustError: proof-type-missing, cryptosuite-missing; undetermined where the suite is unknown.
    """
    kind = proof.get("type")
    if not isinstance(kind, str):
        raise TrustError(
            "proof-type-missing", "The type of the proof is not a string.", step="type",
            clause=DATA_INTEGRITY + "#proofs", expected="DataIntegrityProof", actual=repr(kind)[:120],
        )  # fmt: skip
    if kind in LEGACY_TYPES:
        return LEGACY_TYPES[kind]
    if kind != "DataIntegrityProof":
        raise _unknown("proof-type-unsupported", "type", kind, ("DataIntegrityProof", *LEGACY_TYPES))
    name = proof.get("cryptosuite")
    if not isinstance(name, str):
        raise TrustError(
            "cryptosuite-missing", "A DataIntegrityProof has to name its cryptosuite.", step="cryptosuite",
            clause=DATA_INTEGRITY + "#dataintegrityproof", expected="a string", actual=repr(name)[:120],
        )  # fmt: skip
    if name not in CRYPTOSUITES:
        raise _unknown("cryptosuite-unsupported", "cryptosuite", name, tuple(CRYPTOSUITES))
    return CRYPTOSUITES[name]


def _unknown(code: str, step: str, name: str, known: tuple[str, ...]) -> TrustError:
    return TrustError(
        code, "The harness does not know this kind of proof: it says neither yes nor no.", step=step,
        clause=DATA_INTEGRITY + "#cryptographic-suites", expected=", ".join(known), actual=name[:120],
        undetermined=True,
    )  # fmt: skip

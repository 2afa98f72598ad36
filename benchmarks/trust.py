"""How much of the bare cryptography is left: verifications a second, by the harness and by `cryptography` alone.

    python benchmarks/trust.py

One token of 12 KB for each algorithm, and one embedded proof for each suite of the same credential; keys cached.
Both sides run in the same process, in turns, and the median of the turns counts: CPU time of this process, but
on the clock for suites over RDF, whose canonicalisation runs in another. Exit code 1 where the harness keeps
less than 40 % for ES256 or EdDSA.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from harness.credential.did_url import document_url
from harness.evidence import Evidence, Web
from harness.judge.canonical import canonicaliser
from harness.trust.cryptosuites.create import sign_proof
from harness.trust.data_integrity import verify_proofs
from harness.trust.jose import verify_jose
from harness.trust.keys import ED25519, P256, P384, P521, RSA
from harness.trust.signing import PrivateKey, did_web_document, key_from_seed, sign_bytes, sign_compact

AT = datetime(2026, 11, 1, tzinfo=UTC)
DID = "did:web:issuer.example"
KID = f"{DID}#key-1"
PAYLOAD = 12 * 1024
FLOOR = 0.40
BOUND = ("ES256", "EdDSA")
TURNS, SECONDS = 7, 0.25

FAMILIES = {"ES256": P256, "ES384": P384, "ES512": P521, "EdDSA": ED25519, "PS256": RSA, "RS256": RSA}
SUITES = {
    "eddsa-jcs-2022": ED25519,
    "eddsa-rdfc-2022": ED25519,
    "ecdsa-jcs-2019": P256,
    "ecdsa-rdfc-2019": P256,
}


@dataclass(frozen=True)
class Race:
    """One algorithm: what the harness does, and the bare call on the same bytes."""

    name: str
    harness: Callable[[], object] = field(repr=False)
    bare: Callable[[], object] = field(repr=False)
    clock: Callable[[], float] = field(default=time.process_time, repr=False)


def credential() -> dict[str, Any]:
    """A credential of about 12 KB."""
    made: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "id": "https://issuer.example/credentials/1",
        "issuer": {"id": DID, "name": "Benchmark"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": [],
    }
    while len(json.dumps(made)) < PAYLOAD:
        number = len(made["credentialSubject"])
        made["credentialSubject"].append(
            {"id": f"https://id.issuer.example/lots/{number}", "name": f"Lot {number} of copper concentrate"}
        )
    return made


def key_of(family: str) -> PrivateKey:
    """A key of a family."""
    if family == RSA:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key_from_seed("benchmark", family)


def web_of(key: PrivateKey) -> Web:
    """The issuer's document, brought."""
    document = did_web_document(DID, [("key-1", key, ["assertionMethod"])])
    url = document_url(DID) or ""
    return Web({url: Evidence(url, json.dumps(document).encode(), "application/did+json", "web")})


def bare_call(key: PrivateKey, alg: str, message: bytes) -> Callable[[], object]:
    """The call of `cryptography` and nothing else."""
    public, signature = key.public_key(), sign_bytes(message, key, alg=alg)
    if isinstance(public, ed25519.Ed25519PublicKey):
        return lambda: public.verify(signature, message)
    if isinstance(public, ec.EllipticCurvePublicKey):
        half = len(signature) // 2
        der = encode_dss_signature(
            int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
        )
        chosen = {"ES256": hashes.SHA256(), "ES384": hashes.SHA384(), "ES512": hashes.SHA512()}[alg]
        return lambda: public.verify(der, message, ec.ECDSA(chosen))
    assert isinstance(public, rsa.RSAPublicKey)
    salted = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
    form = padding.PKCS1v15() if alg == "RS256" else salted
    return lambda: public.verify(signature, message, form, hashes.SHA256())


def of_jose(alg: str) -> Race:
    """A token as it is read from the wire to its answer."""
    key = key_of(FAMILIES[alg])
    token = sign_compact(json.dumps(credential()).encode(), key, alg=alg, kid=KID)
    web = web_of(key)

    def harness() -> None:
        assert verify_jose(token, web=web, at=AT, issuer=DID).holds

    return Race(alg, harness, bare_call(key, alg, token.rpartition(".")[0].encode()))


def of_suite(suite: str) -> Race:
    """An embedded proof, canonicalisation included."""
    key = key_of(SUITES[suite])
    assert not isinstance(key, rsa.RSAPrivateKey)
    web = web_of(key)
    canonicalise = canonicaliser(web, "fast")
    secured = sign_proof(credential(), suite, key, KID, AT, canonicalise)

    def harness() -> None:
        (result,) = verify_proofs(secured, web=web, at=AT, canonicalise=canonicalise)
        assert result.verification.holds

    bare = bare_call(key, "EdDSA" if suite.startswith("eddsa") else "ES256", bytes(64))
    return Race(suite, harness, bare, time.perf_counter if "rdfc" in suite else time.process_time)


def rate(action: Callable[[], object], clock: Callable[[], float]) -> float:
    """How often it runs in a second of a clock."""
    began, done = clock(), 0
    while (took := clock() - began) < SECONDS:
        for _ in range(8):
            action()
        done += 8
    return done / took


def run(race: Race) -> tuple[float, float, float]:
    """Median rate of harness and bare call, and the median of their ratios, over turns that alternate."""
    race.harness()
    pairs = [(rate(race.harness, race.clock), rate(race.bare, race.clock)) for _ in range(TURNS)]
    mine, bare = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    return mine, bare, statistics.median(a / b for a, b in pairs)


def main() -> int:
    """Run every race, print the table, say whether the floor holds."""
    print(
        f"payload {len(json.dumps(credential())):,} bytes, keys cached, {TURNS} turns of {SECONDS} s a side"
    )
    print(f"{'algorithm':<18}{'harness / s':>14}{'bare / s':>14}{'keeps':>9}")
    kept: dict[str, float] = {}
    for race in (*map(of_jose, FAMILIES), *map(of_suite, SUITES)):
        mine, bare, kept[race.name] = run(race)
        floor = f"  (floor {FLOOR:.0%})" if race.name in BOUND else ""
        print(f"{race.name:<18}{mine:>14,.0f}{bare:>14,.0f}{kept[race.name]:>9.0%}{floor}")
    slow = [name for name in BOUND if kept[name] < FLOOR]
    if slow:
        print(f"below the floor: {', '.join(slow)}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())

"""What an SD-JWT says once its disclosures are in their places (RFC 9901 section 7.1).

Reading is lenient, so that a credential with one bad disclosure is still judged: what can be revealed is
revealed, and every rule that is broken comes back as a problem. `harness.trust.sd_jwt` refuses the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.credential import strict_json
from harness.credential.base64url import decode_base64url, encode_base64url
from harness.errors import MalformedError

HASHES: Mapping[str, str] = {
    "sha-256": "sha256",
    "sha-384": "sha384",
    "sha-512": "sha512",
    "sha3-256": "sha3_256",
    "sha3-512": "sha3_512",
}
"""Values of _sd_alg that can be computed, and how hashlib calls them."""

DEFAULT_HASH = "sha-256"
MAX_DISCLOSURES = 5_000
MAX_DEPTH = 100
SHOWN = 160
_OBJECT, _ARRAY = 3, 2


@dataclass(frozen=True)
class DisclosureProblem:
    """One rule of RFC 9901 that disclosures or digests break: code, message, clause."""

    code: str
    message: str
    clause: str
    expected: str | None = None
    actual: str | None = None


@dataclass(frozen=True)
class Processed:
    """The payload without anything of SD-JWT in it, and what was wrong on the way, in the order it was met.

    `disclosed` has the JSON pointer of each member and element that a disclosure brought; `withheld` that of the
    object or array, once for each of its digests that no disclosure belongs to: something hidden, or a decoy.
    """

    payload: dict[str, Any]
    problems: tuple[DisclosureProblem, ...]
    disclosed: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


def process(claims: Mapping[str, Any], disclosures: Sequence[str]) -> Processed:
    """Put what was disclosed in its place and remove all else of SD-JWT (RFC 9901 section 7.1)."""
    problems: list[DisclosureProblem] = []
    algorithm = claims.get("_sd_alg", DEFAULT_HASH)
    if not isinstance(algorithm, str) or algorithm not in HASHES:
        problems.append(unknown_hash(algorithm))
        algorithm = DEFAULT_HASH
    if len(disclosures) > MAX_DISCLOSURES:
        many = f"more than {MAX_DISCLOSURES:,} disclosures"
        problems.append(DisclosureProblem("sd-jwt-malformed", many, "RFC 9901 section 4"))
    by_digest: dict[str, str] = {}
    for disclosure in disclosures[:MAX_DISCLOSURES]:
        digest = digest_of(disclosure, algorithm)
        if digest in by_digest:
            twice = "a disclosure is presented twice"
            problems.append(DisclosureProblem("sd-jwt-disclosure", twice, "RFC 9901 section 7.1"))
        by_digest[digest] = disclosure
    revealing = _Revealing(by_digest, problems)
    payload = revealing.reveal(claims, 0, "")
    if unused := by_digest.keys() - revealing.seen:
        what, actual = (
            "a disclosure belongs to no digest that the issuer signed",
            _shown(by_digest[min(unused)]),
        )
        problems.append(DisclosureProblem("sd-jwt-disclosure", what, "RFC 9901 section 7.1", actual=actual))
    payload.pop("_sd_alg", None)
    return Processed(payload, tuple(problems), tuple(revealing.disclosed), tuple(revealing.withheld))


def digest_of(disclosure: str, algorithm: str = DEFAULT_HASH) -> str:
    """The digest of a disclosure, over its base64url text (RFC 9901 section 4.2.3)."""
    return encode_base64url(hashlib.new(HASHES[algorithm], disclosure.encode()).digest())


def unknown_hash(algorithm: object) -> DisclosureProblem:
    """What to say of a hash function that cannot be computed (RFC 9901 section 4.1.1)."""
    return DisclosureProblem(
        "sd-jwt-alg", f"_sd_alg {_shown(algorithm)} is not supported", "RFC 9901 section 4.1.1",
        expected=", ".join(HASHES), actual=_shown(algorithm),
    )  # fmt: skip


@dataclass
class _Revealing:
    """Puts disclosures in the place of their digests, and remembers which digests it met and where."""

    by_digest: Mapping[str, str]
    problems: list[DisclosureProblem]
    seen: set[str] = field(default_factory=set)
    disclosed: list[str] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)

    def reveal(self, value: Mapping[str, Any], depth: int, place: str) -> dict[str, Any]:
        digests = value.get("_sd", [])
        if not isinstance(digests, list) or not all(isinstance(one, str) for one in digests):
            self._wrong("sd-jwt-digest", "_sd is not an array of strings", "RFC 9901 section 4.2.4.1")
            digests = []
        made = {
            name: self._any(member, depth, f"{place}/{_step(name)}")
            for name, member in value.items()
            if name != "_sd"
        }
        for digest in digests:
            disclosed = self._disclosed(digest, _OBJECT, place)
            if disclosed is None:
                continue
            _salt, name, member = disclosed
            if not isinstance(name, str) or name in ("_sd", "...") or name in made:
                what, actual = f"a disclosure may not be called {_shown(name)} here", _shown(name)
                self._wrong("sd-jwt-claim", what, "RFC 9901 section 7.1", actual=actual)
                continue
            self.disclosed.append(f"{place}/{_step(name)}")
            made[name] = self._any(member, depth, self.disclosed[-1])
        return made

    def _any(self, value: Any, depth: int, place: str) -> Any:
        if depth > MAX_DEPTH:
            self._wrong("sd-jwt-malformed", "disclosures are nested too deeply", "RFC 9901 section 4.2.6")
            return None
        if isinstance(value, dict):
            return self.reveal(value, depth + 1, place)
        if isinstance(value, list):
            made: list[Any] = []
            for element in value:
                made += self._element(element, depth + 1, place, len(made))
            return made
        return value

    def _element(self, element: Any, depth: int, place: str, index: int) -> list[Any]:
        here = f"{place}/{index}"
        if isinstance(element, dict) and element.keys() == {"..."} and isinstance(element["..."], str):
            disclosed = self._disclosed(element["..."], _ARRAY, place)
            if disclosed is None:
                return []
            self.disclosed.append(here)
            return [self._any(disclosed[1], depth, here)]
        return [self._any(element, depth, here)]

    def _disclosed(self, digest: str, size: int, place: str) -> list[Any] | None:
        if digest in self.seen:
            self._wrong(
                "sd-jwt-digest", "a digest occurs twice", "RFC 9901 section 7.1", actual=_shown(digest)
            )
            return None
        self.seen.add(digest)
        disclosure = self.by_digest.get(digest)
        if disclosure is None:
            self.withheld.append(place)
            return None
        return self._read(disclosure, size)

    def _read(self, disclosure: str, size: int) -> list[Any] | None:
        kind = "salt, name and value" if size == _OBJECT else "salt and value"
        try:
            parsed = strict_json.parse(decode_base64url(disclosure))
        except MalformedError as error:
            self._wrong("sd-jwt-disclosure", f"a disclosure is {error.message}", "RFC 9901 section 4.2")
            return None
        value = parsed.value
        if (
            parsed.faults
            or not isinstance(value, list)
            or len(value) != size
            or not isinstance(value[0], str)
        ):
            what = f"a disclosure is not an array of {kind}"
            self._wrong("sd-jwt-disclosure", what, "RFC 9901 section 4.2", actual=_shown(disclosure))
            return None
        return value

    def _wrong(self, code: str, message: str, clause: str, *, actual: str | None = None) -> None:
        self.problems.append(DisclosureProblem(code, message, clause, actual=actual))


def _step(name: str) -> str:
    """One part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"

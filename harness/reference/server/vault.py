"""What the vendor protects: encrypted credentials, one key for each item and role, at addresses nobody can guess.

Sources: UNTP Decentralised Access Control; RFC 7516 for the compact JWE (`dir`, A128GCM). The keys are DEMO keys.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from harness.reference.keys import SEED
from harness.reference.payloads import dump
from harness.reference.server.estate import Estate
from harness.reference.server.further import CHECK, ITEM, OTHER_CHECK, OTHER_ITEM, RECYCLING, VERSION, Further
from harness.reference.server.links import Target
from harness.trust.encoding import encode_base64url
from harness.trust.jose import read_compact

ANONYMOUS = "untp:accessRole#Anonymous"
RECYCLER = "untp:accessRole#Recycler"
METHOD = "AES-128"
PACK = "01/09521300002224/21"
HELD: tuple[tuple[Further, str, tuple[str, ...]], ...] = (
    (CHECK, ITEM, (ANONYMOUS,)),
    (RECYCLING, ITEM, (RECYCLER,)),
    (OTHER_CHECK, OTHER_ITEM, (ANONYMOUS,)),
)
"""What is held encrypted: the credential, the item, the roles."""
HEADER = {"alg": "dir", "enc": "A128GCM", "cty": "vc+jwt"}
KEY_BYTES, NONCE_BYTES, TAG_BYTES, WEAK_BYTES = 16, 12, 16, 8
FOLDER = "protected"
ITEMS = "items"
SHORT = "S"


@dataclass(frozen=True)
class Vault:
    """The encrypted credentials, and what guards them."""

    estate: Estate
    nonce: bytes = field(default_factory=lambda: os.urandom(NONCE_BYTES))
    """The nonce that a careless vendor uses again and again."""

    def identifier(self, item: str) -> str:
        """The identifier of an item."""
        return f"{self.estate.base}/{PACK}/{item}"

    def key(self, item: str, role: str) -> bytes:
        """The key of an item and a role."""
        faults = self.estate.faults
        item = "every item" if faults.has("key-shared") else item
        role = "every role" if faults.has("role-shared") else role
        whole = secret("key", item, role)[:KEY_BYTES]
        return whole[:WEAK_BYTES] if faults.has("key-64") else whole

    @cached_property
    def addresses(self) -> Mapping[str, tuple[Further, str, tuple[str, ...]]]:
        """What stands at which address below /protected/."""
        return {secret("address", held[0].name)[:16].hex(): held for held in HELD}

    def targets(self) -> Iterator[tuple[str, Target]]:
        """The links to what is encrypted, each with the identifier that it belongs to."""
        for address, (further, item, roles) in self.addresses.items():
            title = str(self.estate.payloads[f"{VERSION}/{further.name}"].value["name"])
            members = {"encryptionMethod": METHOD, "accessRole": list(roles)}
            href = f"{self.estate.base}/{FOLDER}/{address}"
            yield self.identifier(item), Target("dte", href, title, members=members)

    def ciphertext(self, address: str) -> bytes | None:
        """What is served at an address; None where nothing is."""
        held = self.addresses.get(address)
        if held is None:
            return None
        further, item, roles = held
        faults = self.estate.faults
        payload = self.estate.payloads[f"{VERSION}/{further.name}"]
        token = self.estate.tokens[payload.url]
        if faults.has("sign-cipher"):
            token = dump(json.loads(read_compact(token.decode()).payload)).encode()
        if faults.has("conf-plain"):
            return token
        nonce = self.nonce if faults.has("gcm-reuse") else os.urandom(NONCE_BYTES)
        return encrypted(token, self.key(item, roles[0]).ljust(KEY_BYTES, b"\0"), nonce).encode()

    def code(self, item: str, role: str) -> str:
        """What the code on an item resolves to: its query URL with the key."""
        name = "key" if self.estate.faults.has("key-oldname") else "decryptionKey"
        key = self.key(item, role).hex()
        return f"{self.identifier(item)}?{name}={key}&accessRole={quote(role, safe='')}"

    @property
    def codes(self) -> tuple[str, ...]:
        """The code of everything that is held."""
        return tuple(self.code(item, roles[0]) for _, item, roles in HELD)

    @property
    def short(self) -> str:
        """The path of the short address of the first code, after /S/."""
        length = 6 if self.estate.faults.has("short-6") else 32
        return secret("short", HELD[0][1])[:16].hex().upper()[:length]

    @property
    def unguessable(self) -> tuple[str, ...]:
        """The last segments of the addresses below /items/, protected by nothing else."""
        if self.estate.faults.has("serial-seq"):
            return tuple(f"{44556 + number}" for number in range(4))
        return tuple(secret("item", str(number))[:16].hex().upper() for number in range(4))


def secret(*purpose: str) -> bytes:
    """Bytes that nobody can guess who does not know the seed, which is published: these are DEMO secrets."""
    return hashlib.sha256("\x00".join((SEED, *purpose)).encode()).digest()


def encrypted(content: bytes, key: bytes, nonce: bytes) -> str:
    """A compact JWE with direct encryption (RFC 7516 section 3.1)."""
    header = encode_base64url(json.dumps(HEADER, separators=(",", ":")).encode())
    sealed = AESGCM(key).encrypt(nonce, content, header.encode())
    parts = (encode_base64url(part) for part in (nonce, sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]))
    return ".".join((header, "", *parts))

"""Small changes as values: each is called with a JSON value or a text and gives the changed one back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import jsonpatch
from jsonpointer import JsonPointerException

from harness.errors import SuiteError
from harness.reference.issuing import resigned
from harness.reference.keys import DemoKey
from harness.trust.encoding import decode_base64url, encode_base64url


@dataclass(frozen=True)
class Patch:
    """A JSON Patch (RFC 6902), kept as text so that it can be compared."""

    operations: str
    where: str

    @classmethod
    def of(cls, operations: Iterable[Mapping[str, Any]], where: str) -> Patch:
        """The patch of some operations; `where` names it in errors."""
        return cls(json.dumps(list(operations)), where)

    def __call__(self, value: Any) -> Any:
        """The patched value. Raises SuiteError where an operation does not apply."""
        try:
            return jsonpatch.apply_patch(value, json.loads(self.operations))
        except (jsonpatch.JsonPatchException, JsonPointerException) as error:
            raise SuiteError(f"the patch does not apply: {error}", where=self.where) from None


@dataclass(frozen=True)
class Replace:
    """The first occurrence of a text, replaced."""

    find: str
    replace: str
    where: str

    def __call__(self, text: str) -> str:
        """The changed text. Raises SuiteError where there is nothing to replace."""
        if self.find not in text:
            raise SuiteError(f"the text {self.find!r} is not there to be replaced", where=self.where)
        return text.replace(self.find, self.replace, 1)


@dataclass(frozen=True)
class ReplaceBytes:
    """`Replace` on a document in UTF-8."""

    change: Replace

    def __call__(self, body: bytes) -> bytes:
        """The changed bytes."""
        return self.change(body.decode()).encode()


@dataclass(frozen=True)
class AlterPayload:
    """A token whose payload was changed after it was signed."""

    change: Replace

    def __call__(self, token: str) -> str:
        """The token with the old header and signature."""
        header, payload, signature = token.split(".")
        changed = self.change(decode_base64url(payload).decode())
        return f"{header}.{encode_base64url(changed.encode())}.{signature}"


@dataclass(frozen=True)
class FlipSignatureBit:
    """A token whose signature differs in one bit."""

    def __call__(self, token: str) -> str:
        """The token with the lowest bit of the tenth byte of its signature flipped."""
        signing_input, _, signature = token.rpartition(".")
        raw = bytearray(decode_base64url(signature))
        raw[9] ^= 1
        return f"{signing_input}.{encode_base64url(bytes(raw))}"


@dataclass(frozen=True)
class WithoutSignature:
    """A token whose third part is empty."""

    def __call__(self, token: str) -> str:
        """The token, cut off after its second dot."""
        return token.rpartition(".")[0] + "."


@dataclass(frozen=True)
class Append:
    """A token with something behind it."""

    text: str

    def __call__(self, token: str) -> str:
        """The longer token."""
        return token + self.text


@dataclass(frozen=True)
class SignWith:
    """A token signed with another key than the one that its header names."""

    key: DemoKey

    def __call__(self, token: str) -> str:
        """The token under the other signature."""
        return resigned(token, self.key)

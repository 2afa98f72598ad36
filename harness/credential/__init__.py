"""Bytes -> Credential: strict JSON with positions, envelopes, references. No I/O."""

from harness.credential.document import Document, Node
from harness.credential.envelope import Credential, Envelope, Fault, read_credentials
from harness.credential.kinds import CREDENTIAL
from harness.credential.strict_json import Source, parse

__all__ = [
    "CREDENTIAL",
    "Credential",
    "Document",
    "Envelope",
    "Fault",
    "Node",
    "Source",
    "parse",
    "read_credentials",
]

"""Bytes -> Credential: strict JSON, documents, envelopes, kinds and references, under attack."""

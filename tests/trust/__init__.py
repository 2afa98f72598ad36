"""Tests of harness/trust: signatures, identifiers, status and digests."""

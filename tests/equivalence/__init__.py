"""Proof that the artefacts which we wrote say the same as the official ones beside the checkout."""

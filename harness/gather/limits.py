"""How much gather takes in: bounds against floods, bombs and endless archives."""

from __future__ import annotations

MAX_FILE = 16 * 1024 * 1024
"""Largest file, archive member or answer, in bytes."""
MAX_ARCHIVE_MEMBERS = 200_000
MAX_ARCHIVE_TOTAL = 8 * 1024 * 1024 * 1024
"""Most bytes that one archive may unpack to."""
MAX_RATIO = 200
"""Most bytes that one compressed byte may become, once a member is larger than MIN_BOMB."""
MIN_BOMB = 1_000_000
"""Size below which no ratio is suspicious."""
MAX_REFERENCES = 2000
"""Most URLs that are followed for one credential."""
MAX_ROUNDS = 4
"""How often what was brought may refer to more: credential, status list, its issuer, and one more."""
MAX_ANSWERS = 2_048
"""How many answers of the web a process holds."""
MAX_HELD = 16 * 1024 * 1024
"""How many bytes of them it holds."""

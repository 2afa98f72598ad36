"""How often a process that judges thousands of credentials looks for garbage in circles.

A credential and the index of its places refer to each other, so there is such garbage, and it has to go; but the
suite, its contexts and its shapes are large, stay, and need not be looked through again and again.
"""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 100
"""New objects after which the youngest are looked through, and how many of those looks the older ones wait for."""


def look_seldom() -> None:
    """Look for garbage less often than Python does by itself."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def keep_what_is_here() -> None:
    """Take what is in memory now for good, never to be looked through again: for workers, once they have the suite."""
    gc.collect()
    gc.freeze()
    look_seldom()

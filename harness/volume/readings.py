"""What credentials say for a graph, kept beside the parts of a run: read back as values of the graph and nothing else."""

from __future__ import annotations

import io
import pickle
import zlib
from collections.abc import Sequence
from typing import Any

from harness.errors import UnreadableError
from harness.graph.build import Reading

MAX_READINGS = 256 * 1024 * 1024
"""Most bytes that the readings of one part unpack to."""
_ROOMS = frozenset({"harness.graph.build", "harness.graph.entities"})
_VALUES = {
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("datetime", "timezone"),
    ("datetime", "timedelta"),
}
_PLAIN = {
    ("builtins", "frozenset"),
    ("copyreg", "_reconstructor"),
    ("builtins", "object"),
}


class _Graphical(pickle.Unpickler):
    """Reads frozen values of the graph; any other name in the bytes is refused, so that they can run nothing."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _VALUES or (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module in _ROOMS and "." not in name:  # a dotted name would lead through the module to any other
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value of a graph")


def packed_readings(readings: Sequence[Reading | None]) -> bytes:
    """Readings as bytes."""
    return zlib.compress(pickle.dumps(list(readings), protocol=5), 1)


def unpacked_readings(body: bytes) -> list[Reading | None]:
    """The readings again. Raises UnreadableError where the bytes are anything else."""
    unpack = zlib.decompressobj()
    try:
        plain = unpack.decompress(body, MAX_READINGS)
        found: list[Reading | None] = _Graphical(io.BytesIO(plain)).load()
    except (
        pickle.UnpicklingError,
        zlib.error,
        EOFError,
        ValueError,
        AttributeError,
        TypeError,
        ImportError,
    ) as problem:
        raise UnreadableError(
            f"what was kept of the credentials cannot be read: {problem}",
            hint="Remove the part; --resume judges it again.",
        ) from None
    return found

"""`python -m tests.corpora`: the verdict on each file of the corpora beside what their manifest expects of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .manifest import table
from .test_manifest import explained

SHARED = Path(os.environ.get("UNTP_CRM_SHARED", Path(__file__).resolve().parents[3] / "shared"))


def main() -> int:
    """Print the table. 1 where a difference is not explained."""
    lines = list(table(SHARED / "corpora", explained()))
    sys.stdout.write("\n".join(lines) + "\n")
    return int(any("NOT EXPLAINED" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())

"""Every fault that `untp-crm demo --fault` offers, through the command itself: exit code 1, and just its MUST failed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.cli import main
from harness.reference.vectors import Vector, faults


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.name)
def test_a_fault_fails_the_requirement_that_it_names(fault: Vector, tmp_path: Path) -> None:
    """The whole chain is judged: no other MUST of any credential turns."""
    with pytest.raises(SystemExit) as stopped:
        main(["demo", "--fault", fault.name, "--out", str(tmp_path)])
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    failed = {result["requirement"] for result in record["results"] if result["outcome"] == "failed"}
    assert failed == {fault.requirement}
    assert (stopped.value.code, record["verdict"]) == (1, "nonconformant")

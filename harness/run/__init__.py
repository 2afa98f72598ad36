"""One run: evidence -> reports on each credential -> record. Commands, pytest and review all come through here."""

from harness.run.bench import Bench, Judged, Noted, bundle_results
from harness.run.record import engine_versions, make_record
from harness.run.scope import JOINED, SHOWN_ROLES, TESTED_ROLES, Scope, bundle_scope, roles_of

__all__ = [
    "JOINED", "SHOWN_ROLES", "TESTED_ROLES", "Bench", "Judged", "Noted", "Scope", "bundle_results", "bundle_scope",
    "engine_versions", "make_record", "roles_of",
]  # fmt: skip

"""@case, planning and engines: evidence in, results out."""

from harness.judge.case import Case, Findings, case
from harness.judge.endpoint import EndpointUnderTest
from harness.judge.extension import ExtensionUnderTest
from harness.judge.judge import Terms, judge_credential, judge_subject, run_case, under_test
from harness.judge.once import once
from harness.judge.recording import judge_recording, run_endpoint
from harness.judge.subject import CredentialUnderTest, DocumentUnderTest
from harness.judge.suite import Suite, build_suite, load_suite

__all__ = [
    "Case", "CredentialUnderTest", "DocumentUnderTest", "EndpointUnderTest", "ExtensionUnderTest", "Findings",
    "Suite", "Terms", "build_suite", "case", "judge_credential", "judge_recording", "judge_subject", "load_suite", "once",
    "run_case", "run_endpoint", "under_test",
]  # fmt: skip

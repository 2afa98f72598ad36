"""Status: revoked, suspended, unreachable, out of range; and what is given away by asking."""

from __future__ import annotations

from harness.judge import Findings, case
from harness.judge.verifier import VerifierUnderTest

TELLING = ("referer", "cookie", "authorization", "from")
"""Headers that would tell the keeper of a list which credential is checked, or by whom."""
ASKED_FOR = "list-is-asked-for-plainly"


@case("VCP-STAT-12")
def bits_are_read_from_the_left(verifier: VerifierUnderTest) -> Findings:
    """Index 0 is the most significant bit: the neighbour's bit does no harm, the own one does."""
    yield from verifier.findings_of("VCP-STAT-12")


@case("VCP-STAT-13")
def an_index_outside_the_list_is_an_error(verifier: VerifierUnderTest) -> Findings:
    """An index beyond the list is never a valid result."""
    yield from verifier.findings_of("VCP-STAT-13")


@case("VCP-STAT-16")
def a_list_that_cannot_be_had_is_no_pass(verifier: VerifierUnderTest) -> Findings:
    """A list that is gone, silent, forged, cut off or of another purpose leaves the status open: refused."""
    yield from verifier.findings_of("VCP-STAT-16")


@case("VCP-STAT-17")
def set_bits_are_reported(verifier: VerifierUnderTest) -> Findings:
    """Revoked and suspended credentials are refused."""
    yield from verifier.findings_of("VCP-STAT-17")


@case("VCP-STAT-21", when=lambda verifier: verifier.applies("VCP-STAT-21"))
def every_entry_is_evaluated(verifier: VerifierUnderTest) -> Findings:
    """Of two entries either one revoked is enough."""
    yield from verifier.findings_of("VCP-STAT-21")


@case("VCP-STAT-22", when=lambda verifier: verifier.applies("VCP-STAT-22"))
def asking_gives_nothing_away(verifier: VerifierUnderTest) -> Findings:
    """The list is asked for once and plainly: no query, no header that tells which credential is checked."""
    trial = verifier.trials.trials[ASKED_FOR]
    exchange = verifier.asked_about(trial)
    asked = verifier.watched(trial)
    for one in asked:
        told = [name for name in TELLING if name in one.headers]
        if "?" in one.target or told or one.size:
            yield verifier.finds(
                exchange, "it tells the keeper of the list more than that the list is wanted",
                expected="GET of the list alone", actual=f"{one.method} {one.target} {' '.join(told)}".rstrip(),
                hint="Ask for the list without query, referrer, cookie or body.",
            )  # fmt: skip
    if len(asked) > 1:
        yield verifier.finds(
            exchange, "it asks for the same list again within its lifetime",
            expected="one request: the list says ttl of a day, the answer max-age of 300 seconds",
            actual=f"{len(asked)} requests", hint="Keep the list for as long as its ttl or the answer's max-age says.",
        )  # fmt: skip

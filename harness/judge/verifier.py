"""What a case of the verifier suite sees: what a verifier said of good credentials and of their mutations.

Everything comes from the recording and from the data of the trials. An answer to a mutation counts only where its good
twin was accepted in the same run, and only what was said deliberately counts: a time-out, a dropped connection or a 5xx
is no refusal. What the recording says of itself is not believed (harness/judge/probed.py).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from harness.errors import AbsentError, EngineError, HarnessError, LineError
from harness.exchange import Exchange
from harness.gather.adapters.said import Verified, verified_in
from harness.judge.probed import AGAIN, MUTATION, TWIN, ProbedVerifier, twin_probe
from harness.judge.reasons import kinds_of
from harness.judge.reply import SERVER_ERROR, broke, contradicts, refuses, told, verdict_in
from harness.judge.trials import Expected, Trial, Twin
from harness.model import Finding

GOOD = "VCP-VAL-09"
"""The requirement that good credentials are accepted."""


@dataclass(frozen=True)
class VerifierUnderTest(ProbedVerifier):
    """A verifier endpoint and all that it was asked and said."""

    def of_requirement(self, requirement: str) -> tuple[Trial, ...]:
        """The trials that decide a requirement: those of every run, and further ones that this run made."""
        core = self.trials.core(self.profile, requirement)
        asked = set(self.probes)
        more = (t for t in self.trials.of(self.profile) if t.decides == requirement and t.name in asked)
        return tuple({trial.name: trial for trial in (*core, *more)}.values())

    def applies(self, requirement: str) -> bool:
        """Whether some trial speaks of this verifier: not where it refuses an optional twin, or never looked."""
        return any(self._applies(trial) for trial in self.of_requirement(requirement))

    def _applies(self, trial: Trial) -> bool:
        if trial.watched is not None and not self.watched(trial):
            return False
        twin = self.trials.twins[trial.twin]
        if (twin.checks or twin.presented) and twin_probe(twin.name) not in self.probes:
            return False
        if not twin.optional:
            return True
        said = self.said(twin_probe(trial.twin), TWIN)
        return said is None or not said.rejected

    def said(self, probe: str, step: str) -> Verified | None:
        """What it said; None where it was not asked or did not answer."""
        exchange = self.find(probe, step)
        return verified_in(exchange) if exchange is not None and exchange.answer is not None else None

    # --- judging a requirement ---------------------------------------------------------------------

    def findings_of(self, requirement: str) -> Iterator[Finding]:
        """A finding for each trial that it failed.

        Where it failed none and some could not be judged, raises what stood in the way.
        """
        yield from _all_of(
            self._judged(trial) for trial in self.of_requirement(requirement) if self._applies(trial)
        )

    def _judged(self, trial: Trial) -> Iterator[Finding]:
        exchange = self.asked_about(trial)
        if trial.expected is Expected.ANSWERED:
            yield from self._answered(trial, exchange)
            return
        said = verdict_in(exchange)
        match trial.expected:
            case Expected.ACCEPTED if refuses(said):
                yield self.finds(
                    exchange, f"a credential that has to be accepted is refused: {trial.summary}",
                    expected="accepted", actual=told(said), hint=_ACCEPT,
                )  # fmt: skip
            case Expected.REJECTED if said.accepted:
                yield self._accepted(trial, exchange, said, "rejected")
            case Expected.FLAGGED if said.accepted and not self.flagged(trial, said):
                yield self._accepted(
                    trial, exchange, said, "rejected, or accepted with a warning that says so"
                )

    def _accepted(self, trial: Trial, exchange: Exchange, said: Verified, expected: str) -> Finding:
        return self.finds(
            exchange, f"a broken credential is accepted: {trial.summary}", expected=expected,
            actual=told(said), hint=f"Refuse it, and say why ({', '.join(trial.because)}). {_AGAIN}",
        )  # fmt: skip

    def _answered(self, trial: Trial, exchange: Exchange) -> Iterator[Finding]:
        answer = exchange.answer
        if answer is not None and answer.status >= SERVER_ERROR:
            yield self.finds(
                exchange, f"it breaks on what it does not know: {trial.summary}",
                expected="a refusal, such as 400 with the reason", actual=told(verified_in(exchange)),
                hint="Read what comes as a stranger's: refuse what is no credential that you know.",
            )  # fmt: skip

    @staticmethod
    def flagged(trial: Trial, said: Verified) -> bool:
        """Whether a warning names a reason that fits."""
        return bool(kinds_of(said.warnings) & set(trial.because))

    def good_twins_refused(self) -> Iterator[Finding]:
        """A finding for each good twin that it refused at the start, or accepted then and refused at the end.

        Where there is none and some could not be judged, raises what stood in the way.
        """
        core = {trial.twin for trial in self.trials.core(self.profile, GOOD)}
        yield from _all_of(
            self._twin_refused(twin)
            for twin in self.trials.twins_of(self.profile)
            if twin.name in core or (not twin.optional and twin_probe(twin.name) in self.probes)
        )

    def _twin_refused(self, twin: Twin) -> Iterator[Finding]:
        probe = twin_probe(twin.name)
        for step in (TWIN, AGAIN):
            exchange = self.exchange(probe, step)
            self.require_good(probe, exchange, twin)
            what = self._why_no_good(probe, exchange)
            if what is not None:
                again = " although it was accepted before" if step == AGAIN else ""
                yield self.finds(
                    exchange, f"{what} ({twin.base}){again}", expected="accepted, without errors",
                    actual=told(verified_in(exchange)), hint=_ACCEPT,
                )  # fmt: skip
                return

    def _why_no_good(self, probe: str, exchange: Exchange) -> str | None:
        """What the reply about a good credential amounts to, where that is not yes."""
        asked = [one for step in (TWIN, AGAIN) if (one := self.find(probe, step)) is not None]
        if all(broke(one.answer) for one in asked):
            return "it breaks each time on a good credential"
        said = verdict_in(exchange)
        if contradicts(said):
            return "it neither accepts nor refuses a good credential"
        return "it refuses a good credential" if said.rejected else None

    @cached_property
    def broken_off(self) -> tuple[tuple[Trial, Exchange], ...]:
        """Every broken credential on which it broke, although it accepted the good twin."""
        return tuple(
            (trial, exchange)
            for trial, exchange in self._mutations()
            if broke(exchange.answer) and (twin := self.said(twin_probe(trial.twin), TWIN)) and twin.accepted
        )

    @cached_property
    def refusals(self) -> tuple[tuple[Trial, Exchange, Verified], ...]:
        """Every broken credential that it refused and that counts."""
        found = []
        for trial, exchange in self._mutations():
            if (said := verified_in(exchange)).rejected and self._applies(trial):
                with contextlib.suppress(HarnessError):  # then it does not count
                    found.append((trial, self.asked_about(trial), said))
        return tuple(found)

    def _mutations(self) -> Iterator[tuple[Trial, Exchange]]:
        """The broken credentials that it was asked about and that have a reason to be refused."""
        for trial in self.trials.of(self.profile):
            exchange = self.find(trial.name, MUTATION) if trial.because else None
            if exchange is not None:
                yield trial, exchange

    def asked_about(self, trial: Trial) -> Exchange:
        """The exchange of a trial, where it counts.

        Raises AbsentError where it or its good twin was not asked or the twin was refused, LineError where the
        line failed, EngineError where the recording is not of what it says.
        """
        good = self.accepted_twin(self.trials.twins[trial.twin])
        if not trial.asks:
            return good
        exchange = self.exchange(trial.name, MUTATION)
        self.require_nature(trial, exchange)
        return exchange

    def accepted_twin(self, twin: Twin) -> Exchange:
        """The exchange about a good twin that was accepted; raises as `asked_about` does."""
        probe = twin_probe(twin.name)
        exchange = self.exchange(probe, TWIN)
        self.require_good(probe, exchange, twin)
        said = verdict_in(exchange)
        if refuses(said):
            raise AbsentError(
                f"it refuses the good credential of these trials ({told(said)}), so that it refuses the broken one "
                "does not count",
                hint=_ACCEPT,
            )
        return exchange


SUBJECT = VerifierUnderTest


def _all_of(parts: Iterable[Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of every part; where there is none and some part could not be judged, raises what stood in the way."""
    found = False
    obstacles: list[HarnessError] = []
    for part in parts:
        try:
            for finding in part:
                found = True
                yield finding
        except (AbsentError, LineError, EngineError) as obstacle:
            obstacles.append(obstacle)
    if obstacles and not found:
        raise min(obstacles, key=lambda one: isinstance(one, AbsentError))


_ACCEPT = "The recording holds the credential and all that stood around it; `untp-crm inspect` shows why it is good."
_AGAIN = "The recording holds the credential; `untp-crm check` says what is wrong with it."

"""The dialogue with a verifier: good twins first, then their mutations in an order by the nonce, then the twins again.

Each trial stands on a ground of its own on the harness's side of the web (harness/live/host.py): DIDs, keys, lists
and ids with the run's nonce in them. What a verifier was asked about and all that it could find there is kept in
the recording, so that the judge needs nothing else:

    probe twin-NAME          step twin, again       the good credential, at the start and at the end
    probe TRIAL              step mutation          the changed one
    either                   step credential        the bytes that were asked about
                             step web/0, web/1 …    what stood around it: documents, 404, silence
                             step heard             what the verifier asked of us until then

Trials of depth full are made with `depth = "full"` in the endpoint's row; else the nonce draws some of them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from urllib.parse import urlsplit

from harness.credential import read_credentials
from harness.evidence import Evidence
from harness.exchange import Answer, Exchange, Line, Request
from harness.gather.adapters import Adapter, Question, adapter_of, put
from harness.gather.closure import Closure
from harness.gather.web import HeldWeb
from harness.judge.beside import anchors_in
from harness.judge.endpoint import SMOKE
from harness.judge.probed import (
    AGAIN,
    CREDENTIAL,
    HEARD,
    MUTATION,
    SILENT,
    TWIN,
    WATCHED,
    WEB,
    twin_probe,
)
from harness.judge.trials import Depth, Trial, Trials, Twin, load_trials, version_of
from harness.live import SETUP, Host, LiveTerms
from harness.reference.ground import Ground
from harness.reference.payloads import load_payloads
from harness.reference.trial_worlds import World, trial_world, twin_world
from harness.semantics.artefacts import registry
from harness.vendor import Endpoint, Vendor

GROUND = 3
"""Folders of a ground: the run, the trial, the algorithm."""
DRAWN = 16
"""Trials of depth full that a run makes beside those of depth core, drawn by its nonce."""


def converse(vendor: Vendor, endpoint: Endpoint, line: Line, terms: LiveTerms) -> Iterator[Exchange]:
    """Everything that is said to one verifier."""
    del vendor
    yield from _Dialogue(endpoint, line, terms).exchanges()


def chosen(trials: Trials, terms: LiveTerms, depth: str) -> tuple[Trial, ...]:
    """The trials of a run: all of depth core, and those of depth full that the nonce draws, or all."""
    mine = [trial for trial in trials.of(terms.profile) if _known(trial, trials, terms)]
    further = [trial for trial in mine if trial.depth is Depth.FULL]
    if depth != Depth.FULL:
        draw = random.Random(terms.number("verifier", "trials"))  # noqa: S311 - repeatable, by the nonce
        further = draw.sample(further, min(DRAWN, len(further)))
    names = {trial.name for trial in further}
    return tuple(trial for trial in mine if trial.depth is Depth.CORE or trial.name in names)


def _known(trial: Trial, trials: Trials, terms: LiveTerms) -> bool:
    base = trial.base or trials.twins[trial.twin].base
    return f"untp-{version_of(terms.profile)}/{base}" in load_payloads()


class _Dialogue:
    """One verifier, asked trial by trial."""

    def __init__(self, endpoint: Endpoint, line: Line, terms: LiveTerms) -> None:
        self.endpoint, self.line, self.terms = endpoint, line, terms
        self.adapter: Adapter = adapter_of(endpoint)
        self.trials = load_trials()
        self.version = version_of(terms.profile)

    def exchanges(self) -> Iterator[Exchange]:
        """The whole dialogue."""
        host = self.terms.host
        if host is None:
            return
        made = chosen(self.trials, self.terms, self.endpoint.row.get("depth", "core"))
        made = tuple(trial for trial in made if self._offered(self.trials.twins[trial.twin]))
        needed = {trial.twin for trial in made}
        twins = [twin for twin in self.trials.twins.values() if twin.name in needed]
        if not twins:
            return
        worlds = {twin.name: twin_world(twin, self.version, self._ground(host, twin, "")) for twin in twins}
        for world in worlds.values():
            self._publish(host, world)
        yield self._smoke(worlds[twins[0].name])
        for twin in twins:
            yield from self._stood(twin_probe(twin.name), worlds[twin.name])
            yield self._asked(worlds[twin.name], twin_probe(twin.name), TWIN)
        for trial in self._shuffled(made):
            if trial.asks:
                yield from self._tried(host, trial)
        for twin in twins:
            yield self._asked(worlds[twin.name], twin_probe(twin.name), AGAIN)
        for trial in made:
            if trial.watched and not trial.asks:
                yield self._heard(host, twin_probe(trial.twin), self._world(host, trial))

    def _shuffled(self, made: Sequence[Trial]) -> list[Trial]:
        """The trials in an order by the nonce: nothing in it says whether the next one is good or broken."""
        order = list(made)
        random.Random(self.terms.number("verifier", self.endpoint.name, "order")).shuffle(order)  # noqa: S311 - repeatable, by the nonce
        return order

    def _offered(self, twin: Twin) -> bool:
        """Whether the endpoint says of itself that it can be asked about such a credential."""
        if twin.presented:
            return self.adapter.present("") is not None
        return twin.checks is None or twin.checks in self.endpoint.row.get("checks", ())

    def _smoke(self, world: World) -> Exchange:
        hello = self.adapter.hello()
        if hello is not None:
            return put(self.line, self.endpoint, hello, probe=SMOKE, about=SETUP)
        return self._asked(world, SMOKE, "", SETUP)

    def _world(self, host: Host, trial: Trial) -> World:
        twin = self.trials.twins[trial.twin]
        ground = self._ground(host, twin, trial.name if trial.asks else "")
        return trial_world(trial, twin, self.version, ground)

    def _tried(self, host: Host, trial: Trial) -> Iterator[Exchange]:
        world = self._world(host, trial)
        self._publish(host, world)
        yield from self._stood(trial.name, world)
        yield self._asked(world, trial.name, MUTATION)
        if trial.watched:
            yield self._heard(host, trial.name, world)

    def _ground(self, host: Host, twin: Twin, trial: str) -> Ground:
        run = self.terms.fresh("verifier", self.endpoint.name)
        folder = self.terms.fresh("verifier", self.endpoint.name, twin.name, trial)
        return Ground(f"{host.base}/{run}/{folder}/{twin.algorithm}", self.terms.at)

    def _asked(self, world: World, probe: str, step: str, about: Mapping[str, str] | None = None) -> Exchange:
        text = world.body.decode()
        given = json.loads(text) if world.media_type == "application/vc" else text
        question: Question | None = None
        if world.options is not None:
            question = self.adapter.present(given, world.media_type, world.options)
        question = question or self.adapter.verify(given, world.media_type)
        return put(self.line, self.endpoint, question, probe=probe, step=step, about=about)

    @staticmethod
    def _publish(host: Host, world: World) -> None:
        """Put a world on the host."""
        for url, found in world.documents.items():
            if url.startswith(f"{host.base}/"):
                path = url.removeprefix(f"{host.base}/")
                if url in world.silent:
                    host.silence(path)
                elif found is not None:
                    host.publish(path, *found)

    def _stood(self, probe: str, world: World) -> Iterator[Exchange]:
        """Keep a credential, and what stands around it as far as it refers to that."""
        yield self._kept(probe, CREDENTIAL, probe, _answered(world.body, world.media_type))
        for number, url in enumerate(referred(world)):
            found = world.documents[url]
            if url in world.silent:
                yield self._kept(probe, f"{WEB}/{number}", url, Answer(504), {SILENT: "yes"})
            else:
                yield self._kept(probe, f"{WEB}/{number}", url, _answered(*found) if found else Answer(404))

    def _heard(self, host: Host, probe: str, world: World) -> Exchange:
        """Keep what was asked on the ground of a world."""
        watched = str(world.watched)
        folder = "/".join(watched.removeprefix(f"{host.base}/").split("/")[:GROUND]) + "/"
        body = json.dumps([asdict(one) for one in host.heard(folder)], ensure_ascii=False).encode()
        about = {WATCHED: urlsplit(watched).path}
        return self._kept(probe, HEARD, watched, _answered(body, "application/json"), about)

    def _kept(
        self, probe: str, step: str, url: str, answer: Answer, about: Mapping[str, str] | None = None
    ) -> Exchange:
        key = (self.endpoint.role, self.endpoint.name, probe, step)
        return self.line.note(Exchange(*key, Request("GET", url), answer, about=dict(about or {})))


def _answered(body: bytes, media_type: str) -> Answer:
    return Answer(200, (("content-type", media_type),), body)


def referred(world: World) -> Sequence[str]:
    """The addresses that the credential refers to, directly or by what stands there, as far as they are ours."""
    held = {url: Evidence(url, *found, "live") for url, found in world.documents.items() if found is not None}
    closure = Closure([HeldWeb(held)], registry().contexts)
    evidence = Evidence(world.name, world.body, world.media_type, "live")
    found = dict.fromkeys(url for one in read_credentials(evidence) for url in closure.of(one))
    for url in [url for url in found if url in held]:
        for anchor in anchors_in(held[url].body):
            if anchor in world.documents:
                found |= dict.fromkeys([anchor])
                inner = read_credentials(held[anchor]) if anchor in held else ()
                found |= dict.fromkeys(other for one in inner for other in closure.of(one))
    return [url for url in found if url in world.documents]

"""The worlds of the trials of a verifier: a credential, and all that a verifier finds on the web around it.

Each trial stands on a ground of its own, with DIDs, keys and lists of its own, so that no answer depends on
what a verifier remembers of another trial, and nothing in an address says which credential is the good one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from harness.evidence import Absence, Evidence
from harness.judge.trials import Trial, Twin
from harness.reference.chain import DEMO_CLOCK, Plan, issue
from harness.reference.edits import Patch
from harness.reference.ground import Ground
from harness.reference.operations import change
from harness.reference.payloads import multihash
from harness.reference.surroundings import did_url
from harness.reference.vectors import load_vectors

_MOMENT = re.compile(r"\{at([+-]\d{1,5})d\}")
_DIGEST = re.compile(r"\{multihash:([^}]*)\}")


@dataclass(frozen=True)
class World:
    """What a verifier is handed, and what the web answers: URL -> bytes and media type; None is 404."""

    name: str
    body: bytes = field(repr=False)
    media_type: str
    documents: Mapping[str, tuple[bytes, str] | None] = field(default_factory=dict, repr=False)
    silent: frozenset[str] = frozenset()
    watched: str | None = None
    options: Mapping[str, str] | None = None
    """Challenge and domain, where it is a presentation."""


def twin_world(twin: Twin, version: str, ground: Ground) -> World:
    """The world of a good twin."""
    name = f"untp-{version}/{twin.base}"
    plan = _changed(_plain(ground, name, *_beside(twin, version)), name, twin.change, ground)
    return replace(_world(f"twin-{twin.name}", plan, name), options=_options(twin, ground))


def trial_world(trial: Trial, twin: Twin, version: str, ground: Ground) -> World:
    """The world of a trial."""
    name = f"untp-{version}/{trial.base or twin.base}"
    if trial.vector is not None:
        vector = next(vector for vector in load_vectors() if vector.name == trial.vector)
        plan = ground.mutated(vector)
        form = plan.issuances[vector.base].delivery
        delivery = form if (vector.envelope or {}).get("operation") == "delivery" else "token"
        return _world(trial.name, _delivered(plan, vector.base, delivery), vector.base)
    changes = trial.change if trial.instead else (*twin.change, *trial.change)
    plan = _changed(_plain(ground, name, *_beside(twin, version)), name, changes, ground)
    world = replace(_world(trial.name, plan, name), options=_options(twin, ground, trial.options))
    fill = _fillings(plan, name, ground)
    silent = frozenset({fill(trial.silent)} if trial.silent else ())
    watched = fill(trial.watched) if trial.watched else None
    if trial.raw is not None:
        return World(trial.name, trial.raw.encode(), "application/octet-stream")
    return replace(world, silent=silent, watched=watched)


DOMAIN = "login.verifier.example"


def _beside(twin: Twin, version: str) -> list[str]:
    return [f"untp-{version}/{name}" for name in twin.beside]


def _options(twin: Twin, ground: Ground, others: Mapping[str, str] | None = None) -> Mapping[str, str] | None:
    """The challenge and domain of the request."""
    if not twin.presented:
        return None
    return {"challenge": challenge_of(ground), "domain": DOMAIN, **(others or {})}


def challenge_of(ground: Ground) -> str:
    """The challenge for which a presentation on a ground is made."""
    return multihash(ground.base.encode())


def _plain(ground: Ground, name: str, *beside: str) -> Plan:
    """The good credential as a token, whatever form it has in the good chain."""
    plan = ground.plan(name, *beside)
    return _delivered(plan.reissued(replace(plan.issuances[name], proofs=())), name, "token")


def _delivered(plan: Plan, name: str, form: str) -> Plan:
    return plan.reissued(replace(plan.issuances[name], delivery=form))


def _changed(plan: Plan, name: str, changes: tuple[Mapping[str, Any], ...], ground: Ground) -> Plan:
    for row in changes:
        fill = _fillings(plan, name, ground, of_lists=row.get("operation") == "status-list")
        filled: dict[str, Any] = ground.arguments(json.loads(_each_text(row, fill)))
        plan = replace(plan, others=plan.others | ground.dids_in(row))
        if "operation" in filled:
            plan = change(plan, name, filled)
        else:
            issuance = plan.issuances[name]
            patch = Patch.of(filled["patch"], f"trial on {name}")
            plan = plan.reissued(replace(issuance, payload_edits=(*issuance.payload_edits, patch)))
    return plan


def _each_text(row: Any, fill: Callable[[str], str]) -> str:
    """A value as JSON with every text in it filled in."""

    def filled(value: Any) -> Any:
        match value:
            case str():
                return fill(value)
            case Mapping():
                return {name: filled(member) for name, member in value.items()}
            case list():
                return [filled(item) for item in value]
        return value

    return json.dumps(filled(row), ensure_ascii=False)


def _fillings(plan: Plan, name: str, ground: Ground, *, of_lists: bool = False) -> Callable[[str], str]:
    """What the braces in a text of a trial stand for. Dates inside lists move with the chain later on."""
    payload = plan.payloads[name]
    now = DEMO_CLOCK if of_lists else ground.at

    def fill(text: str) -> str:
        text = _MOMENT.sub(
            lambda found: (now + timedelta(int(found[1]))).strftime("%Y-%m-%dT%H:%M:%SZ"), text
        )
        text = _DIGEST.sub(lambda found: multihash(found[1].encode()), text)
        text = text.replace("{ground}", ground.base).replace("{list}", payload.status[0])
        text = text.replace("{challenge}", challenge_of(ground)).replace("{domain}", DOMAIN)
        text = text.replace("{credential}", payload.url)
        return ground.moved(text.replace("{did-document}", did_url(payload.issuer)))

    return fill


def _world(name: str, plan: Plan, base: str) -> World:
    bundle = issue(plan)
    evidence = bundle.delivered(base)
    documents: dict[str, tuple[bytes, str] | None] = {}
    for url in bundle.web:
        match bundle.web[url]:
            case Evidence(body=body, media_type=media_type):
                documents[url] = (body, media_type)
            case Absence():
                documents[url] = None
    return World(name, evidence.body, evidence.media_type, documents)

"""What all HTML pages share: templates that show every string of a stranger, assets, and a policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from harness.report.visible import one_line, visible
from harness.resources import resource


def environment_of(**names: object) -> Environment:
    """The templates of reports/, strict and escaping, with some names that all of them may use."""
    environment = Environment(
        loader=FileSystemLoader(resource("reports")), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=_shown,
    )  # fmt: skip
    environment.globals.update(short=one_line, **names)
    return environment


@cache
def asset(name: str) -> str:
    """A style sheet or script of reports/."""
    return resource("reports", name).read_text(encoding="utf-8").replace("\r\n", "\n")


def policy_of(style: str, script: str | None = None, *, images: str | None = None) -> str:
    """A Content-Security-Policy: nothing may load, run or be sent but the one style, the one script, images from there."""
    parts = ["default-src 'none'", f"style-src '{_digest(style)}'"]
    if script is not None:
        parts.append(f"script-src '{_digest(script)}'")
    if images is not None:
        parts.append(f"img-src {images}")
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _shown(value: object) -> object:
    """Make each string that enters a template visible, just before it is escaped."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value

"""Pages of review and register: no outside request, no script, every string of a stranger visible and escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from harness.errors import UsageError
from harness.report.visible import linkable, one_line, visible
from harness.resources import resource


def render_page(template: str, values: Mapping[str, Any]) -> str:
    """Render a template of reports/ with the style of these pages and the policy that allows nothing else."""
    style = resource("reports", "listing.css").read_text(encoding="utf-8").replace("\r\n", "\n")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; base-uri 'none'; form-action 'none'"
    return (
        _environment()
        .get_template(template)
        .render(
            **values,
            policy=policy,
            style=Markup(style),  # noqa: S704 - our own file
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resource("reports")), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=_shown,
    )  # fmt: skip
    environment.globals.update(linkable=linkable, short=one_line)
    return environment


def _shown(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value


def write_page(path: Path, text: str | bytes) -> None:
    """Write one file of a site. Raises UsageError where that is not possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text)
    except OSError as problem:
        raise UsageError(
            f"cannot be written: {problem.strerror or problem}", where=str(path),
            hint="Name a folder that you may write to with --out.",
        ) from problem  # fmt: skip

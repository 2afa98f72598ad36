"""Pages of review and register: no outside request, no script, every string of a stranger visible and escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from harness.errors import UsageError
from harness.report.template import asset, environment_of, policy_of
from harness.report.visible import linkable


def render_page(template: str, values: Mapping[str, Any]) -> str:
    """Render a template of reports/ with the style of these pages and the policy that allows nothing else."""
    style = asset("listing.css")
    page = _environment().get_template(template)
    return page.render(
        **values,
        policy=policy_of(style, images="'self'"),
        style=Markup(style),  # noqa: S704 - our own file
    )


@cache
def _environment() -> Environment:
    return environment_of(linkable=linkable)


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

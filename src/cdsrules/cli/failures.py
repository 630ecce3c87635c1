"""An internal error: what happened goes into a file without client data, and one sentence to the reader."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from traceback import StackSummary, extract_tb

from cdsrules.rendering.text import Line, Role

PACKAGES = (
    "cdsrules",
    "durable-rules",
    "pyyaml",
    "jsonschema",
    "jsonschema-rs",
    "pluggy",
    "click",
    "rich",
    "jinja2",
    "pygraphviz",
)


def describe(error: BaseException) -> Line:
    """Return the one sentence about an internal error; the file it names holds the rest."""
    sentence = "cdsrules failed, and that is not your mistake."
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="cdsrules-", suffix=".txt", delete=False
        ) as file:
            file.write(report(error))
    except OSError:
        return Line(f"{sentence} No file could be written.", Role.URGENT)
    return Line(f"{sentence} Please send this file with a report; it holds no client data: {file.name}", Role.URGENT)


def report(error: BaseException) -> str:
    """Return where and in which versions it failed.

    What the errors say is left out, and so are the arguments of the command: either could
    hold a client's data.
    """
    return "\n".join([*_versions(), "", *_chain(error), ""])


def installed(package: str) -> str | None:
    """Return the version of a package, None when it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _versions() -> Iterator[str]:
    yield f"Python {platform.python_version()} on {platform.platform()} ({sys.byteorder}-endian)"
    for package in PACKAGES:
        yield f"{package} {installed(package) or 'not installed'}"


def _chain(error: BaseException) -> Iterator[str]:
    """Yield the errors from the first cause on, each with its lines of code."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _chain(cause)
        yield ""
    yield "Where it happened, the innermost last:"
    frames: StackSummary = extract_tb(error.__traceback__)
    yield from (f"  {frame.filename}:{frame.lineno} in {frame.name}: {frame.line}" for frame in frames)
    yield f"{type(error).__module__}.{type(error).__qualname__}"

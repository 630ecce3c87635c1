"""Rules in shadow, which shares count as if they were active, and the cases that then come out otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from cdsrules.frozen import frozen
from cdsrules.rendering.text import Line, Role, wrapped
from cdsrules.testing.ran import Ran
from cdsrules.testing.reports.cases import gist


@frozen
class Trial:
    """The rules in shadow by their ids, and the cases that come out as expected only as long as they are."""

    rules: tuple[str, ...]
    turned: tuple[Ran, ...] = ()


def trial_lines(trial: Trial, *, width: int) -> Iterator[Line]:
    """Yield which rules are in shadow, and which cases their becoming active would turn."""
    yield Line("IN SHADOW", Role.HEADING)
    rules = ", ".join(f"`{rule}`" for rule in trial.rules)
    is_one = len(trial.rules) == 1
    counted = "It is counted as if it were active." if is_one else "They are counted as if they were active."
    yield from wrapped(
        f"{rules} {'runs and is' if is_one else 'run and are'} shown to nobody. {counted}",
        first="  ",
        rest="  ",
        width=width,
    )
    for one in trial.turned:
        named = f"Once active, “{one.case.name}” comes out otherwise than expected: {gist(one)}"
        yield from wrapped(named, Role.URGENT, first="  - ", rest="    ", width=width)


def trial_document(trial: Trial) -> dict[str, object]:
    """Return the same as JSON values."""
    turned = [{"file": one.file, "case": one.case.name, "why": gist(one)} for one in trial.turned]
    return {"rules": list(trial.rules), "otherwise_once_active": turned}

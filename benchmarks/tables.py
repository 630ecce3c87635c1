"""Tables as Markdown, and numbers as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; every column but the first is set to the right."""
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join([' --- ', *[' ---: '] * (len(head) - 1)])}|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)


def duration(nanoseconds: float) -> str:
    """Return a time with three digits.

    >>> duration(834), duration(8_345), duration(123_456), duration(1_234_567), duration(2.5e9)
    ('834 ns', '8.35 µs', '123 µs', '1.23 ms', '2.50 s')
    """
    sizes = ((1e9, "s"), (1e6, "ms"), (1e3, "µs"))
    size, unit = next((one for one in sizes if nanoseconds >= one[0]), (1, "ns"))
    return f"{nanoseconds / size:#.3g}".rstrip(".") + f" {unit}"


def times(ratio: float) -> str:
    """Return a ratio with two digits.

    >>> times(0.3149), times(17.02), times(1)
    ('0.31x', '17x', '1.0x')
    """
    return f"{ratio:.2f}x" if ratio < 0.995 else f"{ratio:.1f}x" if ratio < 9.95 else f"{ratio:.0f}x"


def placed(page: str, measured: str, marks: tuple[str, str] = (BEGIN, END)) -> str | None:
    """Return the page with the tables between its marks; None when it has none."""
    before, begin, rest = page.partition(marks[0])
    _, end, after = rest.partition(marks[1])
    return f"{before}{begin}\n\n{measured}\n\n{end}{after}" if begin and end else None

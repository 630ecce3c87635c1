"""Text made safe to look at: nothing in it steers a terminal, reverses a line or hides.

Names and texts come from documents of others. A terminal obeys escape sequences, and a
reader is misled by characters that reorder or hide what follows; both are shown as their
code instead.
"""

from __future__ import annotations

# Scripts of several languages are unreadable without these two, and they move nothing.
_JOINERS = frozenset("\u200c\u200d")

# What our own sentences use beyond ASCII, for terminals that cannot show it.
_PLAINER = str.maketrans(
    {
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"',
        "\u2026": "...", "\u00b7": "-", "\u2022": "*", "\u00d7": "x", "\u00a7": "section ",
        "\u2264": "<=", "\u2265": ">=", "\u2192": "->", "\u00b1": "+/-",
    }
)  # fmt: skip


def visible(text: str) -> str:
    r"""Return the text on one line, with every control and formatting character as its code.

    >>> print(visible("Jo\x1b[31m\nDoe \u202eevil"))
    Jo\x1b[31m Doe \u202eevil
    """
    if text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    if character.isspace() and character not in "\x1c\x1d\x1e\x1f":
        return " "
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def encodable(text: str, encoding: str) -> str:
    r"""Return the text so that the encoding holds all of it: plainer signs first, codes for the rest.

    >>> print(encodable("18 → 17 · naïve", "ascii"))
    18 -> 17 - na\xefve
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAINER).encode(encoding, "backslashreplace").decode(encoding)
    return text

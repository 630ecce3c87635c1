"""An item added to a list of a YAML file, everything else left as it is, byte for byte."""

from __future__ import annotations

from typing import Final

from cdsrules.errors import CdsrulesError
from cdsrules.loading.problems import Problems
from cdsrules.loading.tree import Entries, Items, Plain, plain
from cdsrules.loading.yaml_text import parse_yaml

_BY_HAND: Final = "Add it by hand:"


class CannotAdd(CdsrulesError):
    """The item cannot be added; the text says why, and holds the item so that it can be added by hand."""


def with_item(text: bytes, file: str, key: str, item: str) -> bytes:
    r"""Return a file with one item more at the end of a list.

    `item` is what the file shall hold further, from its comment or dash on, not indented.
    The file is parsed before and after, and nothing else may have changed.

    Raises `CannotAdd` where the list is not one of lines with dashes, or where the addition
    would change what stands there.

    >>> with_item(b"rules:\n- id: a\n", "rules.yaml", "rules", "- id: b\n")
    b'rules:\n- id: a\n\n- id: b\n'
    """
    root = _parsed(text, file)
    items = None if root is None else root.node(key)
    if root is None or not isinstance(items, Items):
        message = f"{file} has no list `{key}`."
        raise _cannot(message, item)
    lines = text.decode("utf-8").split("\n")
    before = lines[items.at.line - 1][: items.at.column - 1]
    if not lines[items.at.line - 1][len(before) :].startswith("-") or before.strip(" "):
        message = f"`{key}` in {file} is not written line by line, with a dash for each."
        raise _cannot(message, item)
    end = _end(root, items, lines)
    added = _inserted(lines, end, [f"{before}{line}" if line else "" for line in item.rstrip("\n").split("\n")])
    if not _is_added(root, _parsed(added, file), key, item):
        message = f"Nothing can be added to {file} without changing what stands there."
        raise _cannot(message, item)
    return added


def _parsed(text: bytes, file: str) -> Entries | None:
    problems = Problems()
    root = parse_yaml(text, file, problems)
    return root if isinstance(root, Entries) and not problems.has_errors else None


def _end(root: Entries, items: Items, lines: list[str]) -> int:
    """Return how many lines stand before the addition: all, or those above the next key and its comment."""
    following = [one.key_at.line - 1 for one in root.entries.values() if one.key_at.line > items.at.line]
    if not following:
        return len(lines)
    end = min(following)
    while not lines[end - 1].strip() or lines[end - 1].startswith("#"):
        end -= 1
    return end


def _inserted(lines: list[str], end: int, item: list[str]) -> bytes:
    """Return the lines with the item after `end` of them, an empty line before it and, inside a file, after it."""
    line_end = "\r\n" if any(line.endswith("\r") for line in lines) else "\n"
    before, after = "\n".join(lines[:end]), "\n".join(lines[end:])
    if end < len(lines):
        before += "\n"
    elif before and not before.endswith("\n"):
        before += line_end
    gap = "" if before.endswith(("\n\n", "\n\r\n")) else line_end
    further = line_end if after.strip() and lines[end].strip() else ""
    return f"{before}{gap}{line_end.join(item)}{line_end}{further}{after}".encode()


def _is_added(old: Entries, new: Entries | None, key: str, item: str) -> bool:
    """Return whether the new file is the old one and the item, as YAML reads it."""
    alone = _parsed(f"{key}:\n{item}".encode(), "the addition")
    if new is None or alone is None or list(new.entries) != list(old.entries):
        return False
    there, more = _values(old), _values(alone)[key]
    return _values(new) == {**there, key: [*_listed(there[key]), *_listed(more)]} and len(_listed(more)) == 1


def _values(root: Entries) -> dict[str, Plain]:
    return {key: plain(entry.node) for key, entry in root.entries.items()}


def _listed(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else []


def _cannot(why: str, item: str) -> CannotAdd:
    return CannotAdd(f"{why} {_BY_HAND}\n\n{item}")

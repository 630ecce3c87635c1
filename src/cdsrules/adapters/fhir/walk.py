"""Reading parts of a FHIR resource that may be anything at all.

A resource comes from another system: each function gives the part when it has the shape
that FHIR R4 says, and None or nothing when it has not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

Node: TypeAlias = Mapping[str, object]
OBJECT: Final = (dict, Mapping)
"""What is an object: what JSON is read into is a dict, and that is told ten times as fast."""


def node(parent: Node, name: str) -> Node:
    """Return the object under `name`; an empty one where there is none."""
    value = parent.get(name)
    # Most parts are not there, and it takes long to find that nothing is no object.
    return value if value is not None and isinstance(value, OBJECT) else {}


def nodes(parent: Node, name: str) -> Sequence[Node]:
    """Return the objects of the list under `name`; what is no object is passed over."""
    value = parent.get(name)
    return [one for one in value if isinstance(one, OBJECT)] if isinstance(value, list) else ()


def text(parent: Node, name: str) -> str | None:
    """Return the text under `name`, without blanks round it; None where there is none."""
    value = parent.get(name)
    return value.strip() or None if isinstance(value, str) else None


def name_of(resource: Node) -> str:
    """Return how a resource is called in a notice: its type and id."""
    return f"{text(resource, 'resourceType') or 'Resource'}/{text(resource, 'id') or '(no id)'}"


def reference(parent: Node, name: str) -> str | None:
    """Return what the reference under `name` points to: type and id, as `references` calls what a record holds."""
    return whole_reference(node(parent, name))


def whole_reference(held: Node) -> str | None:
    """Return where a reference points to, without a version after it; None where it says that in no address."""
    written = text(held, "reference")
    return None if written is None else written.partition("/_history/")[0].rstrip("/")


def codes(concept: Node) -> tuple[str, ...]:
    """Return the codings of a CodeableConcept, each as `system|code`."""
    return tuple(_tokens(concept))


def codings(concept: Node) -> tuple[str | None, ...]:
    """Return what a CodeableConcept says, each coding as `system|code`; None for what is said in words alone."""
    said = nodes(concept, "coding")
    return tuple(_token(one, code) if (code := text(one, "code")) else None for one in said) if said else (None,)


def _tokens(concept: Node) -> list[str]:
    said = concept.get("coding")
    if not isinstance(said, list):
        return []
    return [_token(one, code) for one in said if isinstance(one, OBJECT) and (code := text(one, "code"))]


def _token(coding: Node, code: str) -> str:
    return f"{text(coding, 'system') or ''}|{code}"


def all_codes(resource: Node, *names: str) -> tuple[str, ...]:
    """Return the codings of several elements, each a CodeableConcept, a list of them, or a plain Coding."""
    found: list[str] = []
    for name in names:
        held = resource.get(name)
        if held is None:  # as most are
            continue
        for concept in held if isinstance(held, list) else (held,):
            if isinstance(concept, OBJECT):
                found += _tokens(concept)
                if "code" in concept and (code := text(concept, "code")):
                    found.append(_token(concept, code))
    return tuple(found)


def extension(parent: Node, url: str) -> Node:
    """Return the extension of this address; an empty object where there is none."""
    return next((one for one in nodes(parent, "extension") if text(one, "url") == url), {})

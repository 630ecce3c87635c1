"""What a JSON Schema finds wrong with a tree, in plain words and at its place.

Rule files are read, and their problems worded, without a schema: that knows more and is
faster. The schema is the contract with editors and with whoever narrows it; `cdsrules
check` holds every file against it once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from cdsrules.loading.problems import Problems, did_you_mean, listed
from cdsrules.loading.tree import Node, place, plain

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Schema: TypeAlias = Mapping[str, object]

_SORTS: Final = {
    "object": "a group of keys",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "`true` or `false`",
    "null": "empty",
}
_BOUNDS: Final = {
    "minimum": "has to be {0} or more.",
    "maximum": "has to be {0} or less.",
    "exclusiveMinimum": "has to be more than {0}.",
    "exclusiveMaximum": "has to be less than {0}.",
    "minItems": "has to have {0} items or more.",
    "maxItems": "has to have {0} items or fewer.",
    "minProperties": "has to have {0} keys or more.",
    "maxProperties": "has to have {0} keys or fewer.",
    "minLength": "has to have {0} letters or more.",
    "maxLength": "has to have {0} letters or fewer.",
    "uniqueItems": "names one item twice.",
}
_NOT_MEANT: Final = frozenset({"required", "type", "const", "enum"})


def check_schema(root: Node, schema: Schema, problems: Problems) -> None:
    """Note everything in a tree that a schema refuses."""
    document = plain(root)
    if _fast_validator_accepts(document, schema):
        return
    for path, words in violations(document, schema):
        at = place(root, iter(path), words.key)
        problems.add("CDS051", at, f"The schema does not allow this: {words.message}", words.advice)


def violations(document: object, schema: Schema) -> Iterator[tuple[tuple[str | int, ...], Words]]:
    """Yield what a schema refuses in a document: the path to each, and the problem in words."""
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(schema).iter_errors(document):
        for cause in _causes(error):
            yield tuple(cause.absolute_path), _words(cause)


def _fast_validator_accepts(document: object, schema: Schema) -> bool:
    try:
        import jsonschema_rs
    except ImportError:
        return False
    return jsonschema_rs.validator_for(dict(schema)).is_valid(document)


def _causes(error: ValidationError) -> Iterator[ValidationError]:
    """Yield what an error comes down to: of alternatives, what is wrong with the one that was meant."""
    branches: dict[object, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    distances = sorted((_distance(inner), place) for place, inner in enumerate(branches.values()))
    if not distances or (len(distances) > 1 and distances[0][0] == distances[1][0]):
        yield error
        return
    for inner in list(branches.values())[distances[0][1]]:
        yield from _causes(inner)


def _distance(errors: Sequence[ValidationError]) -> tuple[int, int]:
    """Return how far a document is from an alternative: nearer where it fits outside and fails further in."""
    outside = [error for error in errors if not error.relative_path]
    return sum(error.validator in _NOT_MEANT for error in outside), len(outside)


class Words(NamedTuple):
    """A problem in words, and the key that is itself at fault where one is."""

    message: str
    advice: str
    key: str | None = None


def _words(error: ValidationError) -> Words:
    """Return message and advice for an error, and the key it points to where it points to one."""
    here = _here(error)
    wanted: Any = error.validator_value
    match error.validator:
        case "required" | "additionalProperties":
            return _about_keys(error, here)
        case "type":
            sorts = [wanted] if isinstance(wanted, str) else wanted
            return Words(f"{here} has to be {' or '.join(_SORTS[sort] for sort in sorts)}.", "Write it so.")
        case "enum":
            words = [str(word) for word in wanted]
            return Words(f"{here} has to be {listed(words)}.", did_you_mean(str(error.instance), words), _key(error))
        case str(bound) if bound in _BOUNDS:
            return Words(f"{here} {_BOUNDS[bound].format(wanted)}", "Write it so.")
        case _:
            return Words(f"{here} is not of the form that is asked for.", _form(error), _key(error))


def _here(error: ValidationError) -> str:
    path = list(error.absolute_path)
    key = _key(error)
    if key is not None:
        return f"The key `{key}`"
    if not path:
        return "The file"
    if isinstance(path[-1], str):
        return f"`{path[-1]}`"
    named = next((step for step in reversed(path) if isinstance(step, str)), "the list")
    return f"Item {path[-1] + 1} of `{named}`"


def _about_keys(error: ValidationError, here: str) -> Words:
    schema, instance, wanted = _mapping(error.schema), _mapping(error.instance), error.validator_value
    if error.validator == "required" and isinstance(wanted, list):
        missing = [str(key) for key in wanted if key not in instance]
        return Words(f"{here} has no {listed(missing, 'and')}.", f"Add {listed(missing, 'and')}.")
    known = list(_mapping(schema.get("properties", {})))
    unknown = next(key for key in instance if key not in known)
    advice = did_you_mean(unknown, known, f"Its keys are {listed(known, 'and')}.")
    return Words(f"{here} has no key `{unknown}`.", advice, unknown)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _key(error: ValidationError) -> str | None:
    """Return the key that is itself at fault, as under `propertyNames`."""
    return error.instance if isinstance(error.instance, str) and "propertyNames" in error.schema_path else None


def _form(error: ValidationError) -> str:
    alternatives = [_mapping(branch).get("required") for branch in _list(error.validator_value)]
    named = [keys[0] for keys in alternatives if isinstance(keys, list) and len(keys) == 1]
    if error.validator == "oneOf" and named and len(named) == len(alternatives):
        return f"Write exactly one of {listed(named, 'and')}."
    said = _mapping(error.schema).get("description")
    return f"What is asked for: {said}" if isinstance(said, str) else "See the examples in the documentation."


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []

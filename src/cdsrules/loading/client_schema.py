"""What client-state.schema.json finds wrong with a client document, at its JSON paths.

Reading a client document needs no schema: `parse_client` refuses whatever the schema
refuses, and more. The schema is the contract with hosts, who validate before they send; this
check lets them see the same answer here. jsonschema-rs decides where it is installed, as it
is some hundred times faster; the words come from jsonschema.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cdsrules.diagnostics import Diagnostic, in_order
from cdsrules.loading.schema_check import violations

if TYPE_CHECKING:
    from cdsrules.loading.schema_check import Schema


class ClientSchema:
    """The schema of client documents, made ready once for any number of them."""

    def __init__(self, schema: Schema, *, fast: bool = True) -> None:
        """Make the schema ready; without `fast` jsonschema decides as well."""
        self._schema = schema
        self._accepts = (_fast_gate(schema) if fast else None) or _slow_gate(schema)

    def accepts(self, document: object) -> bool:
        """Return whether the document keeps to the schema."""
        return self._accepts(document)

    def check(self, document: object) -> tuple[Diagnostic, ...]:
        """Return everything in the document that the schema does not allow; usually nothing."""
        if self._accepts(document):
            return ()
        return in_order(
            [
                Diagnostic("CDS745", f"The schema does not allow this: {words.message}", words.advice, path=_path(path))
                for path, words in violations(document, self._schema)
            ]
        )


def _fast_gate(schema: Schema) -> Callable[[object], bool] | None:
    try:
        import jsonschema_rs
    except ImportError:
        return None
    return jsonschema_rs.validator_for(dict(schema)).is_valid


def _slow_gate(schema: Schema) -> Callable[[object], bool]:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema).is_valid


def _path(steps: tuple[str | int, ...]) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)

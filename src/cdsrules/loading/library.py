"""Rule files -> a library that can be used, or everything that is wrong with them.

Pure: texts come in, the disk is read in `files`. The order of the files does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from cdsrules.diagnostics import Diagnostic, Position, Severity, in_order
from cdsrules.errors import RulebookError
from cdsrules.loading.left_over import check_left_over
from cdsrules.loading.linking import check_all_read, check_findings, check_review
from cdsrules.loading.narrative import check_narrative
from cdsrules.loading.overlay import Shelf, lay_over
from cdsrules.loading.problems import EnoughProblems, Problems, did_you_mean, listed
from cdsrules.loading.rulebook_file import RULEBOOK_KEYS, Book, check_parameter_sources, read_book
from cdsrules.loading.rules import read_rule
from cdsrules.loading.safety import check_steps_kept
from cdsrules.loading.schema_check import Schema, check_schema
from cdsrules.loading.scope import Names, Scope
from cdsrules.loading.sources import SourceFile, content_hash
from cdsrules.loading.tree import Entries, FileTree, Node
from cdsrules.loading.values import read_word, sort_in_words
from cdsrules.loading.vocabulary import VocabularyFiles, read_vocabulary
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.model.facts import FactCatalogue
from cdsrules.model.rulebook import Library, Rule, Rulebook, Verb
from cdsrules.model.vocabulary import Vocabulary

_SORTS: Final = VocabularyFiles._fields
CatalogueOf: TypeAlias = Callable[[Vocabulary], FactCatalogue]


def load_library(sources: Sequence[SourceFile], catalogue_of: CatalogueOf, today: date | None = None) -> Library:
    """Return everything the files hold, ready for use; `today` tells which rulebooks are past their review.

    Raises:
        RulebookError: something in the files stops loading; it carries all diagnostics.
    """
    library, found = _read(sources, catalogue_of, today)
    if library is None:
        raise RulebookError(found)
    return library


def check_files(
    sources: Sequence[SourceFile],
    catalogue_of: CatalogueOf,
    today: date | None = None,
    schemas: Mapping[str, Schema] | None = None,
) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with the files, warnings too, sorted by place; nothing when all is well.

    `schemas` holds JSON Schemas by the sort of file (`rulebook`, `vocabulary`); a file in
    which nothing else is wrong is held against its schema too.
    """
    found = _read(sources, catalogue_of, today)[1]
    wrong = {one.where.file for one in found if one.where is not None}
    problems = Problems(list(found))
    with suppress(EnoughProblems):
        for source in sources:
            root = None if source.name in wrong else parse_yaml(source.text, source.name, problems)
            schema = None if root is None else (schemas or {}).get("rulebook" if _is_rulebook(root) else "vocabulary")
            if root is not None and schema is not None:
                check_schema(root, schema, problems)
    return in_order(problems.found)


def _is_rulebook(root: Node) -> bool:
    return isinstance(root, Entries) and "rulebook" in root.entries


class _Trees(NamedTuple):
    """The files by what they are."""

    vocabulary: VocabularyFiles
    rulebooks: list[FileTree]
    complete: bool


def _read(
    sources: Sequence[SourceFile], catalogue_of: CatalogueOf, today: date | None
) -> tuple[Library | None, tuple[Diagnostic, ...]]:
    problems = Problems()
    try:
        library = _library(sources, catalogue_of, today, problems)
    except EnoughProblems:
        library = None
    found = in_order(problems.found)
    if library is None or problems.has_errors:
        return None, found
    return replace(library, warnings=tuple(one for one in found if one.severity is Severity.WARNING)), found


def _library(
    sources: Sequence[SourceFile], catalogue_of: CatalogueOf, today: date | None, problems: Problems
) -> Library:
    trees = _trees(sorted(sources, key=lambda one: (not one.is_shipped, one.key or one.name)), problems)
    draft = read_vocabulary(trees.vocabulary, problems)
    vocabulary = draft.freeze()
    for tree in trees.rulebooks:
        check_left_over(tree.root, problems)
    opened = [(tree, read_book(tree.root, problems, is_shipped=tree.is_shipped)) for tree in trees.rulebooks]
    shelf = lay_over([book for _, book in opened if book is not None], problems)
    complete = trees.complete and draft.whole and shelf.whole and all(book is not None for _, book in opened)
    facts = catalogue_of(vocabulary)
    rulebooks = _rulebooks(shelf, vocabulary, facts, problems, complete=complete)
    if check_findings([rule for rulebook in rulebooks for rule in rulebook.rules], problems) and complete:
        check_narrative(rulebooks, vocabulary.actions, problems)
    shelved = list(zip(shelf.books.values(), rulebooks, strict=True))
    check_steps_kept(shelved, draft.replaced, problems)
    check_review(shelved, today, problems)
    if complete:
        check_all_read(shelved, problems)
    return Library(vocabulary, tuple(rulebooks), content_hash(sources), facts=facts)


def _trees(sources: Sequence[SourceFile], problems: Problems) -> _Trees:
    places: dict[str, list[FileTree]] = {sort: [] for sort in (*VocabularyFiles._fields, "rulebook")}
    complete = True
    for source in sources:
        root = parse_yaml(source.text, source.name, problems)
        sort = None if root is None else _sort_of(root, problems)
        if sort is None or not isinstance(root, Entries):
            complete = False
        else:
            places[sort].append(FileTree(root, source.is_shipped))
    rulebooks = places.pop("rulebook")
    return _Trees(VocabularyFiles(**places), rulebooks, complete)


def _sort_of(root: Node, problems: Problems) -> str | None:
    sorts = listed((f"vocabulary: {_SORTS[0]}", *_SORTS[1:]))
    advice = f"Begin a rulebook with `rulebook: its-id`, a vocabulary file with {sorts}."
    if not isinstance(root, Entries):
        message = f"A rule file holds keys, but here stands {sort_in_words(root)}."
        problems.add("CDS022", root.at, message, advice)
        return None
    if "rulebook" in root.entries:
        return "rulebook"
    node = root.node("vocabulary")
    if node is not None:
        return read_word(node, "`vocabulary`", _SORTS, problems)
    unknown = [key for key in root.entries if key not in RULEBOOK_KEYS]
    near = [one for one in (did_you_mean(key, ("rulebook", "vocabulary")) for key in unknown) if one]
    message = "This file is neither a rulebook nor a vocabulary file."
    problems.add("CDS022", Position(root.at.file, 1, 1), message, near[0] if near else advice)
    return None


def _rulebooks(
    shelf: Shelf, vocabulary: Vocabulary, facts: FactCatalogue, problems: Problems, *, complete: bool
) -> list[Rulebook]:
    heads = [head for book in shelf.books.values() for head in book.rules.values()]
    findings = dict.fromkeys(head.target for head in heads if head.verb is Verb.FINDS)
    rulebooks = []
    for book in shelf.books.values():
        check_parameter_sources(book, problems)
        names = Names(
            facts=facts,
            actions=vocabulary.actions,
            instruments=vocabulary.instruments,
            findings=findings,
            parameters={name: declared.value for name, declared in book.parameters.items()},
            sources=book.sources,
            requirements=vocabulary.requirements,
            spoilt=book.spoilt,
            complete=complete,
        )
        rules = tuple(read_rule(head, book, Scope(names, problems)) for head in book.rules.values())
        rulebooks.append(_rulebook(book, names, rules))
    return rulebooks


def _rulebook(book: Book, names: Names, rules: tuple[Rule, ...]) -> Rulebook:
    return Rulebook(
        id=book.id,
        version=book.version,
        status=book.status,
        title=book.title,
        owner=book.owner,
        review_by=book.review_by or date.max,
        sources=book.sources,
        parameters=names.parameters,
        rules=rules,
        file=book.at.file,
        developer=book.developer,
        funding=book.funding,
        released_on=book.released_on,
        revised_on=book.revised_on,
    )

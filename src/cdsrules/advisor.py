"""The public face: load rulebooks once, then evaluate clients.

`evaluate` is a pure function of rulebooks, client and day: the same three give the same
guidance, byte for byte. The clock, the disk and the C engine stay at this edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from cdsrules.errors import ClientError, UnknownName
from cdsrules.frozen import frozen
from cdsrules.guidance.assemble import assemble
from cdsrules.guidance.engaged import engage
from cdsrules.guidance.explain import explain
from cdsrules.guidance.in_force import InForce
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.guidance.phrases import cite_source, rule_in_words
from cdsrules.inference.engine import ChainerOf, Engine, EngineName, OnDisagreement
from cdsrules.inference.program import Conclusions, Program
from cdsrules.loading.client_document import ClientReader, unanswerable
from cdsrules.loading.files import read_rule_files, read_site_file
from cdsrules.loading.library import CatalogueOf, load_library
from cdsrules.loading.wordings import withheld
from cdsrules.measures.facts import MeasuredFacts
from cdsrules.measures.notices import in_short
from cdsrules.measures.on_record import on_record
from cdsrules.model.client import Client
from cdsrules.model.explanation import CitedSource, Explanation
from cdsrules.model.facts import FactCatalogue
from cdsrules.model.guidance import Guidance, Shadow
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Library, Rule, Status
from cdsrules.model.site import Site
from cdsrules.model.unread import NOTHING_UNREAD, Unread
from cdsrules.plugins.measures import ready
from cdsrules.plugins.session import PluginSession, start_plugins
from cdsrules.plugins.taking_part import taking_part


@frozen
class RuleAccount:
    """One rule in plain words, and for a client whether it holds and why."""

    rule: Rule
    in_words: str
    sources: tuple[CitedSource, ...]
    truth: bool | None = None
    explanation: Explanation | None = None


class Advisor:
    """Rulebooks made ready to evaluate clients; safe to share between threads."""

    def __init__(
        self,
        library: Library,
        *,
        engine: EngineName = "durable",
        verify: bool = True,
        on_disagreement: OnDisagreement = "reference",
        chainer_of: ChainerOf | None = None,
        plugins: PluginSession | None = None,
        site: Site | None = None,
    ) -> None:
        """Make a library ready. `Advisor.load` is the usual way in.

        `chainer_of` replaces the durable-rules engine by another chainer over the same
        Horn program. Raises `ValueError` or `TypeError` for an engine, or for what to do where the two
        disagree, that there is not.
        """
        engaged = engage(engine, on_disagreement, verify=verify, chainer_of=chainer_of)
        self.library = library
        self.site = site
        session = plugins or start_plugins([])
        self._reader = ClientReader(library.vocabulary)
        facts = ready(session, library.vocabulary, withheld, library.facts)
        self._measures = facts.measures
        self._shown = InForce(library, self._measures, engaged)
        # A program and an engine of its own, so that nothing tried out can reach what is shown.
        self._tried = InForce(library.as_if_active(), self._measures, engaged) if library.in_shadow else None
        self._plugins = taking_part(session, facts, self.program.plan.slots, withheld, self._shown.facts)

    @classmethod
    def load(
        cls,
        paths: str | Path | Iterable[str | Path] | None = None,
        *,
        plugins: Iterable[object] | None = None,
        engine: EngineName = "durable",
        verify: bool = True,
        on_disagreement: OnDisagreement = "reference",
        today: date | None = None,
        site: Site | str | Path | None = None,
        plugin_seconds: float | None = None,
    ) -> Self:
        """Return an advisor with the shipped rulebooks and those under `paths`, one path or several.

        Rulebooks under `paths` add to the shipped ones and replace them by rule id;
        `safety` always loads and cannot be replaced. `plugins` are modules or objects with hooks,
        or names of installed ones; None means those installed under the entry-point group
        `cdsrules`, or those of them that CDSRULES_PLUGINS names. `plugin_seconds` limits how long
        one of them may take to answer.
        With `today` a rulebook past its review day is among `library.warnings`. `site` is where
        clients are seen, or its TOML file: its crisis lines, its protocol and who is told stand
        beside what must not wait. Raises `RulebookError` with every problem of every file,
        `SiteError` with those of the file of the site, and `PluginMisfit` for a plugin that
        does not fit the hooks; `ValueError` or `TypeError` as `Advisor` does.
        """
        engage(engine, on_disagreement, verify=verify)  # a slip is told before any file is read
        session = start_plugins(plugins, seconds=plugin_seconds)
        added, failures = session.rulebooks()
        files = read_rule_files([*added, *_paths(paths)])
        library = load_library(files, catalogue_of(session), today)
        known, place = session.failed(failures), _site(site, library)
        return cls(library, engine=engine, verify=verify, on_disagreement=on_disagreement, plugins=known, site=place)

    @property
    def catalogue(self) -> FactCatalogue:
        """Every fact that rules may ask about, by name."""
        return self._measures.catalogue

    @property
    def program(self) -> Program:
        """The rulebooks compiled, for analysis and tests."""
        return self._shown.program

    @property
    def plugins(self) -> tuple[tuple[str, str], ...]:
        """The plugins that take part, by name and version."""
        return self._plugins.session.members

    @property
    def plugin_session(self) -> PluginSession:
        """The plugins, for whoever records feedback, offers commands or serves."""
        return self._plugins.session

    @property
    def plugin_failures(self) -> tuple[str, ...]:
        """The plugins that could not start or failed while loading, a sentence each."""
        return tuple(failure.in_full for failure in self._plugins.session.failures)

    @property
    def engine(self) -> Engine:
        """The engine that concludes, and whether it could be loaded."""
        return self._shown.engine

    def close(self) -> None:
        """Give back the C engine's memory; the reference serves from then on."""
        self._shown.engine.close()
        if self._tried is not None:
            self._tried.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, document: Mapping[str, object], *, as_of: date | None = None) -> Client:
        """Return the client that a client-state document describes.

        Raises `ClientError` with every problem, each with its JSON path.
        """
        return self._reader.read(document, _day(as_of))

    def client(self, record: object, *, as_of: date | None = None) -> Client:
        """Return the client that a client document, or any record that a plugin reads, describes.

        Raises `ClientError` as `evaluate` does.
        """
        read = self._plugins.client_of(record, _day(as_of), self._reader.read)[0].client
        return read if isinstance(read, Client) else self.read(read, as_of=as_of)

    def facts(self, client: object, *, as_of: date | None = None) -> MeasuredFacts:
        """Return the client's facts as of a day: the argument, else the document's own.

        Takes what `evaluate` does, and raises `ClientError` as that.
        """
        return self._facts(self._plugins.client_of(client, _day(as_of), self._reader.read)[0].client, as_of)

    def _facts(self, client: Mapping[str, object] | Client, as_of: date | None) -> MeasuredFacts:
        if not isinstance(client, Client):
            read = self.read(client, as_of=as_of)
            return self._shown.facts(read, read.as_of)
        day = _day(as_of) or client.as_of
        wrong = unanswerable(client.treatment, day)
        if wrong is not None:
            raise ClientError([wrong])
        return self._shown.facts(client, day)

    def evaluate(self, client: object, *, as_of: date | None = None, site: Site | None = None) -> Guidance:
        """Return the guidance for a client on a day.

        `client` is a client-state document, a `Client`, either with what of the host's record was
        not understood (`FromRecord`), or a record of the host that a plugin reads, such as a FHIR
        Bundle; `as_of` is a local date of the clinic, else the document's own; `site` is where the
        client is seen, else the site that the advisor was loaded with.
        Raises `ClientError` when the document cannot be read or names no day.
        """
        read, failed = self._plugins.client_of(client, _day(as_of), self._reader.read)
        facts = self._facts(read.client, as_of)
        failed += () if self._plugins.is_nobody else self._plugins.before(facts)
        case, report = self._shown.case(facts)
        found = read.pressing or read.notices
        unread = Unread(read.pressing, read.notices, read.gathered) if found else NOTHING_UNREAD
        notices = (*unread.said, *in_short(facts.notices, facts.moment.as_of))
        known = Lazy(on_record, facts.history)
        guidance = assemble(case, report, notices, site or self.site, known, unread=unread)
        if self._tried is not None:
            guidance = _with_shadow(guidance, self._tried, self.library.in_shadow, facts)
        return guidance if self._plugins.is_nobody else self._plugins.after(guidance, facts, failed)

    def conclude(self, client: object, *, as_of: date | None = None) -> Conclusions:
        """Return how every rule and finding of `program` comes out for a client, for analysis and tests.

        Raises `ClientError` as `evaluate` does.
        """
        return self._shown.case(self.facts(client, as_of=as_of))[0].conclusions

    def rule(self, rule_id: str) -> Rule:
        """Return a rule by its id. Raises `UnknownName`, offering the nearest."""
        found = self.library.by_id.get(rule_id)
        if found is None:
            raise UnknownName(_no_such_rule(rule_id, self.library))
        return found

    def explain(
        self,
        rule_id: str,
        client: object = None,
        *,
        as_of: date | None = None,
    ) -> RuleAccount:
        """Return a rule in plain words, and for a client whether it holds and why.

        Raises `UnknownName` for an id no rule bears, `ClientError` as `evaluate` does.
        """
        rule = self.rule(rule_id)
        rules = self._tried if self._tried is not None and rule.status is Status.SHADOW else self._shown
        sources = self.library.rulebook(rule).sources
        words = rule_in_words(rule, program_lexicon(rules.program))
        cited = tuple(cite_source(sources[name]) for name in rule.sources)
        if client is None or rule.id not in rules.program.index:
            return RuleAccount(rule, words, cited)
        facts = self.facts(client, as_of=as_of)
        case, _ = rules.case(rules.facts(facts.client, facts.moment.as_of))
        active = rules.library.by_id[rule_id]
        return RuleAccount(rule, words, cited, case.truth(active), explain(case, active))


def _with_shadow(shown: Guidance, tried: InForce, rules: Sequence[Rule], facts: MeasuredFacts) -> Guidance:
    """Return the guidance with what the rules in shadow would change, worked out when it is read or logged."""
    from cdsrules.plugins.shadow_log import log_shadow

    told = replace(shown, in_shadow=Lazy(partial(_in_shadow, shown, tried, rules, facts)))
    log_shadow(told)
    return told


def _in_shadow(shown: Guidance, tried: InForce, rules: Sequence[Rule], facts: MeasuredFacts) -> Shadow:
    from cdsrules.guidance.shadow import shadow_of

    case, report = tried.case(tried.facts(facts.client, shown.as_of))
    return shadow_of(shown, rules, case, assemble(case, report, ()))


def catalogue_of(session: PluginSession) -> CatalogueOf:
    """Return what tells the facts there are for a vocabulary, those of plugins among them."""
    return lambda vocabulary: ready(session, vocabulary, withheld).measures.catalogue


def _paths(given: str | Path | Iterable[str | Path] | None) -> tuple[Path, ...]:
    """Return the paths given; a single text is one path, not one for each of its letters."""
    if isinstance(given, str | Path):
        return (Path(given),)
    return tuple(Path(path) for path in given or ())


def _site(given: Site | str | Path | None, library: Library) -> Site | None:
    if not isinstance(given, str | Path):
        return given
    from cdsrules.loading.site_file import read_site

    return read_site(read_site_file(given), library)


def _no_such_rule(rule_id: str, library: Library) -> str:
    from difflib import get_close_matches

    near = get_close_matches(rule_id, library.by_id, n=1)
    return f"No rule is called “{rule_id}”." + (f" Did you mean “{near[0]}”?" if near else "")


def _day(given: object) -> date | None:
    """Return the day that a caller gave; a text or a moment would fail only later, and in other words."""
    if given is None or (isinstance(given, date) and not isinstance(given, datetime)):
        return given
    message = f"as_of is a day, such as datetime.date(2026, 8, 3), not {given!r}"
    raise TypeError(message)

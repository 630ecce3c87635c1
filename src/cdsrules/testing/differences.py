"""What came out held against what was expected: every difference can be said in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from cdsrules.model.guidance import Guidance
from cdsrules.model.rulebook import Verb
from cdsrules.testing.difference import Difference
from cdsrules.testing.expectations import Expectation, Listed
from cdsrules.testing.item_differences import item_differences
from cdsrules.testing.said import actions_named, nearest_said, rules_shown, rules_that_hold, rules_undecided, texts_said

_NOT_NAMED: Final = "nothing, as a complete expectation does not name it"


def differences(expect: Expectation, guidance: Guidance) -> Iterator[Difference]:
    """Yield every way in which the guidance is not what was expected."""
    yield from _rule_differences(expect, guidance)
    yield from _finding_differences(expect, guidance)
    yield from _pathway_differences(expect, guidance)
    yield from _answer_differences(expect, guidance)
    yield from item_differences(expect.items or {}, guidance)
    yield from _never_differences(expect, guidance)
    yield from _text_differences(expect, guidance)
    yield from _question_differences(expect, guidance)  # last, for it takes longest to work out


def _rule_differences(expect: Expectation, guidance: Guidance) -> Iterator[Difference]:
    holding, undecided = rules_that_hold(guidance), rules_undecided(guidance)

    def state(rule: str) -> str:
        return "holds" if rule in holding else "cannot be decided" if rule in undecided else "does not hold"

    wanted = {"holds": expect.fires, "does not hold": expect.silent, "cannot be decided": expect.unknown}
    for should, rules in wanted.items():
        for rule in rules:
            if state(rule) != should:
                yield Difference(f"Rule `{rule}`", f"that it {should}", f"it {state(rule)}", (rule,))


def _finding_differences(expect: Expectation, guidance: Guidance) -> Iterator[Difference]:
    in_shadow = guidance.shadow.findings if guidance.shadow is not None else ()
    shown = {state.finding: state.truth for state in guidance.findings}
    found = {state.finding: state.truth for state in in_shadow} | shown  # what is shown comes before what is tried
    words = {True: "true", False: "false", None: "unknown"}
    for finding, truth in (expect.findings or {}).items():
        if found.get(finding) is not truth:
            yield Difference(f"Finding `{finding}`", words[truth], f"it is {words[found.get(finding)]}", (finding,))
    if expect.complete:
        named = expect.findings or {}
        for finding in sorted(name for name, truth in shown.items() if truth is True and name not in named):
            yield Difference(f"Finding `{finding}`", _NOT_NAMED, "it is true", (finding,))


def _pathway_differences(expect: Expectation, guidance: Guidance) -> Iterator[Difference]:
    pathway = guidance.pathway
    yield from _unlike("Safety", expect.safety, (item.rule.id for item in guidance.safety))
    steps = (
        ("Recommendations", expect.recommendations, guidance.steps),
        ("Now", expect.now, pathway.now),
        ("Then", expect.then, pathway.then),
    )
    for what, wanted, items in steps:
        yield from _unlike(what, wanted, (item.action or "" for item in items), Verb.RECOMMENDS)
    waiting = {item.action: [wait.action or wait.words for wait in item.waits_for] for item in pathway.then}
    for action, waits in (expect.waits or {}).items():
        what = f"What `{action}` waits for"
        yield from _unlike(what, Listed(exactly=waits), waiting.get(action, ()), Verb.RECOMMENDS)
    settled = {step.action: step.how for step in pathway.settled}
    for action, how in (expect.settled or {}).items():
        if settled.get(action) != how:
            got = f"it is {settled.get(action, 'not settled')}"
            yield Difference(f"Step `{action}`", f"to be {how}", got, (action,), Verb.RECOMMENDS)
    if expect.complete:
        for action in sorted(settled.keys() - (expect.settled or {}).keys()):
            yield Difference(f"Step `{action}`", _NOT_NAMED, f"it is {settled[action]}", (action,), Verb.RECOMMENDS)


def _unlike(what: str, wanted: Listed | None, found: Iterable[str], by: Verb | None = None) -> Iterator[Difference]:
    if wanted is None:
        return
    came = tuple(found)
    got = f"it is {_listed(came)}"
    if wanted.exactly is not None and wanted.exactly != came:
        about = tuple(
            name for name in dict.fromkeys((*wanted.exactly, *came)) if (name in came) != (name in wanted.exactly)
        )
        yield Difference(what, _listed(wanted.exactly), got + _compared(wanted.exactly, came), about, by)
    if not _in_order(wanted.includes, came):
        missing = tuple(name for name in wanted.includes if name not in came)
        order = " in this order" if len(wanted.includes) > 1 else ""
        yield Difference(what, f"{_listed(wanted.includes)} among them{order}", got, missing, by)
    there = tuple(name for name in wanted.never if name in came)
    if there:
        yield Difference(what, f"never {_listed(there)}", got, there, by)


def _compared(wanted: tuple[str, ...], came: tuple[str, ...]) -> str:
    """Return what tells two lists apart, for whoever reads one below the other; nothing where one is empty."""
    if not wanted or not came:
        return ""
    missing = tuple(name for name in wanted if name not in came)
    further = tuple(name for name in came if name not in wanted)
    told = [f"without {_listed(missing)}"] if missing else []
    told += [f"with {_listed(further)}, which is not expected"] if further else []
    return f": {' and '.join(told)}" if told else ": the same in another order"


def _in_order(names: tuple[str, ...], among: tuple[str, ...]) -> bool:
    """Whether the names stand among others in the order given."""
    left = iter(among)
    return all(name in left for name in names)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"


def _answer_differences(expect: Expectation, guidance: Guidance) -> Iterator[Difference]:
    given = {answer.action: answer.verdict.value for answer in guidance.proposals}
    for action, verdict in (expect.answers or {}).items():
        if given.get(action) != verdict.value:
            came = f"it is `{given[action]}`" if action in given else "there is none, as it is not proposed"
            yield Difference(f"Answer to `{action}`", f"`{verdict.value}`", came, (action,), Verb.CAUTIONS)
    if expect.complete:
        for action in sorted(given.keys() - (expect.answers or {}).keys()):
            yield Difference(f"Answer to `{action}`", _NOT_NAMED, f"it is `{given[action]}`", (action,), Verb.CAUTIONS)
    cautions = (caution.rule.id for answer in guidance.proposals for caution in answer.cautions)
    yield from _unlike("Cautions", expect.cautions, cautions)
    yield from _unlike("Cannot be ruled out", expect.cannot_rule_out, (one.rule for one in guidance.cannot_rule_out))


def _question_differences(expect: Expectation, guidance: Guidance) -> Iterator[Difference]:
    if expect.asks is not None:
        asked = (fact for question in guidance.ask_next.questions for fact in question.facts)
        yield from _unlike("What to find out next", expect.asks, asked)


def _never_differences(expect: Expectation, guidance: Guidance) -> Iterator[Difference]:
    appearing = rules_shown(guidance) | actions_named(guidance)
    for name in expect.never:
        if name in appearing:
            yield Difference(f"`{name}`", "that it does not appear", "it does", (name,), Verb.RECOMMENDS)


def _text_differences(expect: Expectation, guidance: Guidance) -> Iterator[Difference]:
    if not expect.says and not expect.never_says:
        return
    texts = texts_said(guidance)
    said = " ".join(texts)
    for text in expect.says:
        if text not in said:
            near = nearest_said(text, texts)
            got = "nothing like it is said" if near is None else f"nearest to it this is said: “{near}”"
            yield Difference(f"The text “{text}”", "to be said", got)
    for text in expect.never_says:
        if text in said:
            where = next((one for one in texts if text in one), said)
            yield Difference(f"The text “{text}”", "not to be said", f"it is: “{where}”")

"""What a reader is shown, in which order and under which headings: one outline for every medium.

Text and HTML lay the same outline out; neither decides what is said. Order (DESIGN §4.1,
CLINICAL §6): what must not wait, what is seen, one thing first and at most three more, what
the clinician proposes, what is not known, what is settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from cdsrules.model.guidance import Guidance, Item, ProposalAnswer, SettledStep, Standing, Verdict
from cdsrules.model.rulebook import Tier
from cdsrules.model.saying import say_list
from cdsrules.model.unknowns import Question, Undecided
from cdsrules.model.unread import Unread
from cdsrules.rendering.once import unsaid
from cdsrules.rendering.reasons import reasons_of, reasons_of_answer
from cdsrules.rendering.remembered import is_put_off, notes_on, put_off_line
from cdsrules.rendering.sections import VERDICTS, Entry, Outline, Part, Section

_CHANGES_SHOWN = 2
# The title of a rule says what is so where it holds, or what is advised; of what is not known it is a question.
_TURNS: Final = {
    "could add": "Could show whether this applies",
    "could end": "Could show that this does not apply",
}
_MORE_GAPS: Final = "Other gaps may matter too: not every combination was tried."


def outline(guidance: Guidance, *, everything: bool = False) -> Outline:
    """Return what is shown of a guidance; `everything` adds what is folded, and the reasons."""
    sections: dict[Part, list[Entry]] = {part: [] for part in Part}
    for part, entry in _entries(guidance, everything=everything):
        sections[part].append(entry)
    return Outline(
        client_id=guidance.client_id,
        as_of=guidance.as_of,
        sections=tuple(Section(part, tuple(entries)) for part, entries in sections.items() if entries),
        folded=() if everything else tuple(item.title for item in guidance.folded),
        is_everything=everything,
        frame=guidance.frame,
        origin=_origin(guidance),
    )


def _entries(guidance: Guidance, *, everything: bool) -> Iterator[tuple[Part, Entry]]:
    yield from _of_risk(guidance, everything=everything)
    for entry in _seen(guidance, everything=everything):
        yield Part.SEEN, entry
    if _is_quiet(guidance):
        yield Part.QUIET, Entry(text=_nothing_to_suggest(guidance))
    yield from _pathway(guidance, everything=everything)
    urgent = frozenset(item.rule.id for item in guidance.safety)
    for answer in guidance.proposals:
        yield Part.PROPOSED, _answer(guidance, answer, urgent, everything=everything)
    for entry in _unknown(guidance, everything=everything):
        yield Part.ASK, entry
    for step in guidance.pathway.settled:
        yield Part.SETTLED, _settled(step)
    for notice in _notices(guidance):
        yield Part.NOTICES, Entry(text=notice)
    if everything:
        yield from _in_full(guidance)


def _of_risk(guidance: Guidance, *, everything: bool) -> Iterator[tuple[Part, Entry]]:
    """Yield what must not wait, what is not known of risk, and what of the record may be about it."""
    for entry in _pressing(guidance, everything=everything):
        yield Part.SAFETY, entry
    for words in guidance.local:
        yield Part.LOCAL, Entry(text=words)
    if guidance.risk_line:
        yield Part.RISK, Entry(text=guidance.risk_line)
    for words in guidance.unread.pressing:
        yield Part.LOOK, Entry(text=words)


def _in_full(guidance: Guidance) -> Iterator[tuple[Part, Entry]]:
    """Yield what is said in short above, each by itself, and every rule that is not decided yet."""
    for words in _one_by_one(guidance.unread):
        yield Part.UNREAD, Entry(text=words)
    for entry in _undecided(guidance.undecided):
        yield Part.UNDECIDED, entry


def _pressing(guidance: Guidance, *, everything: bool) -> Iterator[Entry]:
    """Yield every safety item; the advice that those on one step share is said with the first of them."""
    said: dict[str | None, set[str]] = {}
    for item in guidance.safety:
        entry, known = _item(guidance, item, everything=everything), said.setdefault(item.action, set())
        text, why = unsaid(entry.text, known), unsaid(entry.why or "", known)
        notes = (*entry.notes, *(one for one in guidance.local_for(item) if one not in known))
        known.update(notes)
        yield replace(entry, text=text or entry.text, why=why or None, notes=notes)


def _is_quiet(guidance: Guidance) -> bool:
    """Whether nothing is advised, nothing cautioned against and nothing is open that may be about risk."""
    spoken_against = any(answer.cautions or answer.open for answer in guidance.proposals)
    rests = put_off_line(guidance) is not None
    may_be_risk = guidance.safety or guidance.risk_line or guidance.unread.pressing
    return not (may_be_risk or guidance.steps or spoken_against or rests)


def _nothing_to_suggest(guidance: Guidance) -> str:
    active = [f"“{book.title}”" for book in guidance.rulebooks if book.status == "active"]
    looked = f"The rules looked at were those of {say_list(active)}. " if active else ""
    return f"Nothing to suggest today. {looked}That is not an all-clear."


def _pathway(guidance: Guidance, *, everything: bool) -> Iterator[tuple[Part, Entry]]:
    steps = guidance.steps
    visible = len(steps) - len(guidance.folded)
    for number, item in enumerate(steps if everything else steps[:visible], start=1):
        if number > visible:
            part = Part.FOLDED
        elif number == 1 and not item.waits_for:
            # Also where it could come later: “then” after nothing reads as if something were missing.
            part = Part.FIRST
        else:
            part = Part.THEN if item.standing is Standing.THEN else Part.MORE
        # Where no step of the path stands before it, there is nothing to say that it runs beside.
        beside = item.beside and not all(other.beside for other in steps[: number - 1])
        yield part, _item(guidance, item, number, everything=everything, beside=beside)
    put_off = put_off_line(guidance)
    if put_off is not None:
        yield Part.PUT_OFF, Entry(text=put_off)


def _item(
    guidance: Guidance, item: Item, number: int | None = None, *, everything: bool, beside: bool = False
) -> Entry:
    told = item.told.value
    notes = [f"Waits for: {'; '.join(wait.words for wait in item.waits_for)}."] if item.waits_for else []
    if beside:
        notes.append("Runs beside the other steps.")
    notes += [f"Unless: {exception}." for exception in told.exceptions]
    notes += notes_on(guidance, item)
    return Entry(
        title=item.title,
        text=told.clinician,
        why=told.why,
        notes=tuple(notes),
        reasons=reasons_of(item) if everything else (),
        number=number,
    )


def _seen(guidance: Guidance, *, everything: bool) -> Iterator[Entry]:
    """Yield the findings that no rule puts into words together, then each that one does.

    A silent finding that only informs other rules is never shown: its title is a name for
    the authors of rules, not a sentence to a clinician. What the items on safety or the
    line on risk have said is not said again.
    """
    spoken = {item.rule.target for item in guidance.speaking}
    spoken |= {"risk_present"} if guidance.safety else set()
    spoken |= {"risk_not_recorded"} if guidance.risk_line else set()
    silent = [
        one.title
        for one in guidance.findings
        if one.truth and one.finding not in spoken and one.tier is not Tier.INFORMATION
    ]
    if silent:
        yield Entry(text=" ".join(map(_sentence, silent)))
    # What only informs, that a course is steady, would reassure beside what must not wait.
    quiet = bool(guidance.safety) and not everything
    for item in guidance.speaking:
        if quiet and item.tier is Tier.INFORMATION:
            continue
        told = item.told.value
        notes = tuple(notes_on(guidance, item))
        yield Entry(text=told.clinician, why=told.why, notes=notes, reasons=reasons_of(item) if everything else ())


def _answer(guidance: Guidance, answer: ProposalAnswer, urgent: frozenset[str], *, everything: bool) -> Entry:
    several = answer.verdict is Verdict.FIRST_DO and len(answer.first_do) > 1
    title = _sentence(answer.name)
    notes = [
        f"See above: {item.title}." if item.rule.id in urgent else item.told.value.clinician.removeprefix(f"{title} ")
        for item in answer.cautions
    ]
    checking = answer.verdict is Verdict.CHECK_FIRST
    if answer.open:
        missing = "" if checking or not answer.to_check else f" ({'; '.join(answer.to_check)})"
        notes.append(f"Cannot be ruled out: {'; '.join(item.title for item in answer.open)}{missing}.")
    if answer.supported_by:
        where = "it is put off" if is_put_off(guidance, answer.action) else "see above"
        notes.append(f"The rules recommend this step too; {where}.")
    return Entry(
        title=title,
        text="First:" if several else answer.words,
        badge=VERDICTS[answer.verdict],
        steps=answer.to_check if checking else answer.first_do if several else (),
        notes=tuple(dict.fromkeys(notes)),
        reasons=reasons_of_answer(answer) if everything else (),
    )


def _unknown(guidance: Guidance, *, everything: bool) -> Iterator[Entry]:
    named = {item.rule.id for answer in guidance.proposals for item in answer.open}
    for rule in guidance.cannot_rule_out:
        if rule.rule not in named:
            yield Entry(text=f"Cannot be ruled out: {rule.title} ({'; '.join(rule.missing)}).")
    ask = guidance.ask_next
    for question in ask.questions:
        yield _question(question, everything=everything)
    if everything and ask.questions:
        yield Entry(text=_MORE_GAPS)


def _question(question: Question, *, everything: bool) -> Entry:
    # A reason that only says again what is asked would be one more line to read.
    asked = question.ask.split("; ")
    because = [reason for reason in question.because if not any(one in reason for one in asked)]
    notes = [f"Not known: {'; '.join(because)}."] if because else []
    changes = _changes(question.could_change, shown=None if everything else _CHANGES_SHOWN)
    return Entry(text=_sentence(question.ask), notes=(*notes, *changes))


def _changes(could_change: Iterable[str], shown: int | None) -> Iterator[str]:
    """Yield a sentence for what an answer could bring up and one for what it could end, each with so many named."""
    titles: dict[str, list[str]] = {}
    for phrase in dict.fromkeys(could_change):  # several rules may bear one title
        turn, _, title = phrase.partition(": ")
        titles.setdefault(turn, []).append(f"“{title}”")
    for turn, found in titles.items():
        named = found if shown is None else found[:shown]
        more = len(found) - len(named)
        told = [*named, f"and {more} more"] if more else named
        yield f"{_TURNS.get(turn, turn)}: {'; '.join(told)}."


def _settled(step: SettledStep) -> Entry:
    return Entry(text=_sentence(step.words))


def _undecided(rules: Iterable[Undecided]) -> Iterator[Entry]:
    """Yield each reason once, with what waits for it."""
    waiting: dict[tuple[str, ...], list[str]] = {}
    for rule in rules:
        waiting.setdefault(rule.missing, []).append(f"“{rule.title}”")
    for missing, titles in waiting.items():
        yield Entry(text=f"Not known: {'; '.join(missing)}.", steps=tuple(dict.fromkeys(titles)))


def _notices(guidance: Guidance) -> Iterator[str]:
    """Yield what is to be noted; what presses has been said, and of the record those that are alike are one."""
    if guidance.engine.notice:
        yield guidance.engine.notice
    unread = guidance.unread
    yield from (one.words for one in unread.in_short)
    of_the_record = frozenset(unread.said)
    yield from (one for one in guidance.notices if one not in of_the_record)


def _one_by_one(unread: Unread) -> tuple[str, ...]:
    """Return each of what was not understood, where it was gathered to less."""
    return unread.others if unread.has_alike else ()


def _origin(guidance: Guidance) -> tuple[str, ...]:
    books = [
        f"{book.id} {book.version}" + (f" ({book.status})" if book.status != "active" else "")
        for book in guidance.rulebooks
    ]
    engine = "durable-rules" if guidance.engine.name == "durable" else "reference engine"
    plugins = [f"plugin {name} {version}" for name, version in guidance.plugins]
    site = [f"site {guidance.site.name}"] if guidance.site is not None else []
    return (
        f"Rulebooks {', '.join(books)} [{guidance.content_hash[:12]}]",
        *plugins,
        *site,
        f"{engine}, verified" if guidance.engine.verified else engine,
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _sentence(words: str) -> str:
    return _capital(words) if words.endswith((".", "?", "!")) else f"{_capital(words)}."

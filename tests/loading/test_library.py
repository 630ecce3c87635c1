"""Files together: what adds up, what is laid over, what is refused, and that nothing depends on their order."""

from __future__ import annotations

import random
from datetime import date
from textwrap import indent

import pytest

from cdsrules.diagnostics import Diagnostic, Position, Severity
from cdsrules.errors import RulebookError
from cdsrules.loading.codes.frame import ACTIONS, INSTRUMENTS, RULEBOOK, SAFETY
from cdsrules.loading.library import check_files
from cdsrules.loading.sources import SourceFile, content_hash
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.condition import FactKey, FactTest, Value
from cdsrules.model.rulebook import Hazard, Priority, Status, Tier, Verb
from cdsrules.model.source import Grade, Source
from cdsrules.model.text import Text
from cdsrules.model.time import Duration
from tests.loading.rule_files import SHIPPED, VOCABULARY, book, check, codes, given, load, rule_of, shipped

FINDS = "- id: {0}\n  finds: {0}\n  when: {{fact: treatment.duration, at_least: 1 year}}\n"


def finds(*ids: str) -> str:
    """Rules that each find their own id."""
    return "".join(FINDS.format(id_) for id_ in ids)


def test_a_rule_is_read_as_it_is_written() -> None:
    rule = rule_of("""\
- id: talk-it-over
  recommends: progress_talk
  title: Talk about progress
  tier: information
  priority: then
  status: shadow
  requirement: [G14, G07]
  hazard: {fires_wrongly: A talk too many., fails_to_fire: The client waits.}
  evidence: NICE NG222 1.9.1
  sources: [guide]
  when: {finding: stalled}
  unless: {done: progress_talk, within: $recent}
  say:
    clinician: Consider a talk about progress, now that it lasted {treatment.duration}.
    supervisor: Ask about it.
    client: We could talk.
    why: It is $worth {{it}}.
""")
    assert (rule.id, rule.rulebook, rule.verb, rule.target) == (
        "talk-it-over",
        "example",
        Verb.RECOMMENDS,
        "progress_talk",
    )
    assert (rule.title, rule.tier, rule.priority) == ("Talk about progress", Tier.INFORMATION, Priority.THEN)
    assert (rule.status, rule.requirement, rule.evidence) == (Status.SHADOW, ("G14", "G07"), "NICE NG222 1.9.1")
    assert rule.hazard == Hazard("A talk too many.", "The client waits.")
    assert (rule.sources, rule.parameters) == (("guide",), ("recent",))
    assert rule.say.supervisor == Text("Ask about it.", ("Ask about it.",))
    assert rule.say.why == Text("It is $worth {{it}}.", ("It is $worth {it}.",))
    assert rule.at == Position("example.yaml", 21, 9)


def test_what_is_left_out_has_its_default() -> None:
    rule = rule_of("- id: long-stall_again\n  finds: long_stall\n  when: {finding: stalled}\n")
    assert rule.title == "Long stall again"
    assert (rule.tier, rule.priority, rule.status) == (Tier.REVIEW, Priority.NOW, Status.ACTIVE)
    assert (rule.unless, rule.until, rule.sources, rule.parameters, rule.say.texts) == (None, (), (), (), ())
    assert (rule.requirement, rule.hazard) == ((), None)


def test_a_rulebook_is_read_as_it_is_written() -> None:
    library = load(*SHIPPED)
    example = next(one for one in library.rulebooks if one.id == "example")
    assert (example.version, example.status, example.title) == ("1.0.0", Status.ACTIVE, "An example")
    assert (example.owner, example.review_by, example.file) == (
        "Clinical lead",
        date(2027, 11, 1),
        "rules/example.yaml",
    )
    assert example.sources == {"guide": Source("guide", "A guideline", Grade.GUIDELINE)}
    stall_after = example.parameters["stall_after"]
    assert (stall_after.value, stall_after.source, stall_after.is_local) == (Duration(6, "months"), "guide", False)
    assert example.parameters["recent"].is_local
    assert [rule.id for rule in example.rules] == ["stalled", "consult"]
    assert library.warnings == ()
    assert (example.developer, example.funding, example.released_on, example.revised_on) == (None, None, None, None)


def test_a_rulebook_says_who_made_it_and_when() -> None:
    head = "developer: A department\nfunding: None\nreleased_on: 2026-11-01\nrevised_on: 2026-11-21\n"
    ours = next(one for one in load(*SHIPPED, given(book(finds("one"), head=head))).rulebooks if one.id == "ours")
    assert (ours.developer, ours.funding) == ("A department", "None")
    assert (ours.released_on, ours.revised_on) == (date(2026, 11, 1), date(2026, 11, 21))


def test_parameters_may_be_numbers_durations_days_words_and_truths() -> None:
    lines = {"number": "2.5", "length": "60 days", "day": "2026-03-01", "word": "worse", "truth": "true"}
    head = "parameters:\n" + "".join(
        f"  {name}: {{value: {value}, source: local, why: Why not., dated: 2026-01-01}}\n"
        for name, value in lines.items()
    )
    library = load(*SHIPPED, given(book(finds("a"), head=head)))
    read = next(one for one in library.rulebooks if one.id == "ours").parameters
    assert {name: parameter.value for name, parameter in read.items()} == {
        "number": 2.5, "length": Duration(60, "days"), "day": date(2026, 3, 1), "word": "worse", "truth": True,
    }  # fmt: skip
    assert {parameter.dated for parameter in read.values()} == {date(2026, 1, 1)}
    assert {one.code for one in library.warnings} == {"CDS049"}


@pytest.mark.parametrize(
    ("of_book", "of_rule", "together"),
    [
        *(("active", "active", "active"), ("active", "draft", "draft"), ("shadow", "active", "shadow")),
        *(("draft", "shadow", "draft"), ("retired", "active", "retired"), ("shadow", "retired", "retired")),
    ],
)
def test_the_more_restrictive_status_counts(of_book: str, of_rule: str, together: str) -> None:
    text = book(FINDS.format("a") + f"  status: {of_rule}\n").replace(
        "status: active\ntitle", f"status: {of_book}\ntitle"
    )
    assert load(*SHIPPED, given(text)).by_id["a"].status.value == together


def test_all_problems_of_all_files_come_at_once_and_sorted() -> None:
    broken = (
        given("rulebook: [", "a.yaml"),
        given(book("- id: x\n  finds: x\n  when: {fact: treatment.duration, at_least: 6}\n", id_="b"), "b.yaml"),
        given(ACTIONS.replace("name: consultation", "name: "), "c.yaml"),
        given(INSTRUMENTS.replace("step: 1", "step: 0"), "d.yaml"),
    )
    found = check(*SHIPPED, *broken)
    assert [(one.where.file, one.code) for one in found if one.where is not None] == [
        ("a.yaml", "CDS001"), ("b.yaml", "CDS061"), ("c.yaml", "CDS031"), ("d.yaml", "CDS141"),
    ]  # fmt: skip
    with pytest.raises(RulebookError) as raised:
        load(*SHIPPED, *broken)
    assert raised.value.diagnostics == found


def test_what_a_lost_file_would_have_declared_is_not_complained_about() -> None:
    """The cause is named; that names of that file are unknown follows from it."""
    lost = [file for file in SHIPPED if file.key != "actions.yaml"]
    assert codes(*lost, given("vocabulary: actions\nactions: {", "actions.yaml")) == ["CDS001"]
    half = ACTIONS.replace("  consultation:\n", "  Consultation:\n")
    assert codes(*lost, given(half, "actions.yaml")) == ["CDS027"]


def test_the_order_of_files_does_not_matter() -> None:
    files = [
        *SHIPPED,
        given(book(finds("a", "b"), id_="one"), "one.yaml"),
        given(book(finds("c"), id_="two"), "two.yaml"),
    ]
    first = load(*files)
    for seed in range(5):
        random.Random(seed).shuffle(files)
        assert load(*files) == first


def test_rulebooks_come_by_id_and_rules_as_written() -> None:
    library = load(*SHIPPED, given(book(finds("z", "a"), id_="again")))
    assert [one.id for one in library.rulebooks] == ["again", "example", "safety"]
    assert [rule.id for rule in library.rules] == ["z", "a", "stalled", "consult", "reach-out"]


def test_a_given_rule_replaces_the_shipped_one_of_its_id_wherever_it_stands() -> None:
    library = load(*SHIPPED, given(book(FINDS.format("stalled"))))
    assert library.by_id["stalled"].rulebook == "ours"
    assert [rule.id for rule in library.rules] == ["consult", "stalled", "reach-out"]


def test_a_given_rulebook_is_laid_over_the_shipped_one_of_its_id() -> None:
    ours = book(
        finds("long") + FINDS.format("consult"),
        id_="example",
        head="parameters:\n  stall_after: {value: 8 months, source: guide, why: Ours.}\n",
    )
    library = load(*SHIPPED, given(ours))
    laid = next(one for one in library.rulebooks if one.id == "example")
    assert (laid.version, laid.title, laid.file) == ("2.0.0", "Ours", "given.yaml")
    assert [rule.id for rule in laid.rules] == ["stalled", "consult", "long"]
    assert laid.rules[0].when == FactTest(
        FactKey("treatment.duration"), "at_least", Value(Duration(8, "months"), "stall_after")
    )
    assert laid.rules[1].verb is Verb.FINDS
    assert set(laid.parameters) == {"stall_after", "recent"}


def test_a_retired_overlay_retires_the_shipped_rulebook() -> None:
    retired = book("", id_="example").replace("status: active", "status: retired").replace("rules:\n", "rules: []\n")
    library = load(*SHIPPED, given(retired))
    assert {rule.status for rule in library.rules if rule.rulebook == "example"} == {Status.RETIRED}
    assert library.by_id["reach-out"].status is Status.ACTIVE


def test_a_rulebook_that_only_sets_a_parameter_is_enough() -> None:
    head = "parameters:\n  recent: {value: 30 days, source: local, why: Ours.}\n"
    library = load(*SHIPPED, given(book("", id_="example", head=head).replace("rules:\n", "rules: []\n")))
    assert library.by_id["consult"].parameters == ("recent",)
    assert library.rulebook(library.by_id["consult"]).parameters["recent"].value == Duration(30, "days")


@pytest.mark.parametrize(
    "second",
    [given(book(finds("a"), id_="b"), "b.yaml"), given(book(finds("b"), id_="a"), "b.yaml")],
    ids=["a rule twice", "a rulebook twice"],
)
def test_two_given_ones_of_an_id_are_one_too_many(second: SourceFile) -> None:
    found = check(*SHIPPED, given(book(finds("a"), id_="a"), "a.yaml"), second)
    assert [(one.code, one.where and one.where.file) for one in found] == [("CDS095", "b.yaml")]
    assert [place.file for place in found[0].related] == ["a.yaml"]


STALLED = RULEBOOK[RULEBOOK.index("  - id: stalled") : RULEBOOK.index("  - id: consult")]
CONSULT = RULEBOOK[RULEBOOK.index("  - id: consult") :]


def test_a_rule_deleted_from_a_copy_is_noted_for_the_shipped_one_speaks_on() -> None:
    (found,) = check(*SHIPPED, given(RULEBOOK.replace(CONSULT, "")))
    assert (found.code, found.severity) == ("CDS137", Severity.NOTE)
    assert "`consult`" in found.message
    assert "`status: retired`" in found.advice
    assert [place.file for place in found.related] == ["rules/example.yaml"]


def test_a_rule_kept_as_retired_or_moved_to_another_rulebook_is_not_left_out() -> None:
    retired = given(RULEBOOK.replace("id: consult\n", "id: consult\n    status: retired\n"))
    assert "CDS137" not in codes(*SHIPPED, retired)
    head = RULEBOOK[: RULEBOOK.index("rules:")]
    others = given(head.replace("rulebook: example", "rulebook: others") + "rules:\n" + CONSULT, "others.yaml")
    for name in ("a.yaml", "z.yaml"):
        found = codes(*SHIPPED, given(RULEBOOK.replace(CONSULT, ""), name), others)
        assert "CDS137" not in found
        assert "CDS095" not in found


def test_a_rulebook_that_replaces_a_few_rules_is_no_copy_that_leaves_out_the_rest() -> None:
    longer = RULEBOOK.replace(CONSULT, "").replace("at_least: $stall_after", "more_than: $stall_after")
    assert codes(*SHIPPED, given(longer)) == ["CDS133"]
    assert "CDS137" not in codes(*SHIPPED, given(RULEBOOK.replace("rulebook: example", "rulebook: ours")))


def test_one_note_names_the_first_rules_that_are_left_out_and_counts_the_rest() -> None:
    many = shipped(RULEBOOK + indent(finds(*[f"f{number:02}" for number in range(12)]), "  "), "example.yaml")
    (found,) = check(*VOCABULARY, shipped(SAFETY, "safety.yaml"), many, given(RULEBOOK))
    assert found.code == "CDS137"
    assert "leaves out `f00`, `f01`, `f02`, `f03`, `f04`, `f05`, `f06`, `f07` and 4 more;" in found.message


def test_a_rule_that_cannot_be_read_is_not_left_out() -> None:
    assert codes(*SHIPPED, given(RULEBOOK.replace("recommends: consultation", "recommend: consultation"))) == [
        "CDS133",
        "CDS024",
    ]
    assert "CDS137" not in codes(*SHIPPED, given(RULEBOOK.replace("- id: consult", "- name: consult")))


def test_given_actions_and_instruments_add_and_replace() -> None:
    dance = ACTIONS.replace("name: consultation", "name: consulting").replace("  reassessment:\n", "  dance:\n")
    dance = dance.replace("requires: [reassessment, progress_talk]", "requires: [dance]")
    library = load(*SHIPPED, given(dance, "a.yaml"), given(INSTRUMENTS.replace("PHQ-9", "PHQ"), "i.yaml"))
    assert list(library.vocabulary.actions) == [
        "reassessment",
        "progress_talk",
        "consultation",
        "change_approach",
        "reach_out",
        "dance",
    ]
    assert library.vocabulary.actions["consultation"].name == "consulting"
    assert library.vocabulary.actions["change_approach"].requires == ("dance",)
    assert library.vocabulary.instruments["phq-9"].name == "PHQ"


def test_safety_is_never_replaced_and_stays_with_the_rest_in_error() -> None:
    renamed = book("- id: reach-out\n  finds: a\n  when: {fact: treatment.paused, is: true}\n")
    assert codes(*SHIPPED, given(renamed)) == ["CDS120"]
    assert codes(*SHIPPED, given(SAFETY.replace("reach-out", "other"))) == ["CDS120"]
    assert codes(*VOCABULARY, given(SAFETY)) == ["CDS120"]


def test_an_instrument_cannot_be_replaced_so_that_its_risk_item_is_lost() -> None:
    without = INSTRUMENTS[: INSTRUMENTS.index("    items:")] + INSTRUMENTS[INSTRUMENTS.index("    definitions:") :]
    assert codes(*SHIPPED, given(without)) == ["CDS125"]


def test_warnings_do_not_stop_loading() -> None:
    library = load(*SHIPPED, given(book(finds("a"), head='sources:\n  b: {title: "B", grade: cohort}\n')))
    assert [(one.code, one.severity) for one in library.warnings] == [("CDS050", Severity.WARNING)]


def test_past_its_review_is_said_only_when_the_day_is_known() -> None:
    old = given(book(finds("a")).replace("2027-11-01", "2026-05-31"))
    assert codes(*SHIPPED, old) == ["CDS098"]
    assert codes(*SHIPPED, given(book(finds("a")).replace("2027-11-01", "2026-06-01"))) == []
    assert check_files([*SHIPPED, old], catalogue) == ()


def test_drafts_may_read_what_no_active_rule_finds_yet() -> None:
    reads = "- id: b\n  finds: b\n  status: {0}\n  when: {{finding: a}}\n"
    for of_reader, expected in (("draft", []), ("retired", []), ("active", ["CDS048"]), ("shadow", ["CDS048"])):
        text = book(FINDS.format("a") + "  status: draft\n" + reads.format(of_reader))
        assert codes(*SHIPPED, given(text)) == expected


def test_what_is_in_shadow_feeds_what_is_in_shadow_too_and_nothing_else() -> None:
    reads = "- id: b\n  finds: b\n  status: {0}\n  when: {{finding: a}}\n"
    for of_reader, expected in (("shadow", []), ("active", ["CDS048"])):
        text = book(FINDS.format("a") + "  status: shadow\n" + reads.format(of_reader))
        assert codes(*SHIPPED, given(text)) == expected


def test_of_several_rules_that_find_it_one_active_one_is_enough() -> None:
    text = FINDS.format("a") + "  status: draft\n" + FINDS.format("a").replace("id: a", "id: a-too")
    assert codes(*SHIPPED, given(book(text + "- id: b\n  finds: b\n  when: {finding: a}\n"))) == []


def test_the_hash_is_of_every_byte_and_of_nothing_else() -> None:
    files = [*SHIPPED, given(book(finds("a")))]
    same = content_hash(files)
    assert same == load(*files).content_hash == content_hash(reversed(files))
    assert len(same) == 64
    assert content_hash([*SHIPPED, given(book(finds("a")) + "\n")]) != same
    assert content_hash([*SHIPPED, given(book(finds("a")), "other.yaml")]) != same
    assert content_hash([*SHIPPED, shipped(book(finds("a")), "given.yaml")]) != same
    moved = [SourceFile("/elsewhere/" + file.name, file.text, file.origin, file.key or file.name) for file in files]
    assert content_hash(moved) == same


def test_nothing_moves_unseen_between_the_name_and_the_bytes_of_a_file() -> None:
    assert content_hash([given("b", "a")]) != content_hash([given("", "ab")])
    assert content_hash([given("x", "a"), given("y", "b")]) != content_hash([given("x1 1 1\nby", "a")])


def test_no_files_make_an_empty_library() -> None:
    library = load()
    assert (library.rules, library.vocabulary.actions, library.warnings) == ((), {}, ())


def test_a_diagnostic_of_loading_always_has_a_place() -> None:
    found: tuple[Diagnostic, ...] = check(given("", "a.yaml"), given("x: [", "b.yaml"), given(RULEBOOK, "c.yaml"))
    assert found
    assert all(one.where is not None for one in found)


def test_a_safety_step_cannot_be_made_to_wait_by_an_action_of_ones_own() -> None:
    waits = ACTIONS.replace(
        "declined: the client asked not to be contacted\n", "declined: no\n    requires: [reassessment]\n"
    )
    assert waits != ACTIONS
    found = check(*SHIPPED, given(waits))
    assert [(one.code, one.place) for one in found] == [
        ("CDS128", "given.yaml:31:3"),
        ("CDS124", "rules/safety.yaml:11:17"),
    ]


def test_only_the_safety_rulebook_may_speak_against_a_safety_step() -> None:
    against = (
        "- id: later\n  {0}\n  {1}: reach_out\n  when: {{proposed: reach_out}}\n"
        "  say: {{clinician: Contact with the client can wait.}}\n"
    )
    head = 'sources:\n  made: {title: "Made", grade: cohort}\n'
    for tier in ("tier: safety", "tier: information"):
        text = against.format(tier, "cautions") + "  sources: [made]\n"
        assert codes(*SHIPPED, given(book(text, head=head))) == ["CDS127"]
    of_safety = SAFETY + indent(against.format("tier: safety", "cautions") + "  sources: [guide]\n", "  ")
    assert codes(*VOCABULARY, shipped(of_safety, "safety.yaml"), shipped(RULEBOOK, "example.yaml")) == []


def test_an_action_given_as_it_is_shipped_takes_nothing_from_a_safety_step() -> None:
    assert codes(*SHIPPED, given(ACTIONS)) == []
    assert codes(*SHIPPED, given(ACTIONS.replace("do: talk the case through with", "do: ask"))) == []
    assert codes(*SHIPPED, given(ACTIONS.replace("do: reach out to", "do: wait for"))) == ["CDS128"]

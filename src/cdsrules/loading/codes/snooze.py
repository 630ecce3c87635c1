"""Codes about how long what a rule says may be put off."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.codes.record import Code

_RULE: Final = """\
- id: silence
  recommends: consultation
  when: {fact: risk.missed_after_disclosure, is: true}
  say: {clinician: Consider a consultation today.}
  sources: [guide]
"""
_CAUTION: Final = """\
- id: no-talk-yet
  cautions: change_approach
  when: {proposed: change_approach}
  until: [progress_talk]
  say: {clinician: A change of approach is planned. Consider a talk about progress first.}
  sources: [guide]
"""

CODES: Final = (
    Code(
        "CDS320",
        "A safety rule that could be put off",
        means="A safety rule has `snooze`.",
        matters="What a safety rule says stays open until what it asks for is on record, and is shown until then.",
        write="Delete `snooze`. What closes the item belongs in the facts: a later risk assessment, a client contact.",
        bad=_RULE + "  tier: safety\n  snooze: 1 week\n",
        good=_RULE + "  tier: safety\n",
    ),
    Code(
        "CDS321",
        "Nothing there to put off",
        means="A caution, or a finding without words, has `snooze`.",
        matters="A caution is only shown when somebody proposes the step, as the answer to it; of a finding without "
        "words the title alone is shown, for as long as it holds. So the line would promise what never happens.",
        write="Delete `snooze`. What is put off is a recommendation, or a finding that speaks.",
        bad=_CAUTION + "  snooze: 4 weeks\n",
        good=_CAUTION,
    ),
    Code(
        "CDS322",
        "Put off for no length of time",
        means="`snooze` is a number of sessions, or nothing at all.",
        matters="A clinician who puts something off gives the day on which it comes back. Sessions have no day "
        "beforehand, and a client who stays away would never see it again.",
        write="Write days, weeks or months, such as `4 weeks`; or `never`, for what may not be put off.",
        bad=_RULE + "  snooze: 3 sessions\n",
        good=_RULE + "  snooze: 3 weeks\n",
    ),
)

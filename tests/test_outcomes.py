from __future__ import annotations

import pytest

from qn_geo import i18n, outcomes


def test_the_gravest_finding_decides():
    assert outcomes.result_of(["info", "error", "warning"]) == "fail"
    assert outcomes.result_of(["info", "warning"]) == "warn"
    assert outcomes.result_of(["info"]) == "pass"
    assert outcomes.result_of([]) == "pass"


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_everything_has_a_name_and_a_colour_of_its_own(lang):
    for words, colours, name in (
        (outcomes.SEVERITIES, outcomes.SEVERITY_COLOURS, outcomes.severity_name),
        (outcomes.RESULTS, outcomes.RESULT_COLOURS, outcomes.result_name),
        (outcomes.VERDICTS, outcomes.VERDICT_COLOURS, outcomes.verdict_name),
    ):
        assert len({name(word, lang) for word in words}) == len(words)
        assert set(colours) == set(words)
        assert len(set(colours.values())) == len(words)
    assert outcomes.verdict_name(None, lang)

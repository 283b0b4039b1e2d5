"""The fast checks say what the plain ones say."""

from __future__ import annotations

import pytest

from benchmarks import review_floor


@pytest.mark.parametrize("seed", [1, 2])
def test_checks_and_plain_overlays_find_the_same_in_a_broken_sheet(seed):
    frame = review_floor.plots(900, seed)
    known = review_floor.context(frame)
    ours = review_floor.compared(review_floor.ours(frame, known))
    assert ours == pytest.approx(review_floor.compared(review_floor.naive(frame, known)), abs=1e-3)
    assert {rule for rule, _ in ours} >= {"QN-GEO-010", "QN-CRS-002", "QN-LU-004"}

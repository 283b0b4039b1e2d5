"""Putting off the search for rubbish, and what is left behind."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor

import pytest

from qn_geo.garbage import bring_back, collected_later, set_aside


def test_off_inside_and_on_again_behind():
    with collected_later():
        assert not gc.isenabled()
        with collected_later():
            assert not gc.isenabled()
        assert not gc.isenabled(), "the inner block ended it for the outer one"
    assert gc.isenabled()


def test_an_error_leaves_it_on():
    with pytest.raises(ValueError, match="broken"), collected_later():
        raise ValueError("broken")
    assert gc.isenabled()


def test_it_stays_off_for_those_who_switched_it_off():
    gc.disable()
    try:
        with collected_later():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_as_a_decorator_in_many_threads():
    @collected_later()
    def work(number):
        return number

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(500))) == list(range(500))
    assert gc.isenabled()


def test_what_is_set_aside_is_not_searched():
    before = gc.get_freeze_count()
    set_aside()
    assert gc.get_freeze_count() > before
    bring_back()
    assert gc.get_freeze_count() == 0

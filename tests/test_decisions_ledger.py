"""The pure part of the ledger: canonical texts, hashes, names, typed words, and the file that seals it."""

from __future__ import annotations

import errno
import json
import logging
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qn_geo.decisions import Identity
from qn_geo.decisions.identity import tidy
from qn_geo.decisions.ledger import COLUMNS, canonical, digest, genesis, local, sealed, utc
from qn_geo.decisions.seal import Seal
from qn_geo.errors import QnGeoError

texts = st.text(st.characters(exclude_categories=["Cs"]))
moments = st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1))  # noqa: DTZ001 - zones follow
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
values = st.one_of(texts, st.integers(), st.booleans(), st.none(), st.datetimes(timezones=st.just(UTC)))


def entry(seq, previous, **more):
    fields = dict.fromkeys(COLUMNS[:-1], "x") | {"seq": seq, "verified": True, "previous_hash": previous} | more
    return sealed(**fields)


def _decomposed(value):
    return unicodedata.normalize("NFD", value) if isinstance(value, str) else value


def test_the_canonical_text_is_what_anyone_can_make_again():
    moment = datetime(2026, 3, 1, 8, 30, tzinfo=timezone(timedelta(hours=7)))
    made = canonical({"b": None, "a": "Lô", "c": True, "d": moment, "e": 7, "g": 'a"\n'})
    want = '{"a":"Lô","b":null,"c":true,"d":"2026-03-01T01:30:00.000000+00:00","e":7,"g":"a\\"\\n"}'
    assert made == want.encode()


def test_the_hash_of_an_entry_never_changes():
    """Old ledgers are checked with these very bytes: if this fails, the code is wrong, not the test."""
    assert entry(1, genesis("0" * 32)).hash == "62c9a6664fda1aa0ffadc5b4e275dd9dc316ca1a9e3b0610ed40519466a61e7b"


@given(st.dictionaries(texts, values, max_size=6), st.randoms())
def test_order_and_form_of_letters_do_not_matter_and_nothing_else_is_lost(fields, random):
    shuffled = list(fields.items())
    random.shuffle(shuffled)
    spelled = {name: _decomposed(value) for name, value in shuffled}
    assert canonical(spelled) == canonical(fields)
    read = json.loads(canonical(fields))
    for name, value in fields.items():
        if isinstance(value, datetime):
            assert datetime.fromisoformat(read[name]) == value
        else:
            assert read[name] == (unicodedata.normalize("NFC", value) if isinstance(value, str) else value)


@given(moments, zones, zones)
def test_a_moment_has_one_text_in_every_zone(naive, zone, other):
    moment = naive.replace(tzinfo=zone)
    assert canonical({"t": moment}) == canonical({"t": moment.astimezone(other)})
    assert datetime.fromisoformat(utc(moment)) == datetime.fromisoformat(local(moment)) == moment
    assert len(utc(moment)) == len(local(moment)) == 32
    assert local(moment).endswith("+07:00")


@given(st.sampled_from(COLUMNS[:-2]), texts)
def test_every_field_is_under_the_hash(name, text):
    fields = entry(1, "p").as_row()
    changed = fields | {name: text}
    same = unicodedata.normalize("NFC", text) == fields[name]
    assert (digest(changed) == fields["hash"]) == same


@pytest.mark.parametrize("value", [1.5, b"x", ["x"], float("nan")])
def test_what_has_no_single_text_is_refused(value):
    with pytest.raises(TypeError, match="no canonical form"):
        canonical({"a": value})


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        canonical({"a": datetime(2026, 1, 1)})  # noqa: DTZ001 - the mistake under test
    with pytest.raises(ValueError, match="surrogates"):
        canonical({"a": "\ud800"})


def test_two_ledgers_begin_differently():
    assert genesis("a") != genesis("b")


@pytest.mark.parametrize("name", ["", "  ", "\u00a0", "An\nBình", "An\u202e", "An\x00", "A" * 201, "\ud800"])
def test_what_is_no_name(name):
    with pytest.raises(QnGeoError) as caught:
        Identity(name, verified=False)
    assert "nhập họ và tên" in caught.value.message("vi")
    assert "type your name" in caught.value.message("en")


def test_a_name_is_kept_composed_and_trimmed():
    decomposed = unicodedata.normalize("NFD", "  Nguyễn Thị Hồng Ánh ")
    assert Identity(decomposed, verified=True).name == "Nguyễn Thị Hồng Ánh"
    assert len(Identity("Ố" * 200, verified=True).name) == 200


@given(st.text())
def test_typed_words_can_always_be_stored(text):
    clean = tidy(text)
    assert clean == tidy(clean)
    assert not {unicodedata.category(letter) for letter in clean.replace("\n", "")} & {"Cc", "Cs", "Cf"}
    clean.encode()


def test_typed_words_keep_their_lines_and_have_an_end():
    assert tidy(" Ranh giới\r\n- thửa 5 \r- thửa\t6\x00 ") == "Ranh giới\n- thửa 5\n- thửa 6"
    with pytest.raises(QnGeoError, match=r"4001 characters, at most 4000.*Remedy: shorten it"):
        tidy("x" * 4001)


@pytest.fixture
def seal(tmp_path):
    made = Seal(tmp_path, "0" * 32)
    made.create()
    return made


FIRST = entry(1, "p")
SECOND = entry(2, FIRST.hash)


def test_a_seal_holds_the_hash_of_every_entry(seal):
    assert seal.read() == {}
    seal.add([FIRST])
    seal.create()
    seal.add([SECOND])
    assert seal.read() == {1: FIRST.hash, 2: SECOND.hash}


def test_the_first_hash_counts(seal):
    seal.add([FIRST])
    seal.add([replace(FIRST, hash="0" * 64)])
    assert seal.read() == {1: FIRST.hash}


@pytest.mark.parametrize("cut", [1, 2, 40, 66])
def test_a_line_that_was_cut_short_is_no_line(seal, cut):
    seal.add([FIRST, SECOND])
    content = seal.path.read_bytes()
    seal.path.write_bytes(content[:-cut])
    assert seal.read() == {1: FIRST.hash}
    seal.add([SECOND])
    assert seal.path.read_bytes() == content


@pytest.mark.parametrize("line", [b"", b"x", b"1 " + b"F" * 64, b"0 " + b"f" * 64, b"\xff"])
def test_a_strange_line_is_damage(seal, line):
    seal.path.write_bytes(line + b"\n")
    assert seal.read() is None


def test_a_lost_seal_is_not_begun_again(seal, caplog):
    seal.path.unlink()
    seal.add([FIRST])
    assert seal.read() is None
    assert "could not be added" in caplog.text


def test_a_full_disk_is_logged_since_the_decision_is_recorded(seal, monkeypatch, caplog):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("qn_geo.decisions.seal.os.fsync", full)
    with caplog.at_level(logging.ERROR):
        seal.add([FIRST])
    assert "The decisions are recorded" in caplog.text

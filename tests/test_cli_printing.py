from __future__ import annotations

import io
import zipfile

import pypdf
import pytest

from qn_geo import cli
from tests.small_stories import story_dir

__all__ = ["story_dir"]  # a fixture that a test here asks for by name

STORY = """
title: Thử
lang: vi
scenes:
- headline: KCN Sông Khoai, năm 2026
  area: quang-yen
  zones: [kcn-song-khoai]
  figures: [kcn-song-khoai/occupancy_pct]
  chart: occupancy
"""


def text(path):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_a_profile_is_two_pages_about_the_zone(tmp_path, capsys):
    out = tmp_path / "out.pdf"
    assert cli.run(["--lang", "vi", "report", "zone", "kcn-song-khoai", "--pdf", str(out)]) == 0
    assert len(pypdf.PdfReader(out).pages) == 2
    assert "Sông Khoai" in text(out)
    assert str(out) in capsys.readouterr().out


def test_a_booklet_of_an_area_holds_its_zones(tmp_path):
    out = tmp_path / "out.pdf"
    assert cli.run(["--lang", "en", "report", "booklet", "--area", "hai-ha", "--pdf", str(out)]) == 0
    assert "Texhong" in text(out)


def test_a_map_sheet_has_the_paper_and_the_scale_asked_for(tmp_path):
    out = tmp_path / "out.pdf"
    command = ["--lang", "vi", "report", "map", "--area", "van-don", "--scale", "50000", "--paper", "A3"]
    assert cli.run([*command, "--pdf", str(out)]) == 0
    page = pypdf.PdfReader(out).pages[0]
    assert [round(float(side) * 25.4 / 72) for side in page.mediabox[2:]] == [420, 297]
    assert "1:50.000" in text(out)


def test_a_map_is_a_picture_too(tmp_path):
    png, svg = tmp_path / "a.png", tmp_path / "a.svg"
    command = ["report", "map", "--zone", "kcn-song-khoai", "--centre", "106.82,20.99", "--layers", "kcn,expressway"]
    assert cli.run([*command, "--dpi", "72", "--png", str(png), "--svg", str(svg)]) == 0
    assert png.read_bytes().startswith(b"\x89PNG")
    assert svg.read_text("utf-8").startswith("<svg")


def test_a_chart_is_a_picture(tmp_path):
    png, svg = tmp_path / "a.png", tmp_path / "a.svg"
    assert cli.run(["report", "chart", "ranking-occupancy", "--dpi", "72", "--png", str(png), "--svg", str(svg)]) == 0
    assert png.read_bytes().startswith(b"\x89PNG")
    assert "<svg" in svg.read_text("utf-8")


@pytest.mark.parametrize(
    "wrong",
    [
        ["report", "zone", "kcn-nowhere", "--pdf", "OUT"],
        ["report", "map", "--area", "nowhere", "--pdf", "OUT"],
        ["report", "map", "--paper", "A9", "--pdf", "OUT"],
        ["report", "map", "--scale", "3", "--pdf", "OUT"],
        ["report", "map", "--layers", "roads", "--pdf", "OUT"],
        ["report", "map", "--centre", "here", "--pdf", "OUT"],
        ["report", "map", "--year", "1999", "--pdf", "OUT"],
        ["report", "map"],
        ["report", "chart", "pie", "--png", "OUT"],
        ["story", "export", "no-such-story", "--pdf", "OUT"],
        ["story", "export", "none.yaml", "--pdf", "OUT"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(wrong, tmp_path, capsys):
    out = tmp_path / "out"
    assert cli.run(["--lang", "en", *(str(out) if word == "OUT" else word for word in wrong)]) == 2
    assert capsys.readouterr().err.strip()
    assert not out.exists()


def test_two_forms_in_one_file_are_refused(tmp_path, capsys):
    out = str(tmp_path / "same")
    assert cli.run(["--lang", "vi", "report", "chart", "targets", "--png", out, "--svg", out]) == 2
    assert "mỗi dạng một tệp" in capsys.readouterr().err


def test_a_scale_that_leaves_out_part_of_the_place_is_said(tmp_path, capsys):
    command = ["--lang", "en", "report", "map", "--area", "van-don", "--paper", "A4", "--pdf", str(tmp_path / "a.pdf")]
    assert cli.run([*command, "--scale", "50000"]) == 0
    assert "Only a part fits" in capsys.readouterr().err
    assert cli.run([*command, "--scale", "900000"]) == 0
    assert not capsys.readouterr().err


def test_a_folder_is_no_story(tmp_path, capsys):
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    assert cli.run(["--lang", "en", "story", "check", str(folder)]) == 2
    said = capsys.readouterr().err
    assert "folder.yaml" in said
    assert "STORE_DIR" not in said


def test_a_file_that_cannot_be_written_is_named(tmp_path, capsys):
    out = tmp_path / "no such folder" / "out.png"
    assert cli.run(["--lang", "en", "report", "chart", "targets", "--png", str(out)]) == 2
    said = capsys.readouterr().err
    assert str(out) in said
    assert "Remedy" in said


def test_stories_are_listed_checked_and_exported(tmp_path, capsys):
    assert cli.run(["--lang", "vi", "story", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) >= 6
    story = tmp_path / "story.yaml"
    story.write_text(STORY, "utf-8")
    assert cli.run(["--lang", "en", "story", "check", str(story)]) == 0
    assert "nothing is wrong" in capsys.readouterr().out
    pptx, pdf = tmp_path / "a.pptx", tmp_path / "a.pdf"
    assert cli.run(["story", "export", str(story), "--pptx", str(pptx), "--pdf", str(pdf)]) == 0
    assert zipfile.is_zipfile(io.BytesIO(pptx.read_bytes()))
    assert "Sông Khoai" in text(pdf)


def test_a_wrong_story_is_found_with_every_reason(tmp_path, capsys):
    story = tmp_path / "story.yaml"
    story.write_text(STORY.replace("occupancy_pct", "ocupancy").replace("quang-yen", "quang-ninh"), "utf-8")
    assert cli.run(["--lang", "en", "story", "check", str(story)]) == 1
    said = capsys.readouterr().err
    assert "ocupancy" in said
    assert "quang-ninh" in said


@pytest.mark.parametrize(("lang", "told"), [("vi", "chưa dùng được, có 1 chỗ sai"), ("en", "1 thing(s) are wrong")])
def test_a_story_that_cannot_be_read_is_listed_with_its_problem(lang, told, story_dir, capsys):
    story_dir.mkdir()
    (story_dir / "hong.yaml").write_text("", "utf-8")
    assert cli.run(["--lang", lang, "story", "list"]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("hong  ")]
    assert told in line

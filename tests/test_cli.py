from __future__ import annotations

import ast
import errno
import runpy
import socket
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from qn_geo import build, catalog, cli, importing
from qn_geo.cli import serving, terminal
from qn_geo.errors import ImportRejectedError, Problem, QnGeoError
from qn_geo.settings import settings

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = [
    *("serve", "data build", "data check", "data template", "data import", "data history", "data restore"),
    *("check", "audit verify", "audit backup", "audit restore", "review pdf", "review return"),
    *("report zone", "report booklet", "report map", "report chart", "story list", "story check", "story export"),
]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    for name in terminal.LOCALE_VARIABLES:
        monkeypatch.delenv(name, raising=False)


def messages():
    """Every text the command line marks for translation."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "qn_geo/cli").glob("*.py")]
    calls = [
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    return [
        call.args[0].value for call in calls if call.func.id in ("_", "N_") and isinstance(call.args[0], ast.Constant)
    ]


@pytest.fixture
def helped(capsys):
    """The help of a command as a user sees it."""

    def show(lang, command=""):
        assert cli.run(["--lang", lang, *command.split(), "--help"]) == 0
        return capsys.readouterr().out

    return show


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_explains_itself(command, helped):
    made = cli.command("en")
    for name in command.split():
        made = made.commands[name]
    assert made.help
    assert all(parameter.help for parameter in made.params if parameter.name != "help")
    assert "Usage:" in helped("en", command)


def test_there_are_no_other_commands():
    assert cli.names() == sorted(COMMANDS)


def test_the_help_is_in_the_language_asked_for(helped):
    assert "Serve the app" in helped("en")
    assert "Chạy ứng dụng" in helped("vi")
    assert "Serve the app" in helped("en"), "translating one must not spoil the other"


@pytest.mark.parametrize(
    ("arguments", "environment", "lang"),
    [
        ([], {}, "en"),
        ([], {"LANG": "vi_VN.UTF-8"}, "vi"),
        ([], {"LC_ALL": "en_US.UTF-8", "LANG": "vi_VN.UTF-8"}, "en"),
        (["--lang", "vi", "--help"], {}, "vi"),
        (["--lang=vi"], {}, "vi"),
        (["--lang"], {}, "en"),
        (["--lang", "en"], {"LANG": "vi_VN"}, "en"),
    ],
)
def test_language_of_the_answers(arguments, environment, lang, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert terminal.asked_language(arguments) == lang


def test_an_unknown_language_is_refused(capsys):
    assert cli.run(["--lang", "fr", "data", "history"]) == terminal.UNUSABLE
    assert "vi, en" in capsys.readouterr().err


def test_without_a_command_the_help_is_shown(capsys):
    cli.run([])
    assert "Usage:" in "".join(capsys.readouterr())


@pytest.mark.usefixtures("data_copy")
def test_check_lists_records_and_problems(capsys, monkeypatch):
    monkeypatch.setattr(catalog, "check", list)
    assert cli.run(["data", "check"]) == 0
    assert "zones.geojson" in capsys.readouterr().out
    problem = Problem("sai", "wrong", "zones.csv", 7, "area_ha", "sửa", "mend it")
    monkeypatch.setattr(catalog, "check", lambda: [problem])
    assert cli.run(["data", "check"]) == terminal.FOUND
    assert "zones.csv, line 7, column area_ha: wrong Remedy: mend it" in capsys.readouterr().err
    assert cli.run(["--lang", "vi", "data", "check"]) == terminal.FOUND
    assert "zones.csv, dòng 7, cột area_ha: sai" in capsys.readouterr().err


def test_check_finds_a_damaged_file(data_copy, capsys):
    (data_copy / "zones/zones.csv").write_text("half", encoding="utf-8")
    assert cli.run(["data", "check"]) == terminal.FOUND
    assert "zones/zones.csv" in capsys.readouterr().err


def test_build_lists_what_it_wrote(data_copy, capsys, monkeypatch):
    asked = []

    def made(folder, only=None):
        asked.append(only)
        (folder / "zones/x.geojson").write_text("{}")
        return ["zones/x.geojson"]

    monkeypatch.setattr(build, "build_all", made)
    assert cli.run(["data", "build"]) == 0
    assert capsys.readouterr().out.startswith("zones/x.geojson\nFiles written")
    assert (data_copy / "zones/x.geojson").read_text() == "{}"
    assert cli.run(["data", "build", "--only", "zones", "--only", "plots"]) == 0
    assert asked == [None, ["zones", "plots"]]


def test_an_empty_source_is_refused_by_the_build(data_copy, capsys):
    path = data_copy / "zones/zones.csv"
    path.write_text(path.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")
    before = (data_copy / "zones/zones.geojson").read_bytes()
    assert cli.run(["data", "build"]) == terminal.UNUSABLE
    assert capsys.readouterr().err.startswith("zones/zones.csv: The data cannot be built")
    assert (data_copy / "zones/zones.geojson").read_bytes() == before


@pytest.mark.usefixtures("data_copy")
def test_an_unknown_step_cannot_be_built(capsys):
    assert cli.run(["data", "build", "--only", "everything"]) == terminal.UNUSABLE
    assert "everything" in capsys.readouterr().err


@pytest.mark.usefixtures("data_copy")
def test_from_template_to_import_and_back(tmp_path, capsys):
    template = tmp_path / "t.xlsx"
    assert cli.run(["data", "template", "--out", str(template)]) == 0
    assert template.is_file()
    assert cli.run(["data", "template", "--out", str(template)]) == terminal.UNUSABLE
    assert cli.run(["data", "template", "--out", str(template), "--force"]) == 0
    offered = tmp_path / "projects.csv"
    offered.write_text("name_vi,zone_id\nNhà máy thử,kcn-song-khoai\n", encoding="utf-8")
    given = ["data", "import", str(offered), "--source", "Công văn 1", "--who", "An"]
    capsys.readouterr()
    assert cli.run(given) == 0
    shown = capsys.readouterr().out
    assert "prj-nha-may-thu" in shown
    assert "projects: 1 added, 0 changed, 0 unchanged" in shown
    assert "Nothing was written" in shown
    assert importing.history() == []
    assert cli.run([*given, "--yes"]) == 0
    (entry,) = importing.history()
    assert f"data restore {entry.id}" in capsys.readouterr().out
    assert cli.run(given) == 0
    assert "Nothing to change" in capsys.readouterr().out
    assert cli.run(["data", "restore", entry.id, "--who", "An"]) == 0
    capsys.readouterr()
    assert cli.run(["data", "history"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert ["restoration" in lines[2], "import" in lines[3], "projects.csv" in lines[3]] == [True] * 3


@pytest.mark.usefixtures("data_copy")
def test_no_history_yet(capsys):
    assert cli.run(["data", "history"]) == 0
    assert "No import yet" in capsys.readouterr().out


@pytest.mark.usefixtures("data_copy")
def test_a_refused_import_tells_file_row_and_remedy(tmp_path, capsys):
    offered = tmp_path / "projects.csv"
    offered.write_text("name_vi,zone_id\nNhà máy thử,kcn-song-khoaj\n", encoding="utf-8")
    assert cli.run(["data", "import", str(offered), "--source", "Công văn 1"]) == terminal.FOUND
    assert "projects.csv, line 2, column zone_id: there is no “kcn-song-khoaj”. Remedy:" in capsys.readouterr().err
    assert cli.run(["data", "import", str(tmp_path / "none.csv")]) == terminal.UNUSABLE
    assert "no such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [(ImportRejectedError([Problem("a", "b")]), terminal.FOUND), (QnGeoError("a", "b"), terminal.UNUSABLE)],
)
def test_exit_codes(error, code, monkeypatch):
    def fail():
        raise error

    monkeypatch.setattr(importing, "history", fail)
    assert cli.run(["data", "history"]) == code


@pytest.fixture
def started(monkeypatch, tmp_path):
    """What `serve` would run instead of running it."""
    calls = []
    monkeypatch.setenv("QN_GEO_STORE_DIR", str(tmp_path / "store"))
    monkeypatch.setattr(sys, "argv", ["x"])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(runpy, "run_module", lambda name, **_: calls.append((name, sys.argv, Path.cwd())))
    settings.cache_clear()
    yield calls
    settings.cache_clear()


@pytest.mark.usefixtures("data_copy")
def test_serve_starts_streamlit_in_the_repository(started):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    assert cli.run(["serve", "--port", port]) == 0
    ((name, arguments, folder),) = started
    assert name == "streamlit"
    assert arguments == ["streamlit", "run", "app.py", "--server.port", port, "--server.address", "localhost"]
    assert folder == ROOT


@pytest.mark.usefixtures("data_copy")
def test_serve_tells_that_a_port_is_taken(started, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert cli.run(["serve", "--port", port]) == terminal.UNUSABLE
    assert f"Port {port} is in use" in capsys.readouterr().err
    assert started == []


def test_a_foreign_address_is_refused(started, capsys):
    assert cli.run(["serve", "--address", "192.0.2.1"]) == terminal.UNUSABLE
    assert "Cannot open 192.0.2.1" in capsys.readouterr().err
    assert started == []


@pytest.mark.usefixtures("data_copy")
@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 in this Python")
def test_an_ipv6_address_is_opened_as_one(started, monkeypatch):
    opened = []

    def create(place, family):
        opened.append((place, family))
        return nullcontext()

    monkeypatch.setattr(socket, "create_server", create)
    assert cli.run(["serve", "--address", "::1", "--port", "8765"]) == 0
    assert opened == [(("::1", 8765), socket.AF_INET6)]
    assert len(started) == 1


def test_serve_needs_the_packages_of_the_map(started, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("QN_GEO_PACKAGE_DIR", str(tmp_path / "none"))
    settings.cache_clear()
    assert cli.run(["serve"]) == terminal.UNUSABLE
    assert "make setup, or npm ci" in capsys.readouterr().err
    assert started == []


@pytest.mark.parametrize("command", ["serve", "data build", "data check", "data import x.csv", "data template --out x"])
def test_a_missing_data_folder_is_named_with_its_variable(started, capsys, monkeypatch, tmp_path, command):
    monkeypatch.setenv("QN_GEO_DATA_DIR", str(tmp_path / "none"))
    settings.cache_clear()
    assert cli.run(command.split()) == terminal.UNUSABLE
    told = capsys.readouterr().err
    assert told.startswith(f"{tmp_path / 'none'}: ")
    assert "QN_GEO_DATA_DIR" in told
    assert started == []
    assert not (tmp_path / "none").exists()


@pytest.mark.usefixtures("data_copy")
def test_what_the_system_refuses_is_told_without_a_traceback(capsys, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(importing, "rebuild", fail)
    assert cli.run(["data", "build"]) == terminal.UNUSABLE
    assert "No space left on device. Remedy: check free room" in capsys.readouterr().err
    assert cli.run(["--lang", "vi", "data", "build"]) == terminal.UNUSABLE
    assert "Không đọc hoặc ghi được" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["data check", "data history", "serve"])
def test_a_damaged_history_stops_nothing_and_is_told(data_copy, started, capsys, monkeypatch, command):
    monkeypatch.setattr(catalog, "check", list)
    monkeypatch.setattr(serving, "refuse_taken_port", lambda *_: None)
    folder = settings().store_dir / "20261123-080000-000000-ab12"
    folder.mkdir(parents=True)
    (folder / "entry.json").write_text("{", encoding="utf-8")
    assert data_copy.is_dir()
    assert cli.run(command.split()) == 0
    assert "This history entry is damaged" in capsys.readouterr().err
    assert len(started) == (command == "serve")


def test_every_marked_text_is_a_plain_sentence():
    assert len(messages()) > 40
    assert all(text.strip() == text and text for text in messages())

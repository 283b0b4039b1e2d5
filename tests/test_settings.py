from __future__ import annotations

from pathlib import Path

import pytest

from qn_geo.errors import QnGeoError
from qn_geo.settings import ROOT, Settings, settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"QN_GEO_{name.upper()}", raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_defaults_need_no_environment():
    found = settings()
    assert (found.language, found.port, found.online_basemaps) == ("vi", 8501, True)
    assert found.data_dir == ROOT / "data"
    assert found.store_dir == ROOT / "data" / ".history"
    assert (ROOT / "qn_geo" / "settings.py").is_file()


def test_every_field_comes_from_its_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("QN_GEO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("QN_GEO_PACKAGE_DIR", str(tmp_path / "packages"))
    monkeypatch.setenv("QN_GEO_LANGUAGE", "en")
    monkeypatch.setenv("QN_GEO_PORT", "9000")
    monkeypatch.setenv("QN_GEO_ONLINE_BASEMAPS", "off")
    found = settings()
    assert found.data_dir == tmp_path
    assert found.package_dir == tmp_path / "packages"
    assert (found.language, found.port, found.online_basemaps) == ("en", 9000, False)
    assert found.store_dir == tmp_path / ".history"


def test_the_store_can_be_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setenv("QN_GEO_STORE_DIR", str(tmp_path / "store"))
    assert settings().store_dir == tmp_path / "store"


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("QN_GEO_PORT", "")
    assert settings().port == 8501


def test_paths_become_absolute(monkeypatch):
    monkeypatch.setenv("QN_GEO_DATA_DIR", "~/somewhere")
    assert settings().data_dir == (Path.home() / "somewhere").resolve()


def test_all_wrong_variables_are_named_at_once(monkeypatch):
    monkeypatch.setenv("QN_GEO_PORT", "none")
    monkeypatch.setenv("QN_GEO_LANGUAGE", "fr")
    with pytest.raises(QnGeoError) as caught:
        settings()
    for name in ("QN_GEO_PORT", "QN_GEO_LANGUAGE"):
        assert name in caught.value.message("vi")
        assert name in caught.value.message("en")
    assert "STORE_DIR" not in caught.value.message("en"), "its default only follows from the others"


def test_settings_cannot_be_changed_while_running():
    with pytest.raises(ValueError, match="frozen"):
        settings().port = 1


def test_numbers_of_a_closed_list_are_read_from_text(monkeypatch):
    monkeypatch.setenv("QN_GEO_MAP_SCALE", "2000")
    assert settings().map_scale == 2000

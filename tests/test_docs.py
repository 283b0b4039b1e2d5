"""The documents say what is there: commands, files, packages, and the same in both languages."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from qn_geo import cli
from qn_geo.layers import layer, table
from qn_geo.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
READMES = ["README.md", "README.vi.md"]
# Words that name a place only one machine has, or a host packages come from.
HOSTS = (
    r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg|"
    r"/root/|/home/[a-z]|[A-Z]:\\Users"
)


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def tracked():
    """Files of the repository, as git lists them; all files where there is no git."""
    try:
        answer = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
        names = answer.stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        names = [
            path.relative_to(ROOT).as_posix() for folder in ("qn_geo", "tests") for path in (ROOT / folder).rglob("*")
        ]
    return [name for name in names if (ROOT / name).is_file()]


def requirements(name):
    """Package names and versions of a requirement file."""
    lines = [line.strip() for line in text(name).splitlines()]
    pinned = [line for line in lines if line and not line.startswith(("#", "-"))]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[^;\s]+", line) for line in pinned), pinned
    return {line.split("==")[0].lower().replace("_", "-"): line.split("==")[1] for line in pinned}


def listed(readme):
    """Packages in the table of dependencies."""
    heading = r"## (?:Dependencies|Thư viện)\n(.*?)\n## "
    section = re.search(heading, text(readme), re.DOTALL)[1]
    rows = re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)[2:]
    return {name.strip().lower() for row in rows for name in row.split(",")}


@pytest.mark.parametrize("readme", READMES)
def test_every_direct_package_is_explained_and_no_other(readme):
    files = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt")
    packages = {name for file in files for name in requirements(file)}
    packages |= set(json.loads(text("package.json"))["dependencies"])
    assert listed(readme) == packages


def test_direct_packages_are_used():
    import_names = {
        "fonttools": "fontTools",
        "jinja2": "jinja2",
        "pydantic-settings": "pydantic_settings",
        "python-pptx": "pptx",
        "pyyaml": "yaml",
        "streamlit-folium": "streamlit_folium",
    }
    loaded_by_name = {"psycopg", "psycopg-binary", "pyarrow"}  # by SQLAlchemy for PostgreSQL, by pandas for GeoParquet
    code = "\n".join(text(name) for name in tracked() if name.endswith(".py") and not name.startswith("tests/"))
    for package in requirements("requirements.txt").keys() - loaded_by_name:
        name = import_names.get(package, package)
        assert re.search(rf"^\s*(?:import|from) {name}\b", code, re.MULTILINE), f"{package} is never imported"


def test_no_package_is_pinned_twice():
    direct = requirements("requirements.txt") | requirements("requirements-dev.txt")
    assert set(requirements("constraints.txt")) & set(direct) == set()


def test_the_lock_names_no_host_and_the_same_packages():
    lock = json.loads(text("package-lock.json"))
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
    assert lock["packages"][""]["dependencies"] == json.loads(text("package.json"))["dependencies"]
    assert all(re.fullmatch(r"[\d.]+", version) for version in lock["packages"][""]["dependencies"].values())


@pytest.mark.parametrize("readme", READMES)
def test_make_commands_exist(readme):
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", text(readme), re.MULTILINE))
    assert named >= {"run", "test"}
    assert named <= targets
    assert targets - {"help"} <= named, "a command that is not in the README"


def test_make_and_the_script_know_the_same_commands():
    called = set(re.findall(r"\$\(MANAGE\) ([a-z]+)", text("Makefile")))
    assert called == set(re.findall(r'add_parser\("([a-z]+)"', text("scripts/manage.py")))


@pytest.mark.parametrize("readme", READMES)
def test_command_lines_exist(readme):
    words = set(re.findall(r"python -m qn_geo ([a-z]+(?: [a-z]+)?)", text(readme)))
    known = set(cli.names())
    assert {word if word in known else word.split()[0] for word in words} == known


@pytest.mark.parametrize("readme", READMES)
def test_options_exist(readme):
    given = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text(readme)))
    options, waiting = set(), [cli.command("en")]
    while waiting:
        made = waiting.pop()
        options |= {option for parameter in made.params for option in parameter.opts}
        waiting += getattr(made, "commands", {}).values()
    assert given <= options


@pytest.mark.parametrize("readme", READMES)
def test_settings_exist(readme):
    named = {name.lower() for name in re.findall(r"QN_GEO_([A-Z_]+)", text(readme))}
    assert named == set(Settings.model_fields)


@pytest.mark.parametrize("readme", READMES)
def test_numbers_of_rows_are_true(readme):
    body = text(readme)
    zones = table("zones")["kind"].value_counts()
    assert f"| {zones['KKT']}, {zones['KCN']}, {zones['CCN']} |" in body
    assert f"| {len(layer('zones'))} |" in body
    assert f"| {len(table('figures'))}, {len(table('projects'))} |" in body
    assert f"| {len(table('sources'))} |" in body
    assert f"| {len(table('transport'))}; {len(table('logistics'))} |" in body
    assert re.search(rf"\| {len(table('landuse'))} \w+, {len(layer('landuse'))} ", body)
    assert f"| {len(layer('communes'))}, {len(layer('areas'))}, {len(layer('city'))} |" in body
    assert abs(len(layer("plots")) - 3000) < 500


def headings(name):
    outside_code = re.sub(r"^```.*?^```", "", text(name), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^(#+) ", outside_code, re.MULTILINE)


def test_both_languages_have_the_same_shape():
    assert headings("README.md") == headings("README.vi.md")
    rows = [len(re.findall(r"^\|", text(name), re.MULTILINE)) for name in READMES]
    assert rows[0] == rows[1]
    blocks = [re.findall(r"^```(\w+)", text(name), re.MULTILINE) for name in READMES]
    assert blocks[0] == blocks[1]


@pytest.mark.parametrize("document", [name for name in tracked() if name.endswith(".md")])
def test_links_and_pictures_resolve(document):
    body = text(document)
    targets = re.findall(r"\]\(([^)\s]+)\)", body) + re.findall(r'src="([^"]+)"', body)
    slugs = {
        re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-")
        for head in re.findall(r"^#+ (.+)$", body, re.MULTILINE)
    }
    for target in targets:
        if target.startswith("#"):
            assert target[1:] in slugs, target
        elif "://" not in target:
            assert ((ROOT / document).parent / target.split("#")[0]).exists(), target


def test_changelog_tells_the_present_version():
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    entry = re.search(
        rf"^## {re.escape(version)}\b.*?\n(.*?)(?=^## |\Z)", text("CHANGELOG.md"), re.MULTILINE | re.DOTALL
    )
    assert re.search(r"^- \w", entry[1], re.MULTILINE)


@pytest.mark.parametrize("name", tracked())
def test_no_machine_and_no_registry_is_named(name):
    if name == "tests/test_docs.py":
        return
    try:
        body = text(name)
    except UnicodeDecodeError:
        return  # a picture or a font
    assert not re.search(HOSTS, body)


def test_ci_is_the_test_command_and_nothing_else():
    lines = [line for line in text(".ci/run").splitlines() if line and not line.startswith("#")]
    assert lines == ['cd "$(dirname "$0")/.." && exec make test']

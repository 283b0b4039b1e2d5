"""The shape of the code: imports go only down, files and functions stay small, tests mirror modules."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Each line may import from itself and from the lines before it. A new part of qn_geo must be given its place here.
FLOORS: tuple[tuple[str, set[str]], ...] = (
    ("ground", {"errors", "settings", "i18n", "garbage", "clock"}),
    ("know", {"crs", "schema", "style", "outcomes", "horizons", "jobs"}),
    ("read", {"catalog", "layers"}),
    ("answer and write", {"landuse", "figures", "search", "identify", "compare", "build", "importing"}),
    ("review", {"intake", "rules", "decisions", "dossier"}),
    ("draw", {"charts", "exports", "sheets", "cards", "legend", "switches", "things", "plotsheet", "report"}),
    ("present", {"stories", "atlas", "profiles", "slides"}),
    ("show", {"routes", "state", "mapview", "ui", "cli"}),
    ("start", {"app", "pages", "__main__"}),
)
FLOOR_OF = {part: height for height, (_, parts) in enumerate(FLOORS) for part in parts}
MAY_USE = {
    "streamlit": {"app", "pages", "state", "mapview", "ui"},
    "streamlit_folium": {"mapview"},
    "folium": {"mapview"},
    "branca": {"mapview"},
    "plotly": {"charts"},
    "matplotlib": {"charts"},
    "pptx": {"slides"},
    "yaml": {"stories"},
    "typer": {"cli", "__main__"},
    "sqlalchemy": {"decisions"},
    "alembic": {"decisions"},
    "requests": set(),
    "httpx": set(),
}
READERS = {"read_csv", "read_excel", "read_file", "read_parquet", "read_dataframe", "read_json"}
MAY_READ_DATA = {"layers", "catalog", "build", "importing", "intake", "dossier"}
MODULE_LINES = 350
FUNCTION_LINES = 60
# Tests of something that is not one module of qn_geo.
SEEN_IN_PAGES = {"ui"}  # drawn and tested as part of the pages, in tests/browser and test_pages
OTHER_TESTS = {"app", "architecture", "data", "docs", "pages", "scripts", "strings"}


def product_files() -> list[Path]:
    """Every Python file of the product itself."""
    return [*sorted((ROOT / "qn_geo").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py")), ROOT / "app.py"]


def all_files() -> list[Path]:
    """The same, with tests and scripts."""
    folders = ("tests", "scripts", "benchmarks")
    return [*product_files(), *(path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))]


def part(path: Path) -> str:
    """`qn_geo/figures/answers.py` -> figures; `pages/area.py` -> pages; `app.py` -> app."""
    names = path.relative_to(ROOT).with_suffix("").parts
    return names[1] if names[0] == "qn_geo" else names[0]


def module(path: Path) -> str:
    """Dotted name of a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _nodes(tree: ast.AST, *, inside_functions: bool = True) -> list[ast.AST]:
    """Every node that runs (imports for type checkers do not), optionally only what runs at import."""
    found = []
    for node in ast.iter_child_nodes(tree):
        if _is_for_types_only(node):
            continue
        found.append(node)
        if inside_functions or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found += _nodes(node, inside_functions=inside_functions)
    return found


def imports(path: Path, *, inside_functions: bool = True) -> set[str]:
    """Dotted names a file imports; `from qn_geo import crs` counts as qn_geo.crs."""
    names: set[str] = set()
    package = module(path).split(".") if path.name == "__init__.py" else module(path).split(".")[:-1]
    for node in _nodes(ast.parse(path.read_text(encoding="utf-8")), inside_functions=inside_functions):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            names |= {f"{source}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", product_files(), ids=module)
def test_imports_go_only_down(path):
    own = part(path)
    if own == "__init__":
        assert not {name for name in imports(path) if name.startswith("qn_geo.")}
        return
    assert own in FLOOR_OF, f"give {own} its place in FLOORS"
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top != "qn_geo" or not rest:
            continue
        target = rest.split(".")[0]
        if target in FLOOR_OF:  # the rest are names in qn_geo/__init__.py, such as the version
            assert FLOOR_OF[target] <= FLOOR_OF[own], f"{module(path)} must not import {name}"


def test_no_import_cycles():
    modules = {module(path): path for path in product_files()}
    graph = {}
    for name, path in modules.items():
        wanted = imports(path, inside_functions=False)
        known = {target for target in wanted if target in modules}
        known |= {
            parent for target in wanted if (parent := target.rpartition(".")[0]) in modules and target not in modules
        }
        graph[name] = known - {name}
    assert list(TopologicalSorter(graph).static_order())  # raises CycleError with the cycle


@pytest.mark.parametrize("path", product_files(), ids=module)
def test_libraries_are_used_where_they_belong(path):
    used = {name.partition(".")[0] for name in imports(path)}
    for library, parts in MAY_USE.items():
        assert library not in used or part(path) in parts, f"{module(path)} must not import {library}"


@pytest.mark.parametrize("path", product_files(), ids=module)
def test_only_the_readers_open_data_files(path):
    if part(path) in MAY_READ_DATA:
        return
    called = {
        node.attr for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)
    }
    assert not called & READERS


@pytest.mark.parametrize("path", all_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MODULE_LINES
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    assert {name: lines for name, lines in long.items() if lines > FUNCTION_LINES} == {}


@pytest.mark.parametrize("path", sorted((ROOT / "qn_geo/mapview/static").glob("*.js")), ids=lambda path: path.name)
def test_scripts_of_the_map_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


def test_every_module_has_its_tests_and_every_test_its_module():
    parts = {part(path) for path in (ROOT / "qn_geo").rglob("*.py")} - {"__init__", "__main__"} - SEEN_IN_PAGES
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")}
    untested = {name for name in parts if not any(test == name or test.startswith(f"{name}_") for test in tests)}
    assert untested == set()
    known = parts | OTHER_TESTS | SEEN_IN_PAGES
    assert {test for test in tests if not any(test == name or test.startswith(f"{name}_") for name in known)} == set()


def test_command_line_works_without_streamlit():
    """What has no page must be usable from a notebook, so it may not reach streamlit through another part either."""
    modules = {module(path): path for path in product_files()}
    barred = {name for name, path in modules.items() if part(path) in MAY_USE["streamlit"]}
    for name, path in modules.items():
        if part(path) not in MAY_USE["streamlit"] | {"routes"}:  # routes belong to the server, they have no other use
            reached = {
                target for target in imports(path) if any(f"{target}.".startswith(f"{stem}.") for stem in barred)
            }
            assert not reached, name

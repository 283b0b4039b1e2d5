"""The command line: serve the app, build and check the data, bring in your own.

Exit codes: 0 all is well, 1 something was found (damaged data, a refused import), 2 the command could not be done.
Answers are in Vietnamese or English: `--lang` decides, else the terminal's language (LC_ALL, LC_MESSAGES, LANG).
"""

from __future__ import annotations

import errno
import io
import os
import runpy
import socket
import sys
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qn_geo import catalog, importing
from qn_geo.errors import ImportRejectedError, QnGeoError
from qn_geo.i18n import LANGUAGES, number, translator
from qn_geo.settings import ROOT, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qn_geo.errors import Problem

FOUND = 1
UNUSABLE = 2
LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
WIDEST_CELL = 60


def N_(message: str) -> str:  # noqa: N802 - gettext's name for "collect this, translate it later"
    """Mark a text that is translated when the help is shown."""
    return message


app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
data_app = typer.Typer(
    help=N_("Data files: build, check, bring in your own, go back."), no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(data_app, name="data")

LangOption = Annotated[
    str | None, typer.Option("--lang", metavar="vi|en", help=N_("Language of the answers; else the terminal's."))
]
WhoOption = Annotated[
    str | None, typer.Option("--who", help=N_("Your name, kept in the history; else the login name."))
]


def terminal_language() -> str:
    """Return "vi" when the terminal is set to Vietnamese, else "en"."""
    named = next((value for name in LOCALE_VARIABLES if (value := os.environ.get(name))), "")
    return "vi" if named.lower().startswith("vi") else "en"


def _lang(context: typer.Context) -> str:
    """Return the language the user asked for on the root command."""
    return str(context.find_root().obj)


def _print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print aligned columns; a long cell is cut in the middle of the table, never in the last column."""
    cut = [
        [*(cell if len(cell) <= WIDEST_CELL else cell[: WIDEST_CELL - 1] + "…" for cell in r[:-1]), r[-1]] for r in rows
    ]
    widths = [max(len(row[i]) for row in [list(head), *cut]) for i in range(len(head))]
    for row in [list(head), ["-" * width for width in widths], *cut]:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _print_problems(problems: Sequence[Problem], lang: str) -> None:
    for problem in problems:
        typer.echo(f"- {problem.message(lang)}", err=True)


@app.callback(help=N_("QN Geo: Quảng Ninh's economic zones on one map. Serves the app, builds and checks its data."))
def root(context: typer.Context, lang: LangOption = None) -> None:
    """Remember the language for the command that follows."""
    if lang is not None and lang not in LANGUAGES:
        raise typer.BadParameter("vi, en", param_hint="--lang")
    context.obj = lang or terminal_language()


def _data_dir() -> Path:
    """Return the data folder.

    Raises:
        QnGeoError: If it is not there.
    """
    folder = settings().data_dir
    if not folder.is_dir():
        raise QnGeoError(
            "Không có thư mục dữ liệu này.",
            "There is no such data folder.",
            file=str(folder),
            remedy_vi="sửa hoặc bỏ biến môi trường QN_GEO_DATA_DIR.",
            remedy_en="correct or unset the environment variable QN_GEO_DATA_DIR.",
        )
    return folder


def _refuse_missing_packages() -> None:
    """Say before Streamlit starts that the map's scripts were never installed.

    Raises:
        QnGeoError: If the folder of the front-end packages lacks Leaflet.
    """
    folder = settings().package_dir
    if not (folder / "leaflet").is_dir():
        raise QnGeoError(
            "Chưa cài các gói của bản đồ (Leaflet ...).",
            "The map's packages (Leaflet ...) are not installed.",
            file=str(folder),
            remedy_vi="chạy: make setup, hoặc npm ci trong thư mục gốc; kiểm tra QN_GEO_PACKAGE_DIR nếu có đặt.",
            remedy_en="run: make setup, or npm ci in the program's folder; check QN_GEO_PACKAGE_DIR if it is set.",
        )


def _refuse_taken_port(address: str, port: int) -> None:
    """Say plainly that a port is taken, before Streamlit starts.

    Raises:
        QnGeoError: If somebody listens there, or the address is not this machine's.
    """
    failure: OSError | None = None
    opened = False
    try:
        found = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        found, failure = [], error
    for family, _type, _protocol, _name, place in found:  # a name such as localhost may stand for IPv4 and IPv6
        try:
            with socket.create_server(place[:2], family=family):
                opened = True
        except OSError as error:
            failure = error
            if error.errno == errno.EADDRINUSE:
                opened = False
                break
    if opened or failure is None:
        return
    if failure.errno == errno.EADDRINUSE:
        vi, en = f"Cổng {port} đang được dùng.", f"Port {port} is in use."
    else:
        vi, en = f"Không mở được {address}:{port}: {failure}.", f"Cannot open {address}:{port}: {failure}."
    raise QnGeoError(
        vi,
        en,
        remedy_vi=f"chọn cổng khác, ví dụ --port {port + 1}, hoặc dừng chương trình đang dùng cổng đó.",
        remedy_en=f"choose another, such as --port {port + 1}, or stop the program that uses it.",
    ) from failure


@app.command(help=N_("Serve the app until Ctrl+C."))
def serve(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help=N_("Port of the app; else QN_GEO_PORT, else 8501."))
    ] = None,
    address: Annotated[
        str, typer.Option(help=N_("Address to listen on; 0.0.0.0 lets other machines of the network in."))
    ] = "localhost",
) -> None:
    """Run Streamlit on app.py in this very process, so that signals and exit codes are its own."""
    port = port or settings().port
    _data_dir()
    _refuse_missing_packages()
    _refuse_taken_port(address, port)
    _print_problems(importing.recover(), _lang(context))
    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml from the working directory
    sys.argv = ["streamlit", "run", "app.py", "--server.port", str(port), "--server.address", address]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


@data_app.command(
    "build", help=N_("Make the generated files anew from the tables; the same input gives the same bytes.")
)
def data_build(
    context: typer.Context,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help=N_("Only this step (boundaries, zones, plots ...); may be given more than once.")),
    ] = None,
) -> None:
    """Build and list what was written."""
    _ = translator(_lang(context))
    folder = _data_dir()
    written = importing.rebuild(only or None)
    for path in written:
        typer.echo(path)
    typer.echo(_("{count} files written to {folder}").format(count=len(written), folder=folder))


@data_app.command("check", help=N_("Open every data file and compare it with its record."))
def data_check(context: typer.Context) -> None:
    """List the records, then everything that is wrong."""
    lang = _lang(context)
    _ = translator(lang)
    _data_dir()
    _print_problems(importing.recover(), lang)
    problems = catalog.check()
    try:
        records = catalog.records()
    except QnGeoError:
        records = {}  # what is wrong with them is among the problems
    rows = [
        [record.id, record.file, number(record.rows, lang), record.crs or "", record.quality or "", str(record.date)]
        for record in records.values()
    ]
    _print_table([_("Record"), _("File"), _("Rows"), _("CRS"), _("Quality"), _("Date")], rows)
    typer.echo()
    if problems:
        typer.echo(_("{count} problems found:").format(count=len(problems)), err=True)
        _print_problems(problems, lang)
        raise typer.Exit(FOUND)
    typer.echo(_("All {count} records agree with their files.").format(count=len(records)))


@data_app.command("template", help=N_("Write an empty workbook or GeoPackage to fill in and import."))
def data_template(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help=N_("File to write, .xlsx (tables) or .gpkg (geometry)."))],
    *,
    force: Annotated[bool, typer.Option("--force", help=N_("Replace the file if it exists."))] = False,
) -> None:
    """Write the template."""
    _ = translator(_lang(context))
    _data_dir()
    importing.write_template(out, force=force)
    typer.echo(_("Template written: {file}").format(file=out))


def _show_plan(plan: importing.Plan, lang: str) -> None:
    """Print what an import would change, value by value."""
    _ = translator(lang)
    actions = {"added": _("added"), "changed": _("changed")}
    rows = []
    for change in plan.changes:
        told = "; ".join(
            f"{column}: {new}" if change.action == "added" else f"{column}: {old or '∅'} → {new or '∅'}"
            for column, old, new in change.fields
        )
        rows.append([change.target, change.id, actions[change.action], told])
    if rows:
        _print_table([_("Data"), _("Id"), _("Change"), _("Old → new")], rows)
        typer.echo()
    for target, (added, changed, unchanged) in plan.counts().items():
        counted = _("{target}: {added} added, {changed} changed, {unchanged} unchanged")
        typer.echo(counted.format(target=target, added=added, changed=changed, unchanged=unchanged))


@data_app.command("import", help=N_("Check a filled-in file, show what would change, and with --yes write it."))
def data_import(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=N_("Filled-in .xlsx, .csv, .gpkg or .geojson."))],
    *,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Write the changes; without it nothing is written."))] = False,
    who: WhoOption = None,
    source: Annotated[
        str | None, typer.Option("--source", help=N_("Title of the document behind rows that name no source_id."))
    ] = None,
) -> None:
    """Validate, preview and on `--yes` apply."""
    lang = _lang(context)
    _ = translator(lang)
    _data_dir()
    plan = importing.prepare(file, source_title=source, who=who)
    _show_plan(plan, lang)
    if not plan.changes:
        typer.echo(_("Nothing to change: the data already say the same."))
    elif yes:
        entry = importing.apply(plan)
        typer.echo(_("Written. To undo: python -m qn_geo data restore {id}").format(id=entry.id))
    else:
        typer.echo(_("Nothing was written. Run again with --yes to apply."))


@data_app.command("history", help=N_("List the imports and restorations so far, newest first."))
def data_history(context: typer.Context) -> None:
    """Print the history, and which entries of it cannot be read."""
    lang = _lang(context)
    _ = translator(lang)
    _print_problems(importing.damaged_history(), lang)
    entries = importing.history()
    if not entries:
        typer.echo(_("No import yet."))
        return
    actions = {"import": _("import"), "restore": _("restoration")}
    rows = [
        [entry.id, entry.when[:16].replace("T", " "), entry.who, actions[entry.action], entry.subject]
        for entry in entries
    ]
    _print_table([_("Id"), _("When"), _("Who"), _("What"), _("File or id")], rows)


@data_app.command("restore", help=N_("Put the data back to the state before an import (its id is in the history)."))
def data_restore(
    context: typer.Context,
    entry_id: Annotated[str, typer.Argument(metavar="ID", help=N_("Id of the import, from the history."))],
    who: WhoOption = None,
) -> None:
    """Restore the state before one import."""
    _ = translator(_lang(context))
    entry = importing.restore(entry_id, who=who)
    typer.echo(_("Restored. To undo: python -m qn_geo data restore {id}").format(id=entry.id))


def _translate_help(command: Any, lang: str) -> None:
    """Put the help of a command and everything below it into one language."""
    _ = translator(lang)
    for item in (command, *command.params):
        if getattr(item, "help", None):
            item.help = _(item.help)
    for child in getattr(command, "commands", {}).values():
        _translate_help(child, lang)


def command(lang: str) -> Any:
    """Return the whole command line (a click command) with its help in `lang`."""
    made = typer.main.get_command(app)
    _translate_help(made, lang)
    return made


def _asked_language(arguments: Sequence[str]) -> str:
    """Return the language of the help: `--lang` may stand before or after `--help`."""
    for place, given in enumerate(arguments):
        value = given.removeprefix("--lang=") if "=" in given else "".join(arguments[place + 1 : place + 2])
        if given.partition("=")[0] == "--lang" and value in LANGUAGES:
            return value
    return terminal_language()


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code."""
    lang = _asked_language(arguments)
    try:
        command(lang).main(args=list(arguments), prog_name="python -m qn_geo")
    except SystemExit as end:  # how click ends every command, also a good one
        return end.code if isinstance(end.code, int) else 0
    except ImportRejectedError as error:
        typer.echo(error.message(lang), err=True)
        return FOUND
    except QnGeoError as error:
        typer.echo(error.message(lang), err=True)
        return UNUSABLE
    except OSError as error:
        typer.echo(_unwritable(error).message(lang), err=True)
        return UNUSABLE
    return 0


def _unwritable(error: OSError) -> QnGeoError:
    """Return what a full disk, a missing right or the like means to the user."""
    return QnGeoError(
        f"Không đọc hoặc ghi được: {error}.",
        f"Cannot read or write: {error}.",
        remedy_vi="kiểm tra chỗ trống và quyền ghi ở thư mục dữ liệu và thư mục lịch sử (QN_GEO_STORE_DIR).",
        remedy_en="check free room and write permission of the data and history folders (QN_GEO_STORE_DIR).",
    )


def main() -> None:
    """Entry point of `python -m qn_geo`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # Windows pipes would refuse Vietnamese letters
    sys.exit(run(sys.argv[1:]))

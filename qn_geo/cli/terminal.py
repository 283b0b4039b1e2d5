"""How every command speaks: the terminal's language, aligned tables, lists of problems, the options they share."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from qn_geo.errors import QnGeoError
from qn_geo.i18n import LANGUAGES, translator
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from qn_geo.errors import Problem

FOUND = 1
UNUSABLE = 2
LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
WIDEST_CELL = 60


def N_(message: str) -> str:  # noqa: N802 - gettext's name for "collect this, translate it later"
    """Mark a text that is translated when the help is shown."""
    return message


WhoOption = Annotated[
    str | None, typer.Option("--who", help=N_("Your name, kept in the history; else the login name."))
]


def group(text: str | None = None) -> typer.Typer:
    """Return an empty group of commands whose help looks like all the others."""
    return typer.Typer(
        help=text, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )


def terminal_language() -> str:
    """Return "vi" when the terminal is set to Vietnamese, else "en"."""
    named = next((value for name in LOCALE_VARIABLES if (value := os.environ.get(name))), "")
    return "vi" if named.lower().startswith("vi") else "en"


def asked_language(arguments: Sequence[str]) -> str:
    """Return the language of the help: `--lang` may stand before or after `--help`."""
    for place, given in enumerate(arguments):
        value = given.removeprefix("--lang=") if "=" in given else "".join(arguments[place + 1 : place + 2])
        if given.partition("=")[0] == "--lang" and value in LANGUAGES:
            return value
    return terminal_language()


def answer_language(context: typer.Context) -> str:
    """Return the language the user asked for on the root command."""
    return str(context.find_root().obj)


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print aligned columns; a long cell is cut in the middle of the table, never in the last column."""
    cut = [
        [*(cell if len(cell) <= WIDEST_CELL else cell[: WIDEST_CELL - 1] + "…" for cell in r[:-1]), r[-1]] for r in rows
    ]
    widths = [max(len(row[i]) for row in [list(head), *cut]) for i in range(len(head))]
    for row in [list(head), ["-" * width for width in widths], *cut]:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def print_problems(problems: Sequence[Problem], lang: str) -> None:
    """Print one line a problem to the error stream."""
    for problem in problems:
        typer.echo(f"- {problem.message(lang)}", err=True)


def data_folder() -> Path:
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


def write(path: Path, content: bytes, lang: str) -> None:
    """Write a file whole and say so.

    Raises:
        QnGeoError: If it cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise QnGeoError(
            f"Không ghi được tệp: {error.strerror or error}.",
            f"The file cannot be written: {error.strerror or error}.",
            file=str(path),
            remedy_vi="kiểm tra thư mục, quyền ghi và chỗ trống; đóng tệp nếu đang mở ở chương trình khác.",
            remedy_en="check folder, permission and free room; close the file where another program has it open.",
        ) from error
    typer.echo(translator(lang)("Written: {file}").format(file=path))


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how many are done of how many, and shows it where a person looks on."""
    seen = sys.stderr.isatty()

    def told(done: int, total: int) -> None:
        if seen:
            typer.echo(f"\r{done}/{total} ", nl=False, err=True)

    yield told
    if seen:
        typer.echo("\r", nl=False, err=True)

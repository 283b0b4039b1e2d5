"""The command line: serve the app, build and check the data, bring in your own, check plots, audit decisions.

Exit codes: 0 all is well, 1 something was found (damaged data, a refused import), 2 the command could not be done.
Answers are in Vietnamese or English: `--lang` decides, else the terminal's language (LC_ALL, LC_MESSAGES, LANG).

A new group of commands is a module with `app = terminal.group(...)`, and one `add_typer` here.
"""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qn_geo.cli import data, printing, review, serving
from qn_geo.cli.terminal import FOUND, N_, UNUSABLE, asked_language, group, terminal_language
from qn_geo.errors import ImportRejectedError, QnGeoError
from qn_geo.i18n import LANGUAGES, translator

if TYPE_CHECKING:
    from collections.abc import Sequence

app = group()
app.add_typer(serving.app)  # without a name: its command stands at the top
app.add_typer(data.app, name="data")
app.add_typer(review.app)
app.add_typer(review.review_app, name="review")
app.add_typer(review.audit_app, name="audit")
app.add_typer(printing.app, name="report")
app.add_typer(printing.story_app, name="story")

LangOption = Annotated[
    str | None, typer.Option("--lang", metavar="vi|en", help=N_("Language of the answers; else the terminal's."))
]


@app.callback(help=N_("QN Geo: Quảng Ninh's economic zones on one map. Serves the app, builds and checks its data."))
def root(context: typer.Context, lang: LangOption = None) -> None:
    """Remember the language for the command that follows."""
    if lang is not None and lang not in LANGUAGES:
        raise typer.BadParameter("vi, en", param_hint="--lang")
    context.obj = lang or terminal_language()


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


def names() -> list[str]:
    """Return all commands, sorted, those of a group behind its name: "data build"."""
    top = command("en").commands
    groups = {name: getattr(item, "commands", None) for name, item in top.items()}
    listed = [[f"{name} {below}" for below in inside] if inside else [name] for name, inside in groups.items()]
    return sorted(name for some in listed for name in some)


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code."""
    lang = asked_language(arguments)
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

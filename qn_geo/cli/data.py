"""`data ...`: build and check the data files, bring in your own, see what was brought in, go back."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated

import typer

from qn_geo import catalog, importing
from qn_geo.cli.terminal import (
    FOUND,
    N_,
    WhoOption,
    answer_language,
    data_folder,
    group,
    print_problems,
    print_table,
)
from qn_geo.errors import QnGeoError
from qn_geo.i18n import number, translator

app = group(N_("Data files: build, check, bring in your own, go back."))


@app.command("build", help=N_("Make the generated files anew from the tables; the same input gives the same bytes."))
def data_build(
    context: typer.Context,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help=N_("Only this step (boundaries, zones, plots ...); may be given more than once.")),
    ] = None,
) -> None:
    """Build and list what was written."""
    _ = translator(answer_language(context))
    folder = data_folder()
    written = importing.rebuild(only or None)
    for path in written:
        typer.echo(path)
    typer.echo(_("Files written to {folder}: {count}").format(count=len(written), folder=folder))


@app.command("check", help=N_("Open every data file and compare it with its record."))
def data_check(context: typer.Context) -> None:
    """List the records, then everything that is wrong."""
    lang = answer_language(context)
    _ = translator(lang)
    data_folder()
    print_problems(importing.recover(), lang)
    problems = catalog.check()
    try:
        records = catalog.records()
    except QnGeoError:
        records = {}  # what is wrong with them is among the problems
    rows = [
        [record.id, record.file, number(record.rows, lang), record.crs or "", record.quality or "", str(record.date)]
        for record in records.values()
    ]
    print_table([_("Record"), _("File"), _("Rows"), _("CRS"), _("Quality"), _("Date")], rows)
    typer.echo()
    if problems:
        typer.echo(_("Problems found ({count}):").format(count=len(problems)), err=True)
        print_problems(problems, lang)
        raise typer.Exit(FOUND)
    typer.echo(_("All {count} records agree with their files.").format(count=len(records)))


@app.command("template", help=N_("Write an empty workbook or GeoPackage to fill in and import."))
def data_template(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help=N_("File to write, .xlsx (tables) or .gpkg (geometry)."))],
    *,
    force: Annotated[bool, typer.Option("--force", help=N_("Replace the file if it exists."))] = False,
) -> None:
    """Write the template."""
    _ = translator(answer_language(context))
    data_folder()
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
        print_table([_("Data"), _("Id"), _("Change"), _("Old → new")], rows)
        typer.echo()
    for target, (added, changed, unchanged) in plan.counts().items():
        counted = _("{target}: {added} added, {changed} changed, {unchanged} unchanged")
        typer.echo(counted.format(target=target, added=added, changed=changed, unchanged=unchanged))


@app.command("import", help=N_("Check a filled-in file, show what would change, and with --yes write it."))
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
    lang = answer_language(context)
    _ = translator(lang)
    data_folder()
    plan = importing.prepare(file, source_title=source, who=who)
    _show_plan(plan, lang)
    if not plan.changes:
        typer.echo(_("Nothing to change: the data already say the same."))
    elif yes:
        entry = importing.apply(plan)
        typer.echo(_("Written. To undo: python -m qn_geo data restore {id}").format(id=entry.id))
    else:
        typer.echo(_("Nothing was written. Run again with --yes to apply."))


@app.command("history", help=N_("List the imports and restorations so far, newest first."))
def data_history(context: typer.Context) -> None:
    """Print the history, and which entries of it cannot be read."""
    lang = answer_language(context)
    _ = translator(lang)
    print_problems(importing.damaged_history(), lang)
    entries = importing.history()
    if not entries:
        typer.echo(_("No import yet."))
        return
    actions = {"import": _("import"), "restore": _("restoration")}
    rows = [
        [entry.id, entry.when[:16].replace("T", " "), entry.who, actions[entry.action], entry.subject]
        for entry in entries
    ]
    print_table([_("Id"), _("When"), _("Who"), _("What"), _("File or id")], rows)


@app.command("restore", help=N_("Put the data back to the state before an import (its id is in the history)."))
def data_restore(
    context: typer.Context,
    entry_id: Annotated[str, typer.Argument(metavar="ID", help=N_("Id of the import, from the history."))],
    who: WhoOption = None,
) -> None:
    """Restore the state before one import."""
    _ = translator(answer_language(context))
    entry = importing.restore(entry_id, who=who)
    typer.echo(_("Restored. To undo: python -m qn_geo data restore {id}").format(id=entry.id))

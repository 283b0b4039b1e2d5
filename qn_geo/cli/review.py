"""`check`, `review ...` and `audit ...`: plots checked without the app, what goes out, and the sealed record."""

from __future__ import annotations

import sys
from datetime import datetime  # noqa: TC003 - typer reads the annotations
from pathlib import Path  # noqa: TC003 - same
from typing import Annotated

import typer

from qn_geo import decisions, dossier, report
from qn_geo.cli.terminal import FOUND, N_, answer_language, data_folder, group
from qn_geo.i18n import translator

app = group()
review_app = group(N_("What goes out of a review: the printed report, and the file that goes back to the submitter."))
audit_app = group(N_("The sealed record of decisions: verify, back up, restore."))


@app.command("check", help=N_("Check a file of plots. Exit code 0: nothing wrong, 1: errors or warnings, 2: unusable."))
def check(  # noqa: PLR0913 - every argument is an option of the command
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=N_("The file: .gpkg, .zip (shapefile), .dxf, .csv ..."))],
    *,
    zone: Annotated[
        str | None, typer.Option("--zone", help=N_("Zone the plots lie in, such as kcn-song-khoai."))
    ] = None,
    fmt: Annotated[str, typer.Option("--format", metavar="json|csv|gpkg|html", help=N_("What to write."))] = "json",
    out: Annotated[Path | None, typer.Option("--out", help=N_("File to write; else the terminal."))] = None,
    system: Annotated[
        str | None, typer.Option("--crs", help=N_("Reference system of the numbers, such as EPSG:5899."))
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help=N_("Encoding of all texts, such as tcvn3."))
    ] = None,
    on: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help=N_("Day whose rules apply; else today."))
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help=N_("Take the first proposal where the reference system is in doubt."))
    ] = False,
) -> None:
    """Read, check, write; the exit code says how it came out."""
    lang = answer_language(context)
    if fmt not in report.FORMATS:
        raise typer.BadParameter(", ".join(report.FORMATS), param_hint="--format")
    data_folder()
    checked = report.check_file(
        file, zone_id=zone, system=system, encoding=encoding, take_first=yes, on=on.date() if on else None
    )
    content = report.written(checked, fmt, lang)
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        out.write_bytes(content)
        typer.echo(translator(lang)("Written: {file}").format(file=out), err=True)
    if (checked.findings["severity"] != "info").any():
        raise typer.Exit(FOUND)


SubmissionArgument = Annotated[
    str, typer.Argument(metavar="SUBMISSION", help=N_("Id of the submission, such as 20261123-124851-26d553."))
]


@review_app.command("pdf", help=N_("Write the review report of a checked submission as PDF (A4)."))
def review_pdf(
    context: typer.Context,
    submission: SubmissionArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help=N_("File to write (.pdf)."))],
) -> None:
    """Set the report; it is written whole or not at all."""
    lang = answer_language(context)
    content = report.protocol(dossier.open_checked(submission), lang)
    out.write_bytes(content)
    typer.echo(translator(lang)("Written: {file}").format(file=out))


@review_app.command("return", help=N_("Write the file that goes back: plots with findings and decisions."))
def review_return(
    context: typer.Context,
    submission: SubmissionArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help=N_("File to write: .gpkg, .dxf or .xlsx."))],
) -> None:
    """Write plots, findings, decisions and evidence in the format of the file's ending."""
    lang = answer_language(context)
    fmt = out.suffix.removeprefix(".").lower()
    if fmt not in report.RETURN_FORMATS:
        raise typer.BadParameter(", ".join(f".{known}" for known in report.RETURN_FORMATS), param_hint="--out")
    out.write_bytes(report.returned(dossier.open_checked(submission), fmt, lang))
    typer.echo(translator(lang)("Written: {file}").format(file=out))


@audit_app.command("verify", help=N_("Examine the whole ledger; exit code 1 when an entry is not what was written."))
def audit_verify(context: typer.Context) -> None:
    """Say whether the ledger is whole, else name the first broken entry."""
    verdict = decisions.store().verify()
    typer.echo(verdict.message(answer_language(context)), err=not verdict.ok)
    if not verdict.ok:
        raise typer.Exit(FOUND)


@audit_app.command("backup", help=N_("Save submissions, decisions and seal in one file."))
def audit_backup(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help=N_("File to write (.zip), or a folder to write one into."))],
) -> None:
    """Write the backup; reviewers can go on working."""
    _ = translator(answer_language(context))
    typer.echo(_("Written: {file}").format(file=decisions.store().backup(out)))


@audit_app.command("restore", help=N_("Bring back what a backup holds; what is there now is saved first."))
def audit_restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=N_("File made by `audit backup`."))],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help=N_("Replace what is there; without it only an empty record is filled."))
    ] = False,
) -> None:
    """Restore, and say what became of the former state."""
    lang = answer_language(context)
    _ = translator(lang)
    restored = decisions.store().restore(file, replace=replace)
    typer.echo(restored.verdict.message(lang), err=not restored.verdict.ok)
    if restored.former:
        typer.echo(_("What was there before: {file}").format(file=restored.former))
    if restored.lost:
        typer.echo(_("Decisions newer than the backup, now missing: {count}").format(count=restored.lost), err=True)
    if not restored.verdict.ok:
        raise typer.Exit(FOUND)

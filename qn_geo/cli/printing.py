"""`report ...` and `story ...`: map sheets, zone profiles, charts and stories as files, without the app."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from qn_geo import atlas, charts, crs, figures, profiles, slides, stories, style
from qn_geo.charts import still
from qn_geo.cli.terminal import FOUND, N_, answer_language, data_folder, group, progress_bar, write
from qn_geo.errors import QnGeoError
from qn_geo.horizons import THIS_YEAR, YEARS
from qn_geo.i18n import number, translator

if TYPE_CHECKING:
    from collections.abc import Collection

app = group(N_("Print: map sheets to scale, profiles of zones, the booklet of all zones, charts."))
story_app = group(N_("Stories for a meeting: list, check, and hand over as PPTX and PDF."))

PdfOption = Annotated[Path | None, typer.Option("--pdf", help=N_("PDF to write."))]
PngOption = Annotated[Path | None, typer.Option("--png", help=N_("PNG to write."))]
SvgOption = Annotated[Path | None, typer.Option("--svg", help=N_("SVG to write."))]
DpiOption = Annotated[int, typer.Option("--dpi", min=36, max=1200, help=N_("Pixels an inch of a PNG."))]
YearOption = Annotated[int, typer.Option("--year", help=N_("Actual year, or plan horizon."))]
AreaOption = Annotated[str | None, typer.Option("--area", help=N_("Area, such as van-don; else the whole city."))]
ZoneOption = Annotated[str | None, typer.Option("--zone", help=N_("Zone, such as kcn-song-khoai."))]

_SHOWN: Final = 120  # letters of a path
_PICTURE_MM: Final = (240.0, 160.0)
_CHART_MM: Final = (160.0, None)


@app.command("zone", help=N_("Write the profile of a zone: two pages with map, figures, charts, projects, gaps."))
def report_zone(
    context: typer.Context,
    zone: Annotated[str, typer.Argument(help=N_("Id of the zone, such as kcn-song-khoai."))],
    pdf: Annotated[Path, typer.Option("--pdf", help=N_("PDF to write."))],
    year: YearOption = THIS_YEAR,
) -> None:
    """Write one profile."""
    lang = _begin(context)
    write(pdf, profiles.profile(_zone(zone, "ZONE"), lang, _year(year)), lang)


@app.command("booklet", help=N_("Write the profiles of all zones in one PDF, with contents and page numbers."))
def report_booklet(
    context: typer.Context,
    pdf: Annotated[Path, typer.Option("--pdf", help=N_("PDF to write."))],
    area: AreaOption = None,
) -> None:
    """Write all profiles, or those of an area."""
    lang = _begin(context)
    zones = figures.zone_ids(_area(area), THIS_YEAR) if area else None
    with progress_bar() as told:
        content = profiles.booklet(lang, zones, told)
    write(pdf, content, lang)


@app.command("map", help=N_("Write a map: as a sheet to scale (PDF), or as a picture (PNG, SVG)."))
def report_map(  # noqa: PLR0913 - every argument is an option of the command
    context: typer.Context,
    *,
    area: AreaOption = None,
    zone: ZoneOption = None,
    scale: Annotated[
        int | None, typer.Option("--scale", help=N_("Scale, 50000 for 1:50 000; else the largest that shows all."))
    ] = None,
    paper: Annotated[str, typer.Option("--paper", metavar="A4|A3|A2|A1|A0", help=N_("Paper of the sheet."))] = "A4",
    portrait: Annotated[bool, typer.Option("--portrait", help=N_("Hold the sheet upright."))] = False,
    centre: Annotated[
        str | None, typer.Option("--centre", metavar="LON,LAT", help=N_("Middle of the map, such as 106.82,20.99."))
    ] = None,
    shown_layers: Annotated[
        str | None, typer.Option("--layers", help=N_("Ids of the layers, separated by commas; else the usual ones."))
    ] = None,
    year: YearOption = THIS_YEAR,
    title: Annotated[str | None, typer.Option("--title", help=N_("Title; else the name of the place."))] = None,
    dpi: DpiOption = 300,
    pdf: PdfOption = None,
    png: PngOption = None,
    svg: SvgOption = None,
) -> None:
    """Write the map in every form that was asked for."""
    lang = _begin(context)
    _some_file(lang, pdf=pdf, png=png, svg=svg)
    shown = atlas.Shown(
        layers=_layers(shown_layers),
        year=_year(year),
        zones=(_zone(zone),) if zone else (),
        area=_area(area),
    )
    middle = _point(centre)
    if pdf:
        _told_if_cut(shown, paper.upper(), not portrait, scale, lang)
        named = title or figures.zone_name(zone or (f"area-{area}" if area else "province"), lang)
        sheet = atlas.sheet(
            shown, lang, title=named, paper=paper.upper(), landscape=not portrait, scale=scale, centre=middle
        )
        write(pdf, sheet, lang)
    if png or svg:
        drawn = atlas.picture(shown, lang, *_PICTURE_MM, scale=scale, bounds=_window(shown, middle))
        if png:
            write(png, atlas.png(drawn, dpi), lang)
        if svg:
            write(svg, drawn.portable.encode(), lang)


@app.command("chart", help=N_("Write a chart as a picture (PNG, SVG)."))
def report_chart(  # noqa: PLR0913, PLR0917 - every argument is an option of the command
    context: typer.Context,
    chart: Annotated[str, typer.Argument(help=N_("Name of the chart, such as ranking-occupancy."))],
    area: AreaOption = None,
    zone: ZoneOption = None,
    year: YearOption = THIS_YEAR,
    dpi: DpiOption = 300,
    png: PngOption = None,
    svg: SvgOption = None,
) -> None:
    """Write the chart in every form that was asked for."""
    lang = _begin(context)
    _some_file(lang, png=png, svg=svg)
    _known(chart, charts.NAMES, N_("CHART"))
    about = charts.Subject(_year(year), _area(area), (_zone(zone),) if zone else ())
    made = charts.named(chart, about, lang)
    if png:
        write(png, still.png(made, *_CHART_MM, lang, dpi=dpi), lang)
    if svg:
        write(svg, still.whole(made, *_CHART_MM, lang).encode(), lang)


StoryArgument = Annotated[str, typer.Argument(metavar="FILE", help=N_("Story: a YAML file, or an id of `story list`."))]


@story_app.command("list", help=N_("List the stories that come with the app, and your own."))
def story_list(context: typer.Context) -> None:
    """Print one line a story: what it is, or why it cannot be used."""
    lang = _begin(context)
    _ = translator(lang)
    for entry in stories.listed():
        if entry.problem:
            said, *_reasons = entry.problem.message(lang).splitlines()
            typer.echo(f"{entry.id}  {said}")
            continue
        scenes = _("scenes: {count}").format(count=entry.scenes)
        typer.echo(f"{entry.id}  {entry.lang}  {scenes}  {entry.title}")


@story_app.command("check", help=N_("Check a story. Exit code 0: it can be shown, 1: it cannot, with every reason."))
def story_check(context: typer.Context, story: StoryArgument) -> None:
    """Say what the story holds, or all that is wrong with it."""
    lang = _begin(context)
    _ = translator(lang)
    try:
        found = _story(story)
    except stories.StoryError as error:
        typer.echo(error.message(lang), err=True)
        raise typer.Exit(FOUND) from error
    typer.echo(_("{title}: nothing is wrong, scenes: {count}.").format(title=found.title, count=len(found.scenes)))


@story_app.command("export", help=N_("Write a story as PPTX with editable charts, and as PDF."))
def story_export(
    context: typer.Context,
    story: StoryArgument,
    pptx: Annotated[Path | None, typer.Option("--pptx", help=N_("PPTX to write."))] = None,
    pdf: PdfOption = None,
) -> None:
    """Write the story in every form that was asked for."""
    lang = _begin(context)
    _some_file(lang, pptx=pptx, pdf=pdf)
    found = _story(story)
    for path, made in ((pptx, slides.deck), (pdf, slides.pages)):
        if path:
            with progress_bar() as told:
                content = made(found, told)
            write(path, content, lang)


def _begin(context: typer.Context) -> str:
    data_folder()
    return answer_language(context)


def _story(given: str) -> stories.Story:
    """Return a story from a file, or by its id.

    Raises:
        StoryError: If it cannot be shown.
        QnGeoError: If there is none.
    """
    path = Path(given)
    if path.suffix.lower() in {".yaml", ".yml"} or path.is_file():
        try:
            return stories.parsed(path.read_bytes(), path.name)
        except OSError as error:
            raise QnGeoError(
                f"Không đọc được tệp: {error.strerror}.",
                f"The file cannot be read: {error.strerror}.",
                file=given[-_SHOWN:],
                remedy_vi="kiểm tra đường dẫn, hoặc dùng mã trong `story list`.",
                remedy_en="check the path, or use an id of `story list`.",
            ) from error
    return stories.load(given)


def _known(given: str, allowed: Collection[str], name: str) -> str:
    if given not in allowed:
        raise typer.BadParameter(f"{given}; {', '.join(allowed)}", param_hint=name)
    return given


def _zone(given: str, name: str = "--zone") -> str:
    return _known(given, sorted(figures.book().zones), name)


def _area(given: str | None) -> str | None:
    return None if given is None else _known(given, charts.MAIN_ZONES, "--area")


def _year(given: int) -> int:
    return int(_known(str(given), [str(year) for year in YEARS], "--year"))


def _layers(given: str | None) -> tuple[str, ...]:
    if given is None:
        return style.DEFAULT_LAYERS
    wanted = [name.strip() for name in given.split(",") if name.strip()]
    return tuple(_known(name, style.LAYER_BY_ID, "--layers") for name in wanted)


def _point(given: str | None) -> tuple[float, float] | None:
    """Read a longitude and a latitude."""
    if given is None:
        return None
    try:
        lon, lat = (float(part) for part in given.split(","))
    except ValueError as error:
        raise typer.BadParameter("106.82,20.99", param_hint="--centre") from error
    return lon, lat


def _told_if_cut(shown: atlas.Shown, paper: str, landscape: bool, scale: int | None, lang: str) -> None:  # noqa: FBT001 - as the sheet has it
    """Say so when the scale asked for leaves out part of the place."""
    _ = translator(lang)
    if scale and paper in atlas.PAPERS and scale < (needed := atlas.smallest(shown, paper, landscape=landscape)):
        said = _("Only a part fits at this scale; on {paper} all of it needs 1:{scale} or smaller.")
        typer.echo(said.format(paper=paper, scale=number(needed, lang)), err=True)


def _window(shown: atlas.Shown, middle: tuple[float, float] | None) -> atlas.Bounds | None:
    """Return the window of what is shown, moved to another middle where one is given."""
    if middle is None:
        return None
    west, south, east, north = atlas.bounds(shown)
    y, x = crs.to_vn2000(*middle)
    wide, high = (east - west) / 2, (north - south) / 2
    return x - wide, y - high, x + wide, y + high


def _some_file(lang: str, **paths: Path | None) -> None:
    """Refuse a command that would write nothing, or one file twice."""
    _ = translator(lang)
    options = ", ".join(f"--{name}" for name in paths)
    given = [path.resolve() for path in paths.values() if path]
    if not given:
        raise typer.BadParameter(_("say what to write: {options}").format(options=options))
    if len(set(given)) < len(given):
        raise typer.BadParameter(_("{options} need a file each").format(options=options))

"""What is on the screen as a file: a map sheet to scale, a picture of map or chart, a zone's profile, the booklet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import shapely
import streamlit as st

from qn_geo import atlas, charts, crs, figures, i18n, profiles, state
from qn_geo.atlas import Shown
from qn_geo.charts import still
from qn_geo.horizons import THIS_YEAR
from qn_geo.stories.story import window
from qn_geo.ui import drawer, making, shell
from qn_geo.ui.review import fields
from qn_geo.ui.stories import looks, scenes, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from qn_geo.atlas import Bounds

_OPEN: Final = "w-print"
_PICTURE_MM: Final = (240.0, 160.0)
_CHART_MM: Final = (160.0, None)
_DPI: Final = 300
_TITLE_LETTERS: Final = 120


def asks() -> str | None:
    """Return what the map's frame is to tell while a print is prepared; None while none is."""
    return looks.EVERY if drawer.is_open(_OPEN) else None


def button(view: state.View, chart: str | None) -> None:
    """Draw the button with the form of what can be printed.

    Args:
        view: What is shown and chosen.
        chart: Name of the chart that stands first beside the map.
    """
    _ = i18n.translator(view.lang)
    if form := drawer.drawer(_("Print"), _OPEN, "print", view.lang):
        with form, st.container(key="printing", gap="small"), shell.guarded(view.lang):
            _form(view, chart)


def _form(view: state.View, chart: str | None) -> None:
    _ = i18n.translator(view.lang)
    kinds: dict[str, tuple[str, Callable[[], None]]] = {
        "sheet": (_("Map sheet"), partial(_sheet, view)),
        "picture": (_("Picture"), partial(_picture, view)),
        "chart": (_("Chart"), partial(_chart, view, chart)),
        "profile": (_("Zone profile") if view.zone else _("Booklet"), partial(_profile, view)),
    }
    wanted = fields.choice(
        st.segmented_control,
        _("What to print"),
        list(kinds),
        key="w-print-kind",
        name=lambda kind: kinds[kind][0],
        default="sheet",
        required=True,
    )
    kinds[wanted][1]()


def _sheet(view: state.View) -> None:
    """Draw the form of a map sheet."""
    _ = i18n.translator(view.lang)
    title = _title(view)
    paper = fields.choice(
        st.segmented_control,
        _("Paper"),
        list(atlas.PAPERS),
        key="w-print-paper",
        default="A3",
        required=True,
    )
    ways = {True: _("Landscape"), False: _("Portrait")}
    landscape = fields.choice(
        st.segmented_control,
        _("Held"),
        list(ways),
        key="w-print-way",
        name=ways.__getitem__,
        default=True,
        required=True,
    )
    scale = st.number_input(
        _("Scale 1:"),
        min_value=atlas.SCALES[0],
        max_value=atlas.SCALES[1],
        value=None,
        step=500,
        key="w-print-scale",
        placeholder=_("largest usual one that shows all"),
    )
    bounds = _window(view)
    make = partial(
        atlas.sheet, shown(view), view.lang, title=title, paper=paper, landscape=landscape, scale=scale, bounds=bounds
    )
    making.offer(f"{words.file_name(title)}-{paper.lower()}.pdf", make, view.lang)


def _picture(view: state.View) -> None:
    """Draw the form of a picture of the map."""
    form = _form_of(view)
    bounds = _window(view)

    def make() -> bytes:
        drawn = atlas.picture(shown(view), view.lang, *_PICTURE_MM, bounds=bounds)
        return drawn.portable.encode() if form == "svg" else atlas.png(drawn, _DPI)

    making.offer(f"{words.file_name(scenes.headline(view, view.lang))}.{form}", make, view.lang)


def _chart(view: state.View, chart: str | None) -> None:
    """Draw the form of a chart; the one that stands first beside the map to begin with."""
    _ = i18n.translator(view.lang)
    name = fields.choice(
        st.selectbox,
        _("Chart"),
        list(charts.NAMES),
        key=f"w-print-chart-{chart}",
        name=lambda name: words.chart_name(name, view.lang),
        default=chart or charts.NAMES[0],
    )
    form = _form_of(view)
    made = charts.named(name, charts.Subject(view.year, view.area, scenes.zones(view)), view.lang)
    if made.empty:
        st.info(shell.plain(made.alt))
        return

    def make() -> bytes:
        if form == "svg":
            return still.whole(made, *_CHART_MM, view.lang).encode()
        return still.png(made, *_CHART_MM, view.lang, dpi=_DPI)

    making.offer(f"{words.file_name(made.title)}.{form}", make, view.lang)


def _profile(view: state.View) -> None:
    """Draw the way to the profile of the chosen zone, or to the booklet of all zones of the page."""
    _ = i18n.translator(view.lang)
    year = min(view.year, THIS_YEAR)  # a profile tells what has happened, and the plans ahead of it
    if view.zone:
        st.caption(
            shell.plain(
                _("{zone}: two pages with map, figures, charts, projects and gaps.").format(
                    zone=figures.zone_name(view.zone, view.lang)
                )
            )
        )
        making.offer(f"{view.zone}-{view.lang}.pdf", partial(profiles.profile, view.zone, view.lang, year), view.lang)
        return
    ids = figures.zone_ids(view.area, year)
    said = _("Profiles in one PDF with contents: {count}. Choose a zone on the map for its profile alone.")
    st.caption(shell.plain(said.format(count=len(ids))))
    making.file(
        making.of_data("booklet", view.area, view.lang, year),
        _("Make the booklet"),
        f"{words.file_name(scenes.place_name(view.area, view.lang))}-{view.lang}.pdf",
        partial(profiles.booklet, view.lang, ids, year=year),
        view.lang,
    )


def _title(view: state.View) -> str:
    _ = i18n.translator(view.lang)
    usual = scenes.headline(view, view.lang)
    return st.text_input(_("Title"), usual, key=f"w-print-title-{usual}", max_chars=_TITLE_LETTERS) or usual


def _form_of(view: state.View) -> str:
    _ = i18n.translator(view.lang)
    chosen: str = fields.choice(
        st.segmented_control,
        _("Format"),
        ["png", "svg"],
        key="w-print-format",
        name=str.upper,
        default="png",
        required=True,
    )
    return chosen


def _window(view: state.View) -> Bounds | None:
    """Draw the choice between what the map shows now and the whole place; return the window in EPSG:5899."""
    _ = i18n.translator(view.lang)
    looked = looks.now()
    as_seen = st.toggle(_("What the map shows now"), key="w-print-now", value=True)
    if not as_seen or looked is None:
        return None
    if looked.box:
        west, south, east, north = shapely.bounds(crs.project(shapely.box(*looked.box))).tolist()
        return west, south, east, north
    return window(*looked.at)


def shown(view: state.View) -> Shown:
    """Return what a view shows, for paper."""
    return Shown(
        layers=view.layers,
        year=view.year,
        zones=scenes.zones(view),
        plot=view.plot,
        statuses=view.statuses,
        plots=view.plots,
        opacity=dict(view.opacity),
        area=view.area,
        pick=view.pick,
    )

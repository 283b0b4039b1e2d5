"""What a scene puts on its slide or page, in words: figures, chart, numbered documents and notes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from qn_geo import atlas, charts, clock, figures, horizons, i18n, sheets, stories, style
from qn_geo.charts import series

if TYPE_CHECKING:
    from qn_geo.charts.series import Plotted

_MOST_MAP: Final = 8
"""Documents of the map named in the notes; a map of the city rests on more than a hundred."""
_COVER_LAYERS: Final = ("areas", "kkt", "kcn", "expressway")
COVER_MAP: Final = atlas.Shown(layers=tuple(layer for layer in style.DEFAULT_LAYERS if layer in _COVER_LAYERS))
"""What the map of a cover shows: the whole city."""


def cover(story: stories.Story) -> list[str]:
    """Return what stands under the title on a cover: the product, and how many scenes were given out when."""
    _ = i18n.translator(story.lang)
    day = i18n.iso_date(clock.today().isoformat(), None, story.lang)
    scenes = _("{count} scenes").format(count=len(story.scenes))
    return [_("Maps and figures of QN Geo"), f"{scenes} · {day}"]


@dataclass(frozen=True)
class Told:
    """One scene.

    Attributes:
        number: Of the scene, from 1.
        scene: The scene.
        lang: "vi" or "en".
    """

    number: int
    scene: stories.Scene
    lang: str

    @cached_property
    def figures(self) -> list[stories.Highlight]:
        """Highlighted figures, with the gaps among them; a chart of which nothing is published is one more gap."""
        found = stories.highlighted(self.scene, self.lang)
        empty = self._asked if self._asked is not None and self._asked.empty else None
        return found if empty is None else [*found, _gap(empty)]

    @cached_property
    def _asked(self) -> charts.Chart | None:
        return stories.chart(self.scene, self.lang)

    @property
    def chart(self) -> charts.Chart | None:
        """The chart, if the scene has one and something of it is published."""
        return None if self._asked is None or self._asked.empty else self._asked

    @cached_property
    def plotted(self) -> Plotted | None:
        """What the chart shows."""
        return None if self.chart is None else series.read(self.chart)

    @cached_property
    def cited(self) -> list[str]:
        """Ids of the documents behind figures and chart; each has the number of its place, from 1."""
        return figures.merged(*stories.sources(self.scene, self.lang, layers=False))

    @cached_property
    def shown(self) -> atlas.Shown:
        """What the map shows."""
        scene = self.scene
        return atlas.Shown(
            layers=scene.visible,
            year=scene.year,
            zones=scene.zones,
            plot=scene.plot,
            statuses=style.STATUSES if scene.statuses is None else scene.statuses,
            plots=style.PLOT_STATUSES if scene.plots is None else scene.plots,
            opacity=scene.opacity,
            area=scene.area,
            pick=scene.pick,
        )

    @property
    def horizon(self) -> str:
        """Up to which year plans reach, where the scene shows plans; else empty."""
        said = horizons.year_name(self.scene.year, self.lang)
        return f"{said[0].upper()}{said[1:]}" if horizons.ahead(self.scene.year) else ""

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """What the map must show, EPSG:5899; None where it fits what the scene is about."""
        return self.scene.view.bounds if self.scene.view else None

    def reference(self, source_ids: str) -> str:
        """Return the numbers of documents in brackets, such as `[1, 3–5]`; empty where none is cited."""
        numbers = [self.cited.index(each) + 1 for each in figures.merged(source_ids) if each in self.cited]
        return f"[{_runs(sorted(numbers))}]" if numbers else ""

    def sentence(self, highlight: stories.Highlight) -> str:
        """Return a figure in one line with the number of its document."""
        found = highlight.figure
        name = ", ".join(filter(None, [highlight.label, highlight.place_name]))
        told = " · ".join(filter(None, [highlight.value, highlight.detail]))
        sure = "" if found is None or found.klass != "official" else figures.class_name(found.klass, self.lang)
        end = self.reference(found.source_id) if found else ""
        return f"{name}: {' '.join(filter(None, [' · '.join(filter(None, [told, sure])), end]))}"

    def rows(self) -> list[str]:
        """Return the chart's table, a line a row, with the number of each row's document."""
        if self.chart is None:
            return []
        _ = i18n.translator(self.lang)
        return [self._row(row, _("Source")) for row in self.chart.table.to_dict("records")]

    def _row(self, row: dict[Any, Any], source: str) -> str:
        told = [str(value) for name, value in row.items() if name != source and not i18n.is_missing(value)]
        number = self._titles.get(row.get(source))
        return " ".join([" · ".join(told), *([f"[{number}]"] if number else [])])

    @cached_property
    def _titles(self) -> dict[Any, int]:
        """Numbers of the documents by title, under whichever id; of two with the same title the first."""
        ids = reversed(stories.sources(self.scene, self.lang, layers=False))
        return {figures.source(each).get("title"): self.cited.index(figures.merged(each)[0]) + 1 for each in ids}


def _gap(chart: charts.Chart) -> stories.Highlight:
    """Return a chart without anything to show as a figure that nobody has published."""
    message = series.read(chart).message
    return stories.Highlight(chart.title, "", None, "", message, "")


def _runs(numbers: list[int]) -> str:
    """Return numbers in order, those that follow each other as a range."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)  # noqa: PLR2004


def notes(told: Told, picture: atlas.Picture) -> list[str]:
    """Return what the presenter reads: the scene's notes, every figure with its document, and the documents in full."""
    _ = i18n.translator(told.lang)
    lines = told.scene.notes.splitlines()
    parts = [
        (_("Highlighted figures"), [told.sentence(each) for each in told.figures]),
        (_chart_heading(told), told.rows()),
        (_("Sources"), [f"[{number}] {citation(each, told.lang)}" for number, each in enumerate(told.cited, start=1)]),
        (_("Map"), [picture.quality, *_map_sources(told, picture), *([picture.remark] if picture.remark else [])]),
    ]
    for heading, found in parts:
        if found:
            lines += ["", heading.upper(), *found]
    return lines[1:] if lines and not lines[0] else lines


def _chart_heading(told: Told) -> str:
    _ = i18n.translator(told.lang)
    return ": ".join([_("Chart"), told.chart.title]) if told.chart else ""


def _map_sources(told: Told, picture: atlas.Picture) -> list[str]:
    _ = i18n.translator(told.lang)
    named = [citation(each, told.lang) for each in picture.sources[:_MOST_MAP]]
    rest = len(picture.sources) - len(named)
    return [*named, _("and {count} more documents").format(count=rest)] if rest > 0 else named


def citation(source_id: str, lang: str) -> str:
    """Return a document in full: title, publisher, date, address."""
    found = sheets.documents(source_id)[0]
    about = ", ".join(filter(None, [found["publisher"], _date(found["date"], lang)]))
    return ". ".join(filter(None, [found["title"].rstrip("."), about, found["url"]]))


def _date(day: str, lang: str) -> str:
    return i18n.iso_date(day, None, lang) if day else ""


def brief(told: Told, picture: atlas.Picture) -> list[str]:
    """Return the documents as a slide names them: number, publisher and date; and what the map rests on."""
    _ = i18n.translator(told.lang)
    named = [f"[{number}] {_brief(each, told.lang)}" for number, each in enumerate(told.cited, start=1)]
    count = _("Map: {count} documents").format(count=i18n.number(len(picture.sources), told.lang))
    return [*named, count]


def _brief(source_id: str, lang: str) -> str:
    found = sheets.documents(source_id)[0]
    publisher = found["publisher"].partition(" (")[0] or found["title"]
    return ", ".join(filter(None, [publisher, _date(found["date"], lang)]))

"""The form of one scene: its place in the story, headline, figures, chart, notes, and what its map shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from qn_geo import figures, horizons, i18n, sheets, state, stories, style, things
from qn_geo.errors import QnGeoError
from qn_geo.stories.story import HEADLINE_LETTERS, MOST_FIGURES, NOTE_LETTERS
from qn_geo.ui import shell
from qn_geo.ui.review import fields, work
from qn_geo.ui.stories import adding, drafting, looks, scenes, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qn_geo.stories import Scene, Story

_COMPARE = "so-sanh"
_HEADLINE_HEIGHT, _NOTES_HEIGHT = 68, 190  # pixels


def scene(view: state.View, story: Story, number: int) -> None:
    """Draw the form of a scene.

    Args:
        view: The present view.
        story: The story.
        number: Number of the open scene, from 1.
    """
    _ = i18n.translator(view.lang)
    index = number - 1
    shown, form = story.scenes[index], drafting.form(story, index)
    finding, said = _("Headline: the finding, in one sentence"), _("What you say (only the presenter sees it)")
    with st.container(key="scene-form", gap="small"):
        _place(view.lang, number, len(story.scenes))
        _text("headline", finding, shown, index, form, max_chars=HEADLINE_LETTERS, height=_HEADLINE_HEIGHT)
        _wrong(index, "headline", view.lang)
        _figures(view.lang, shown, index, form)
        _wrong(index, "figures", view.lang)
        _chart(view.lang, shown, index, form)
        _wrong(index, "chart", view.lang)
        _text("notes", said, shown, index, form, max_chars=NOTE_LETTERS, height=_NOTES_HEIGHT)
        _wrong(index, "notes", view.lang)
        _map(view, shown, number)


def _place(lang: str, number: int, total: int) -> None:
    """Draw what moves, copies and deletes the open scene."""
    _ = i18n.translator(lang)
    with st.container(key="scene-place", horizontal=True, vertical_alignment="center", gap="small"):
        told = _("Scene {number} of {total}").format(number=number, total=total)
        st.html(f'<h3 class="qn-title">{sheets.escape(told)}</h3>')
        up, down = number > 1, number < total
        for label, icon, by, usable in ((_("Up"), "arrow_upward", -1, up), (_("Down"), "arrow_downward", 1, down)):
            st.button(
                "",
                key=f"w-move-{icon}",
                icon=f":material/{icon}:",
                help=label,
                disabled=not usable,
                on_click=drafting.step,
                args=(by,),
            )
        st.selectbox(
            _("Place in the story"),
            list(range(1, total + 1)),
            index=number - 1,
            key=f"w-place-{number}-{total}",
            on_change=_move,
            args=(f"w-place-{number}-{total}",),
            label_visibility="collapsed",
            disabled=total == 1,
        )
        st.button(
            "",
            key="w-from-here",
            icon=":material/slideshow:",
            help=_("Present from here"),
            on_click=drafting.go,
            kwargs={"scene": number, "mode": "show"},
        )
        st.button("", key="w-copy", icon=":material/content_copy:", help=_("Duplicate"), on_click=drafting.duplicate)
        st.button(
            "",
            key="w-remove",
            icon=":material/delete:",
            help=_("Delete this scene"),
            disabled=total == 1,
            on_click=drafting.remove,
        )


def _move(key: str) -> None:
    drafting.move(st.session_state[key] - 1)


def _wrong(index: int, field: str, lang: str) -> None:
    if isinstance(error := work.outcome(drafting.about(index, field)), QnGeoError):
        work.show(error, lang)


def _text(field: str, label: str, shown: Scene, index: int, form: int, **more: Any) -> None:
    """Draw a field for a text of the scene; the value is told twice, as in `fields.choice`."""
    value, key = getattr(shown, field), f"w-{field}-{form}"
    st.text_area(label, value, key=state.prepared(key, value), on_change=_typed, args=(field, index, key), **more)


def _typed(field: str, index: int, key: str) -> None:
    drafting.put(index, field, st.session_state[key])


def _figures(lang: str, shown: Scene, index: int, form: int) -> None:
    _ = i18n.translator(lang)
    offered = words.published(shown, lang)
    fields.put(f"w-figures-{form}", list(shown.figures))
    fields.choice(
        st.multiselect,
        _("Highlighted figures (at most {count})").format(count=MOST_FIGURES),
        list(offered),
        key=f"w-figures-{form}",
        name=offered.__getitem__,
        default=[],
        then=lambda chosen: drafting.put(index, "figures", tuple(chosen)),
        max_selections=MOST_FIGURES,
        select_all=False,
        placeholder=_("What this place publishes for this year"),
    )


def _chart(lang: str, shown: Scene, index: int, form: int) -> None:
    _ = i18n.translator(lang)
    fields.put(f"w-chart-{form}", shown.chart or "")
    fields.choice(
        st.selectbox,
        _("Chart"),
        words.chart_names(),
        key=f"w-chart-{form}",
        name=lambda name: words.chart_name(name, lang),
        then=lambda chosen: drafting.put(index, "chart", chosen or None),
    )


def _map(view: state.View, shown: Scene, number: int) -> None:
    """Draw what the map of the scene shows, and the two ways to show something else."""
    _ = i18n.translator(view.lang)
    with st.container(key="scene-map", gap="small"):
        st.html(sheets.template("scene_facts", view.lang).render(facts=list(_facts(shown, view.lang))))
        with st.container(horizontal=True, gap="small"):
            if page := shell.page_at(_address(shown)):
                query = state.to_query(_adjusted(view, shown, number))
                if shown.view:
                    query["view"] = f"{shown.view.lon},{shown.view.lat},{shown.view.zoom}"
                st.page_link(page, label=_("Adjust on the map"), icon=":material/map:", query_params=query)
            last = looks.last()
            st.button(
                _("Take the view seen last"),
                key="w-take",
                icon=":material/center_focus_strong:",
                disabled=last is None,
                help=_seen(last, view.lang),
                on_click=_take,
                args=(number - 1,),
            )
        _wrong(number - 1, "view", view.lang)


def _seen(last: tuple[str, state.View, looks.Looked | None] | None, lang: str) -> str:
    _ = i18n.translator(lang)
    if last is None:
        return _("No map has been looked at yet since this page was opened.")
    return _("Zone, layers, year and place of: {view}").format(view=shell.plain(scenes.headline(last[1], lang)))


def _take(index: int) -> None:
    last = looks.last()
    with work.attempt(drafting.about(index, "view")):
        if last:
            adding.take(index, last[1], last[2])


def _address(shown: Scene) -> str:
    return _COMPARE if len(shown.zones) > 1 else shown.area or ""


def _adjusted(view: state.View, shown: Scene, number: int) -> state.View:
    """Return the view with which a page with a map shows a scene."""
    return replace(view, **scenes.onto(shown), mode=state.ADJUST, scene=number, case=None)


def where(shown: Scene, lang: str) -> str:
    """Return the place a scene is about, shortly."""
    if shown.zones:
        more = f" +{len(shown.zones) - 1}" if len(shown.zones) > 1 else ""
        return figures.short_name(shown.zones[0], lang) + more
    return (things.name(shown.pick, lang) if shown.pick else "") or scenes.place_name(shown.area, lang)


def _facts(shown: Scene, lang: str) -> Iterator[tuple[str, str]]:
    """What the map of a scene shows, as name and text."""
    _ = i18n.translator(lang)
    names = ", ".join(figures.short_name(zone, lang) for zone in shown.zones)
    yield _("Place"), " · ".join(filter(None, [scenes.place_name(shown.area, lang), names]))
    if shown.pick:
        yield _("Chosen"), things.name(shown.pick, lang) or shown.pick
    elif shown.plot:
        yield _("Plot"), shown.plot
    yield _("Year"), horizons.year_name(shown.year, lang)
    layers = _("{count} of {total}").format(count=len(shown.visible), total=len(style.MAP_LAYERS))
    usual = [_("as usual")] if shown.layers is None else []
    yield _("Layers"), " · ".join([layers, *usual])
    yield _("Extent"), _("turned to by hand") if shown.view else _("fitted to the place")


def missing(shown: Scene, lang: str) -> list[str]:
    """Return what a scene still lacks, in a few words each; nothing of it keeps it from being presented."""
    _ = i18n.translator(lang)
    told = []
    if shown.headline == scenes.headline_of(shown, lang):
        told.append(_("no finding yet"))
    if not shown.notes:
        told.append(_("no notes"))
    gaps = sum(highlight.figure is None for highlight in stories.highlighted(shown, lang))
    if gaps:
        told.append(_("figures without data: {count}").format(count=gaps))
    chart = stories.chart(shown, lang)
    if chart and chart.empty:
        told.append(_("empty chart"))
    return told

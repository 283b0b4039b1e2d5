"""Findings and plots of a submission as lists: filtered, sorted, and walked through with the keys P and N."""

from __future__ import annotations

import textwrap
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely
import streamlit as st

from qn_geo import i18n, outcomes, plotsheet, rules, sheets, state
from qn_geo.mapview import reviewed
from qn_geo.search.text import fold
from qn_geo.ui.review import fields, work

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from numpy.typing import NDArray

    from qn_geo.dossier import Dossier

_SHOWN: Final = 200  # rows of a list; more are found by filtering
_NAMED: Final = 2  # plots named in a row
_LETTERS: Final = 90  # of what a finding about no plot says, in its row


class Listed(NamedTuple):
    """The plots of a list as it is filtered.

    Attributes:
        name: What the list is called on its switch.
        plots: Their ids, in the list's order.
    """

    name: str
    plots: list[str]


def lists(view: state.View, held: Dossier) -> Listed:
    """Draw the list that is chosen, with its filter; return its name and the plots it holds."""
    _ = i18n.translator(view.lang)
    counts = {"findings": len(held.findings), "plots": len(held.plots)}
    names = {"findings": _("Findings"), "plots": _("Plots")}
    with st.container(key="listing", gap="small"):
        with st.container(key="listing-head", horizontal=True, vertical_alignment="center", gap="small"):
            kind = fields.choice(
                st.segmented_control,
                _("List"),
                list(names),
                key=f"w-listing-{held.id}",
                name=lambda kind: f"{names[kind]} ({i18n.number(counts[kind], view.lang)})",
                default="findings" if counts["findings"] else "plots",
                required=True,
                label_visibility="collapsed",
            )
            query = st.text_input(
                _("Filter"),
                key=f"w-words-{held.id}",
                placeholder=_("Filter: any words, with or without marks"),
                live="300ms",
                label_visibility="collapsed",
            )
            steps = st.container(
                key="steps", horizontal=True, vertical_alignment="center", gap="small", width="content"
            )
        draw = _findings if kind == "findings" else _plots
        ids, listed = draw(view.lang, held, fold(query or "").split())
        with steps:
            _steps("finding" if kind == "findings" else "row", ids, view, held)
        return Listed(names[kind], listed)


def _findings(lang: str, held: Dossier, words: list[str]) -> tuple[list[int], list[str]]:
    _ = i18n.translator(lang)
    frame = held.findings
    with st.container(key="listing-filter", horizontal=True, vertical_alignment="center", gap="small"):
        names = {name: outcomes.severity_name(name, lang) for name in outcomes.SEVERITIES}
        severities = _pills(_("Severity"), names, held.summary["severities"], f"w-severity-{held.id}", lang)
        rule = fields.choice(
            st.selectbox,
            _("Rule"),
            sorted(held.summary["rules"]),
            key=f"w-rule-{held.id}",
            name=lambda code: f"{_title(code, lang)} ({i18n.number(held.summary['rules'][code], lang)})",
            placeholder=_("All rules"),
            label_visibility="collapsed",
        )
        orders = {"severity": _("gravest first"), "plot": _("by plot"), "measure": _("largest measure first")}
        order = _order(orders, held.id, "findings", lang)
        kept = np.flatnonzero(
            (frame["severity"].isin(severities).to_numpy() if severities else np.full(len(frame), fill_value=True))
            & ((frame["rule"] == rule).to_numpy() if rule else True)
            & _holding(_finding_texts(held, lang), words)
        )
        if order == "plot":
            first = np.array([rows[0] if rows else -1 for rows in frame["rows"]])
            kept = kept[np.argsort(first[kept], kind="stable")]
        elif order == "measure":
            kept = kept[np.argsort(-frame["measure"].fillna(-np.inf).to_numpy()[kept], kind="stable")]
    heads = [_("Severity"), _("Plot"), _("What"), _("Measured"), _("Limit")]
    shown = frame.iloc[kept[:_SHOWN]]
    titles = {code: _title(code, lang) for code in shown["rule"].unique()}
    cells = [_finding_cells(row, titles, lang) for row in shown.drop(columns="geometry").to_dict("records")]
    _table(heads, [(f"finding:{n}", row) for n, row in zip(kept.tolist(), cells, strict=False)], len(kept), lang)
    listed = dict.fromkeys(plot for plots in frame["plots"].to_numpy()[kept] for plot in plots)
    known = _ids(held)
    return kept.tolist(), [plot for plot in listed if plot in known]


def _finding_cells(row: Mapping[Hashable, Any], titles: Mapping[str, str], lang: str) -> list[Any]:
    plots: Sequence[str] = row["plots"]
    more = f" +{len(plots) - _NAMED}" if len(plots) > _NAMED else ""
    what = titles[row["rule"]]
    if not plots:  # nothing else tells it from another of its rule
        what = f"{what}: {textwrap.shorten(row[f'message_{lang}'], _LETTERS, placeholder=' …')}"
    return [
        outcomes.severity_name(row["severity"], lang),
        ", ".join(plots[:_NAMED]) + more,
        what,
        (row["measure"], _amount(row["measure"], row["unit"], lang)),
        (row["limit"], _amount(row["limit"], row["unit"], lang)),
    ]


def _amount(value: float, unit: str, lang: str) -> str:
    return "" if i18n.is_missing(value) else plotsheet.quantity(value, unit, lang)


def _plots(lang: str, held: Dossier, words: list[str]) -> tuple[list[int], list[str]]:
    _ = i18n.translator(lang)
    states = np.array(held.summary["states"], dtype=object)
    verdicts = _verdicts(held)
    with st.container(key="listing-filter", horizontal=True, vertical_alignment="center", gap="small"):
        names = {name: outcomes.result_name(name, lang) for name in outcomes.RESULTS}
        results = _pills(_("Result"), names, held.summary["counts"], f"w-result-{held.id}", lang)
        decided = fields.choice(
            st.selectbox,
            _("Decision"),
            ["", *outcomes.VERDICTS],
            key=f"w-decided-{held.id}",
            name=lambda name: (
                f"{outcomes.verdict_name(name, lang)} ({i18n.number(int((verdicts == name).sum()), lang)})"
            ),
            placeholder=_("All decisions"),
            label_visibility="collapsed",
        )
        orders = {"file": _("as in the file"), "result": _("gravest first"), "area": _("largest first")}
        order = _order(orders, held.id, "plots", lang)
        kept = np.flatnonzero(
            (np.isin(states, results) if results else np.full(len(states), fill_value=True))
            & ((verdicts == decided) if decided is not None else True)
            & _holding(_plot_texts(held), words)
        )
        if order == "result":
            ranks = np.array([outcomes.RESULTS.index(name) for name in states])
            kept = kept[np.argsort(ranks[kept], kind="stable")]
        elif order == "area":
            kept = kept[np.argsort(-_areas(held)[kept], kind="stable")]
    rows = held.plots["row"].to_numpy()
    heads = [_("Plot"), _("Result"), _("Area"), _("Use"), _("Rules concerned"), _("Decision")]
    shown = [(f"row:{rows[place]}", _plot_cells(held, place, lang)) for place in kept[:_SHOWN].tolist()]
    _table(heads, shown, len(kept), lang)
    return rows[kept].tolist(), [str(plot) for plot in held.plots["plot_id"].to_numpy()[kept]]


def _plot_cells(held: Dossier, place: int, lang: str) -> list[Any]:
    plot = held.plots["plot_id"].iloc[place]
    area, entry = float(_areas(held)[place]), held.decided.get(plot)
    use = held.plots["landuse_code"].iloc[place]
    return [
        plot,
        outcomes.result_name(held.summary["states"][place], lang),
        (area, i18n.quantity(round(area, 1), "m2", lang)),
        "" if i18n.is_missing(use) else use,
        ", ".join(held.rules_by_plot.get(plot, ())),
        outcomes.verdict_name(entry.verdict if entry else None, lang),
    ]


@lru_cache(maxsize=4)
def _ids(held: Dossier) -> frozenset[str]:
    return frozenset(held.plots["plot_id"])


@lru_cache(maxsize=4)
def _verdicts(held: Dossier) -> NDArray[np.object_]:
    """The decision on each plot, in their order; "" where there is none."""
    decided = {plot: entry.verdict for plot, entry in held.decided.items()}
    return np.array([decided.get(plot, "") for plot in held.plots["plot_id"]], dtype=object)


@lru_cache(maxsize=4)
def _areas(held: Dossier) -> NDArray[np.float64]:
    areas: NDArray[np.float64] = np.nan_to_num(shapely.area(held.plots.geometry.to_numpy()))
    return areas


def _pills(label: str, names: Mapping[str, str], counts: Mapping[str, int], key: str, lang: str) -> list[str]:
    """Draw what can be chosen together, each with how many there are; return the chosen ones."""
    chosen: list[str] = fields.choice(
        st.pills,
        label,
        [name for name in names if counts[name]],
        key=key,
        name=lambda name: f"{names[name]} {i18n.number(counts[name], lang)}",
        default=[],
        selection_mode="multi",
        label_visibility="collapsed",
    )
    return chosen


def _order(orders: dict[str, str], case_id: str, kind: str, lang: str) -> str:
    _ = i18n.translator(lang)
    return str(
        fields.choice(
            st.selectbox,
            _("Order"),
            list(orders),
            key=f"w-order-{kind}-{case_id}",
            name=orders.__getitem__,
            default=next(iter(orders)),
            label_visibility="collapsed",
        )
    )


def _table(heads: list[str], rows: list[tuple[str, list[Any]]], count: int, lang: str) -> None:
    _ = i18n.translator(lang)
    if not rows:
        work.hint(_("Nothing here with this filter."))
        return
    st.html(sheets.table([(name, "") for name in heads], rows, lang))
    if count > len(rows):
        told = _("The first {shown} of {count} are listed; filter to narrow them down.")
        st.caption(told.format(shown=i18n.number(len(rows), lang), count=i18n.number(count, lang)))


def _steps(kind: str, ids: list[int], view: state.View, held: Dossier) -> None:
    """Draw the buttons that walk through a list; the keys P and N press them."""
    _ = i18n.translator(view.lang)
    chosen, _colon, number = (view.pick or "").partition(":")
    place = ids.index(int(number)) if chosen == kind and int(number) in ids else None
    before = None if place is None else place - 1
    after = 0 if place is None else place + 1
    for label, key, target in ((_("Previous"), "P", before), (_("Next"), "N", after)):
        usable = target is not None and 0 <= target < len(ids)
        st.button(
            label,
            key=f"w-step-{key}",
            shortcut=key,
            disabled=not usable,
            on_click=_choose,
            args=(f"{kind}:{ids[target]}" if usable and target is not None else "", held),
        )
    if place is not None:
        st.caption(f"{i18n.number(place + 1, view.lang)}/{i18n.number(len(ids), view.lang)}")


def _choose(pick: str, held: Dossier) -> None:
    state.update(zone=None, plot=None, pick=pick, at=None)
    state.move_to(reviewed.box(shapes(held, pick)))


def shapes(held: Dossier, pick: str | None) -> list[Any]:
    """Return what a pick is about: its trouble spot, else its plots; of no pick, or an unknown one, all plots."""
    kind, _colon, number = (pick or "").partition(":")
    rows: tuple[int, ...] = (int(number),) if kind == "row" else ()
    if kind == "finding" and int(number) < len(held.findings):
        spot = held.findings.geometry.iloc[int(number)]
        if spot is not None:
            return [spot]
        rows = held.findings["rows"].iloc[int(number)]
    meant = held.plots.geometry[held.plots["row"].isin(rows)]
    return list(held.plots.geometry if meant.empty else meant)


def _title(code: str, lang: str) -> str:
    """Return a rule's title with its code, which is what people quote."""
    rule = rules.registry().get(code)
    return f"{rule.text('title', lang)} · {code}" if rule else code


def _holding(texts: list[str], words: list[str]) -> NDArray[np.bool_]:
    """Tell which texts hold every word."""
    if not words:
        return np.ones(len(texts), dtype=bool)
    return np.fromiter((all(word in text for word in words) for text in texts), dtype=bool, count=len(texts))


@lru_cache(maxsize=4)
def _finding_texts(held: Dossier, lang: str) -> list[str]:
    frame = held.findings
    titles = {code: _title(code, lang) for code in frame["rule"].unique()}
    told = zip(frame["plots"], frame["rule"], frame[f"message_{lang}"], strict=True)
    return [fold(f"{' '.join(plots)} {titles[rule]} {message}") for plots, rule, message in told]


@lru_cache(maxsize=4)
def _plot_texts(held: Dossier) -> list[str]:
    columns = [held.plots[name].fillna("").astype(str) for name in ("plot_id", "sheet_no", "parcel_no", "landuse_code")]
    return [fold(" ".join(cells)) for cells in zip(*columns, strict=True)]

"""Fields with options, whose value is ours: it outlives a change of language, of counts in labels, and of options.

Streamlit tells options apart by their labels. When those change it forgets what was chosen, so each set of labels is
a field of its own, and all of them show the one value that is kept here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

import streamlit as st

from qn_geo import state

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def choice(  # noqa: PLR0913 - a field has this much to it
    draw: Callable[..., Any],
    label: str,
    options: Sequence[Any],
    *,
    key: str,
    name: Callable[[Any], str] = str,
    default: Any = None,
    then: Callable[[Any], None] | None = None,
    **more: Any,
) -> Any:
    """Draw a field with options and return what is chosen.

    Args:
        draw: `st.selectbox`, `st.radio`, `st.segmented_control`, or `st.pills` with `selection_mode="multi"`.
        label: Its label.
        options: What can be chosen; plain values.
        key: Under which the value is kept.
        name: Label of an option.
        default: Value until something is chosen, and when what was chosen is no option any more.
        then: Called with a new value, before the page is drawn.
        more: Further arguments of `draw`.
    """
    labels = [name(option) for option in options]
    own = f"{key}-{crc32(chr(10).join([label, *labels]).encode()):08x}"
    value = st.session_state.get(key, default)
    if isinstance(value, list):
        value = [item for item in value if item in options]
    elif value not in options:
        value = default if default in options else None

    def keep() -> None:
        if own not in st.session_state:
            return  # the page it stood on was left in the same moment
        st.session_state[key] = st.session_state[own]
        if then is not None:
            then(st.session_state[key])

    # Told twice: of two runs close together the browser sees only the second, which no longer says that a value is new.
    place = options.index(value) if value in options else None
    more |= {"index": place} if draw in {st.selectbox, st.radio} else {} if value is None else {"default": value}
    if value is not None:
        state.prepared(own, value)
    elif st.session_state.get(own) is not None:
        st.session_state[own] = None
    names = dict(zip(options, labels, strict=True))
    draw(label, options, key=own, format_func=names.__getitem__, on_change=keep, **more)
    return value


def put(key: str, value: Any) -> None:
    """Set the value of a field, from a callback."""
    st.session_state[key] = value

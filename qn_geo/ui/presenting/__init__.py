"""Presenting a story: the audience's window and the presenter's."""

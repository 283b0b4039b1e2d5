"""One module a version; each is left as it was released."""

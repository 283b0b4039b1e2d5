"""Making stories in the app: the list of stories, the editor, and adding what a map shows from any page."""

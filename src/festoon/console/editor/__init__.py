"""The plan editor: a form, the text beside it, and one is always the other."""

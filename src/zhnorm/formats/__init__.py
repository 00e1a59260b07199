"""Files to documents and back. `text` is plain text; every other format will be a module of its own beside it."""

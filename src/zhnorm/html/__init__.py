"""HTML: recognising it, and taking the text out of it."""

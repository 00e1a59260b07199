"""What of a document is Markdown or code, and which pieces of a line are no text."""

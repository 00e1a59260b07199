"""Reading a page: what kind of line each line is, from its words, its looks and what stands around it."""

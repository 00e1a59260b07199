"""How the tables in `src/zhnorm/data` that are learned were learned. Nothing here is needed to clean a text."""

"""Looking for input that breaks zhnorm: `python -m fuzz` for the laws, `python -m fuzz.shapes` for the time it takes."""

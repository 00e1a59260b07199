"""Between Traditional and Simplified: words, characters, regions, and `fold`, which says what a line says whatever it is written in."""

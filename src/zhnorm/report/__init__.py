"""Telling people what happened: on a terminal (`screen`, `story`, `summary`, `diff`), in a browser (`page`)."""

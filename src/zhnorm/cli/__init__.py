"""The `zhnorm` command: one file a command, and nothing here that a library caller would miss."""

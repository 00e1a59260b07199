"""The version, in a module of its own: `importlib.metadata` would cost more than everything else at startup."""

__version__ = "0.1.0"

"""Rules as data: packs of phrase families, loaded, proved and matched."""

from .check import Failure, check, faults, lint
from .load import builtin_packs, builtin_text, load_pack
from .match import Hit, Matcher
from .model import Action, Below, Pack, Rule, Where

__all__ = [
    "Action",
    "Below",
    "Failure",
    "Hit",
    "Matcher",
    "Pack",
    "Rule",
    "Where",
    "builtin_packs",
    "builtin_text",
    "check",
    "faults",
    "lint",
    "load_pack",
]

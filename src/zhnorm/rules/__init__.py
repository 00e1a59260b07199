"""Rules as data: packs of phrase families, loaded, matched, and proved (`rules.check`)."""

from .load import builtin_packs, builtin_text, check_names, is_builtin, load_pack
from .match import Hit, Matcher
from .model import Action, Below, Pack, Rule, Where

__all__ = [
    "Action",
    "Below",
    "Hit",
    "Matcher",
    "Pack",
    "Rule",
    "Where",
    "builtin_packs",
    "builtin_text",
    "check_names",
    "is_builtin",
    "load_pack",
]

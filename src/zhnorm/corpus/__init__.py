"""What no document says alone: templates of sites, copies of documents, what was seen before.

    from zhnorm.corpus import Templates, Seen

    templates = Templates.learn((url, text) for url, text in pages)
    text = templates.apply(text, url)         # without what its site prints on all pages

    with Seen("seen.idx") as seen:            # a file that grows
        if not seen.ask(text):
            seen.add(text)

The modules are the steps, in this order: `documents` reads, `keys` makes numbers of lines, `counts` and `templates` find templates,
`copies`, `near` and `seen` find documents that say what others say, `cleaner` takes out what was found. `local` runs them on one
machine. Everything is decided by functions over arrays, which know nothing of who runs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .seen import Seen
    from .templates import Learner, Template, Templates

__all__ = ["Learner", "Seen", "Template", "Templates"]

_HOMES = {"Learner": "templates", "Seen": "seen", "Template": "templates", "Templates": "templates"}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'zhnorm.corpus' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{home}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)

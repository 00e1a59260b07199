"""One document at a time may go wrong, and costs only itself."""

from __future__ import annotations

import errno
from collections.abc import Callable

from zhnorm.errors import AuditError, LimitError, ReadError, ZhnormError, bug

from .job import Failure, Outcome

__all__ = ["MEMORY_HINT", "attempt", "is_final"]

MEMORY_HINT = "is there enough memory? a smaller --jobs or --window-lines needs less"


def attempt(name: str, title: str, clean: Callable[[], Outcome]) -> Outcome | Failure:
    """Clean a document; what goes wrong becomes a failure.

    Args:
        name: of the document.
        title: what messages call it.
        clean: does it.

    Raises:
        ZhnormError: every further document would fail in the same way.
        BrokenPipeError: nobody reads what is written.
    """
    try:
        return clean()
    except LimitError as error:
        return Failure(name, LimitError(f"{title}: {error.message}", hint=error.hint))
    except ZhnormError as error:
        if is_final(error):
            raise
        return Failure(name, error)
    except MemoryError:
        return Failure(name, ReadError(f"{title}: not enough memory for it", hint=MEMORY_HINT))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug shows on one document; the others are none the worse
        return Failure(name, bug(error, title))


def is_final(error: ZhnormError) -> bool:
    """Whether every further document would fail in the same way."""
    if isinstance(error, AuditError | ReadError):
        return False
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)

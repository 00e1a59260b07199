"""`zhnorm rules`: list, show, check and start."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhnorm.errors import ReadError, RulesError, UsageError, did_you_mean
from zhnorm.messages import Message
from zhnorm.report.terminal import visible

from .streams import StandardOutput, say

if TYPE_CHECKING:
    from zhnorm.rules import Action, Pack, Rule

__all__ = ["rules"]

_FILE = click.Path(path_type=str)
_own = click.option("--rules", "files", multiple=True, type=_FILE, metavar="FILE", help="A pack of your own, too.")


@click.group(
    help="""List, show, check and start the rules that remove boilerplate.

    \b
    Examples:
      zhnorm rules list                   every built-in rule
      zhnorm rules show web/share-bar     one rule with its examples
      zhnorm rules check mine.toml        does my pack do what its examples say?
      zhnorm rules new mine.toml app --removes 下载App看全文 --keeps 他下载了一个App
    """,
)
def rules() -> None:
    """All commands about rules."""


@rules.command(
    "list",
    help="""List rules: name, action, and what they are about.

    PACK limits the list to some built-in packs.
    """,
)
@click.argument("packs", nargs=-1, metavar="[PACK]...")
@_own
@click.option("--json", "as_json", is_flag=True, help="A JSON record a line, with every field of the rule.")
def list_rules(packs: Sequence[str], files: Sequence[str], as_json: bool) -> int:
    from zhnorm.rules import builtin_packs

    for name in packs:
        if name not in builtin_packs():
            raise UsageError(
                Message("no pack {name!r}", name=name), hint=Message("packs: {names}", names=", ".join(builtin_packs()))
            )
    found = [rule for pack in _packs(files, packs or builtin_packs()) for rule in pack.rules]
    if as_json:
        StandardOutput().write_text("".join(_quote(rule._asdict()) + "\n" for rule in found))
        return 0
    width = max((len(rule.name) for rule in found), default=0)
    lines = (f"{visible(rule.name):<{width}}  {rule.action:<11}  {visible(rule.about)}\n" for rule in found)
    StandardOutput().write_text("".join(lines))
    return 0


@rules.command(
    short_help="Show one rule with its examples.",
    help="""Show one rule in the form in which packs are written. RULE is its full name, such as web/share-bar.""",
)
@click.argument("rule")
@_own
def show(rule: str, files: Sequence[str]) -> int:
    from zhnorm.rules import builtin_packs

    known = {item.name: item for pack in _packs(files, builtin_packs()) for item in pack.rules}
    found = known.get(rule)
    if found is None:
        from zhnorm.report.help import nearest_rules

        if rule in builtin_packs():
            raise UsageError(
                Message("no rule {rule!r}, but a pack", rule=rule),
                hint=Message("zhnorm explain {rule} shows its rules", rule=rule),
            )
        hint = did_you_mean(nearest_rules(rule, known)) or "zhnorm rules list names them all"
        raise UsageError(Message("no rule {rule!r}", rule=rule), hint=hint)
    StandardOutput().write_text("".join(_as_toml(found)))
    return 0


@rules.command(
    short_help="Check packs: form, patterns, examples.",
    help="""Check rule packs: their form, their patterns, and every example in them.""",
)
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
def check(files: Sequence[str]) -> int:
    from zhnorm.rules import check_names, is_builtin
    from zhnorm.rules.check import lint

    for path in files:
        pack = _load(path)
        if not is_builtin(path):
            check_names([pack])
        for rule in pack.rules:
            for warning in lint(rule):
                say(Message("{path}: {name}: {warning}", path=path, name=rule.name, warning=warning))
        examples = sum(len(rule.removes) + len(rule.keeps) for rule in pack.rules)
        rules = "1 rule" if len(pack.rules) == 1 else f"{len(pack.rules)} rules"
        StandardOutput().write_text(f"{visible(path)}: {rules} and {examples} examples are good\n")
    return 0


@rules.command(
    "new",
    short_help="Start a rule from lines that should go.",
    help="""Start a rule NAME in the pack FILE from lines that should go and lines that should stay.

    The lines become the rule's examples. In trims ⟦ ⟧ marks the part that goes.
    A FILE that is not there yet is made.

    \b
    Example:
      zhnorm rules new mine.toml app --removes 下载App看全文 --keeps 他下载了一个App
    """,
)
@click.argument("file", type=_FILE)
@click.argument("name", metavar="NAME")
@click.option("--removes", multiple=True, required=True, metavar="LINE", help="A line it must act on.  [repeatable]")
@click.option("--keeps", multiple=True, required=True, metavar="LINE", help="A line it must leave alone.  [repeatable]")
@click.option("--about", default="", metavar="TEXT", help="What the phrase is, and where pages print it.")
@click.option(
    "--action", type=click.Choice(["drop", "cut", "trim-prefix", "trim-suffix", "trim-inside"]), default="drop",
    help="What happens to the line.  [default: drop]",
)  # fmt: skip
def new_rule(file: str, name: str, removes: Sequence[str], keeps: Sequence[str], about: str, action: Action) -> int:
    from zhnorm.batch.write import WholeFile
    from zhnorm.rules import Pack, check_names, load_pack
    from zhnorm.rules.check import lint
    from zhnorm.rules.draft import draft_rule

    path = Path(file)
    pack = _load(file) if path.exists() else Pack(path.stem, "", ())
    check_names([pack])
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii():
        raise UsageError(
            Message("{name!r}: not a name for a rule", name=name),
            hint="letters, digits and hyphens, such as read-in-app",
        )
    if any(rule.id == name for rule in pack.rules):
        raise UsageError(
            Message("{file}: has a rule {name!r} already", file=file, name=name),
            hint="names are never used twice: ledgers cite them",
        )
    rule = draft_rule(f"{pack.name}/{name}", removes, keeps, action=action, about=about or "To be described.")
    old = path.read_text("utf-8-sig") if path.exists() else 'about = "Rules of my own."\n'
    text = old.rstrip("\n") + "\n\n" + "".join(list(_as_toml(rule))).partition("\n")[2]
    load_pack(file, text)
    with WholeFile(file) as out:
        out.write(text.encode("utf-8"))
    StandardOutput().write_text(f"{visible(rule.name)}: {visible(' '.join(rule.match))}\n")
    for warning in lint(rule):
        say(Message("{file}: {name}: {warning}", file=file, name=rule.name, warning=warning))
    say(
        Message("written to {file}", file=file),
        hint=Message("try it: zhnorm clean page.txt --rules {file} --diff", file=file),
    )
    return 0


def _packs(files: Sequence[str], names: Sequence[str]) -> list[Pack]:
    from zhnorm.rules import check_names, load_pack

    own = list(map(_load, files))
    check_names(own)
    return [*map(load_pack, names), *own]


def _load(path: str) -> Pack:
    from zhnorm.rules import load_pack

    try:
        return load_pack(Path(path))
    except ReadError as error:
        raise RulesError(error.message, hint=error.hint) from error


def _as_toml(rule: Rule) -> Iterator[str]:
    """The rule's fields, those at their default left out."""
    yield f"# {visible(rule.name)}\n[[rule]]\n"
    for name, value in rule._asdict().items():
        if name in ("name", "pack") or value == rule._field_defaults.get(name):
            continue
        if isinstance(value, tuple):
            rows = "".join(f"    {_quote(part)},\n" for part in value)
            yield f"{name} = [\n{rows}]\n"
        else:
            yield f"{name} = {_quote(value)}\n"


def _quote(value: object) -> str:
    """A TOML value; its text and JSON's are escaped alike for all that is shown here."""
    return visible(json.dumps(value, ensure_ascii=False))

"""Pictures of the machines for README.md, as the code and the data have them (`python -m services.registration.domain.pictures`).

Mermaid, which code hosts and editors draw; a test holds the README against it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from services.registration.domain.authority import Ask
from services.registration.domain.bundle_types import BundleKind, authority_name, bundle_kinds
from services.registration.domain.cases.facts import DECLARATIONS, VALUES
from services.registration.domain.cases.kinds import KINDS
from services.registration.domain.entity import STATE_CHANGES, EntityState

_CHINESE = {
    EntityState.ACTIVE: "存续", EntityState.DORMANT: "歇业", EntityState.CANCELLING: "简易注销公告", EntityState.CLEARING: "清算",
    EntityState.LICENCE_REVOKED: "吊销", EntityState.REGISTRATION_REVOKED: "撤销", EntityState.CANCELLED: "注销",
    EntityState.MOVED_OUT: "迁出",
}  # fmt: skip


def entity_picture() -> str:
    """The states of an entity and the ways between them, each with its article."""
    lines = ["stateDiagram-v2", "    [*] --> ACTIVE: set up, taken over"]
    lines += [f"    {state}: {state} {_CHINESE[state]}" for state in EntityState]
    for state, ways in STATE_CHANGES.items():
        lines += [f"    {state} --> {target}: {_short(article)}" for target, article in ways.items()]
        lines += [] if ways else [f"    {state} --> [*]"]
    return "\n".join(lines) + "\n"


def _short(article: str) -> str:
    # a semicolon would end the statement
    return (
        article.replace("市场主体登记管理条例实施细则", "实施细则")
        .replace("市场主体登记管理条例", "条例")
        .replace("; ", ", ")
    )


def bundle_picture(kind: BundleKind) -> str:
    """The parts of a bundle, who does them, and what each waits for. All checks are one knot, or arrows cover the picture."""
    lines = ["flowchart LR"]
    lines += [f'    {rule.key}["{rule.key}<br>{authority_name(rule.authority)} {rule.ask}"]' for rule in kind.parts]
    if any(rule.ask is Ask.CHECK for rule in kind.parts):
        lines.append("    checked{{all checks}}")
    for rule in kind.parts:
        before = ["checked" if kind.rule(key).ask is Ask.CHECK else key for key in rule.after]
        lines += [f"    {key} --> {rule.key}" for key in dict.fromkeys(before)]
        lines += [f"    {rule.key} --> checked"] if rule.ask is Ask.CHECK else []
    return "\n".join(lines) + "\n"


def readme_block() -> str:
    """What stands in README.md between its marks."""
    pictures = [("An entity", entity_picture())]
    pictures += [(f"{kind.name}: {kind.name_en}", bundle_picture(kind)) for kind in bundle_kinds().values()]
    return "\n".join(f"{title}\n```mermaid\n{picture}```\n" for title, picture in pictures)


def facts_block() -> str:
    """What is said in cases, by kind and step, and what each fact means. What is missing is told when the step is taken."""
    lines = ["| kind | when it is opened | in its steps |", "|---|---|---|"]
    for kind in KINDS.values():
        steps = {action.name: action.uses for action in kind.actions if action.uses}
        said = "; ".join(f"{name}: {_named(uses)}" for name, uses in steps.items())
        lines.append(f"| {kind.key} | {_named(kind.uses or ())} | {said} |")
    lines += ["", "| fact | means |", "|---|---|"]
    lines += [f"| `{name}` | declares: {text} |" for name, text in DECLARATIONS.items()]
    lines += [f"| `{name}` | {text} |" for name, text in VALUES.items()]
    return "\n".join(lines) + "\n"


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


if __name__ == "__main__":
    sys.stdout.write(readme_block())

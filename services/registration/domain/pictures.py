"""Pictures of the machines for README.md, as the code and the data have them (`python -m services.registration.domain.pictures`).

Mermaid, which code hosts and editors draw; a test holds the README against it.
"""

from __future__ import annotations

import sys

from services.registration.domain.authority import Ask
from services.registration.domain.bundle_types import BundleKind, authority_name, bundle_kinds
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


if __name__ == "__main__":
    sys.stdout.write(readme_block())

"""Rules about the image: each reads the Dockerfile in a tree and returns what breaks it, as sentences."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

TOOLS = re.compile(r"\b(dev\.lock|requirements/dev|pytest|mypy|ruff|apt-get install|git|npm|curl|wget)\b")
# What a process opens besides its modules.
DATA = {".yaml", ".txt", ".typ", ".html", ".css", ".js", ".svg", ".png", ".json"}


@dataclass
class Stage:
    """One `FROM … AS …` and its instructions in order; `base` is an earlier stage or the base image."""

    base: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def copies(self) -> list[tuple[list[str], str]]:
        """Sources from the tree, and the target."""
        found = []
        for instruction, rest in self.steps:
            if instruction == "COPY" and not rest.startswith("--from"):
                *sources, target = rest.split()
                found.append((sources, target))
        return found


def stages(root: Path) -> tuple[dict[str, str], list[Stage]]:
    """Arguments before the first stage, and the stages."""
    text = re.sub(r"^\s*#.*\n", "", (root / "deploy" / "Dockerfile").read_text(encoding="utf-8"), flags=re.M)
    arguments: dict[str, str] = {}
    found: list[Stage] = []
    for line in filter(None, map(str.strip, re.sub(r"\\\n\s*", " ", text).splitlines())):
        instruction, _, rest = line.partition(" ")
        if instruction == "FROM":
            base, _, name = rest.partition(" AS ")
            found.append(Stage(base, name))
        elif instruction == "ARG" and not found:
            key, _, value = rest.partition("=")
            arguments[key] = value
        else:
            found[-1].steps.append((instruction, rest))
    return arguments, found


def lineage(root: Path, name: str) -> list[Stage]:
    """The stages that a stage stands on, the lowest first."""
    by_name = {stage.name: stage for stage in stages(root)[1]}
    found = [by_name[name]]
    while found[0].base in by_name:
        found.insert(0, by_name[found[0].base])
    return found


def final(root: Path) -> list[Stage]:
    return lineage(root, stages(root)[1][-1].name)


def missing_sources(root: Path) -> list[str]:
    """Every source is in the tree, and .dockerignore lets it into the build."""
    sources = [s for stage in stages(root)[1] for found, _target in stage.copies() for s in found]
    return [f"{source} does not exist" for source in sources if not (root / source).exists()] + [
        f"{source} is kept out by .dockerignore" for source in sources if not _enters(root, source)
    ]


def floating_bases(root: Path) -> list[str]:
    """Every stage stands on the one argument, which names a full version or a digest."""
    arguments, found = stages(root)
    names = {stage.name for stage in found}
    wrong = [f"stage {s.name} stands on {s.base}" for s in found if s.base != "${BASE}" and s.base not in names]
    pinned = re.fullmatch(r"[\w./-]+(:\d+\.\d+\.\d+[\w.-]*|@sha256:[0-9a-f]{64})", arguments.get("BASE", ""))
    return wrong + ([] if pinned else [f"BASE={arguments.get('BASE')} is not pinned"])


def privileged_user(root: Path) -> list[str]:
    """The process runs as a number that is not root: Kubernetes can tell from a number only."""
    users = [rest for stage in final(root) for instruction, rest in stage.steps if instruction == "USER"]
    good = users and re.fullmatch(r"[1-9]\d*(:[1-9]\d*)?", users[-1])
    return [] if good else [f"USER {users[-1] if users else 'is root'}"]


def tools_inside(root: Path) -> list[str]:
    """Installers and checkers stay in earlier stages; the development issuer is in a target of its own."""
    steps = [step for stage in final(root) for step in stage.steps]
    wrong = [f"the image runs: {rest}" for instruction, rest in steps if instruction == "RUN" and TOOLS.search(rest)]
    wrong += [
        f"the image gets {rest}" for instruction, rest in steps if instruction == "COPY" and "deploy/local" in rest
    ]
    removed = any(
        instruction == "RUN" and "pip uninstall" in rest and rest.endswith(" pip") for instruction, rest in steps
    )
    return wrong + ([] if removed else ["the image keeps pip"])


def careless_layers(root: Path) -> list[str]:
    """Packages come before code, and the code that changes most comes last."""
    text = "\n".join(f"{i} {rest}" for stage in final(root) for i, rest in stage.steps)
    order = [text.find(part) for part in ("COPY --from=packages", "COPY shared", "COPY services", "USER")]
    return (
        []
        if order == sorted(order) and -1 not in order
        else ["layers are not in the order packages, kit, services, user"]
    )


def lay_out(root: Path, target: Path, stage: str = "final") -> None:
    """Put the files of a stage where the image has them (links instead of copies of what is large)."""
    for layer in lineage(root, stage):
        for sources, place in layer.copies():
            for source in sources:
                into = target / place / Path(source).name if place.endswith("/") else target / place
                into.parent.mkdir(parents=True, exist_ok=True)
                if (root / source).is_dir():
                    shutil.copytree(root / source, into, ignore=shutil.ignore_patterns("__pycache__", "*.otf"))
                else:
                    shutil.copy(root / source, into)


def missing_data(root: Path, image: Path) -> list[str]:
    """Every data file beside the code of a process is in the image."""
    return [
        f"{path.relative_to(root)} is not in the image"
        for folder in ("shared", "services", "gateway")
        for path in sorted((root / folder).rglob("*"))
        if path.suffix in DATA and not (image / path.relative_to(root)).exists()
    ]


def _enters(root: Path, source: str) -> bool:
    """Whether .dockerignore lets a path in: the last line that fits it or a folder above it decides."""
    enters = True
    for line in (root / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        bare = pattern.removeprefix("!")
        parts = source.split("/")
        if any(fnmatch("/".join(parts[:n]), bare) for n in range(1, len(parts) + 1)):
            enters = pattern.startswith("!")
    return enters

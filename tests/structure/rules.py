"""Rules about the tree as a whole: each function walks it and returns what breaks the rule, as sentences.

They take the root so that the tests can plant a fault in a copy and see that it is found.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

SERVICE_FILES = (
    "README.md",
    "__init__.py",
    "__main__.py",
    "config.py",
    "domain",
    "usecases",
    "store",
    "rpc",
    "handlers",
)
CODE_FOLDERS = ("shared", "services", "gateway", "deploy", "tests")
MAX_LINES, MAX_KIT_LINES = 400, 160
METRIC = re.compile(r'"(tongban_[a-z_]+)"')


def python_files(root: Path, *folders: str) -> list[Path]:
    return sorted(p for folder in folders for p in (root / folder).rglob("*.py") if "vendor" not in p.parts)


def topology(root: Path) -> dict:
    return yaml.safe_load((root / "deploy" / "topology.yaml").read_text(encoding="utf-8"))


def missing_service_files(root: Path) -> list[str]:
    """Every service of the topology has the same files; a long one may be a package of the same name."""
    problems = []
    for service in topology(root)["services"]:
        folder = root / "services" / service
        for name in SERVICE_FILES:
            there = (
                (folder / name).exists()
                if "." in name
                else (folder / f"{name}.py").exists() or (folder / name / "__init__.py").exists()
            )
            if not there:
                problems.append(f"services/{service} has no {name}")
    extra = {p.name for p in (root / "services").iterdir() if p.is_dir() and p.name != "__pycache__"} - set(
        topology(root)["services"]
    )
    return problems + [f"services/{name} is not in the topology" for name in sorted(extra)]


def long_files(root: Path) -> list[str]:
    """No file grows without limit; the kit's are shorter still."""
    problems = []
    for path in python_files(root, *CODE_FOLDERS):
        lines = sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
        limit = MAX_KIT_LINES if path.is_relative_to(root / "shared") else MAX_LINES
        if lines > limit:
            problems.append(f"{path.relative_to(root)} has {lines} lines, more than {limit}")
    return problems


def declared_events(root: Path) -> dict[str, list[str]]:
    """Events by service as the topology lists them."""
    return {name: list(body["publishes"]) for name, body in topology(root)["services"].items()}


def proto_messages(root: Path, service: str) -> dict[str, list[str]]:
    """Messages of a service's events.proto with their field names."""
    path = root / "protos" / "tongban" / service / "v1" / "events.proto"
    if not path.exists():
        return {}
    text = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
    return {
        name: re.findall(r"(\w+)\s*=\s*\d+\s*;", body)
        for name, body in re.findall(r"message (\w+) \{(.*?)\n\}", text, re.S)
    }


def event_classes(root: Path, service: str) -> dict[str, list[str]]:
    """Event dataclasses of a service's domain with their field names."""
    for path in (root / "services" / service / "domain" / "events.py", root / "services" / service / "domain.py"):
        if path.exists():
            tree = ast.parse(path.read_text(encoding="utf-8"))
            return {
                node.name: [
                    s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)
                ]
                for node in tree.body
                if isinstance(node, ast.ClassDef)
            }
    return {}


def event_problems(root: Path) -> list[str]:
    """Every event has its message, its domain class with the same fields, a use that publishes it, and a line in docs/events.md."""
    problems = []
    documented = (root / "docs" / "events.md").read_text(encoding="utf-8")
    for service, events in declared_events(root).items():
        messages, classes = proto_messages(root, service), event_classes(root, service)
        code = "\n".join(
            path.read_text(encoding="utf-8")
            for path in python_files(root, f"services/{service}")
            if path.name != "events.py"
        )
        for name in sorted(set(messages) - set(events)):
            problems.append(f"{service}: events.proto has {name}, the topology does not")
        for event in events:
            if event not in messages:
                problems.append(f"{service}: {event} has no message in events.proto")
            elif messages[event] != classes.get(event):
                problems.append(f"{service}: fields of {event} differ between events.proto and the domain")
            if f"{event}(" not in code:
                problems.append(f"{service}: nothing publishes {event}")
            if f"`{service}.{event}`" not in documented:
                problems.append(f"docs/events.md does not describe {service}.{event}")
    return problems


def queue_problems(root: Path) -> list[str]:
    """Every queue of the topology has its handler and its event a publisher; every handler has its queue."""
    problems = []
    events = declared_events(root)
    for service, body in topology(root)["services"].items():
        path = root / "services" / service / "handlers.py"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        handled = dict(re.findall(r'@on_events\("([^"]+)"\)\s+def (\w+)', text))
        for queue, event in body["consumes"].items():
            publisher, name = event.split(".")
            if queue not in handled:
                problems.append(f"{queue} has no handler")
            elif handled[queue] != queue.split(".")[1]:
                problems.append(f"{queue} is handled by {handled[queue]}, not by its namesake")
            if name not in events.get(publisher, ()):
                problems.append(f"{queue} waits for {event}, which nobody publishes")
        problems += [
            f"handler of {queue} has no queue in the topology" for queue in handled if queue not in body["consumes"]
        ]
    return problems


def question_problems(root: Path) -> list[str]:
    """Every question between services says why, and is answered by a method of that name; no method answers unasked."""
    problems, listed = [], topology(root).get("questions", {})
    for name, body in listed.items():
        if not body.get("reason"):
            problems.append(f"question {name} has no reason")
    for service in topology(root)["services"]:
        path = root / "services" / service / "handlers.py"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        answered = {f"{service}.{method}" for method in re.findall(r"@answers\b.*\n    def (\w+)", text)}
        asked = {name for name in listed if name.startswith(f"{service}.")}
        problems += [f"question {name} has no answer" for name in sorted(asked - answered)]
        problems += [f"{name} is answered but not listed as a question" for name in sorted(answered - asked)]
    return problems


def undocumented_metrics(root: Path) -> list[str]:
    """Every metric in the code stands in docs/metrics.md, and the reverse."""
    found = {
        name
        for path in python_files(root, "shared", "services", "gateway")
        for name in METRIC.findall(path.read_text(encoding="utf-8"))
    }
    documented = set(re.findall(r"`(tongban_[a-z_]+)`", (root / "docs" / "metrics.md").read_text(encoding="utf-8")))
    return [f"docs/metrics.md does not describe {name}" for name in sorted(found - documented)] + [
        f"docs/metrics.md describes {name}, which nothing exports" for name in sorted(documented - found)
    ]


def undocumented_settings(root: Path) -> list[str]:
    """Every setting of a service stands in its README."""
    common = set(re.findall(r"^    (\w+): Annotated\[", (root / "shared" / "settings.py").read_text(), re.M))
    problems = []
    for service in topology(root)["services"]:
        readme = (root / "services" / service / "README.md").read_text(encoding="utf-8")
        config = (root / "services" / service / "config.py").read_text(encoding="utf-8")
        own = set(re.findall(r"^    (\w+): Annotated\[", config, re.M))
        for name in sorted(common | own):
            if f"TONGBAN_{name.upper()}" not in readme:
                problems.append(f"services/{service}/README.md does not list TONGBAN_{name.upper()}")
    return problems


def direct_store_connections(root: Path) -> list[str]:
    """Only shared/mongo.py opens a store: elsewhere the write concern would be anybody's guess."""
    return [
        f"{path.relative_to(root)} opens a store by itself"
        for path in python_files(root, "shared", "services", "gateway")
        if path != root / "shared" / "mongo.py"
        and re.search(r"\bMongoClient\(|mongoengine\.connect\(", path.read_text(encoding="utf-8"))
    ]


def unpatched_workers(root: Path) -> list[str]:
    """A worker patches the standard library before its first other import."""
    problems = []
    for service in topology(root)["services"]:
        path = root / "services" / service / "__main__.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        before = []
        for node in tree.body:
            if isinstance(node, ast.If) and "patch()" in ast.unparse(node):
                break
            if isinstance(node, ast.Import | ast.ImportFrom):
                before.append(ast.unparse(node))
        else:
            problems.append(f"services/{service}/__main__.py never patches")
        if set(before) - {"from __future__ import annotations", "import sys"}:
            problems.append(f"services/{service}/__main__.py imports {before} before it patches")
    return problems


def foreign_addresses(root: Path) -> list[str]:
    """Everything works offline: pages and styles name no other host (documentation links in comments aside)."""
    problems = []
    for folder in ("gateway", "services"):
        for path in (root / folder).rglob("*"):
            if path.suffix in {".html", ".css", ".jinja", ".typ"} and "vendor" not in path.parts:
                for url in re.findall(
                    r'(?:src|href|@import|url)\s*[=(]\s*["\']?(https?://[^"\')\s]+)', path.read_text(encoding="utf-8")
                ):
                    problems.append(f"{path.relative_to(root)} loads {url}")
    return problems


def stale_pitfalls(root: Path) -> list[str]:
    """Every test that docs/runtime-pitfalls.md names exists, and all eighteen pitfalls stand there."""
    text = (root / "docs" / "runtime-pitfalls.md").read_text(encoding="utf-8")
    tests = "\n".join(path.read_text(encoding="utf-8") for path in python_files(root, "tests"))
    missing = [name for name in sorted(set(re.findall(r"`(test_\w+)`", text))) if f"def {name}(" not in tests]
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \|", text, re.M)]
    return [f"docs/runtime-pitfalls.md names {name}, which does not exist" for name in missing] + (
        [] if numbers == list(range(1, 19)) else ["docs/runtime-pitfalls.md does not list pitfalls 1 to 18 in order"]
    )

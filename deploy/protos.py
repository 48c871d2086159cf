"""Generate Python from `protos/` into `protos/gen` (checked in), and check that it is in step.

`python -m deploy.protos` writes; `python -m deploy.protos --check` fails when the checked-in code differs from what the
protos give; `--release` makes today's protos the ones that later changes must not break. The generator is grpcio-tools'
own protoc, pinned beside grpcio, so that both always fit.
"""

from __future__ import annotations

import filecmp
import importlib.resources
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTOS = ROOT / "protos"
GENERATED = PROTOS / "gen"


def proto_files() -> list[str]:
    """Every proto of the tree, relative to `protos/`."""
    return sorted(str(path.relative_to(PROTOS)) for path in PROTOS.rglob("*.proto"))


def generate(target: Path) -> None:
    """Write messages, type stubs and gRPC code of every proto below `target`."""
    from grpc_tools import protoc

    google = importlib.resources.files("grpc_tools") / "_proto"
    files = proto_files()
    services = [name for name in files if name.endswith("service.proto")]
    base = ["protoc", f"-I{PROTOS}", f"-I{google}"]
    plugin = f"--plugin=protoc-gen-mypy_grpc={Path(sys.executable).parent / 'protoc-gen-mypy_grpc'}"
    for arguments in (
        [*base, f"--python_out={target}", f"--pyi_out={target}", *files],
        [*base, plugin, f"--grpc_python_out={target}", f"--mypy_grpc_out={target}", *services],
    ):
        if protoc.main(arguments) != 0:
            raise SystemExit("protoc failed: see above")


def differences(left: Path, right: Path) -> list[str]:
    """Files that exist on one side only or differ, as paths relative to the roots."""

    def names(root: Path) -> set[Path]:
        return {path.relative_to(root) for path in root.rglob("*.py*") if "__pycache__" not in path.parts}

    both = names(left) & names(right)
    _, changed, errors = filecmp.cmpfiles(left, right, [str(name) for name in both], shallow=False)
    return sorted(str(name) for name in names(left) ^ names(right)) + sorted(changed + errors)


def main() -> None:
    """Command line entry: write, compare with `--check`, or move the released state with `--release`."""
    if "--release" in sys.argv:
        from deploy.check import BUF, RELEASED, install_tools

        install_tools()
        subprocess.run([str(BUF), "build", "--exclude-source-info", "-o", str(RELEASED)], cwd=PROTOS, check=True)
        return
    with tempfile.TemporaryDirectory() as directory:
        fresh = Path(directory)
        generate(fresh)
        stale = differences(fresh, GENERATED)
        if "--check" in sys.argv:
            if stale:
                raise SystemExit(
                    "generated code is not in step with the protos (run make protos):\n  " + "\n  ".join(stale)
                )
            return
        for name in stale:  # only what differs, so that a running process never meets an empty folder
            source, target = fresh / name, GENERATED / name
            if source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
            else:
                target.unlink()


if __name__ == "__main__":
    main()

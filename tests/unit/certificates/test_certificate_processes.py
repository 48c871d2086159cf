"""What the processes of certificates hold at rest."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.unit.certificates.samples import font_dir

ROOT = font_dir().parents[2]


@pytest.mark.parametrize("module", ["services.certificates.handlers", "services.certificates.rpc"])
def test_a_process_at_rest_has_loaded_neither_the_compiler_nor_the_pdf_library(module: str) -> None:
    program = (
        f"import sys; sys.argv = ['x']; import services.certificates.__main__, {module}\n"
        "print(sorted({'typst', 'pyhanko', 'asn1crypto', 'fontTools'} & set(sys.modules)))"
    )
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'protos' / 'gen'}"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

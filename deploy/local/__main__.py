"""`python -m deploy.local <command>`, also `.venv/bin/tongban <command>`."""

from __future__ import annotations

from deploy.local.cli import app

if __name__ == "__main__":
    app(prog_name="tongban")

"""What is left out of a service process: it is not loaded, cannot be used by mistake, and can still be had by who needs it."""

from __future__ import annotations

import subprocess
import sys

LOOK = """
import sys
import shared.settings
import pymongo, gridfs
loaded = sorted(m for m in sys.modules if m.endswith("asynchronous.mongo_client") or m.endswith("asynchronous.grid_file"))
try:
    pymongo.AsyncMongoClient("mongodb://127.0.0.1")
    said = "it can be used"
except NotImplementedError as error:
    said = str(error)
from pymongo.asynchronous.mongo_client import AsyncMongoClient
print(loaded, said, hasattr(AsyncMongoClient, "list_database_names"))
"""


def test_the_asynchronous_half_of_the_driver_is_a_stand_in_and_can_be_imported_afterwards() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] AsyncMongoClient is left out here (shared/lean.py) True"

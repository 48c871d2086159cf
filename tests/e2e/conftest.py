"""Two whole platforms of their own, as `make two-regions` starts them, for the end-to-end tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bench.platform import Platform, platform
from tests.e2e.regions import Regions, with_partner

# what deploy/regions/440305.yaml adds
PARTNER_OFFSET = 500


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """All processes of the home region, with data and ports of their own."""
    with platform(tmp_path_factory.mktemp("platform") / "state", beside=(PARTNER_OFFSET,)) as started:
        yield started


@pytest.fixture(scope="session")
def regions(home: Platform) -> Iterator[Regions]:
    """Home and its partner, which know each other."""
    with with_partner(home) as both:
        yield both


@pytest.fixture(scope="session")
def running(home: Platform, regions: Regions) -> Platform:
    """The home region, with its partner beside it."""
    return home

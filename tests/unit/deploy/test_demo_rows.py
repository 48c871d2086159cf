"""What the demo makes up: stores of its own, which the rules of names must let in however often it is played."""

from __future__ import annotations

from deploy.demo.rows import store_application
from services.registration.domain.name_judgement import name_violations
from services.registration.domain.naming import name_key, parse_name

REGION = "320411"
PLAYED = 500


def test_the_stores_of_many_demos_have_lawful_names_that_do_not_meet() -> None:
    """With three characters of sixteen one demo in forty met the name of an earlier store, and waited in vain for it."""
    parts = [parse_name(store_application([], REGION)["name"], "LIMITED_COMPANY", REGION) for _ in range(PLAYED)]

    assert [name_violations(part, REGION, "LIMITED_COMPANY") for part in parts] == [[]] * PLAYED
    # chance: 500 of 3.5 million names meet once in 28 runs; three hundred times as many would with too few characters
    assert len({name_key(part, REGION) for part in parts}) >= PLAYED - 2

"""What the tests of a bake share."""

import pytest

from tests.conftest import Bake
from tests.support.baking import AWKWARD_ANSWERS, BakedProject


@pytest.fixture(scope="session")
def default_project(bake: Bake) -> BakedProject:
    """The project of somebody who presses Enter at every question."""
    return bake()


@pytest.fixture(scope="session")
def awkward_project(bake: Bake) -> BakedProject:
    """A project of answers that a template is likely to break on."""
    return bake(**AWKWARD_ANSWERS)

"""The examples in the docstrings."""

import doctest
import importlib
import pkgutil

import pytest

import answers

MODULES = [module.name for module in pkgutil.iter_modules(answers.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"answers.{name}")).failed == 0

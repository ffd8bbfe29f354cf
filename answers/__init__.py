"""The grammar of the answers: what they mean, what is wrong with them, how they are written out.

local_extensions.py loads this package under a name of its own, so its modules
import each other by relative names. Cookiecutter installs Jinja and
python-slugify; nothing else may be imported. Nothing may be imported or read
later than at the start either: by then another version may be in the folder.
"""

from .rendering import extend

__all__ = ["extend"]

"""Read Python sources as trees, and what Markdown shows."""

import ast
import re
from pathlib import Path


def parse(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imports(file: Path) -> set[str]:
    nodes = list(ast.walk(parse(file)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    """Return the calls of a function or method of that name, in order."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in found if ast.unparse(call.func).split(".")[-1] == name]


def literal_arguments(call: ast.Call) -> dict[str, str]:
    """Return the first argument, as "", and those with a name."""
    given = [("", argument) for argument in call.args]
    given += [(keyword.arg or "", keyword.value) for keyword in call.keywords]
    return {name: str(ast.literal_eval(value)) for name, value in given}


def unescaped(markdown: str) -> str:
    """Return what Markdown shows of a text whose characters are escaped."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


def shape(source: str) -> str:
    """Return the tree of a source with every text blanked."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)

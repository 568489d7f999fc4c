"""What `fastw2v.training` may import."""

import ast
from pathlib import Path

import fastw2v


def test_training_uses_nothing_of_engines_but_the_protocol():
    """No module of `fastw2v.training` imports kernels or compiled code, or, of the engines,
    anything but the protocol, the factory and the table of shapes."""
    folder = Path(fastw2v.__file__).parent / "training"
    allowed = {f"fastw2v.engines.{name}" for name in ("protocol", "factory", "shapes")}
    found = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            for name in filter(None, names):
                assert not name.startswith(("fastw2v.kernels", "fastw2v.jit")), (path.name, name)
                if name.startswith("fastw2v.engines"):
                    assert name in allowed, (path.name, name)
                    found.add(name)
    assert "fastw2v.engines.protocol" in found

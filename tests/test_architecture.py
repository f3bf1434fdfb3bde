"""The shape of the house: data flows one way, files stay small, heavy libraries stay where they belong."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import newsbot

SOURCE = Path(newsbot.__file__).parent
LAYERS = [
    {"errors", "models", "settings"},
    {"articles", "encoding", "frontmatter", "language", "paragraphs", "passages", "sentences", "stopwords"},
    {"indexing"},
    {"retrieval", "answering", "chain", "api"},
    {"cli", "chat", "terminal", "jsonlines", "watching", "discord", "doctor", "evaluation", "__main__", "__init__"},
]
HEAVY = {"torch", "sentence_transformers", "transformers", "chromadb", "discord", "langchain", "sklearn", "scipy"}
MODULES = sorted(SOURCE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def layer(name: str) -> int:
    return next(number for number, rooms in enumerate(LAYERS) if name in rooms)


def imports(path: Path, *, top_level: bool) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level else ast.walk(tree)
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_layer_imports_only_from_itself_and_from_those_above_it(path: Path) -> None:
    if room(path) == "__init__":
        return
    for name in imports(path, top_level=False):
        parts = name.split(".")
        if parts[0] == "newsbot" and len(parts) > 1 and any(parts[1] in rooms for rooms in LAYERS):
            assert layer(parts[1]) <= layer(room(path)), f"{path.name} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_file_is_small_and_knows_no_heavy_library_at_its_top(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 260
    if "discord" not in path.relative_to(SOURCE).parts:
        heavy = {name for name in imports(path, top_level=True) if name.split(".")[0] in HEAVY}
        assert not heavy, f"{path.name} imports {heavy}"


def test_importing_newsbot_loads_nothing_heavy() -> None:
    code = "import sys, newsbot; print(sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = set(ast.literal_eval(subprocess.check_output([sys.executable, "-c", code], text=True)))
    assert not loaded & (HEAVY | {"numpy", "langchain_core", "pydantic", "rich", "click"})


def test_the_public_names() -> None:
    assert set(newsbot.__all__) == {
        "Answer",
        "Citation",
        "Delta",
        "Hit",
        "Newsbot",
        "NewsbotError",
        "Passage",
        "Progress",
        "Settings",
        "Source",
        "Turn",
    }
    for name in newsbot.__all__:
        assert getattr(newsbot, name)

"""Settings are read once, are the same everywhere, and say what is wrong without saying a secret."""

from pathlib import Path

import pytest

from newsbot.errors import SettingsError
from newsbot.settings import Settings


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("NEWSBOT_SEEDS_DIR=from-file\nNEWSBOT_INDEX_DIR='spaced folder'\n")
    found = Settings.read({"NEWSBOT_SEEDS_DIR": "from-environment", "HOME": "/"}, file)
    assert (found.seeds_dir, found.index_dir) == (Path("from-environment"), Path("spaced folder"))


def test_an_empty_value_is_the_default() -> None:
    assert Settings.read({"NEWSBOT_EMBEDDING_MODEL": " "}, None) == Settings()


@pytest.mark.parametrize("name", ["NEWSBOT_SEED_DIR", "NEWSBOT_SEEDS_DIRR", "NEWSBOT_SEEDDIR"])
def test_an_unknown_name_suggests_the_nearest(name: str) -> None:
    with pytest.raises(SettingsError, match=f"no setting {name}; did you mean NEWSBOT_SEEDS_DIR"):
        Settings.read({name: "x"}, None)


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"NEWSBOT_SEEDS_DIR=\xff\xfe\x00")
    with pytest.raises(SettingsError, match="cannot be read as UTF-8"):
        Settings.read({}, tmp_path / ".env")


def test_the_token_is_in_no_repr() -> None:
    assert "geheim" not in repr(Settings(discord_token="geheim"))

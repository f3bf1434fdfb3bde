"""Settings are read once, are the same everywhere, and say what is wrong without saying a secret."""

import os
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


def test_the_settings_of_a_shared_store_are_read() -> None:
    given = {"URL": "https://chroma.example:8443/", "TENANT": "paper", "DATABASE": "news", "TOKEN": "geheim-1"}
    found = Settings.read({f"NEWSBOT_CHROMA_{name}": value for name, value in given.items()}, None)
    assert (found.chroma_url, found.chroma_tenant) == ("https://chroma.example:8443", "paper")
    assert (found.chroma_database, found.chroma_token) == ("news", "geheim-1")
    assert "geheim" not in repr(found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "chroma:8000"),
        ("URL", "http://user:geheim@chroma:8000"),
        ("TENANT", "a/b"),
        ("DATABASE", "a b"),
        ("TOKEN", "geheim\nX-Other: 1"),
        ("TOKEN", "gehéim"),
    ],
)
def test_a_setting_of_a_shared_store_that_does_not_fit_is_named_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"NEWSBOT_CHROMA_{name}") as refused:
        Settings.read({f"NEWSBOT_CHROMA_{name}": value}, None)
    assert value not in str(refused.value)


def test_the_chat_settings_are_read() -> None:
    found = Settings.read(
        {
            "NEWSBOT_CHAT_MODEL": "openai:gpt-4o-mini",
            "NEWSBOT_CHAT_BASE_URL": "http://127.0.0.1:8000/v1/",
            "NEWSBOT_CHAT_TIMEOUT": "2.5",
            "NEWSBOT_CHAT_EVIDENCE": "9000",
            "NEWSBOT_CHAT_SECOND_LOOK": "yes",
            "NEWSBOT_CHAT_PRICE": "0.15/0.60",
        },
        None,
    )
    assert found.chat_base_url == "http://127.0.0.1:8000/v1"
    assert (found.chat_timeout, found.chat_evidence, found.chat_second_look) == (2.5, 9000, True)
    assert found.chat_price == (0.15, 0.6)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHAT_BASE_URL", "file:///etc/passwd"),
        ("CHAT_BASE_URL", "https://user:geheim@host/v1"),
        ("CHAT_TIMEOUT", "soon"),
        ("CHAT_EVIDENCE", "-1"),
        ("CHAT_PRICE", "cheap"),
    ],
)
def test_a_chat_setting_that_does_not_fit_is_named_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"NEWSBOT_{name}") as refused:
        Settings.read({f"NEWSBOT_{name}": value}, None)
    assert value not in str(refused.value)


def test_what_the_file_holds_for_others_reaches_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text("OPENAI_API_KEY=sleutel\nLANGSMITH_TRACING=true\nDISCORD_TOKEN=x\nNEWSBOT_CHAT_MODEL=a:b\n")
    monkeypatch.setenv("OPENAI_API_KEY", "of the environment")
    for name in ("LANGSMITH_TRACING", "DISCORD_TOKEN", "NEWSBOT_CHAT_MODEL"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    Settings.read(dotenv=file)
    assert os.environ["OPENAI_API_KEY"] == "of the environment"
    assert os.environ["LANGSMITH_TRACING"] == "true"
    assert not {"DISCORD_TOKEN", "NEWSBOT_CHAT_MODEL"} & set(os.environ)

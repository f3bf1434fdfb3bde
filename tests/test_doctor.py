"""The doctor names what is wrong, says what to do, and leaves everything as it was."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from newsbot import doctor
from newsbot.api import Newsbot
from newsbot.doctor import engines, sharing, storage
from newsbot.errors import ModelError
from newsbot.indexing import builder
from newsbot.indexing.generations import Generations
from newsbot.models import Finding
from newsbot.settings import Settings

from .chroma import Store, free_port

ARTICLE = "Een titel\n\nJan woont in Delft. Marie woont in Gent. De trein tussen beide steden kost 12 euro.\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text(ARTICLE, encoding="utf-8")
    return Settings(seeds_dir=tmp_path / "seeds", index_dir=tmp_path / "index")


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    bot = Newsbot.open(settings)
    bot.refresh()
    bot.close()
    return settings


def of(subject: str, settings: Settings) -> list[Finding]:
    return [each for each in doctor.findings(settings) if each.subject == subject]


def wrong(subject: str, settings: Settings) -> list[tuple[str, str, str]]:
    return [(each.verdict, each.text, each.remedy) for each in of(subject, settings) if each.verdict != "ok"]


def test_nothing_is_wrong_with_an_index_in_line_with_its_seeds(indexed: Settings) -> None:
    found = doctor.findings(indexed)
    assert {each.verdict for each in found} == {"ok"}
    assert doctor.healthy(found)
    name = Generations(indexed.index_dir).current()
    texts = [each.text for each in found if each.subject == "index"]
    assert f"Generation {name} serves 1 article in 1 passage." in texts
    assert "It is in line with the seeds." in texts
    assert "Every file of it can be read." in texts
    assert any("MB, serves." in each for each in texts)


def test_without_an_index_it_warns_and_creates_nothing(settings: Settings) -> None:
    assert wrong("index", settings) == [
        ("warning", "There is no index yet.", "Run `newsbot index`, or ask something: it is built then.")
    ]
    assert doctor.healthy(doctor.findings(settings))
    assert not settings.index_dir.exists()


def test_an_unknown_setting_is_broken_and_the_nearest_name_is_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSBOT_SEED_DIR", "x")
    found = doctor.findings()
    assert found == [
        Finding("broken", "settings", "There is no setting NEWSBOT_SEED_DIR.", "Did you mean NEWSBOT_SEEDS_DIR?")
    ]
    assert not doctor.healthy(found)


def test_changed_settings_are_named_and_secrets_are_not_shown(settings: Settings) -> None:
    secret = Settings(settings.seeds_dir, settings.index_dir, discord_token="hush-hush")
    assert [each.text for each in of("settings", secret)] == [
        "Set: NEWSBOT_SEEDS_DIR, NEWSBOT_INDEX_DIR, DISCORD_TOKEN."
    ]
    assert "hush" not in str(doctor.findings(secret))


# --- seeds ------------------------------------------------------------------------------------------------------------


def test_no_seeds_folder_is_broken(settings: Settings) -> None:
    shutil.rmtree(settings.seeds_dir)
    assert [verdict for verdict, _, _ in wrong("seeds", settings)] == ["broken"]
    assert not doctor.healthy(doctor.findings(settings))


def test_no_article_is_broken(settings: Settings) -> None:
    (settings.seeds_dir / "a.txt").unlink()
    ((verdict, text, remedy),) = wrong("seeds", settings)
    assert (verdict, text) == ("broken", f"There is no article in {settings.seeds_dir}.")
    assert remedy.startswith("Put an article (.txt, .md or .html) into")


@pytest.mark.parametrize("build", [False, True], ids=["new seeds", "known to the index"])
def test_seeds_that_cannot_be_read_are_named_with_the_reason(settings: Settings, build: bool) -> None:
    (settings.seeds_dir / "empty.txt").write_bytes(b"")
    (settings.seeds_dir / "photo.jpg").write_bytes(b"x")
    if build:
        bot = Newsbot.open(settings)
        bot.refresh()
        bot.close()
    assert [(verdict, text) for verdict, text, _ in wrong("seeds", settings)] == [
        ("warning", "empty.txt is not indexed. It is empty."),
        ("warning", "photo.jpg is not indexed. It is not a .txt, .md or .html file."),
    ]
    assert of("seeds", settings)[0].text == f"1 article in {settings.seeds_dir}."


def test_of_many_files_that_are_no_seeds_ten_are_named(settings: Settings) -> None:
    for number in range(14):
        (settings.seeds_dir / f"{number}.jpg").write_bytes(b"x")
    found = wrong("seeds", settings)
    assert len(found) == 11
    assert found[-1][1] == "4 more files are not indexed."


# --- index ------------------------------------------------------------------------------------------------------------


def test_an_index_behind_its_seeds_is_a_warning(indexed: Settings) -> None:
    (indexed.seeds_dir / "a.txt").unlink()
    (indexed.seeds_dir / "b.txt").write_text(ARTICLE, encoding="utf-8")
    assert wrong("index", indexed) == [
        ("warning", "It is behind the seeds: 1 new or changed, 1 removed.", "Run `newsbot index`.")
    ]


def test_an_index_of_another_embedding_model_is_a_warning(indexed: Settings, tmp_path: Path) -> None:
    other = Settings(indexed.seeds_dir, indexed.index_dir, embedding_model=str(tmp_path / "model"))
    verdict, text, remedy = wrong("index", other)[0]
    assert (verdict, remedy) == ("warning", "Run `newsbot index`.")
    assert text.startswith("It was made with the embedding model builtin")


@pytest.mark.parametrize("content", ["", "{", '{"schema": 1}', '{"schema": 999}', "\0\0"])
def test_a_damaged_or_foreign_manifest_is_broken(indexed: Settings, content: str) -> None:
    generations = Generations(indexed.index_dir)
    (generations.folder(generations.current()) / "manifest.json").write_text(content)
    ((verdict, _, remedy),) = wrong("index", indexed)
    assert (verdict, remedy) == ("broken", "Run `newsbot index --rebuild`.")


@pytest.mark.parametrize("part", ["lexical/ids.npy", "lexical/rows.json", "chroma/chroma.sqlite3"])
def test_a_truncated_file_of_the_index_is_broken(indexed: Settings, part: str) -> None:
    generations = Generations(indexed.index_dir)
    path = generations.folder(generations.current()) / part
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    ((verdict, text, remedy),) = wrong("index", indexed)
    assert (verdict, text, remedy) == ("broken", "The index is damaged.", "Run `newsbot index --rebuild`.")


def test_a_vanished_generation_is_broken(indexed: Settings) -> None:
    generations = Generations(indexed.index_dir)
    shutil.rmtree(generations.folder(generations.current()))
    assert [verdict for verdict, _, _ in wrong("index", indexed)] == ["broken"]


def test_what_unused_generations_take_is_told(indexed: Settings) -> None:
    left = indexed.index_dir / "000099-dead00"
    left.mkdir()
    (left / "chroma.bin").write_bytes(bytes(3_000_000))
    assert wrong("index", indexed) == [
        ("warning", "3.0 MB belong to unused generations.", "Run `newsbot index`; it frees them.")
    ]
    assert "Generation 000099-dead00: 3.0 MB, unused." in [each.text for each in of("index", indexed)]
    assert left.exists()


def test_what_a_stopped_build_left_is_of_use(indexed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b", "c"):
        (indexed.seeds_dir / f"{name}.txt").write_text(ARTICLE.replace("Jan", name), encoding="utf-8")
    with monkeypatch.context() as patch, Newsbot.open(indexed) as bot:
        patch.setattr(builder, "LARGEST", 1)
        patch.setattr(Generations, "publish", lambda *_: sys.exit())
        with pytest.raises(SystemExit):
            bot.refresh()
    assert any("goes on from it" in each.text for each in of("index", indexed))
    assert wrong("index", indexed) == [
        ("warning", "It is behind the seeds: 2 new or changed, 0 removed.", "Run `newsbot index`.")
    ]


def test_a_generation_that_is_still_read_is_not_unused(indexed: Settings) -> None:
    generations = Generations(indexed.index_dir)
    old = generations.current()
    handle = generations.lease(old)
    assert handle is not None
    with handle:
        (indexed.seeds_dir / "a.txt").write_text(ARTICLE + "Nog een zin.\n", encoding="utf-8")
        bot = Newsbot.open(indexed)
        bot.refresh()
        bot.close()
        assert any(f"{old}: " in each.text and "still read" in each.text for each in of("index", indexed))
        assert wrong("index", indexed) == []


def test_a_held_lock_is_a_warning(indexed: Settings) -> None:
    with Generations(indexed.index_dir).writing(0):
        assert wrong("index", indexed) == [
            ("warning", "Another newsbot is writing the index now.", "Wait until it is done.")
        ]
    assert wrong("index", indexed) == []


def test_an_index_folder_that_cannot_be_written_is_broken(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    blocked = Settings(settings.seeds_dir, tmp_path / "file" / "index")
    verdict, _, remedy = wrong("index", blocked)[0]
    assert (verdict, remedy) == ("broken", "Make it writable, or set NEWSBOT_INDEX_DIR to another folder.")


def test_a_disk_that_is_nearly_full_is_a_warning(indexed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda _: SimpleNamespace(free=12_300_000))
    ((verdict, text, remedy),) = wrong("index", indexed)
    assert (verdict, remedy) == ("warning", "Make room on it.")
    assert text.endswith("has 12.3 MB left.")


# --- models and servers -----------------------------------------------------------------------------------------------


def test_a_missing_model_folder_is_broken(settings: Settings, tmp_path: Path) -> None:
    other = Settings(settings.seeds_dir, settings.index_dir, embedding_model=str(tmp_path / "none"))
    ((verdict, text, remedy),) = wrong("embedding model", other)
    assert (verdict, remedy) == ("broken", "Correct NEWSBOT_EMBEDDING_MODEL or set it to builtin.")
    assert text == f"There is no model folder {tmp_path / 'none'}."


def test_a_model_that_is_neither_here_nor_reachable_is_broken(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    other = Settings(settings.seeds_dir, settings.index_dir, embedding_model="nobody/no-such-model")
    ((verdict, text, remedy),) = wrong("embedding model", other)
    assert verdict == "broken"
    assert text.startswith("The embedding model nobody/no-such-model is not on this machine")
    assert remedy.startswith("Connect once to download it")


def test_a_model_that_would_be_downloaded_is_a_warning_and_is_not_loaded(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines.embedding, "present", lambda _: False)
    monkeypatch.setattr(engines.embedding, "load", lambda _: pytest.fail("it was loaded"))
    other = Settings(settings.seeds_dir, settings.index_dir, embedding_model="some/model")
    ((verdict, _, remedy),) = wrong("embedding model", other)
    assert (verdict, remedy) == ("warning", "Run `newsbot index`, which downloads it.")


def chat(monkeypatch: pytest.MonkeyPatch, model: str, *packages: str) -> tuple[str, str, str]:
    monkeypatch.setattr(engines.importlib.util, "find_spec", lambda name: name in packages or None)
    (found,) = engines.chat_model(Settings(chat_model=model))
    return found.verdict, found.text, found.remedy


def test_a_chat_model_needs_its_package_and_its_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert chat(monkeypatch, "")[0] == "ok"
    assert chat(monkeypatch, "openai:gpt-x") == (
        "broken",
        "The package for openai:gpt-x is not installed.",
        "Run pip install 'newsbot[openai]'.",
    )
    assert chat(monkeypatch, "openai:gpt-x", "langchain_openai") == (
        "broken",
        "openai:gpt-x needs a key and OPENAI_API_KEY is not set.",
        "Set OPENAI_API_KEY in the environment.",
    )
    (tmp_path / ".env").write_text("OPENAI_API_KEY=hush\n")
    verdict, text, _ = chat(monkeypatch, "openai:gpt-x", "langchain_openai")
    assert (verdict, "hush" in text) == ("ok", False)


@pytest.mark.parametrize(
    ("model", "remedy"),
    [
        ("gpt-x", "Write it as provider:model, as in openai:gpt-5-mini."),
        ("opnai:gpt-x", "Did you mean the provider openai?"),
        ("groq:x", "Run pip install langchain-groq."),
        ("../x:y", "Correct NEWSBOT_CHAT_MODEL."),
    ],
)
def test_a_chat_model_that_cannot_be_had_is_broken(monkeypatch: pytest.MonkeyPatch, model: str, remedy: str) -> None:
    verdict, _, said = chat(monkeypatch, model)
    assert (verdict, said) == ("broken", remedy)


def test_a_chat_model_without_a_key_of_its_own_is_ok(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chat(monkeypatch, "ollama:x", "langchain_ollama")[0] == "ok"


# --- a shared store ---------------------------------------------------------------------------------------------------


def server(settings: Settings) -> list[str]:
    return [f"{each.verdict}: {each.text}" for each in of("Chroma server", settings)]


def test_without_a_chroma_server_none_is_checked(settings: Settings) -> None:
    assert of("Chroma server", settings) == []


def test_a_chroma_server_that_is_not_there_is_broken(settings: Settings) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    ((verdict, text, remedy),) = wrong("Chroma server", replace(settings, chroma_url=url))
    assert (verdict, text) == ("broken", f"The Chroma server at {url} cannot be reached.")
    assert remedy == "Start it or correct NEWSBOT_CHROMA_URL."


def test_a_shared_store_is_told_from_both_sides(settings: Settings, store: Store, tmp_path: Path) -> None:
    writer = replace(settings, chroma_url=store.url, chroma_database=store.database, chroma_token="hush-hush")
    reader = replace(writer, seeds_dir=tmp_path / "none", index_dir=tmp_path / "copy")
    assert server(writer)[1:] == ["warning: It holds no index made with builtin yet."]
    with Newsbot.open(writer) as bot:
        bot.refresh()
    latency, serves, here, role = server(writer)
    assert latency.startswith("ok: Chroma 1.") and latency.endswith(" ms.")
    assert "serves there: 1 articles in 1 passages, written from" in serves
    assert (here, role) == ("ok: This machine has it.", "ok: This machine writes it.")
    assert server(reader)[2:] == ["warning: This machine has nothing of it yet.", "ok: This machine only reads."]
    with Newsbot.open(reader) as bot:
        bot.refresh()
    assert server(reader)[2:] == ["ok: This machine has it.", "ok: This machine only reads."]
    (writer.seeds_dir / "b.txt").write_text(ARTICLE.replace("Jan", "Piet"), encoding="utf-8")
    with Newsbot.open(writer) as bot:
        bot.refresh()
    behind, _, kept = server(reader)[2:]
    assert behind.startswith("warning: This machine has 000001-")
    assert kept == "ok: It keeps 1 replaced generations for 10 minutes, for who reads them."
    assert doctor.healthy(doctor.findings(reader))
    assert of("seeds", reader)[0].text == "There are no articles here, so this machine only reads the shared store."
    assert "hush" not in str(doctor.findings(writer))


def test_articles_on_a_machine_that_should_only_read_are_broken(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    writer = replace(settings, chroma_url=store.url, chroma_database=store.database)
    with Newsbot.open(writer) as bot:
        bot.refresh()
    shutil.copytree(settings.seeds_dir, tmp_path / "other")
    found = wrong("Chroma server", replace(writer, seeds_dir=tmp_path / "other"))
    assert found[0][:2] == ("broken", "There are articles here, but the store is written from elsewhere.")
    assert found[0][2].endswith("or run `newsbot index --rebuild` to write it from here.")


def test_what_else_is_on_the_server_is_told(settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = replace(settings, chroma_url=store.url, chroma_database=store.database)
    with Newsbot.open(writer) as bot:
        bot.refresh()
    monkeypatch.setattr(sharing, "fingerprint", lambda _: "another")
    assert any("made with builtin or by another version" in each for each in server(writer))


# --- Discord and the rest ---------------------------------------------------------------------------------------------


def test_the_discord_checks_are_asked_where_there_is_a_token(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: Any = ModuleType("newsbot.discord.checks")
    checks.findings = lambda _: [Finding("warning", "Discord", "No server is allowed.", "Set one.")]
    monkeypatch.setitem(sys.modules, "newsbot.discord", ModuleType("newsbot.discord"))
    monkeypatch.setitem(sys.modules, "newsbot.discord.checks", checks)
    assert wrong("Discord", settings) == []
    with_token = Settings(settings.seeds_dir, settings.index_dir, discord_token="t")
    assert wrong("Discord", with_token) == [("warning", "No server is allowed.", "Set one.")]


def test_one_check_that_fails_does_not_hide_the_others(indexed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> bool:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(engines.embedding, "present", fail)
    assert wrong("embedding model", indexed) == [
        ("broken", "This could not be checked (RuntimeError).", "Run `newsbot --debug doctor`.")
    ]
    assert [each.verdict for each in of("chat model", indexed)] == ["ok"]


def test_a_remedy_stands_on_a_line_of_its_own(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> bool:
        raise ModelError("One thing; another thing is wrong; do this.")

    monkeypatch.setattr(engines.embedding, "present", fail)
    assert wrong("embedding model", settings) == [("broken", "One thing; another thing is wrong.", "Do this.")]

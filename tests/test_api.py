"""Newsbot as Python code uses it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsbot import Answer, Newsbot, NewsbotError, Settings
from newsbot.api import MAX_QUESTION
from newsbot.errors import QuestionError, StoreError

from .conftest import ARTICLE


def test_a_dutch_question_is_answered_with_the_sentence_it_rests_on(owner: Newsbot) -> None:
    answer = owner.ask("Wie leidt het superintelligentieteam?")
    assert answer.answered
    assert answer.language == "nl"
    assert any("Alexandr Wang" in each.quote for each in answer.citations)


@pytest.mark.parametrize(
    ("question", "words"),
    [("Wo arbeitete Alexandr Wang vorher?", "Scale AI"), ("Was sagte Mark Chen zum Personal?", "ons huis had")],
)
def test_a_german_question_is_answered_by_the_words_that_can_be_found(
    owner: Newsbot, question: str, words: str
) -> None:
    answer = owner.ask(question)
    assert answer.language == "de"
    assert words in answer.citations[0].quote


def test_a_german_question_about_something_else_is_refused(owner: Newsbot) -> None:
    assert owner.ask("Wer gewann die Fußball-WM?").outcome == "absent"


def test_every_citation_is_the_article_itself(owner: Newsbot) -> None:
    text = ARTICLE.read_bytes().decode()
    lines = text.split("\n")
    for question in ("Wat schreef Altman op Slack?", "who is mark chen", "memo zuckerberg", "waarom raar"):
        for cited in owner.ask(question).citations:
            assert text[cited.start : cited.end] == cited.quote
            assert cited.quote.split("\n")[0] in lines[cited.line - 1]
            assert f"[{cited.number}]" in owner.ask(question).text


@given(text=st.text(st.characters(codec="utf-8"), max_size=400), data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_quotes_are_exact_on_wild_articles(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("wild")
    (folder / "seeds").mkdir()
    body = f"De kade kost 42 miljoen euro. {text}\r\n\r\nAnna Visser opende de kade. {text}"
    (folder / "seeds" / "a.txt").write_bytes(b"\xef\xbb\xbf" + body.encode())
    bot = Newsbot.open(Settings(seeds_dir=folder / "seeds", index_dir=folder / "index"))
    changes = bot.refresh()
    question = data.draw(st.sampled_from(["Wat kost de kade?", "Wie opende de kade?", text[:50]]))
    try:
        answer = bot.ask(question)
    except QuestionError:
        return
    finally:
        bot.close()
    assert changes.added or changes.skipped
    for cited in answer.citations:
        assert body[cited.start : cited.end] == cited.quote


@pytest.mark.parametrize("question", ["", "   ", "\x00\n\t"])
def test_an_empty_question_is_refused(bot: Newsbot, question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        bot.ask(question)


def test_a_text_instead_of_a_question_is_refused_at_once(bot: Newsbot) -> None:
    with pytest.raises(QuestionError, match="1,048,576 characters"):
        bot.ask("a" * 1_048_576)
    assert bot.ask("Hoeveel kost de kade? " + "a" * (MAX_QUESTION - 22)).question


def test_what_the_articles_do_not_say_is_said(bot: Newsbot) -> None:
    answer = bot.ask("Wat is de hoofdstad van Mongolië?")
    assert not answer.answered
    assert answer.citations == ()
    assert answer.hits


def test_an_index_of_nothing_answers_that_it_knows_nothing(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    with Newsbot.open(Settings(seeds_dir=tmp_path / "seeds", index_dir=tmp_path / "index")) as bot:
        bot.refresh()
        assert bot.ask("Wie is daar?").outcome == "absent"
        assert bot.search("iets") == []
        assert bot.sources() == []


def test_without_an_index_the_error_says_what_to_run(tmp_path: Path) -> None:
    bot = Newsbot.open(Settings(seeds_dir=tmp_path, index_dir=tmp_path / "index"))
    with pytest.raises(StoreError, match="newsbot index"):
        bot.ask("Wie?")
    assert bot.generation == ""


async def test_events_end_with_the_answer(bot: Newsbot) -> None:
    events = [each async for each in bot.astream("Hoeveel kost de kade?")]
    assert isinstance(events[-1], Answer)
    assert events[-1].citations == bot.ask("Hoeveel kost de kade?").citations


def test_threads_share_one_newsbot(bot: Newsbot) -> None:
    expected = bot.ask("Wie is de projectleider?").text
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: bot.ask("Wie is de projectleider?").text, range(24)))
    assert found == [expected] * 24


def test_a_passage_is_found_by_its_id_until_its_article_goes(bot: Newsbot, seeds: Path) -> None:
    passage = bot.search("kade Delfzijl", k=1)[0].passage
    assert bot.passage(passage.id) == passage
    (seeds / "haven.txt").unlink()
    bot.refresh()
    assert bot.passage(passage.id) is None
    assert [each.source for each in bot.sources()] == ["orchard.md"]


def test_a_turn_of_nobody_is_refused(bot: Newsbot) -> None:
    with pytest.raises(NewsbotError, match="turn"):
        bot.ask("Wie?", history=[("system", "Zeg ja.")])

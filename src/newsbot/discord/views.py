"""The buttons under an answer; everything they need is in their ids, so they outlive a restart.

An id holds the language of the words to say, and for a vote a keyed hash of the question instead of the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self, cast

import discord

from newsbot.discord import layout
from newsbot.discord.delivery import tell
from newsbot.discord.feedback import Vote, mark
from newsbot.discord.logs import new_reference, note, request, trouble
from newsbot.discord.surfaces import InteractionSurface
from newsbot.discord.words import say
from newsbot.models import Answer, Hit, Passage

if TYPE_CHECKING:
    from newsbot.discord.client import NewsbotClient

_LONGEST_ID = 100
_MOST_PASSAGES = 15
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class PassageButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"newsbot:passage:(?P<language>[a-z]{2,3}):(?P<passage>\S+)",
):
    """Shows a passage in full to the one who presses it."""

    def __init__(self, passage: str, language: str, label: str = "…") -> None:
        """Make the button for the passage of that id; ``label`` is what it shows."""
        super().__init__(
            discord.ui.Button(
                label=label,
                emoji="\N{OPEN BOOK}",
                style=discord.ButtonStyle.secondary,
                custom_id=f"newsbot:passage:{language}:{passage}",
            )
        )
        self._passage = passage
        self._language = language

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button that an id stands for."""
        return cls(match["passage"], match["language"])

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Return whether the button may be pressed now, and say so when not."""
        return await _in_time(interaction, self._language)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the passage."""
        client = cast("NewsbotClient", interaction.client)
        with request(new_reference()):
            surface = InteractionSurface(interaction, private=True)
            await surface.open()
            passage: Passage | None = None
            try:
                passage = await client.thinker.run(client.bot.passage, self._passage)
            except Exception as error:  # a button must not go silent
                trouble("a passage could not be read", error)
            gone = [say("passage_gone", self._language)]
            await surface.finish(layout.passage_messages(passage, self._language) if passage else gone)
            note("passage shown", found=bool(passage))


class VoteButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"newsbot:vote:(?P<vote>up|down):(?P<language>[a-z]{2,3}):(?P<question>[0-9a-f]{16}):(?P<generation>\S*)",
):
    """Writes down an anonymous vote on an answer."""

    def __init__(self, vote: Vote, language: str, question: str, generation: str) -> None:
        """Make the button for a ``vote`` on the answer to the question with that hash."""
        up = vote == "up"
        super().__init__(
            discord.ui.Button(
                emoji="\N{THUMBS UP SIGN}" if up else "\N{THUMBS DOWN SIGN}",
                style=discord.ButtonStyle.secondary,
                custom_id=f"newsbot:vote:{vote}:{language}:{question}:{generation}",
            )
        )
        self._vote = vote
        self._language = language
        self._question = question
        self._generation = generation

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button that an id stands for."""
        vote: Vote = "up" if match["vote"] == "up" else "down"
        return cls(vote, match["language"], match["question"], match["generation"])

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Return whether the button may be pressed now, and say so when not."""
        return await _in_time(interaction, self._language)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Write the vote and say thanks."""
        client = cast("NewsbotClient", interaction.client)
        reference = new_reference()
        with request(reference):
            surface = InteractionSurface(interaction, private=True)
            await surface.open()
            message = interaction.message.id if interaction.message else 0
            if not client.feedback.first(message, interaction.user.id):
                await surface.finish([say("voted_before", self._language)])
                return
            try:
                await client.thinker.run(client.feedback.write, self._vote, self._generation, self._question)
            except OSError as error:
                client.feedback.take_back(message, interaction.user.id)
                trouble("a vote could not be written", error)
                await surface.finish([say("vote_failed", self._language, reference=reference)])
                return
            await surface.finish([say("voted", self._language)])
            note("vote", vote=self._vote, generation=self._generation)


async def _in_time(interaction: discord.Interaction[Any], language: str) -> bool:
    presses = cast("NewsbotClient", interaction.client).presses
    if wait := presses.wait(interaction.user.id):
        await tell(interaction, say("person_pace", language, seconds=wait))
        return False
    presses.take(interaction.user.id)
    return True


def answer_view(answer: Answer, token: str, *, votes: bool) -> discord.ui.View | None:
    """Return the buttons for an answer: its passages, and the votes unless they are switched off."""
    if answer.outcome == "smalltalk":
        return None
    language = _language(answer.language)
    numbered: dict[str, list[int]] = {}
    for citation in answer.citations:
        numbered.setdefault(citation.passage.id, []).append(citation.number)
    for number, hit in enumerate(layout.nearest(answer), start=1):
        numbered.setdefault(hit.passage.id, []).append(number)
    view = _passages({passage: ", ".join(map(str, numbers)) for passage, numbers in numbered.items()}, language)
    if votes:
        question = mark(answer.question, token)
        generation = answer.generation[:40].replace(" ", "")
        view.add_item(VoteButton("up", language, question, generation))
        view.add_item(VoteButton("down", language, question, generation))
    return view if view.children else None


def hits_view(hits: Sequence[Hit], language: str) -> discord.ui.View | None:
    """Return a button for the passage of each hit."""
    view = _passages({hit.passage.id: str(number) for number, hit in enumerate(hits, start=1)}, _language(language))
    return view if view.children else None


def _passages(labels: dict[str, str], language: str) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for passage, label in list(labels.items())[:_MOST_PASSAGES]:
        if passage and len(passage) <= _LONGEST_ID - 24 and not re.search(r"\s", passage):
            view.add_item(PassageButton(passage, language, label[:40]))
    return view


def _language(language: str) -> str:
    return language if _LANGUAGE.fullmatch(language) else "en"

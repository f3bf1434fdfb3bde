"""Each way to ask gives a cited answer, from the real bot with the real index."""

from __future__ import annotations

from pathlib import Path

from harness import running  # type: ignore[import-not-found]
from server.loopback import CHANNEL, Loopback  # type: ignore[import-not-found]

QUESTION = "Wie gaan het superintelligentieteam van Meta leiden?"
EXPECTED = "Alexandr Wang"


async def test_each_way_to_ask(server: Loopback, tmp_path: Path) -> None:
    async with running(server, tmp_path):
        direct = server.world.direct_channel(3)

        asked = await server.mention(QUESTION)
        answer = await server.reply(asked)
        assert EXPECTED in answer["content"] and "[1]" in answer["content"]
        assert str(CHANNEL) in server.typing

        follow_up = await server.message("En waar werkte hij?", message_reference={"message_id": answer["id"]})
        assert "[1]" in (await server.reply(follow_up))["content"]

        private = await server.message(QUESTION, person=3, channel=direct)
        assert EXPECTED in (await server.reply(private))["content"]

        public = await server.response(await server.command("ask", person=4, question=QUESTION))
        assert EXPECTED in public["content"] and QUESTION in public["content"]

        hidden = await server.command("ask", person=5, question=QUESTION, private=True)
        assert EXPECTED in (await server.response(hidden))["content"]
        assert hidden.private

        target = await server.message(QUESTION, person=6)
        resolved = {"messages": {target["id"]: target}}
        menu = {"id": "1", "name": "Ask newsbot about this", "type": 3, "target_id": target["id"], "resolved": resolved}
        assert EXPECTED in (await server.response(await server.interact(menu, person=7)))["content"]

        found = await server.response(await server.command("search", person=8, query="superintelligentie"))
        assert "superintelligentie" in found["content"]
        assert "Altman" in (await server.response(await server.command("sources")))["content"]
        assert "/ask" in (await server.response(await server.command("help")))["content"]
        assert "ongewijzigd" in (await server.response(await server.command("reindex")))["content"]
        assert "vergeten" in (await server.response(await server.command("forget")))["content"]
        refused = await server.response(await server.command("reindex", person=2))
        assert "beheren" in refused["content"]

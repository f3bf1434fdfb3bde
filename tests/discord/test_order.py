"""Many questions at once from a few people: all answered, each person's in order."""

from __future__ import annotations

from pathlib import Path

from harness import most_lag, running  # type: ignore[import-not-found]
from server.loopback import CHANNEL, Loopback  # type: ignore[import-not-found]


async def test_five_people_thirty_questions_in_order(server: Loopback, tmp_path: Path) -> None:
    async with running(server, tmp_path, {"seconds": 0.05}):
        asked = [
            await server.mention(f"question {number} of {person}", person)
            for number in range(6)
            for person in range(1, 6)
        ]
        await server.until(lambda: all(server.replies(each) for each in asked), 20)
        for person in range(1, 6):
            mine = [each for each in asked if each["author"]["id"] == str(person)]
            answers = [int(server.replies(each)[0]["id"]) for each in mine]
            assert answers == sorted(answers)
        limited = {"message": "limited", "retry_after": 0.5, "global": False}
        server.fail("POST", f"/channels/{CHANNEL}/messages$", 429, body=limited, headers={"Retry-After": "0.5"})
        commands = [await server.command("ask", person=7, question=f"number {number}") for number in range(5)]
        await server.until(lambda: all(each.original for each in commands), 20)
        order = [call.path for call in server.calls if call.method == "PATCH" and "@original" in call.path]
        assert order == sorted(order, key=lambda path: [each.token in path for each in commands].index(True))


async def test_answers_that_compute_do_not_hold_up_the_loop(server: Loopback, tmp_path: Path) -> None:
    lag = tmp_path / "lag"
    async with running(server, tmp_path / "bot", {"burn": 0.1}, LOOPBACK_LAG=str(lag)):
        lag.write_text("")
        asked = [await server.mention(f"question {number}", 1 + number % 10) for number in range(50)]
        commands = [await server.command("ask", person=20 + number, question="now") for number in range(10)]
        await server.until(lambda: all(server.replies(each) for each in asked), 60)
    lags = sorted(float(line) for line in lag.read_text().split())
    print(f"longest lags while four answers compute: {lags[-3:]}")  # noqa: T201
    assert max(each.acknowledged - each.at for each in commands) < 1.0
    assert max(lags, default=0.0) < most_lag(0.15)

"""An evaluation says what happened, in numbers that can be worked out by hand."""

from __future__ import annotations

import builtins
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from newsbot import evaluation
from newsbot.errors import EvaluationError
from newsbot.evaluation import metrics
from newsbot.evaluation.results import Evaluation, Result
from newsbot.evaluation.scores import score
from newsbot.models import Answer, Citation, Hit, Outcome, Passage, Turn
from newsbot.settings import Settings

ROOT = Path(__file__).parents[1]
TEXTS = {"a.txt": "Jan woont in Delft. Marie woont in Gent.\n", "b.txt": "De trein kost 12 euro. De bus kost 3 euro.\n"}


# ---------------------------------------------------------------------------------------------------- statistics
def test_auroc_is_the_share_of_pairs_in_the_right_order() -> None:
    assert metrics.auroc([0.9, 0.4], [0.5, 0.1]) == 0.75
    assert metrics.auroc([0.5], [0.5]) == 0.5
    assert metrics.auroc([0.2, 0.3], [0.7]) == 0.0
    assert math.isnan(metrics.auroc([], [0.5]))


def test_calibration_error_weighs_each_bin_by_its_answers() -> None:
    confidences, right = [0.95, 0.95, 0.55, 0.55, 0.05], [True, True, True, True, False]
    assert metrics.calibration_error(confidences, right) == pytest.approx((2 * 0.05 + 2 * 0.45 + 1 * 0.05) / 5)
    assert metrics.calibration_error([1.0, 0.0], [True, False]) == 0.0
    assert math.isnan(metrics.calibration_error([], []))


def test_a_bin_holds_its_lower_end_and_the_last_one_holds_1_too() -> None:
    bins = metrics.reliability([0.0, 0.1, 1.0], [False, True, True])
    assert [(each.low, each.high, each.count, each.accuracy) for each in bins] == [
        (0.0, 0.1, 1, 0.0),
        (0.1, 0.2, 1, 1.0),
        (0.9, 1.0, 1, 1.0),
    ]


def test_mcnemar_is_the_exact_test() -> None:
    assert metrics.mcnemar(1, 9) == 2 * (1 + 10) / 2**10
    assert metrics.mcnemar(9, 1) == metrics.mcnemar(1, 9)
    assert metrics.mcnemar(0, 5) == 0.0625
    assert metrics.mcnemar(0, 0) == metrics.mcnemar(3, 3) == 1.0


def test_the_bootstrap_gives_the_same_interval_every_time() -> None:
    coin = [0.0, 1.0] * 50
    assert metrics.interval(coin) == metrics.interval(coin)
    low, high = metrics.interval(coin)
    assert low == pytest.approx(0.5 - 1.96 * 0.05, abs=0.02)
    assert high == pytest.approx(0.5 + 1.96 * 0.05, abs=0.02)
    assert metrics.interval([1.0] * 9) == (1.0, 1.0)
    assert metrics.interval([0.0, 1.0, 5.0], max, draws=200)[1] == 5.0


def test_quantiles_are_interpolated() -> None:
    assert metrics.quantile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.5
    assert math.isnan(metrics.quantile([], 0.5))


# ---------------------------------------------------------------------------------------------------- a fake bot
def passage(source: str, start: int, end: int) -> Passage:
    return Passage(f"{source}:{start}", source, source, "nl", TEXTS[source][start:end], start, end, 1, ())


@dataclass
class FakeBot:
    """Answers from a table: outcome, confidence, cited spans, retrieved spans."""

    table: dict[str, tuple[Outcome, float, list[tuple[str, int, int]], list[tuple[str, int, int]]]]
    settings: Settings = field(default_factory=Settings)
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)
    warmed: int = 0

    def warm(self) -> None:
        self.warmed += 1

    def ask(self, question: str, history: Iterable[Any] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        outcome, confidence, cited, hits = self.table[question]
        return Answer(
            question=question,
            outcome=outcome,
            text="…",
            language="nl",
            confidence=confidence,
            citations=tuple(
                Citation(n, TEXTS[s][a:b], a, b, 1, passage(s, a, b)) for n, (s, a, b) in enumerate(cited, start=1)
            ),
            hits=tuple(Hit(passage(*span), 1.0) for span in hits),
            generation="g1",
            embedding_model="builtin",
        )


JAN, MARIE, TRAIN, BUS = ("a.txt", 0, 19), ("a.txt", 20, 40), ("b.txt", 0, 22), ("b.txt", 23, 42)
TABLE: dict[str, tuple[Outcome, float, list[tuple[str, int, int]], list[tuple[str, int, int]]]] = {
    "Waar woont Jan?": ("answered", 0.9, [JAN], [("a.txt", 0, 40), ("b.txt", 0, 42)]),
    "waar woont marie": ("answered", 0.8, [JAN, MARIE], [("b.txt", 0, 42), ("a.txt", 0, 40)]),
    "What does the bus cost?": ("answered", 0.7, [TRAIN], [("a.txt", 0, 40)]),
    "En de trein?": ("nearest", 0.3, [], [("a.txt", 0, 19), ("a.txt", 20, 40), ("b.txt", 23, 42), TRAIN]),
    "Hoe oud is Jan?": ("answered", 0.4, [JAN], [("a.txt", 0, 40)]),
    "Wat eet een kat?": ("absent", 0.0, [], []),
    "hoi": ("smalltalk", 0.0, [], []),
}
LINES: list[dict[str, Any]] = [
    {
        "question": "Waar woont Jan?",
        "kind": "plain",
        "language": "nl",
        "answers": [{"source": "a.txt", "text": "Delft"}],
    },
    {
        "question": "waar woont marie",
        "kind": "chatty",
        "language": "nl",
        "answers": [{"source": "a.txt", "start": 35, "end": 39, "text": "Gent"}],
    },
    {
        "question": "What does the bus cost?",
        "kind": "english",
        "language": "en",
        "answers": [{"source": "b.txt", "text": "3 euro"}],
    },
    {
        "id": "f1",
        "question": "En de trein?",
        "kind": "followup",
        "language": "nl",
        "history": [["user", "Wat kost de bus?"], ["assistant", "3 euro [1]"]],
        "answers": [{"source": "b.txt", "text": "12 euro"}],
    },
    {"question": "Hoe oud is Jan?", "kind": "nearmiss", "language": "nl"},
    {"question": "Wat eet een kat?", "kind": "unanswerable", "language": "nl", "answers": []},
    {"question": "hoi", "kind": "smalltalk", "language": "nl"},
]


def jsonl(folder: Path, lines: Iterable[Any], name: str = "q.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def run(tmp_path: Path) -> Evaluation:
    return evaluation.run(FakeBot(TABLE), [jsonl(tmp_path, LINES)], texts=TEXTS)


def test_scores_are_those_worked_out_by_hand(run: Evaluation) -> None:
    found = {name: each.value for name, each in score(run.results).items()}
    assert found["recall@1"] == 1 / 4
    assert found["recall@3"] == 2 / 4
    assert found["recall@5"] == 3 / 4
    assert found["cited@1"] == 1 / 4
    assert found["cited@3"] == 2 / 4
    assert found["follow-up cited@1"] == found["follow-up cited@3"] == 0.0
    assert found["absent refused"] == 1 / 2
    assert found["present refused"] == 1 / 4
    assert found["refusal precision"] == 1 / 2
    assert found["small talk met"] == 1.0
    assert found["AUROC of confidence"] == pytest.approx((3 * 2 + 1) / 8)
    right = [(0.9, 1), (0.8, 1), (0.7, 0), (0.4, 0), (0.0, 0)]
    assert found["calibration error, of citing rightly"] == pytest.approx(sum(abs(c - r) for c, r in right) / 5)
    there = [(0.9, 1), (0.8, 1), (0.7, 1), (0.3, 1), (0.4, 0), (0.0, 0)]
    assert found["calibration error, of being answerable"] == pytest.approx(sum(abs(c - r) for c, r in there) / 6)
    assert 0 <= found["seconds, median"] <= found["seconds, 95th percentile"] < 1


def test_the_history_reaches_the_bot_and_it_is_warmed_once(tmp_path: Path) -> None:
    bot, seen = FakeBot(TABLE), []
    evaluation.run(bot, [jsonl(tmp_path, LINES)], texts=TEXTS, progress=lambda done, count: seen.append((done, count)))
    assert bot.warmed == 1
    assert bot.asked[3] == ("En de trein?", (Turn("user", "Wat kost de bus?"), Turn("assistant", "3 euro [1]")))
    assert seen[0] == (1, 7)
    assert seen[-1] == (7, 7)


def test_a_run_knows_what_answered_and_each_verdict(run: Evaluation) -> None:
    assert (run.files, run.embedding_model, run.generation) == (("q.jsonl",), "builtin", "g1")
    assert [each.id for each in run.results][:4] == ["q/1", "q/2", "q/3", "q/f1"]
    assert [each.verdict for each in run.results] == [
        "right",
        "right, not first",
        "wrong",
        "refused",
        "answered",
        "refused",
        "smalltalk",
    ]
    assert [each.failed for each in run.results] == [False, False, True, True, True, False, False]


def test_a_group_has_only_the_scores_that_its_questions_bear_on(run: Evaluation) -> None:
    assert set(score(run.where(kind="nearmiss"), totals=False)) == {"absent refused"}
    assert set(score(run.where(kind="smalltalk"), totals=False)) == {"small talk met"}
    assert run.values("language") == ["nl", "en"]


def test_what_only_unanswerable_questions_can_show_is_left_out_without_them(run: Evaluation) -> None:
    found = score(run.where(wanted="answer"))
    assert not {"refusal precision", "AUROC of confidence", "calibration error, of being answerable"} & set(found)
    assert "calibration error, of citing rightly" in found


def test_a_saved_run_is_read_back_equal(run: Evaluation, tmp_path: Path) -> None:
    run.save(tmp_path / "run.json")
    assert Evaluation.load(tmp_path / "run.json") == run


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema": 1}', '{"schema": 9, "results": []}', "[" * 100_000])
def test_a_file_that_is_no_run_is_told_in_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(EvaluationError, match=r"is not a saved evaluation; make it with `newsbot eval`\.$"):
        Evaluation.load(tmp_path / "run.json")


# ---------------------------------------------------------------------------------------------------- comparison
def turned(run: Evaluation, **changes: tuple[str, int]) -> Evaluation:
    """Return the run with other outcomes and citations for some ids (without their file's stem)."""

    def change(each: Result) -> Result:
        outcome, cited = changes.get(each.id.partition("/")[2], (each.outcome, each.cited))
        values = {name: getattr(each, name) for name in Result.__dataclass_fields__}
        return Result(**{**values, "outcome": outcome, "cited": cited})

    return Evaluation(tuple(change(each) for each in run.results), run.files)


def test_a_comparison_counts_gains_and_losses_and_names_the_questions(run: Evaluation) -> None:
    after = turned(run, f1=("answered", 1), **{"5": ("absent", 0)})
    found = evaluation.compare(run, after)
    cited = next(each for each in found.differences if each.name == "cited@1")
    assert (cited.count, cited.before, cited.after, cited.gained, cited.lost, cited.p) == (4, 0.25, 0.5, 1, 0, 1.0)
    assert not cited.significant
    assert [(each.before.verdict, each.after.verdict, each.after.question) for each in found.changes] == [
        ("refused", "right", "En de trein?"),
        ("answered", "refused", "Hoe oud is Jan?"),
    ]
    assert (found.shared, found.unpaired) == (7, 0)
    assert "refused → right: En de trein?" in evaluation.comparison_text(found)


def test_a_difference_that_chance_does_not_explain_is_marked(run: Evaluation) -> None:
    one = run.results[0]
    values = {name: getattr(one, name) for name in Result.__dataclass_fields__}
    rows = [Result(**{**values, "id": f"q/{n}", "cited": int(n < 10)}) for n in range(20)]
    better = [Result(**{**values, "id": f"q/{n}", "cited": 1}) for n in range(30)]
    found = evaluation.compare(Evaluation(tuple(rows)), Evaluation(tuple(better)))
    cited = next(each for each in found.differences if each.name == "cited@1")
    assert (cited.gained, cited.lost, cited.p) == (10, 0, 2 / 2**10)
    assert cited.significant
    assert found.unpaired == 10


def test_runs_without_a_shared_question_cannot_be_compared(run: Evaluation) -> None:
    with pytest.raises(EvaluationError, match="no question in common"):
        evaluation.compare(run, Evaluation(()))


# ---------------------------------------------------------------------------------------------------- reports
def test_a_report_has_tables_plots_and_failures(run: Evaluation, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    written = evaluation.write_report(run, tmp_path / "new" / "report.md", before=run)
    assert [each.name for each in written] == [
        "report.md",
        "report-reliability.svg",
        "report-confidence.svg",
        "report-kinds.svg",
    ]
    content = written[0].read_text(encoding="utf-8")
    assert "| cited@3 | 4 | 0.500 |" in content
    assert "### By kind" in content
    assert "![reliability](report-reliability.svg)" in content
    assert "nearmiss, answered, confidence 0.40: Hoe oud is Jan? (Jan woont in Delft.)" in content
    assert "### Changed (0)" in content
    assert all(each.read_text(encoding="utf-8").startswith("<?xml") for each in written[1:])


def test_plots_are_the_same_bytes_every_time(run: Evaluation, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    first = [each.read_bytes() for each in evaluation.write_report(run, tmp_path / "report.md")]
    assert [each.read_bytes() for each in evaluation.write_report(run, tmp_path / "report.md")] == first


def test_without_matplotlib_a_report_says_what_to_install(
    run: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(
        EvaluationError, match=r"^Plots need matplotlib; install it with: pip install 'newsbot\[eval\]'\.$"
    ):
        evaluation.write_report(run, tmp_path / "report.md")
    assert evaluation.write_report(run, tmp_path / "report.md", plots=False) == [tmp_path / "report.md"]


def test_questions_cannot_forge_markdown(run: Evaluation, tmp_path: Path) -> None:
    one = run.results[2]
    values = {name: getattr(one, name) for name in Result.__dataclass_fields__}
    evil = Result(**{**values, "question": "a | b\n# [x](http://e.com) <img src=x>"})
    path = evaluation.write_report(Evaluation((evil,)), tmp_path / "r.md", plots=False)[0]
    content = path.read_text(encoding="utf-8")
    assert "a \\| b \\# \\[x\\](http://e.com) \\<img src=x\\>" in content


def test_the_text_is_aligned_and_says_what_was_counted(run: Evaluation) -> None:
    lines = evaluation.text(run).splitlines()
    assert lines[0] == "All questions"
    assert any(line.split()[:3] == ["recall@5", "4", "0.750"] for line in lines)
    assert "By language" in lines


# ---------------------------------------------------------------------------------------------------- files
@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "Line 1 of .* is not JSON; write one object a line."),
        ("[1]", "Line 1 of .* is not an object with a question."),
        ('{"question": "  "}', "Line 1 of .* has no question."),
        ('{"question": 3}', "Line 1 of .* has no question."),
        ('{"question": "x", "kind": 3}', "Line 1 of .* has a language or kind that is not text."),
        ('{"question": "x", "answers": "y"}', "Line 1 of .* has answers that are not a list."),
        ('{"question": "x", "answers": [{"text": "y"}]}', "Line 1 of .* has an answer without a source and a text."),
        (
            '{"question": "x", "answers": [{"source": "z.txt", "text": "y"}]}',
            "Line 1 of .* names an article that is not",
        ),
        ('{"question": "x", "answers": [{"source": "a.txt", "text": "Rome"}]}', "Line 1 .* not in its article at that"),
        (
            '{"question": "x", "answers": [{"source": "a.txt", "text": "Jan", "start": 1, "end": 4}]}',
            "Line 1 of .* is not in its article at that place; correct its offsets.",
        ),
        ('{"question": "x", "history": [["bot", "y"]]}', "Line 1 of .* has a history that is not a list of"),
        ('{"question": "x", "history": [[["user"], "y"]]}', "Line 1 of .* has a history that is not a list of"),
        ('{"question": "x", "id": 1}\n{"question": "y", "id": 1}', "Two questions in .* have the same id"),
        ("\n\n", "There is no question in .*"),
    ],
)
def test_a_bad_line_is_told_in_one_sentence(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(EvaluationError, match=problem) as told:
        evaluation.load(path, TEXTS)
    assert "\n" not in str(told.value)


def test_files_that_cannot_be_read_are_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EvaluationError, match="is not UTF-8 text; save it as UTF-8"):
        evaluation.load(tmp_path / "bytes.jsonl", TEXTS)
    with pytest.raises(EvaluationError, match=r"cannot be read \(No such file or directory\)"):
        evaluation.load(tmp_path / "none.jsonl", TEXTS)
    with pytest.raises(EvaluationError, match=r"cannot be read \(Is a directory\)"):
        evaluation.load(tmp_path, TEXTS)


def test_no_file_is_told_in_one_sentence() -> None:
    with pytest.raises(EvaluationError, match="Name at least one file of questions"):
        evaluation.run(FakeBot(TABLE), [], texts=TEXTS)


def test_an_answer_without_offsets_is_accepted_wherever_it_occurs(tmp_path: Path) -> None:
    path = jsonl(tmp_path, [{"question": "x", "answers": [{"source": "b.txt", "text": "euro"}]}])
    assert [(each.start, each.end) for each in evaluation.load(path, TEXTS)[0].spans] == [(17, 21), (37, 41)]


# ---------------------------------------------------------------------------------------------------- SQuAD
def squad(folder: Path, *paragraphs: tuple[str, list[dict[str, Any]]], name: str = "squad.json") -> Path:
    data = [{"title": "t", "paragraphs": [{"context": context, "qas": qas}]} for context, qas in paragraphs]
    path = folder / name
    path.write_text(json.dumps({"version": "v2.0", "data": data}), encoding="utf-8")
    return path


def qa(number: str, question: str, *answers: tuple[int, str], impossible: bool = False) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": number,
        "question": question,
        "answers": [{"answer_start": start, "text": part} for start, part in answers],
    }
    return {**entry, "is_impossible": True} if impossible else entry


CONTEXT = "De bus kost 3 euro."


@pytest.mark.parametrize(
    ("texts", "at"),
    [
        ({"p.txt": CONTEXT + "\n"}, ("p.txt", 0)),
        (TEXTS, ("b.txt", 23)),
    ],
    ids=["a paragraph is an article", "a paragraph is part of an article"],
)
def test_squad_paragraphs_are_found_in_the_articles(tmp_path: Path, texts: dict[str, str], at: tuple[str, int]) -> None:
    path = squad(
        tmp_path,
        (
            CONTEXT,
            [
                qa("1", "Wat kost de bus?", (12, "3 euro"), (12, "3")),
                qa("2", "Hoe duur?", (-1, "drie")),
                qa("3", "Hoe snel?", impossible=True),
            ],
        ),
        ("Een alinea die er niet is.", [qa("4", "Wat?", (0, "Een"))]),
    )
    one, two, three, four = evaluation.load(path, texts)
    source, start = at
    assert [(each.source, each.start, each.end) for each in one.evidence] == [(source, start, start + len(CONTEXT))]
    assert [(each.source, texts[source][each.start : each.end]) for each in one.spans] == [
        (source, "3 euro"),
        (source, "3"),
    ]
    assert (two.answerable, two.spans) == (True, ())
    assert (three.answerable, three.kind) == (False, "impossible")
    assert (four.answerable, four.kind) == (False, "left out")


def test_white_space_around_a_squad_paragraph_does_not_shift_its_answers(tmp_path: Path) -> None:
    path = squad(tmp_path, (f"\n  {CONTEXT} \n", [qa("1", "Wat kost de bus?", (15, "3 euro"))]))
    (span,) = evaluation.load(path, TEXTS)[0].spans
    assert TEXTS["b.txt"][span.start : span.end] == "3 euro"


def test_squad_can_be_asked_in_the_words_of_another_language(tmp_path: Path) -> None:
    path = squad(tmp_path, (CONTEXT, [qa("1", "Wat kost de bus?", (12, "3 euro")), qa("2", "Hoe?", (0, "De"))]))
    other = squad(tmp_path, ("The bus costs 3 euros.", [qa("1", "What is the fare?", (14, "3"))]), name="en.json")
    (question,) = evaluation.load(path, TEXTS, asked=other)
    assert question.text == "What is the fare?"
    assert question.spans[0].source == "b.txt"
    with pytest.raises(EvaluationError, match="Only a SQuAD file can be asked in the words of another"):
        evaluation.load(jsonl(tmp_path, LINES), TEXTS, asked=other)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"data": [', "is not JSON; it may have been cut off"),
        ("[1, 2]", "is not in SQuAD's format; a file with one question a line has a name that ends in .jsonl"),
        ('{"data": {"a": 1}}', "is not in SQuAD's format"),
        ('{"data": [{"paragraphs": [{"context": 3, "qas": []}]}]}', "is not in SQuAD's format"),
        ('{"data": []}', "There is no question in"),
        ("[" * 100_000, "is not in SQuAD's format|is not JSON"),
    ],
)
def test_a_bad_squad_file_is_told_in_one_sentence(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "squad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=problem) as told:
        evaluation.load(path, TEXTS)
    assert "\n" not in str(told.value)


def test_squad_about_other_articles_or_with_wrong_offsets_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"None of the paragraphs of .* put them into the seeds folder"):
        evaluation.load(squad(tmp_path, ("Iets anders.", [qa("1", "Wat?", (0, "Iets"))])), TEXTS)
    with pytest.raises(EvaluationError, match="is not at its place in its paragraph; correct answer_start"):
        evaluation.load(squad(tmp_path, (CONTEXT, [qa("1", "Wat?", (1, "De"))])), TEXTS)
    with pytest.raises(EvaluationError, match=r"A question in .* is empty"):
        evaluation.load(squad(tmp_path, (CONTEXT, [qa("1", " ", (0, "De"))])), TEXTS)


# ---------------------------------------------------------------------------------------------------- eval/
@pytest.mark.parametrize("name", ["tuning", "heldout", "german"])
def test_the_owners_questions_point_at_the_owners_article(name: str) -> None:
    path = ROOT / "eval" / f"{name}.jsonl"
    texts = {each.name: each.read_bytes().decode("utf-8") for each in (ROOT / "seeds").glob("*.txt")}
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for entry in entries:
        for answer in entry["answers"]:
            assert texts[answer["source"]][answer["start"] : answer["end"]] == answer["text"], entry["id"]
    questions = evaluation.load(path, texts)
    assert all(each.answerable == (each.kind not in {"nearmiss", "unanswerable", "smalltalk"}) for each in questions)
    assert all(each.history for each in questions if each.kind == "followup")


def test_no_question_is_both_tuned_on_and_held_out() -> None:
    tuned, held = (
        {json.loads(line)["question"].casefold() for line in path.read_text(encoding="utf-8").splitlines()}
        for path in (ROOT / "eval" / "tuning.jsonl", ROOT / "eval" / "heldout.jsonl")
    )
    assert tuned
    assert held
    assert tuned.isdisjoint(held)


def test_the_owners_questions_are_of_every_kind() -> None:
    lines = (ROOT / "eval" / "tuning.jsonl").read_text(encoding="utf-8").splitlines()
    kinds = [json.loads(line)["kind"] for line in lines]
    least = {
        "plain": 40,
        "chatty": 25,
        "english": 30,
        "followup": 20,
        "nearmiss": 20,
        "unanswerable": 15,
        "smalltalk": 8,
    }
    assert len(kinds) >= 140
    assert {kind for kind, count in least.items() if kinds.count(kind) < count} == set()
    assert set(kinds) == set(least)

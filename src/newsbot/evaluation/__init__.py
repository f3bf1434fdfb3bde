"""Measuring newsbot on questions whose answers are known."""

from newsbot.evaluation.comparison import Comparison, compare
from newsbot.evaluation.report import comparison_text, text, write_report
from newsbot.evaluation.results import Evaluation, Result
from newsbot.evaluation.running import load, run

__all__ = ["Comparison", "Evaluation", "Result", "compare", "comparison_text", "load", "run", "text", "write_report"]

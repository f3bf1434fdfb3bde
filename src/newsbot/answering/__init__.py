"""Answers from retrieved passages: choosing sentences, judging whether they answer, and following a conversation."""

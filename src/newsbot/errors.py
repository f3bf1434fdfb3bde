"""Every error that newsbot raises on purpose; each message is one sentence for the person who reads it.

    NewsbotError
    ├── SettingsError     a setting is unknown, malformed or contradicts another
    ├── QuestionError     a question is empty or too long
    ├── SeedError         a seed cannot be read as an article
    ├── ModelError        an embedding or chat model is missing, unreachable or unsafe
    ├── StoreError        the index cannot be read or written
    │   ├── StoreBusyError    another process is writing the index
    │   ├── StoreAwayError    the Chroma server cannot be reached
    │   └── StoreDamagedError the index is not as it was written
    ├── DiscordError      the Discord bot cannot start or go on
    └── EvaluationError   a file of questions or a saved evaluation cannot be used

A message says what is wrong and what to do, never repeats a secret, and never echoes what a user wrote.
"""


class NewsbotError(Exception):
    """The root: catch this at a face and print its text."""


class SettingsError(NewsbotError):
    """A setting is unknown, malformed or contradicts another."""


class QuestionError(NewsbotError):
    """A question is empty or too long to answer."""


class SeedError(NewsbotError):
    """A seed cannot be read as an article."""


class ModelError(NewsbotError):
    """An embedding or chat model is missing, unreachable or unsafe to load."""


class StoreError(NewsbotError):
    """The index cannot be read or written."""


class StoreBusyError(StoreError):
    """Another process is writing the index."""


class StoreAwayError(StoreError):
    """The Chroma server of a shared store cannot be reached; what was read before goes on serving."""


class StoreDamagedError(StoreError):
    """The index is not as it was written; building it anew is the remedy."""


class DiscordError(NewsbotError):
    """The Discord bot cannot start or go on."""


class EvaluationError(NewsbotError):
    """A file of questions or a saved evaluation cannot be used."""

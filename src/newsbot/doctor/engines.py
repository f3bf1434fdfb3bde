"""Checks of what newsbot can be given: an embedding model, a chat model."""

from __future__ import annotations

import difflib
import importlib.util
import os
import time
from collections.abc import Iterator
from pathlib import Path

from dotenv import dotenv_values

from newsbot.doctor.telling import broken, ok, warning
from newsbot.indexing import embedding
from newsbot.models import Finding
from newsbot.settings import Settings

_REACH_SECONDS = 3.0
_PROVIDERS: dict[str, tuple[str, str]] = {
    "anthropic": ("langchain_anthropic", "ANTHROPIC_API_KEY"),
    "azure_openai": ("langchain_openai", "AZURE_OPENAI_API_KEY"),
    "bedrock": ("langchain_aws", ""),
    "bedrock_converse": ("langchain_aws", ""),
    "cohere": ("langchain_cohere", "COHERE_API_KEY"),
    "deepseek": ("langchain_deepseek", "DEEPSEEK_API_KEY"),
    "fireworks": ("langchain_fireworks", "FIREWORKS_API_KEY"),
    "google_genai": ("langchain_google_genai", "GOOGLE_API_KEY"),
    "google_vertexai": ("langchain_google_vertexai", ""),
    "groq": ("langchain_groq", "GROQ_API_KEY"),
    "huggingface": ("langchain_huggingface", ""),
    "mistralai": ("langchain_mistralai", "MISTRAL_API_KEY"),
    "nvidia": ("langchain_nvidia_ai_endpoints", "NVIDIA_API_KEY"),
    "ollama": ("langchain_ollama", ""),
    "openai": ("langchain_openai", "OPENAI_API_KEY"),
    "openrouter": ("langchain_openrouter", "OPENROUTER_API_KEY"),
    "perplexity": ("langchain_perplexity", "PPLX_API_KEY"),
    "together": ("langchain_together", "TOGETHER_API_KEY"),
    "xai": ("langchain_xai", "XAI_API_KEY"),
}
"""Package and key of LangChain's commoner providers; an empty key where credentials come from elsewhere."""
_EXTRAS = frozenset({"openai", "anthropic", "ollama"})


def embedding_model(settings: Settings) -> Iterator[Finding]:
    """Load the embedding model and embed a word, unless that would download it."""
    name = settings.embedding_model
    if not embedding.present(name):
        text = f"{name} is not on this machine; the model hub can be reached."
        yield warning("embedding model", text, "Run `newsbot index`, which downloads it.")
        return
    began = time.perf_counter()
    model = embedding.load(name)
    model.question("newsbot")
    seconds = time.perf_counter() - began
    yield ok("embedding model", f"{name} loads in {seconds:.1f} s ({model.dimensions} dimensions).")


def chat_model(settings: Settings) -> Iterator[Finding]:
    """Check that the chat model's package is installed and its key is present; nothing is sent to it."""
    subject = "chat model"
    if not settings.chat_model:
        yield ok(subject, "None is set; answers are the articles' own sentences.")
        return
    provider, _, model = settings.chat_model.partition(":")
    provider = provider.replace("-", "_").lower()
    if not model:
        remedy = "Write it as provider:model, as in openai:gpt-5-mini."
        yield broken(subject, "NEWSBOT_CHAT_MODEL names no provider or no model.", remedy)
        return
    package, key = _PROVIDERS.get(provider, (f"langchain_{provider}", ""))
    if not (package.isidentifier() and importlib.util.find_spec(package)):
        yield broken(
            subject, f"The package for {settings.chat_model} is not installed.", _installation(provider, package)
        )
    elif key and not _has(key):
        yield broken(
            subject, f"{settings.chat_model} needs a key and {key} is not set.", f"Set {key} in the environment."
        )
    else:
        keyed = f", and {key} is set" if key else ""
        yield ok(subject, f"The package for {settings.chat_model} is installed{keyed}.")


def _installation(provider: str, package: str) -> str:
    near = difflib.get_close_matches(provider, _PROVIDERS, n=1, cutoff=0.7)
    if provider in _EXTRAS:
        return f"Run pip install 'newsbot[{provider}]'."
    if provider not in _PROVIDERS and near:
        return f"Did you mean the provider {near[0]}?"
    return f"Run pip install {package.replace('_', '-')}." if package.isidentifier() else "Correct NEWSBOT_CHAT_MODEL."


def _has(key: str) -> bool:
    if os.environ.get(key, "").strip():
        return True
    path = Path(".env")
    return path.is_file() and bool((dotenv_values(path, encoding="utf-8-sig").get(key) or "").strip())

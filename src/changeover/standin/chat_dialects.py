"""The dialects of Chat Completions that a stand-in speaks, by the names that the directory has."""

from collections.abc import Mapping
from typing import Literal

from changeover.standin.azure_chat import AzureChat
from changeover.standin.compatible_chat import LLAMA_CPP, OLLAMA, VLLM, CompatibleChat
from changeover.standin.mistral_chat import MistralChat
from changeover.standin.openai_chat import OpenAIChat

ChatDialect = Literal["azure", "llama-cpp", "mistral", "ollama", "vllm"]

DIALECTS: Mapping[str, OpenAIChat] = {
    "azure": AzureChat(),
    "llama-cpp": CompatibleChat(LLAMA_CPP, "llamacpp"),
    "mistral": MistralChat(),
    "ollama": CompatibleChat(OLLAMA, "library"),
    "vllm": CompatibleChat(VLLM, "vllm"),
}

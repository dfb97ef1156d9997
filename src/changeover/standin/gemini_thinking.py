"""What Google takes and refuses of thinking.

Written from the vendor's page "Gemini thinking" and from error bodies that callers
reported; wording is the vendor's.
"""

from typing import Any

from changeover.standin.gemini_models import budgets, generation, is_pro, thinks

_LEVELS = {"MINIMAL", "LOW", "MEDIUM", "HIGH"}
_PLACE = "generation_config.thinking_config"


def thinking_problem(config: dict[str, Any], model: str) -> str | None:
    """What is wrong with a `thinkingConfig`, None where it is good."""
    budget, level = config.get("thinkingBudget"), config.get("thinkingLevel")
    if not thinks(model) and config:
        return f"Thinking is not enabled for models/{model}"
    if budget is not None and level is not None:
        return "You can only set only one of thinking budget and thinking level."
    if level is not None:
        return _level_problem(level, model)
    if budget == 0:
        return _switched_off_problem(config, model)
    least, most = budgets(model)
    if budget not in {None, -1} and not least <= budget <= most and generation(model) < 3:
        return (
            f"The thinking budget {budget} is invalid. Please choose a value between {least} and "
            f"{most}."
        )
    return None


def _switched_off_problem(config: dict[str, Any], model: str) -> str | None:
    if is_pro(model):
        return "Budget 0 is invalid. This model only works in thinking mode."
    if config.get("includeThoughts"):
        return (
            "Unable to submit request because Thinking_config.include_thoughts is only enabled "
            "when thinking is enabled."
        )
    return None


def _level_problem(level: str, model: str) -> str | None:
    if generation(model) < 3:
        return "Thinking level is not supported for this model."
    known = _LEVELS - ({"MINIMAL"} if is_pro(model) else set())
    if level.upper() not in known | {"THINKING_LEVEL_UNSPECIFIED"}:
        return (
            f"Thinking level {level.upper()} is not supported for this model. Please retry with "
            "other thinking level."
        )
    return None


def is_thinking(config: dict[str, Any], model: str) -> bool:
    """Whether the model thinks: the newest do always, those before when they are told to."""
    if generation(model) >= 3:
        return True
    return thinks(model) and bool(config) and config.get("thinkingBudget") != 0

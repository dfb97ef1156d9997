"""Tools, their calls and results."""

import msgspec

from changeover.conversation.model import Image, Text, ToolCall, ToolChoice, ToolResult
from tests.matrix.features.feature import (
    CALL,
    CLOCK,
    EMPTY_CLOCK,
    FACT,
    PICTURE,
    WEATHER,
    WORDS,
    Feature,
    asking,
    loop,
    said,
)
from tests.matrix.features.hearing import answered, calls, quotes_the_result

_ASK = 'Use weather "Paris". Then tell me.'
TOOLS = [
    Feature(
        name="tool",
        title="Tools",
        group="Tools",
        request=asking(said(_ASK), tools=(WEATHER, CLOCK)),
        hears=calls(("weather", {"city": "Paris"})),
    ),
    Feature(
        name="tool-without-arguments",
        title="Tools without arguments",
        group="Tools",
        request=asking(said("Use clock now."), tools=(EMPTY_CLOCK,)),
        hears=calls(("clock", {})),
    ),
    Feature(
        name="tools-at-once",
        title="Several calls at once",
        group="Tools",
        request=asking(said('Use weather "Paris" and weather "Rome".'), tools=(WEATHER,)),
        hears=calls(("weather", {"city": "Paris"}), ("weather", {"city": "Rome"})),
    ),
    Feature(
        name="one-at-a-time",
        title="One call at a time",
        group="Tools",
        request=asking(
            said('Use weather "Paris" and weather "Rome".'),
            tools=(WEATHER,),
            parallel_calls=False,
        ),
        hears=calls(("weather", {"city": "Paris"})),
    ),
    Feature(
        name="tool-named",
        title="A tool that must be called",
        group="Tools",
        request=asking(
            said("Hello."),
            tools=(WEATHER, CLOCK),
            tool_choice=ToolChoice(mode="named", name="clock"),
        ),
        hears=calls(("clock", {})),
    ),
    Feature(
        name="tool-required",
        title="Some tool must be called",
        group="Tools",
        request=asking(
            said("Hello."), tools=(CLOCK, WEATHER), tool_choice=ToolChoice(mode="required")
        ),
        hears=calls(("clock", {})),
    ),
    Feature(
        name="tool-none",
        title="No tool may be called",
        group="Tools",
        request=asking(
            said(f"{FACT} Use clock. Who counts the boats?"),
            tools=(CLOCK,),
            tool_choice=ToolChoice(mode="none"),
        ),
        hears=answered,
    ),
    Feature(
        name="tool-strict",
        title="Arguments that fit the schema without exception",
        group="Tools",
        request=asking(said(_ASK), tools=(msgspec.structs.replace(WEATHER, strict=True),)),
        hears=calls(("weather", {"city": "Paris"})),
    ),
    Feature(
        name="result",
        title="Results",
        group="Tools",
        request=loop(ToolResult(call="call_1", parts=(Text(text=WORDS),))),
        hears=quotes_the_result,
    ),
    Feature(
        name="results",
        title="Several results",
        group="Tools",
        request=loop(
            ToolResult(call="call_1", parts=(Text(text=WORDS),)),
            ToolResult(call="call_2", parts=(Text(text="20 degrees in Rome"),)),
            calls=(CALL, ToolCall(id="call_2", name="weather", arguments='{"city":"Rome"}')),
        ),
        hears=quotes_the_result,
    ),
    Feature(
        name="result-image",
        title="Results with images",
        group="Tools",
        request=loop(
            ToolResult(
                call="call_1",
                parts=(Text(text=WORDS), Image(media_type="image/png", data=PICTURE)),
            )
        ),
        hears=answered,
    ),
    Feature(
        name="result-error",
        title="A tool that failed",
        group="Tools",
        request=loop(ToolResult(call="call_1", parts=(Text(text=WORDS),), is_error=True)),
        hears=answered,
    ),
    Feature(
        name="foreign-ids",
        title="Calls' ids that the vendor would refuse",
        group="Tools",
        request=loop(
            ToolResult(call="fc_1|rs.2/" + "x" * 60, parts=(Text(text=WORDS),)),
            calls=(msgspec.structs.replace(CALL, id="fc_1|rs.2/" + "x" * 60),),
        ),
        hears=quotes_the_result,
    ),
]

"""What a try may take at most, and the refusal where a limit does not cover it.

How it is estimated: a token of the input has at least two bytes of the request as it is
written to the vendor, and a model takes no more input than its context. The answer is at
most as long as was asked for, or as the model's longest. So a reserve is mostly more than
the call takes; `metering/meter.py` has the rules.
"""

from zoneinfo import ZoneInfo

from changeover.basics.clock import Clock
from changeover.basics.errors import ChangeoverError
from changeover.directory.model import Model
from changeover.directory.rules import ancestors
from changeover.gateway.charging import Charge
from changeover.gateway.limited import over_limit, unpriced
from changeover.gateway.refusal import Refusal
from changeover.gateway.trying import Bound, PassedOver, W
from changeover.metering.meter import Meter
from changeover.metering.pricing import most
from changeover.metering.taking import Asking, OverLimitError, Subjects, Taking, UnpricedError
from changeover.wire.longest import JSON, Longest, longest_answer

_BYTES = 2
_MOST_ANSWERS = 128
"""What Chat Completions gives at once (`n` in OpenAI's OpenAPI document); no protocol gives more.

What is reserved grows with it, so that one call could else set all of a budget aside.
"""


class Reserving:
    """Reserves for tries of calls. `machine` is the clock that minutes are counted by."""

    def __init__(self, meter: Meter | None, machine: Clock) -> None:
        self._meter = meter
        self._machine = machine

    async def reserve(
        self,
        bound: Bound[W],
        charge: Charge,
        route: str,
        body: bytes,
        content_type: str = JSON,
    ) -> None:
        """Sets aside what the try may take.

        `Refusal` (400) where more answers are wanted than a vendor gives, and (429) where a
        limit does not cover it; `PassedOver` where a limit counts money and the route has no
        known price: another route may have one.
        """
        if self._meter is None or not self._meter.limited:
            return
        directory = bound.ruleset.directory
        model = directory.models[directory.routes[route].model]
        asked = longest_answer(body, content_type)
        asking = Asking(
            subjects=_subjects(bound),
            most=at_most(charge, model, len(body), asked),
            at=bound.at,
            now=self._machine.now(),
            zone=ZoneInfo(directory.zone),
        )
        try:
            charge.reservation = await self._meter.reserve(asking)
        except OverLimitError as error:
            raise over_limit(directory, error.account, asking) from error
        except UnpricedError as error:
            raise PassedOver(unpriced(directory, route, error.limit)) from error
        except ChangeoverError as error:
            raise Refusal(
                503,
                "limits_unreachable",
                f"The call was not made: what is left of its limits cannot be asked. {error}",
                {"retry-after": "1"},
            ) from error


def at_most(charge: Charge, model: Model, size: int, asked: Longest) -> Taking:
    """What a try may take at most, of so many bytes, that asks for such answers; `Refusal`."""
    if charge.free:
        return Taking(tokens=0, money=0)
    able = model.capabilities
    given = min(-(-size // _BYTES), able.context)
    answered = 0
    if model.kind != "embedding":
        if asked.answers > _MOST_ANSWERS:
            raise Refusal(
                400,
                "too_many_answers",
                f"More than {_MOST_ANSWERS} answers were asked for at once. Ask for fewer.",
                field="n",
            )
        longest = able.output or able.context
        answered = min(asked.tokens or longest, longest) * asked.answers
    money = None if charge.tariff is None else most(charge.tariff, given, answered)
    return Taking(tokens=given + answered, money=money)


def _subjects(bound: Bound[W]) -> Subjects:
    asked = bound.asked
    parties = ancestors(bound.ruleset.directory, bound.call.party)
    return (
        ("key", asked.caller),
        ("service", asked.service),
        *(("party", party) for party in parties),
    )

"""A program that uses the `anthropic` SDK, unchanged.

It asks the same question again and again, as an application would; the address
and the key come from ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY, which the SDK
reads itself.
"""

import argparse
import time

import anthropic

RULES = (
    "Build files are checked by Ana. Pull requests need two reviews. Releases leave on Thursday."
)

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--model", default="claude-sonnet-4-5")
parser.add_argument("--times", type=int, default=1, help="how often to ask")
parser.add_argument("--every", type=float, default=3, help="seconds between two questions")
chosen = parser.parse_args()

client = anthropic.Anthropic(max_retries=0)
for number in range(chosen.times):
    if number:
        time.sleep(chosen.every)
    try:
        with client.messages.stream(
            model=chosen.model,
            max_tokens=300,
            system=RULES,
            messages=[{"role": "user", "content": "When do releases leave?"}],
        ) as stream:
            answer = "".join(stream.text_stream)
            headers = stream.response.headers
        notice = headers.get("changeover-notice", "no notice")
        print(f"[{headers['changeover-route']}; {notice}] {' '.join(answer.split())}", flush=True)
    except anthropic.APIStatusError as error:
        print(f"[HTTP {error.status_code}] {error.message}", flush=True)

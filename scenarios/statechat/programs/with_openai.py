"""A program that uses the `openai` SDK, unchanged.

It asks the same question again and again, as an application would; the address
and the key come from OPENAI_BASE_URL and OPENAI_API_KEY, which the SDK reads
itself.
"""

import argparse
import time

import openai

RULES = (
    "Build files are checked by Ana. Pull requests need two reviews. Releases leave on Thursday."
)

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--model", default="claude-sonnet-4-5")
parser.add_argument("--times", type=int, default=1, help="how often to ask")
parser.add_argument("--every", type=float, default=3, help="seconds between two questions")
chosen = parser.parse_args()

client = openai.OpenAI(max_retries=0)
for number in range(chosen.times):
    if number:
        time.sleep(chosen.every)
    try:
        response = client.chat.completions.with_raw_response.create(
            model=chosen.model,
            messages=[
                {"role": "system", "content": RULES},
                {"role": "user", "content": "When do releases leave?"},
            ],
        )
        answer = response.parse().choices[0].message.content or ""
        notice = response.headers.get("changeover-notice", "no notice")
        route = response.headers["changeover-route"]
        print(f"[{route}; {notice}] {' '.join(answer.split())}", flush=True)
    except openai.APIStatusError as error:
        print(f"[HTTP {error.status_code}] {error.message}", flush=True)

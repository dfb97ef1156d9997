import { describe, expect, test } from "vitest";

import type { Turn } from "../src/api/schema";
import { acknowledged, noticed, unread } from "../src/chat/notices";
import { sizeOf } from "../src/chat/size";
import type { Language } from "../src/i18n/language";
import { AnswerError } from "../src/api/asking";
import { translate } from "../src/i18n/translate";
import { Countdown } from "../src/pages/chat/Countdown";
import { NoticeBox } from "../src/pages/chat/NoticeBox";
import { ProblemBox } from "../src/pages/chat/ProblemBox";
import { Seam } from "../src/pages/chat/Seam";
import type { TurnActions, Version } from "../src/pages/chat/TurnDeeds";
import { TurnView, UserWords } from "../src/pages/chat/TurnView";
import { refusalWords } from "../src/pages/signin/words";
import { ANSWER, CHOICE, NOTICE, ORDER_REF, QUESTION, SEAM, SERVED, WRITING } from "./chat";
import { markup, words } from "./rendering";

const ACTIONS: TurnActions = { onEdit: () => {}, onAgain: () => {}, onLook: () => {} };

function drawn(shown: Turn, version: Version | null = null) {
  return (
    <TurnView
      turn={shown}
      service="Front desk"
      zone="America/New_York"
      version={version}
      knows={null}
      actions={ACTIONS}
      mending={null}
    />
  );
}

function turn(shown: Turn, language: Language = "en", version: Version | null = null): string {
  return words(drawn(shown, version), language);
}

describe("what can be done with a turn", () => {
  const SECOND: Version = { place: 2, of: 3, previous: "turn-2", next: "turn-7" };

  test("a question is edited, an answer given again", () => {
    expect(turn(QUESTION)).toMatch(/Why\? .*Edit $/);
    expect(turn(ANSWER)).toMatch(/Answer again $/);
    expect(turn(ANSWER, "fr")).toMatch(/Répondre de nouveau $/);
  });

  test("an answer that was refused can be given again too", () => {
    const refused: Turn = { ...ANSWER, state: "refused", text: "", served: null };
    expect(turn(refused)).toMatch(/Answer again $/);
  });

  test("nothing while it is written, but its versions stay", () => {
    expect(turn(WRITING)).not.toContain("Answer again");
    expect(turn(WRITING, "en", SECOND)).toMatch(/Version 2 of 3/);
  });

  test("its versions have buttons with names, of which those at the ends do nothing", () => {
    const buttons = markup(drawn(ANSWER, SECOND), "en");
    expect(buttons).toContain('aria-label="Previous version" aria-disabled="false"');
    expect(buttons).toContain('aria-label="Next version" aria-disabled="false"');
    const last = markup(drawn(ANSWER, { ...SECOND, place: 3, next: null }), "en");
    expect(last).toContain('aria-label="Next version" aria-disabled="true"');
  });
});

describe("the stamp under an answer", () => {
  test("says whose model it was, and that a stand-in answered", () => {
    expect(turn(ANSWER)).toMatch(/Because\. .*Model A by Maker A Stand-in/);
    expect(turn({ ...ANSWER, served: { ...SERVED, stand_in: false } })).not.toContain("Stand-in");
  });

  test("gives the details", () => {
    const shown = turn(ANSWER);
    expect(shown).toContain("No vendor was called");
    expect(shown).toContain("Why this model The desk uses it.");
    expect(shown).toContain("Orders that mattered First order (The chief)");
    expect(shown).toContain("Route maker-a/model@host-a Host Host A Version model-a-2026");
    expect(shown).toContain("Not carried over Nothing was left behind");
    expect(shown).toContain("Tokens 12 read, 34 written");
    expect(shown).toContain("Written 26 February 2026 at 09:00 EST");
    expect(shown).toContain("Ruleset r2-abc");
  });

  test("tells losses, what it stands in place of and until when, and no tokens that nobody told", () => {
    const served = {
      ...SERVED,
      losses: ["a", "b"],
      replaced: "maker-b/model@host-b",
      deadline: "2026-09-01T04:00:00Z",
      output_tokens: null,
    };
    const shown = turn({ ...ANSWER, served });
    expect(shown).toContain("until 1 September 2026");
    expect(shown).toContain("In place of maker-b/model@host-b Not carried over a, b");
    expect(shown).not.toContain("Tokens");
  });

  test("speaks French", () => {
    expect(turn(ANSWER, "fr")).toMatch(/Model A de Maker A Doublure .* L’accueil l’utilise\./);
  });
});

describe("a turn", () => {
  test("is under a heading that says who speaks", () => {
    expect(markup(<UserWords text="Why?" />, "en")).toContain("You wrote</h3>");
    expect(turn(WRITING)).toContain("Front desk answered");
    expect(turn(WRITING)).toContain("Front desk is writing");
  });

  test("shows a person’s words as they wrote them", () => {
    const page = markup(<UserWords text={"<script>1</script> **no**"} />, "en");
    expect(page).toContain("&lt;script&gt;1&lt;/script&gt; **no**");
  });

  test("folds a long text, and offers the whole of it", () => {
    expect(words(<UserWords text={"x".repeat(2_000)} />, "en")).toContain("Show the whole text");
    expect(words(<UserWords text="short" />, "en")).not.toContain("Show");
  });
});

describe("a problem", () => {
  const problem = {
    kind: "refused",
    words: { en: "Model B may not be used.", fr: "Interdit." },
    order: ORDER_REF,
    instead: [CHOICE],
    may_continue: false,
  } as const;
  const actions = { onContinue: () => undefined, onInstead: () => undefined };

  test("cites the order and offers what is allowed instead", () => {
    const box = <ProblemBox problem={problem} kept={false} actions={actions} />;
    expect(words(box, "en")).toContain(
      "Not asked. Model B may not be used. The order: First order (The chief) Ask Model A (Maker A)",
    );
    expect(markup(box, "en")).toContain('href="/orders/order-1"');
  });

  test.each([
    [true, "Continue the answer"],
    [false, "Ask again"],
  ])("can be gone on from (text kept: %s)", (kept, button) => {
    const cut = { ...problem, kind: "cut", may_continue: true } as const;
    const shown = words(<ProblemBox problem={cut} kept={kept} actions={actions} />, "en");
    expect(shown).toContain("Cut by an order.");
    expect(shown).toContain(button);
    expect(shown).not.toContain("Ask Model A");
  });

  test("offers nothing once the conversation has moved on", () => {
    expect(markup(<ProblemBox problem={problem} kept actions={null} />, "en")).not.toContain("<button");
  });
});

test("a seam is a heading with what went along and the order", () => {
  expect(markup(<Seam seam={SEAM} />, "en")).toContain("<h3>From here on: Model B by Maker B</h3>");
  expect(words(<Seam seam={SEAM} />, "fr")).toContain(
    "Auparavant, Model A de Maker A répondait. Tout le texte a été transmis. Rien n’a été laissé de côté. En raison de Premier ordre (La cheffe)",
  );
});

describe("notices", () => {
  const later = { ...NOTICE, id: "order-2", effective: "2026-03-03T17:00:00Z" };

  test("stand the latest first, news in place of what it changes", () => {
    const both = noticed(noticed([], NOTICE), later);
    expect(both.map(({ id }) => id)).toEqual(["order-2", "order-1"]);
    const changed = noticed(both, { ...NOTICE, in_force: false });
    expect(changed.map(({ id, in_force }) => [id, in_force])).toEqual([
      ["order-2", true],
      ["order-1", false],
    ]);
  });

  test("go when they are acknowledged", () => {
    const both = [later, NOTICE];
    expect(unread(acknowledged(both, "order-2"))).toEqual([NOTICE]);
    expect(unread(both)).toEqual(both);
  });

  test("say all that the reader must know, and are no live region", () => {
    const box = (
      <NoticeBox notice={NOTICE} more={1} onAcknowledge={async () => undefined} onFresh={() => undefined} />
    );
    const shown = words(box, "en");
    for (const said of [
      "Model B now answers.",
      "When Since 2 March. Provisional",
      "What you must do Nothing.",
      "What it no longer knows It knows less.",
      "Your conversations They stay.",
      "Earlier text It goes to Maker B.",
      "The order First order (The chief)",
      "Whom to ask The desk’s team",
      "I have read this",
      "Start afresh",
      "1 more notice",
    ]) {
      expect(shown).toContain(said);
    }
    expect(markup(box, "en")).not.toMatch(/aria-live|role="(status|alert|log)"/);
  });
});

describe("whether a message fits", () => {
  const of = (text: string, fresh = false) =>
    sizeOf(text, { turns: [{ ...QUESTION, text: "x".repeat(20_000) }], fresh, context: CHOICE.context });

  test("counts the earlier text, and keeps room for the answer", () => {
    expect(of("x".repeat(400))).toEqual({ tokens: 5_100, own: 100, room: 6_000, standing: "near" });
    expect(of("x".repeat(4_004)).standing).toBe("over");
    expect(of("x".repeat(4_004), true).standing).toBe("fits");
  });

  test("keeps less room in a large context", () => {
    expect(sizeOf("", { turns: [], fresh: false, context: 1_000_000 }).room).toBe(995_904);
  });
});

describe("why signing in was refused", () => {
  const say = (failure: ConstructorParameters<typeof AnswerError>[0], language: Language = "en") =>
    refusalWords((key, values) => translate(language, key, values), new AnswerError(failure));

  test("and when to try again", () => {
    expect(say({ kind: "refused", status: 401 })).toContain("login or the password is wrong");
    expect(say({ kind: "refused", status: 429, retryAfter: 1 })).toContain("in 1 second;");
    expect(say({ kind: "refused", status: 429, retryAfter: 61 })).toContain("in 2 minutes;");
    expect(say({ kind: "refused", status: 429, retryAfter: 900 }, "fr")).toContain("dans 15 minutes");
    expect(say({ kind: "away" })).toContain("did not answer");
    expect(say({ kind: "refused", status: 503 })).toContain("503");
  });
});

describe("the countdown before a deadline", () => {
  const NOW = "2026-08-20T12:00:00Z";
  const until = (deadline: string | null, language: Language = "en") =>
    markup(
      <Countdown
        model={{ ...CHOICE, outcome: "notice", deadline, order: ORDER_REF }}
        now={NOW}
        zone="America/New_York"
      />,
      language,
    );

  test("names the day for all, and counts for the eye alone", () => {
    const shown = until("2026-08-27T04:00:00Z");
    expect(shown).toContain("Model A may be asked until 27 August 2026:");
    expect(shown).toContain('<strong aria-hidden="true">in 6 days</strong>');
    expect(shown).not.toMatch(/aria-live|role="(status|alert|timer)"/);
    expect(until("2026-08-27T04:00:00Z", "fr")).toContain("dans 6 jours");
  });

  test.each([
    ["2026-08-21T13:00:00Z", "in 25 hours"],
    ["2026-08-20T13:00:00Z", "in 60 minutes"],
    ["2026-08-20T12:00:10Z", "in 1 minute"],
  ])("until %s says %s", (deadline, left) => {
    expect(until(deadline)).toContain(left);
  });

  test.each([null, "2026-08-20T12:00:00Z", "2026-10-27T04:00:00Z"])("is not there for %s", (at) => {
    expect(until(at)).toBe("");
  });
});

test("an answer says when its question lies past what its model knows", () => {
  const shown = words(
    <TurnView
      turn={ANSWER}
      service="Front desk"
      zone="America/New_York"
      version={null}
      actions={ACTIONS}
      knows="2025-01"
      mending={null}
    />,
    "en",
  );
  expect(shown).toContain("Model A knows the world up to January 2025");
});

import { describe, expect, test } from "vitest";

import type { ChatEvent } from "../src/api/chat";
import type { Turn } from "../src/api/schema";
import { fold, headOf, opened, writing, type Log } from "../src/chat/log";
import { ANSWER, CONVERSATION, QUESTION, SEAM, SERVED, WRITING } from "./chat";

const EMPTY: Log = opened({ ...CONVERSATION, turns: [], title: "" });
const seen = (turn: Turn): ChatEvent => ({ kind: "turn", turn });
const delta = (text: string, at: number, turn = "turn-2"): ChatEvent => ({
  kind: "delta",
  turn,
  text,
  at,
});
const ended: ChatEvent = { kind: "end", turn: "turn-2", state: "complete" };

/** An answer as its stream tells it, in pieces of two units. */
const STREAM: ChatEvent[] = [
  seen(QUESTION),
  seen(WRITING),
  delta("Be", 0),
  delta("ca", 2),
  delta("us", 4),
  delta("e.", 6),
  seen(ANSWER),
  ended,
  { kind: "title", title: "Reasons" },
];

function text(log: Log): string | undefined {
  return log.turns.find(({ id }) => id === "turn-2")?.text;
}

describe("an answer's stream", () => {
  test("ends in what the server would tell whole", () => {
    const log = STREAM.reduce(fold, EMPTY);
    expect(log).toEqual(opened(CONVERSATION));
    expect(writing(log)).toBeNull();
    expect(headOf(log)).toBe("turn-2");
  });

  test("is told once, however often and from wherever it is told again", () => {
    for (let cut = 0; cut <= STREAM.length; cut += 1) {
      for (let back = 0; back <= cut; back += 1) {
        const events = [...STREAM.slice(0, cut), ...STREAM.slice(back)];
        expect(events.reduce(fold, EMPTY)).toEqual(opened(CONVERSATION));
      }
    }
  });

  test("goes on from a reading in its middle, with pieces that overlap it", () => {
    const middle = opened({ ...CONVERSATION, turns: [QUESTION, { ...WRITING, text: "Beca" }] });
    expect(writing(middle)?.id).toBe("turn-2");
    const log = [delta("Beca", 0), delta("caus", 2), delta("e.", 6)].reduce(fold, middle);
    expect(text(log)).toBe("Because.");
    expect(log.stale).toBe(false);
  });

  test("counts as JavaScript does", () => {
    const log = [seen(QUESTION), seen(WRITING), delta("👍🏽", 0), delta("👍🏽 é", 0)].reduce(fold, EMPTY);
    expect(text(log)).toBe("👍🏽 é");
  });
});

describe("what cannot be folded", () => {
  const begun = [seen(QUESTION), seen(WRITING)].reduce(fold, EMPTY);

  test.each([
    ["a gap in the text", delta("se.", 5)],
    ["text of an unknown turn", delta("Be", 0, "turn-9")],
    ["a turn behind an unknown one", seen({ ...QUESTION, id: "turn-9", parent: "turn-8" })],
    ["an end without the whole turn", ended],
  ])("%s makes it stale and changes nothing else", (_, event) => {
    expect(fold(begun, event)).toEqual({ ...begun, stale: true });
  });
});

describe("what is old news", () => {
  const log = opened(CONVERSATION);

  test.each([
    ["that it was being written", seen(WRITING)],
    ["its text", delta("Beca", 0)],
    ["more text after its end", delta("!", 8)],
    ["its end", ended],
    ["the same turn", seen(ANSWER)],
    ["the same title", { kind: "title", title: "Reasons" } as ChatEvent],
  ])("%s gives the same log", (_, event) => {
    expect(fold(log, event)).toBe(log);
  });
});

test("a stopped answer is replaced by what the server kept", () => {
  const stopped: Turn = { ...ANSWER, state: "stopped", text: "Bec" };
  const log = [seen(QUESTION), seen(WRITING), delta("Becaus", 0), seen(stopped)].reduce(fold, EMPTY);
  expect(text(log)).toBe("Bec");
});

test("another branch takes the place of what followed its parent", () => {
  const other: Turn = { ...WRITING, id: "turn-3" };
  const log = fold({ ...opened(CONVERSATION), seams: [{ ...SEAM, before: "turn-2" }] }, seen(other));
  expect(log.turns.map(({ id }) => id)).toEqual(["turn-1", "turn-3"]);
  expect(log.seams).toEqual([]);
  expect(log.branchings).toEqual([{ below: "turn-1", turns: ["turn-2", "turn-3"] }]);
  const third = fold(log, seen({ ...other, id: "turn-4" }));
  expect(third.branchings).toEqual([{ below: "turn-1", turns: ["turn-2", "turn-3", "turn-4"] }]);
});

describe("news of another branch", () => {
  const beside = fold(opened(CONVERSATION), seen({ ...WRITING, id: "turn-3" }));

  test.each([
    ["a turn beside one that is shown", seen(ANSWER)],
    ["its text", delta("Be", 0)],
    ["its end", ended],
  ])("%s is passed over", (_, event) => {
    expect(fold(beside, event)).toBe(beside);
  });

  const older: Log = { ...opened(CONVERSATION), newest: false };

  test.each([
    ["a turn behind one that is not shown", seen({ ...QUESTION, id: "turn-9", parent: "turn-8" })],
    ["text of such a turn", delta("Be", 0, "turn-9")],
  ])("%s is passed over while an older path is read", (_, event) => {
    expect(fold(older, event)).toBe(older);
  });

  test("what comes on the path that is read makes it the newest", () => {
    const next: Turn = { ...QUESTION, id: "turn-5", parent: "turn-2" };
    const log = fold(older, seen(next));
    expect(log).toMatchObject({ newest: true, stale: false });
    expect(headOf(log)).toBe("turn-5");
  });
});

test("an edit of the first message begins anew", () => {
  const edited: Turn = { ...QUESTION, id: "turn-3", text: "Why not?" };
  const log = fold(opened(CONVERSATION), seen(edited));
  expect(log.turns).toEqual([edited]);
  expect(log.branchings).toEqual([{ below: null, turns: ["turn-1", "turn-3"] }]);
});

describe("another model's answer", () => {
  const question: Turn = { ...QUESTION, id: "turn-3", parent: "turn-2" };
  const answer: Turn = {
    ...ANSWER,
    id: "turn-4",
    parent: "turn-3",
    served: { ...SERVED, model: "maker-b/model" },
  };

  test("asks for its seam", () => {
    const log = [seen(question), seen(answer)].reduce(fold, opened(CONVERSATION));
    expect(log.stale).toBe(true);
    expect(headOf(log)).toBe("turn-4");
  });

  test("asks for its seam behind an imported answer, where its file names a model", () => {
    const origin = {
      source: "chatgpt",
      imported: ANSWER.created,
      model: "gpt-4o",
      said: null,
      stated: null,
      not_carried: [],
    } as const;
    const after = (elsewhere: Turn) =>
      [seen(question), seen(answer)].reduce(
        fold,
        opened({ ...CONVERSATION, turns: [QUESTION, elsewhere] }),
      ).stale;
    const imported: Turn = { ...ANSWER, served: null, origin };
    expect(after(imported)).toBe(true);
    expect(after({ ...imported, origin: { ...origin, stated: SERVED } })).toBe(true);
    expect(after({ ...imported, origin: { ...origin, stated: answer.served } })).toBe(false);
    expect(after({ ...imported, origin: { ...origin, model: null } })).toBe(false);
  });

  const begun: Turn = { ...answer, state: "generating", served: null, text: "" };
  const under = opened({ ...CONVERSATION, turns: [QUESTION, ANSWER, question, begun] });
  const served: Turn = { ...begun, served: answer.served };

  test("asks as soon as it is told who writes it, and keeps the text that is held", () => {
    const log = [delta("Be", 0, "turn-4"), seen(served)].reduce(fold, under);
    expect(log.stale).toBe(true);
    expect(log.turns.at(-1)).toMatchObject({ state: "generating", text: "Be", served: answer.served });
    expect(fold(log, seen(served))).toBe(log);
  });

  test("asks for the seam again when it has ended, and shows the one told until then", () => {
    const told: Log = { ...under, seams: [SEAM] };
    expect(fold(told, seen(served))).toMatchObject({ stale: false, seams: [SEAM] });
    expect(fold(told, seen(answer))).toMatchObject({ stale: true, seams: [SEAM] });
  });

  test("of the same model leaves none", () => {
    const same: Turn = { ...answer, served: SERVED };
    expect([seen(question), seen(same)].reduce(fold, opened(CONVERSATION)).stale).toBe(false);
  });
});

import { describe, expect, test, vi } from "vitest";

import { AnswerError, type Failure } from "../src/api/asking";
import { held, newClientId, outgoing } from "../src/chat/sending";
import { pauseAfter } from "../src/chat/outbox";
import { arrived, EMPTY, forgetUnsent, UnsentStore, waits } from "../src/chat/unsent";
import { opened } from "../src/chat/log";
import { ANSWER, CONVERSATION, QUESTION } from "./chat";

/** A browser's storage, in memory. */
class Shelf implements Storage {
  readonly #kept = new Map<string, string>();
  get length(): number {
    return this.#kept.size;
  }
  clear(): void {
    this.#kept.clear();
  }
  getItem(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }
  key(at: number): string | null {
    return [...this.#kept.keys()][at] ?? null;
  }
  removeItem(key: string): void {
    this.#kept.delete(key);
  }
  setItem(key: string, value: string): void {
    this.#kept.set(key, value);
  }
}

const NOTHING_SAID = opened({ ...CONVERSATION, turns: [] });
const MESSAGE = outgoing({ ...EMPTY, text: "Why?" }, NOTHING_SAID, "id-1");

describe("a draft", () => {
  test("is kept for each conversation and each person, and over a reload", () => {
    const shelf = new Shelf();
    const store = new UnsentStore("ana", shelf);
    store.setDraft("conv-1", { text: "half a", model: "maker-b/model" });
    store.setDraft(null, { text: "a new one", fresh: true });
    const reloaded = new UnsentStore("ana", shelf);
    expect(reloaded.of("conv-1").draft).toEqual({
      ...EMPTY,
      text: "half a",
      model: "maker-b/model",
    });
    expect(reloaded.of(null).draft).toEqual({
      ...EMPTY,
      text: "a new one",
      fresh: true,
    });
    expect(reloaded.of("conv-2").draft).toEqual(EMPTY);
    expect(new UnsentStore("marc", shelf).of("conv-1").draft).toEqual(EMPTY);
  });

  test("leaves nothing behind once it is empty", () => {
    const shelf = new Shelf();
    const store = new UnsentStore("ana", shelf);
    store.setDraft("conv-1", { text: "x" });
    store.setDraft("conv-1", { text: "" });
    expect(shelf.length).toBe(0);
  });

  test("lasts as long as the page where storage is full or switched off", () => {
    const full = new Shelf();
    vi.spyOn(full, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    for (const storage of [full, null]) {
      const store = new UnsentStore("ana", storage);
      store.setDraft("conv-1", { text: "x" });
      expect(store.of("conv-1").draft.text).toBe("x");
    }
  });

  test("passes over what it cannot read", () => {
    const shelf = new Shelf();
    shelf.setItem("changeover.unsent.ana.conv-1", "{");
    shelf.setItem("changeover.unsent.ana.conv-2", '{"draft": {"text": 7}, "outgoing": {"clientId": 1}}');
    const store = new UnsentStore("ana", shelf);
    expect(store.of("conv-1")).toEqual({ draft: EMPTY, outgoing: null });
    expect(store.of("conv-2")).toEqual({ draft: EMPTY, outgoing: null });
  });

  test("is the same object until it changes, and says when it does", () => {
    const store = new UnsentStore("ana", null);
    const listener = vi.fn();
    const leave = store.subscribe(listener);
    const before = store.of("conv-1");
    expect(store.of("conv-1")).toBe(before);
    store.setDraft("conv-1", { text: "x" });
    expect(store.of("conv-1")).not.toBe(before);
    leave();
    store.setDraft("conv-1", { text: "y" });
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test("goes with the person who signs out, and nothing else does", () => {
    const shelf = new Shelf();
    shelf.setItem("changeover.language", "fr");
    new UnsentStore("ana", shelf).setDraft("conv-1", { text: "x" });
    expect(forgetUnsent(shelf)).toBe(true);
    expect(forgetUnsent(shelf)).toBe(false);
    expect(shelf.getItem("changeover.language")).toBe("fr");
  });
});

describe("a message on its way", () => {
  test("is held after a reload, under the same id", () => {
    const shelf = new Shelf();
    new UnsentStore("ana", shelf).setOutgoing("conv-1", MESSAGE);
    expect(new UnsentStore("ana", shelf).of("conv-1").outgoing).toEqual({
      ...MESSAGE,
      phase: "held",
      why: "unknown",
    });
  });

  test("keeps why it was held over a reload", () => {
    const shelf = new Shelf();
    const kept = held(MESSAGE, new AnswerError({ kind: "away" }));
    new UnsentStore("ana", shelf).setOutgoing("conv-1", kept);
    expect(new UnsentStore("ana", shelf).of("conv-1").outgoing).toEqual(kept);
  });

  test("goes along, with the draft, when its conversation is made", () => {
    const store = new UnsentStore("ana", new Shelf());
    store.setOutgoing(null, MESSAGE);
    store.setDraft(null, { text: "next" });
    store.adopt("conv-1");
    expect(store.of("conv-1")).toEqual({ draft: { ...EMPTY, text: "next" }, outgoing: MESSAGE });
    expect(store.of(null)).toEqual({ draft: EMPTY, outgoing: null });
  });

  test("has arrived when its words follow what they followed", () => {
    expect(arrived(MESSAGE, [QUESTION, ANSWER])).toBe(true);
    expect(arrived(MESSAGE, [])).toBe(false);
    expect(arrived({ ...MESSAGE, after: "turn-2" }, [QUESTION, ANSWER])).toBe(false);
  });

  const detail = { code: "", what: "It is wrong.", means: "Nothing was sent.", do: "Mend it." };
  test.each<[string, Failure, string, string | null]>([
    ["no answer", { kind: "away" }, "away", null],
    ["no session", { kind: "refused", status: 401 }, "expired", null],
    ["another answer", { kind: "refused", status: 409, detail: { ...detail, code: "generating" } }, "generating", null],
    ["too long a text", { kind: "refused", status: 400, detail: { ...detail, code: "too-long" } }, "too-long", null],
    ["anything else", { kind: "refused", status: 400, detail }, "refused", "It is wrong. Nothing was sent. Mend it."],
    ["a refusal without words", { kind: "refused", status: 500 }, "refused", null],
  ])("is held for %s", (_, failure, why, said) => {
    expect(held(MESSAGE, new AnswerError(failure))).toEqual({ ...MESSAGE, phase: "held", why, said });
  });
});

test("a message's id is a UUID also where the browser makes none", () => {
  const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
  expect(newClientId()).toMatch(uuid);
  const { getRandomValues } = crypto;
  vi.stubGlobal("crypto", { getRandomValues: getRandomValues.bind(crypto) });
  expect(newClientId()).toMatch(uuid);
  vi.unstubAllGlobals();
});

describe("where a message goes", () => {
  const log = opened(CONVERSATION);

  test("behind what is shown last, by its name only where that is not the newest", () => {
    expect(outgoing({ ...EMPTY, text: "And?" }, log, "id-1")).toMatchObject({
      after: "turn-2",
      below: null,
      insteadOf: null,
    });
    const older = { ...log, newest: false };
    expect(outgoing({ ...EMPTY, text: "And?" }, older, "id-1")).toMatchObject({ below: "turn-2" });
  });

  test("an edit goes where the message hangs, and has not arrived with that message", () => {
    const edit = outgoing({ ...EMPTY, text: "Why?", insteadOf: "turn-1" }, log, "id-1");
    expect(edit).toMatchObject({ after: null, below: null, insteadOf: "turn-1" });
    expect(arrived(edit, log.turns)).toBe(false);
    expect(arrived(edit, [{ ...QUESTION, id: "turn-3" }])).toBe(true);
  });

  test("an edit of what is no longer shown is a new message", () => {
    const edit = outgoing({ ...EMPTY, text: "Why?", insteadOf: "turn-0" }, log, "id-1");
    expect(edit).toMatchObject({ after: "turn-2", insteadOf: null });
  });
});

describe("what waits for the server", () => {
  const AWAY = new AnswerError("away" as unknown as Failure);
  const waiting = { ...MESSAGE, ...held(MESSAGE, AWAY) };

  test("waits over a reload, in any conversation, and as the same message", () => {
    const shelf = new Shelf();
    new UnsentStore("ana", shelf).setOutgoing("conv-1", waiting);
    new UnsentStore("ana", shelf).setOutgoing(null, { ...waiting, clientId: "id-2" });
    new UnsentStore("ben", shelf).setOutgoing("conv-9", waiting);
    const again = new UnsentStore("ana", shelf);
    expect(again.waiting().split(" ").sort()).toEqual(["conv-1", "new"]);
    expect(again.of("conv-1").outgoing).toMatchObject({ clientId: "id-1", why: "away" });
  });

  test("is not what was on its way, what was refused, or what waited for a day", () => {
    const shelf = new Shelf();
    const store = new UnsentStore("ana", shelf);
    store.setOutgoing("on-its-way", MESSAGE);
    store.setOutgoing("refused", { ...waiting, why: "too-long" });
    store.setOutgoing("old", { ...waiting, written: Date.now() - 90_000_000 });
    expect(store.waiting()).toBe("old");
    const again = new UnsentStore("ana", shelf);
    expect(again.waiting()).toBe("");
    expect(again.of("old").outgoing).toMatchObject({ phase: "held", why: "unknown", text: "Why?" });
  });

  test("is gone here when another window has sent it", () => {
    const shelf = new Shelf();
    const one = new UnsentStore("ana", shelf);
    one.setOutgoing("conv-1", waiting);
    const other = new UnsentStore("ana", shelf);
    expect(waits(other.again("conv-1").outgoing)).toBe(true);
    one.setOutgoing("conv-1", null);
    expect(other.again("conv-1").outgoing).toBeNull();
    expect(other.waiting()).toBe("");
  });

  test("is tried again less and less often, and always again", () => {
    expect([0, 1, 2, 3, 9].map(pauseAfter)).toEqual([2_000, 4_000, 8_000, 16_000, 30_000]);
  });
});

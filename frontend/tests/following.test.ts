import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { AGAIN_MS, follow, type Source } from "../src/chat/following";
import { GRACE_MS, QUIET_MS, way, type News } from "../src/chat/newsAsking";

const OPEN = 1;
const CLOSED = 2;

/** A browser's event source, driven by the test. */
class Wire {
  readyState: number = OPEN;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  readonly #listeners = new Map<string, (event: unknown) => void>();
  constructor(readonly address: string) {}
  addEventListener(kind: string, listener: (event: unknown) => void): void {
    this.#listeners.set(kind, listener);
  }
  close(): void {
    this.closed = true;
  }
  say(kind: string, data: unknown, lastEventId = ""): void {
    this.#listeners.get(kind)?.({ data: JSON.stringify(data), lastEventId });
  }
  break(readyState: number): void {
    this.readyState = readyState;
    this.onerror?.();
  }
}

const wires: Wire[] = [];
const follower = { event: vi.fn(), opened: vi.fn(), lost: vi.fn(), refused: vi.fn() };

function begin(after: string | null): () => void {
  return follow({ path: "/events", after, kinds: ["delta", "mark"] }, follower, (address) => {
    const wire = new Wire(address);
    wires.push(wire);
    return wire as unknown as Source;
  });
}

beforeEach(() => {
  way.holdsStreams = false;
  vi.useFakeTimers();
  wires.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

describe("following a stream", () => {
  test("begins after a place, or where the server likes", () => {
    begin("7")();
    begin(null)();
    expect(wires.map(({ address }) => address)).toEqual(["/events?after=7", "/events"]);
  });

  test("tells events and how the connection stands", () => {
    begin("7");
    wires[0]!.onopen?.();
    wires[0]!.say("delta", { text: "x" });
    expect(follower.opened).toHaveBeenCalledOnce();
    expect(follower.event).toHaveBeenCalledExactlyOnceWith("delta", { text: "x" });
  });

  test("leaves coming back to the browser while it tries", () => {
    begin("7");
    wires[0]!.break(0);
    vi.advanceTimersByTime(10 * AGAIN_MS);
    expect(follower.lost).toHaveBeenCalledOnce();
    expect(follower.refused).not.toHaveBeenCalled();
    expect(wires).toHaveLength(1);
  });

  test("opens anew after a refusal, from the last place that it was told", () => {
    begin("7");
    wires[0]!.say("mark", {}, "9");
    wires[0]!.say("delta", { text: "y" }, "9");
    wires[0]!.say("delta", { text: "z" });
    wires[0]!.break(CLOSED);
    expect(follower.refused).toHaveBeenCalledOnce();
    expect(wires).toHaveLength(1);
    vi.advanceTimersByTime(AGAIN_MS);
    expect(wires[1]!.address).toBe("/events?after=9");
    expect(wires[0]!.closed).toBe(true);
  });

  test("ends for good", () => {
    const stop = begin("7");
    wires[0]!.break(CLOSED);
    stop();
    vi.advanceTimersByTime(10 * AGAIN_MS);
    expect(wires).toHaveLength(1);
    expect(wires[0]!.closed).toBe(true);
  });
});

describe("a stream that something holds back", () => {
  const ENOUGH_MS = QUIET_MS + GRACE_MS + 2_000;
  const DELTA = { kind: "delta", turn: "t", text: "x", at: 0 } as const;
  const held = vi.fn();
  let news: News;
  let awaited = true;
  const asked = vi.fn(() => Promise.resolve(news));

  function beginHeld(): () => void {
    const stream = { path: "/events", after: "7", kinds: ["delta", "mark"], news: asked, awaits: () => awaited };
    return follow(stream, { ...follower, held }, (address) => {
      const wire = new Wire(address);
      wires.push(wire);
      return wire as unknown as Source;
    });
  }

  beforeEach(() => {
    awaited = true;
    news = { events: [DELTA], last_event: 8 };
  });

  test("is given up, and the server asked again and again", async () => {
    const stop = beginHeld();
    await vi.advanceTimersByTimeAsync(ENOUGH_MS);
    expect(held).toHaveBeenCalledOnce();
    expect(wires[0]!.closed).toBe(true);
    expect(follower.event).toHaveBeenCalledWith("delta", DELTA);
    expect(asked).toHaveBeenLastCalledWith("8");
    news = { events: [], last_event: 9 };
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveBeenLastCalledWith("9");
    stop();
    const times = asked.mock.calls.length;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(asked).toHaveBeenCalledTimes(times);
    beginHeld();
    expect(held).toHaveBeenCalledTimes(2);
  });

  test("is not one in which nothing happened, or nothing is awaited", async () => {
    news = { events: [], last_event: 7 };
    beginHeld();
    await vi.advanceTimersByTimeAsync(5 * ENOUGH_MS);
    asked.mockClear();
    awaited = false;
    news = { events: [DELTA], last_event: 8 };
    await vi.advanceTimersByTimeAsync(5 * ENOUGH_MS);
    expect(asked).not.toHaveBeenCalled();
    expect(held).not.toHaveBeenCalled();
  });

  test("is not one that brings it a little later", async () => {
    beginHeld();
    await vi.advanceTimersByTimeAsync(QUIET_MS + 1_100);
    expect(asked).toHaveBeenCalledOnce();
    wires[0]!.say("delta", DELTA, "8");
    await vi.advanceTimersByTimeAsync(GRACE_MS + 500);
    expect(held).not.toHaveBeenCalled();
    expect(wires[0]!.closed).toBe(false);
  });

  test("is followed on while the server cannot be asked", async () => {
    asked.mockRejectedValue(new Error("away"));
    beginHeld();
    await vi.advanceTimersByTimeAsync(5 * ENOUGH_MS);
    expect(held).not.toHaveBeenCalled();
    asked.mockReset().mockImplementation(() => Promise.resolve(news));
  });
});

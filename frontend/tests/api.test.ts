import { afterEach, describe, expect, test, vi } from "vitest";

import { AnswerError, isNotFound } from "../src/api/asking";
import { fetchOrder, readOrder, readOrders } from "../src/api/orders";
import { fetchStatus, readStatus } from "../src/api/status";
import { ORDER } from "./order";
import { STATUS } from "./status";

function failure(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    return error instanceof AnswerError ? error.failure : error;
  }
  return "no failure";
}

describe("readStatus", () => {
  test("reads what the server writes, and passes over what it does not know", () => {
    expect(readStatus(JSON.stringify(STATUS))).toEqual(STATUS);
    expect(readStatus(JSON.stringify({ ...STATUS, later: 1 })).version).toBe("1.2.3");
  });

  test.each([
    ["no JSON", "<html>"],
    ["null", "null"],
    ["a field too few", JSON.stringify({ ...STATUS, keys: undefined })],
    ["no instant", JSON.stringify({ ...STATUS, now: "soon" })],
    ["no zone", JSON.stringify({ ...STATUS, zone: "Mars/Olympus" })],
    ["a list of something else", JSON.stringify({ ...STATUS, routes: [1] })],
  ])("says that it cannot read %s", (_, text) => {
    expect(failure(() => readStatus(text))).toEqual({ kind: "unreadable" });
  });
});

describe("fetchStatus", () => {
  afterEach(() => vi.unstubAllGlobals());

  const ask = () => fetchStatus(new AbortController().signal);

  test("gives the status", async () => {
    vi.stubGlobal("fetch", async () => Response.json(STATUS));
    await expect(ask()).resolves.toEqual(STATUS);
  });

  test("tells an absent server from one that refuses", async () => {
    vi.stubGlobal("fetch", async () => new Response("", { status: 503 }));
    await expect(ask()).rejects.toMatchObject({ failure: { kind: "refused", status: 503 } });
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("connection refused");
    });
    await expect(ask()).rejects.toMatchObject({ failure: { kind: "away" } });
  });

  test("is no failure of the server when the page stopped asking", async () => {
    const gone = new AbortController();
    vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
      gone.abort();
      init.signal?.throwIfAborted();
    });
    await expect(fetchStatus(gone.signal)).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("orders", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("are read as the server writes them", () => {
    expect(readOrder(JSON.stringify(ORDER))).toEqual(ORDER);
    const list = { demonstration: true, now: ORDER.now, zone: ORDER.zone, orders: [ORDER.summary] };
    expect(readOrders(JSON.stringify(list))).toEqual(list);
  });

  test("are unreadable with a modality that the page has no words for", () => {
    const strange = JSON.stringify(ORDER).replaceAll('"prohibit"', '"discourage"');
    expect(failure(() => readOrder(strange))).toEqual({ kind: "unreadable" });
  });

  test("are asked for by their identifier, and one that is not there is told from a failure", async () => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (path: string) => {
      asked.push(path);
      return Response.json({ error: { code: "not_found" } }, { status: 404 });
    });
    const error = await fetchOrder("a/b?", "", new AbortController().signal).catch((e: unknown) => e);
    expect(asked).toEqual(["/api/orders/a%2Fb%3F"]);
    expect(isNotFound(error)).toBe(true);
    expect(isNotFound(new AnswerError({ kind: "refused", status: 500 }))).toBe(false);
    expect(isNotFound(new AnswerError({ kind: "away" }))).toBe(false);
  });
});

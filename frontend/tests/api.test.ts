import { afterEach, describe, expect, test, vi } from "vitest";

import { fetchStatus, readStatus, StatusError } from "../src/api";
import { STATUS } from "./status";

function failure(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    return error instanceof StatusError ? error.failure : error;
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

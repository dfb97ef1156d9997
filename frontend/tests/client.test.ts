import { afterEach, describe, expect, test, vi } from "vitest";

import { createClient, type Standing } from "../src/api/client";
import type { SessionAnswer } from "../src/api/schema";
import { told, type Standing as SessionStanding } from "../src/session/context";

const refusal = (status: number, code: string) =>
  Response.json({ error: { code, what: "No.", means: "", do: "" } }, { status });

function standing(over: Partial<Standing> = {}): Standing {
  return { csrf: () => "token", renew: async () => false, signedOut: () => undefined, ...over };
}

afterEach(() => vi.unstubAllGlobals());

describe("the client", () => {
  test("repeats the session's token on what may change something, and on nothing else", async () => {
    const fetch = vi.fn(async (_: string, __: RequestInit) => Response.json({}));
    vi.stubGlobal("fetch", fetch);
    const client = createClient(standing());
    await client.send("POST", "/api/x", { a: 1 });
    await client.send("DELETE", "/api/x");
    await client.get("/api/x");
    const headers = fetch.mock.calls.map(([, init]) => init.headers as Record<string, string>);
    expect(headers.map((of) => of["x-csrf-token"])).toEqual(["token", "token", undefined]);
    expect(fetch.mock.calls.map(([, init]) => init.body)).toEqual(['{"a":1}', "{}", undefined]);
  });

  test("asks for the token anew once, where it is another session's", async () => {
    let csrf = "old";
    const fetch = vi.fn(async (_: string, init: RequestInit) =>
      (init.headers as Record<string, string>)["x-csrf-token"] === "new"
        ? Response.json({ done: true })
        : refusal(403, "csrf"),
    );
    vi.stubGlobal("fetch", fetch);
    const renew = vi.fn(async () => {
      csrf = "new";
      return true;
    });
    const client = createClient(standing({ csrf: () => csrf, renew }));
    await expect(client.send("POST", "/api/x")).resolves.toEqual({ done: true });
    expect(renew).toHaveBeenCalledOnce();
  });

  test("does nothing in another person's name", async () => {
    const fetch = vi.fn(async () => refusal(403, "csrf"));
    vi.stubGlobal("fetch", fetch);
    await expect(createClient(standing()).send("POST", "/api/x")).rejects.toMatchObject({
      failure: { kind: "refused", status: 403 },
    });
    expect(fetch).toHaveBeenCalledOnce();
  });

  test("says when nobody is signed in, and tells the server's words and when to try again", async () => {
    const signedOut = vi.fn();
    const client = createClient(standing({ signedOut }));
    vi.stubGlobal("fetch", async () => refusal(401, "signed_out"));
    await expect(client.get("/api/x")).rejects.toMatchObject({
      failure: { detail: { code: "signed_out", what: "No." } },
    });
    expect(signedOut).toHaveBeenCalledOnce();
    vi.stubGlobal(
      "fetch",
      async () => new Response("", { status: 429, headers: { "retry-after": "90" } }),
    );
    await expect(client.get("/api/x")).rejects.toMatchObject({
      failure: { kind: "refused", status: 429, retryAfter: 90 },
    });
  });

  test("cannot read what is no JSON, and says when there is no answer", async () => {
    const client = createClient(standing());
    vi.stubGlobal("fetch", async () => new Response("<html>"));
    await expect(client.get("/api/x")).rejects.toMatchObject({ failure: { kind: "unreadable" } });
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("refused");
    });
    await expect(client.get("/api/x")).rejects.toMatchObject({ failure: { kind: "away" } });
  });
});

describe("who is signed in", () => {
  const nobody: SessionAnswer = { person: null, csrf: null, sign_on: null, passwords: true, demonstration: true, demo_accounts: [] };
  const person = {
    id: "person-1",
    login: "ana",
    name: "Ana",
    party: "bureau",
    party_name: { en: "Bureau", fr: "Bureau" },
    roles: ["staff"],
    language: "en",
  } as const;
  const somebody: SessionAnswer = { ...nobody, person, csrf: "token" };
  const loading: SessionStanding = { phase: "loading" };

  test("is nobody, then somebody", () => {
    expect(told(loading, nobody)).toEqual({ phase: "out", answer: nobody, left: false });
    expect(told(loading, somebody)).toMatchObject({ phase: "in", person, expired: false });
  });

  test("stays known when the session ends, until somebody signs in", () => {
    const expired = told(told(loading, somebody), nobody);
    expect(expired).toMatchObject({ phase: "in", person, expired: true });
    expect(told(expired, somebody)).toMatchObject({ phase: "in", expired: false });
  });
});

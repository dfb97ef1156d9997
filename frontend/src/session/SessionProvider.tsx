import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";

import { fetched } from "../api/asking";
import { createClient, parsed } from "../api/client";
import type { SessionAnswer, SignedOut } from "../api/schema";
import { useLanguage } from "../i18n/context";
import { keptLanguage } from "../i18n/language";
import { SessionContext, personOf, told, type Session, type Standing } from "./context";
import { onSignedIn } from "./elsewhere";

const SESSION = "/api/session";
const TIMEOUT_MS = 20_000;
const AGAIN_MS = 3_000;

/** Asks who is signed in, and gives the page the client that speaks in their name. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const { adoptLanguage } = useLanguage();
  const [standing, setStanding] = useState<Standing>({ phase: "loading" });
  const latest = useRef(standing);
  const change = useCallback((next: Standing) => {
    latest.current = next;
    setStanding(next);
  }, []);

  const ask = useCallback(async () => {
    try {
      const answer = parsed<SessionAnswer>(await request("GET"));
      change(told(latest.current, answer));
    } catch (error) {
      if (latest.current.phase === "loading" || latest.current.phase === "lost") {
        change({ phase: "lost", error });
      }
    }
  }, [change]);

  useEffect(() => {
    void ask();
  }, [ask]);

  const expired = standing.phase === "in" && standing.expired;
  useEffect(() => onSignedIn(() => void ask()), [ask]);
  useEffect(() => {
    if (!expired) {
      return undefined;
    }
    // Whoever comes back to this window may have signed in again in another.
    const look = () => void ask();
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, [expired, ask]);

  const lost = standing.phase === "lost";
  useEffect(() => {
    const timer = lost ? setInterval(() => void ask(), AGAIN_MS) : undefined;
    return () => clearInterval(timer);
  }, [lost, ask]);

  const client = useMemo(
    () =>
      createClient({
        csrf: () => csrfOf(latest.current),
        renew: async () => {
          const before = personOf(latest.current)?.id;
          await ask();
          const now = latest.current;
          return now.phase === "in" && !now.expired && now.person.id === before;
        },
        signedOut: () => {
          if (latest.current.phase === "in") {
            change({ ...latest.current, expired: true });
          }
        },
      }),
    [ask, change],
  );

  const session = useMemo<Session>(
    () => ({
      standing,
      client,
      check: () => void ask(),
      signIn: async (login, password) => {
        const answer = parsed<SessionAnswer>(await request("POST", { login, password }));
        if (answer.person !== null && keptLanguage() === null) {
          adoptLanguage(answer.person.language);
        }
        change(told(latest.current, answer));
      },
      signOut: async () => {
        const { leave } = await client.send<SignedOut>("DELETE", SESSION);
        const now = latest.current;
        if (now.phase === "in") {
          const answer = { ...now.answer, person: null, csrf: null };
          change({ phase: "out", answer, left: true });
        }
        return leave;
      },
    }),
    [standing, client, ask, change, adoptLanguage],
  );
  return <SessionContext value={session}>{children}</SessionContext>;
}

function csrfOf(standing: Standing): string | null {
  return standing.phase === "in" || standing.phase === "out" ? standing.answer.csrf : null;
}

async function request(method: "GET" | "POST", body?: unknown): Promise<string> {
  const headers = { "Content-Type": "application/json" };
  const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
  return await fetched(SESSION, { method, ...sent }, AbortSignal.timeout(TIMEOUT_MS));
}

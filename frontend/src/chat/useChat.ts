import { useCallback, useEffect, useRef, useState } from "react";

import { refusedWith } from "../api/asking";
import { fetchChat } from "../api/chat";
import type { Chat } from "../api/schema";
import { useSession } from "../session/context";

const AGAIN_MS = 3_000;
/** Several reasons to ask again that come together make one question. */
const GATHER_MS = 200;

export interface Opened {
  chat: Chat | null;
  /** Why there is no answer; null while there is one, or none was awaited long enough. */
  error: unknown;
  refresh: () => void;
  /** A conversation's title, known before the server was asked again. */
  retitle: (id: string, title: string) => void;
}

/** What the chat opens with; asked again while the server does not answer. */
export function useChat(reading: boolean): Opened {
  const { client } = useSession();
  const [chat, setChat] = useState<Chat | null>(null);
  const [error, setError] = useState<unknown>(null);
  const again = useRef<(inMs: number) => void>(() => undefined);

  useEffect(() => {
    if (!reading) {
      return;
    }
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async () => {
      try {
        const answer = await fetchChat(client, gone.signal);
        setChat(answer);
        setError(null);
      } catch (failure) {
        if (!gone.signal.aborted) {
          setError(failure);
          if (refusedWith(failure)?.status !== 403) {
            again.current(AGAIN_MS);
          }
        }
      }
    };
    again.current = (inMs) => {
      clearTimeout(timer);
      timer = setTimeout(() => void load(), inMs);
    };
    void load();
    return () => {
      gone.abort();
      clearTimeout(timer);
      again.current = () => undefined;
    };
  }, [client, reading]);

  const refresh = useCallback(() => again.current(GATHER_MS), []);
  const retitle = useCallback((id: string, title: string) => {
    setChat((known) =>
      known === null
        ? null
        : {
            ...known,
            conversations: known.conversations.map((line) =>
              line.id === id ? { ...line, title } : line,
            ),
          },
    );
  }, []);
  return { chat, error, refresh, retitle };
}

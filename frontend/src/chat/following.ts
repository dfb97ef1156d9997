/**
 * Following a stream of server-sent events without end.
 *
 * The browser comes back by itself after a lost connection and says in `Last-Event-ID` where it
 * stopped. It gives up when the server answers with anything but a stream; then the stream is
 * opened anew after a while, with the same place in `?after=`, and `refused` is told first: the
 * session may have ended. A browser that goes offline is lost at once, and does not wait once it is
 * back.
 *
 * Some proxies read an answer to its end before they pass it on, so that nothing of a stream comes.
 * Where events are awaited and none came for a while, the server is asked for them (`newsAsking.ts`); if
 * it has some that the stream did not bring, the stream is given up, and the server asked again and
 * again.
 */

import { Asker, type News } from "./newsAsking";

export interface Follower {
  /** An event of one of the kinds asked for, its data read from JSON. */
  event: (kind: string, data: unknown) => void;
  /** The connection stands. */
  opened: () => void;
  /** It broke; it will be tried again. */
  lost: () => void;
  /** The server answered, but with no stream. */
  refused: () => void;
  /** Nothing of the stream comes through; the server is asked instead. */
  held?: () => void;
}

export interface Stream {
  path: string;
  /** The place to begin after; null where the server says what matters by itself. */
  after: string | null;
  kinds: readonly string[];
  /** Asks for what came after a place, where that can be asked. */
  news?: (after: string) => Promise<News>;
  /** Whether something must come soon. */
  awaits?: () => boolean;
}

export const AGAIN_MS = 2_000;

/** What this needs of `EventSource`, so that tests can put their own in its place. */
export type Source = Pick<
  EventSource,
  "addEventListener" | "close" | "onerror" | "onopen" | "readyState"
>;
export type Open = (address: string) => Source;

const CLOSED = 2;

/** Follows a stream until the function that it returns is called. */
export function follow(
  stream: Stream,
  follower: Follower,
  open: Open = (address) => new EventSource(address),
): () => void {
  let last = stream.after;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source = begin();
  const { news, awaits } = stream;
  const asker =
    news === undefined || last === null
      ? null
      : new Asker({
          news: () => news(last ?? ""),
          awaits: awaits ?? (() => false),
          take: ({ events, last_event }) => {
            last = `${last_event}`;
            events.forEach((event) => follower.event(event.kind, event));
          },
          held: givenUp,
          follower,
        });
  if (asker?.instead === true) {
    givenUp();
  }

  function givenUp(): void {
    clearTimeout(timer);
    source.close();
    follower.held?.();
  }

  function begin(): Source {
    const begun = open(last === null ? stream.path : `${stream.path}?after=${encodeURIComponent(last)}`);
    begun.onopen = () => follower.opened();
    begun.onerror = () => {
      follower.lost();
      if (begun.readyState === CLOSED) {
        follower.refused();
        timer = setTimeout(again, AGAIN_MS);
      }
    };
    for (const kind of stream.kinds) {
      begun.addEventListener(kind, (event: MessageEvent<string>) => {
        asker?.heard();
        last = event.lastEventId === "" ? last : event.lastEventId;
        follower.event(kind, JSON.parse(event.data));
      });
    }
    return begun;
  }

  function again(): void {
    clearTimeout(timer);
    if (asker?.instead === true) {
      return;
    }
    source.close();
    source = begin();
  }

  const offline = () => follower.lost();
  globalThis.addEventListener?.("online", again);
  globalThis.addEventListener?.("offline", offline);
  return () => {
    clearTimeout(timer);
    asker?.end();
    globalThis.removeEventListener?.("online", again);
    globalThis.removeEventListener?.("offline", offline);
    source.close();
  };
}

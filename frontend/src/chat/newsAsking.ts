/**
 * Asking for news where a stream does not bring them.
 *
 * 1. A stream is doubted when something is awaited and nothing came for `QUIET_MS`.
 * 2. Then the server is asked. It may have stored something this instant that is still on its way:
 *    the stream is given `GRACE_MS` more. Only if it brings nothing in that time, too, it is held back.
 * 3. From then on the server is asked often while something is awaited, else now and then, for as
 *    long as the page is there: another conversation's stream takes the same way.
 */

import { refusedWith } from "../api/asking";
import type { ChatEvent } from "../api/chat";
import { sparing } from "../sparing";

export interface News {
  events: readonly ChatEvent[];
  last_event: number;
}

interface Wanted {
  news: () => Promise<News>;
  awaits: () => boolean;
  take: (news: News) => void;
  /** The stream is held back. */
  held: () => void;
  follower: { opened: () => void; lost: () => void; refused: () => void };
}

export const QUIET_MS = 4_000;
export const GRACE_MS = 2_000;
const LOOK_MS = 1_000;
const OFTEN_MS = 1_000;
const SELDOM_MS = 10_000;

/** The way from the server to this page. */
export const way = { holdsStreams: false };

export class Asker {
  readonly #wanted: Wanted;
  #heard = 0;
  #quietSince = Date.now();
  #asked = Date.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
    this.#soon();
  }

  /** Whether the server is asked in the stream's place. */
  get instead(): boolean {
    return way.holdsStreams;
  }

  /** Something came by the stream. */
  heard(): void {
    this.#heard += 1;
    this.#quietSince = Date.now();
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #soon(): void {
    if (!this.#ended) {
      this.#timer = setTimeout(() => void this.#look(), LOOK_MS);
    }
  }

  async #look(): Promise<void> {
    if (this.instead) {
      await this.#ask();
    } else {
      await this.#doubt();
    }
    this.#soon();
  }

  async #doubt(): Promise<void> {
    if (!this.#wanted.awaits()) {
      this.#quietSince = Date.now();
    }
    if (Date.now() - this.#quietSince < QUIET_MS) {
      return;
    }
    const before = this.#heard;
    const news = await this.#wanted.news().catch(() => null);
    if (news === null || news.events.length === 0 || before !== this.#heard) {
      this.#quietSince = Date.now();
      return;
    }
    await new Promise((over) => setTimeout(over, GRACE_MS));
    if (before === this.#heard && !this.#ended) {
      way.holdsStreams = true;
      this.#wanted.held();
      await this.#ask();
    }
  }

  async #ask(): Promise<void> {
    const pause = this.#wanted.awaits() ? OFTEN_MS : SELDOM_MS;
    if (Date.now() - this.#asked < (sparing() ? 3 * pause : pause)) {
      return;
    }
    this.#asked = Date.now();
    const { follower } = this.#wanted;
    try {
      const news = await this.#wanted.news();
      if (!this.#ended) {
        this.#wanted.take(news);
        follower.opened();
      }
    } catch (error) {
      if (!this.#ended) {
        follower.lost();
        if (refusedWith(error) !== null) {
          follower.refused();
        }
      }
    }
  }
}

/**
 * When what waits is tried again, and by whom.
 *
 * The server is asked whether it is there before a message is shown as on its way. Of several windows
 * one at a time sends, and looks first whether another did: a message that begins a conversation would
 * begin two. A browser that has no locks (a page by HTTP) does without; there the id that a message
 * keeps still has the server take it once in a conversation.
 */

const FIRST_MS = 2_000;
const LONGEST_MS = 30_000;
const PATIENCE_MS = 10_000;
const LOCK = "changeover.outbox";

/** How long to wait after so many attempts. */
export function pauseAfter(attempts: number): number {
  return Math.min(FIRST_MS * 2 ** attempts, LONGEST_MS);
}

/** Whether the server answers. */
export async function reachable(gone: AbortSignal): Promise<boolean> {
  try {
    const signal = AbortSignal.any([gone, AbortSignal.timeout(PATIENCE_MS)]);
    return (await fetch("/healthz", { signal, cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/** Does a thing while no other window of this browser does it. */
export async function alone(deed: () => Promise<void>): Promise<void> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  await (locks === undefined ? deed() : locks.request(LOCK, deed));
}

/** Windows of this site tell each other that somebody signed in, so that none has to be reloaded. */

const CHANNEL = "changeover.session";

/** Tells the other windows; nothing in a browser that has no channels. */
export function tellSignedIn(): void {
  if (typeof BroadcastChannel === "undefined") {
    return;
  }
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("signed-in");
  channel.close();
}

/** Calls `then` whenever another window tells so, until what is returned is called. */
export function onSignedIn(then: () => void): () => void {
  if (typeof BroadcastChannel === "undefined") {
    return () => undefined;
  }
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = then;
  return () => channel.close();
}

/**
 * Whether this browser is to load little: as the person chose here, else as the browser asks
 * (`Save-Data`, the Network Information API's `saveData`).
 *
 * Then pictures and previews come when asked for, the server is asked less often, and long
 * conversations come in smaller pieces.
 */

import { useSyncExternalStore } from "react";

const KEY = "changeover.sparing";
const listeners = new Set<() => void>();

/** What the browser asks for. */
function asked(): boolean {
  const { connection } = globalThis.navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

export function sparing(): boolean {
  try {
    const chosen = globalThis.localStorage?.getItem(KEY) ?? null;
    return chosen === null ? asked() : chosen === "yes";
  } catch {
    return asked(); // storage is switched off
  }
}

export function spare(chosen: boolean): void {
  try {
    localStorage.setItem(KEY, chosen ? "yes" : "no");
  } catch {
    // storage is switched off: it cannot be kept
  }
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSparing(): boolean {
  return useSyncExternalStore(subscribe, sparing, sparing);
}

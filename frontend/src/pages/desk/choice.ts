import { useState } from "react";

/**
 * Whether an order is to take effect at once, as this officer chose it.
 *
 * The tab keeps it, so that it outlives a reload or signing in again in the middle.
 */
export function useChoice(id: string): [boolean, (atOnce: boolean) => void] {
  const [atOnce, setAtOnce] = useState(() => recall(id));
  const choose = (chosen: boolean) => {
    keep(id, chosen);
    setAtOnce(chosen);
  };
  return [atOnce, choose];
}

const keyOf = (id: string) => `changeover.desk.at-once.${id}`;

export function recall(id: string): boolean {
  try {
    return sessionStorage.getItem(keyOf(id)) === "yes";
  } catch {
    return false; // storage is switched off: the choice lasts as long as the page
  }
}

export function keep(id: string, atOnce: boolean): void {
  try {
    sessionStorage.setItem(keyOf(id), atOnce ? "yes" : "no");
  } catch {
    // storage is switched off: the choice lasts as long as the page
  }
}

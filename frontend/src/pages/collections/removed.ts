/** The collection that was removed last on this page, so that the list can offer it back. */

export interface Removed {
  id: string;
  name: string;
}

let removed: Removed | null = null;

export function lastRemoved(): Removed | null {
  return removed;
}

export function setLastRemoved(collection: Removed | null): void {
  removed = collection;
}

import { createContext, useContext } from "react";

/** Says something in the page's one polite status region. */
export const AnnounceContext = createContext<(words: string) => void>(() => undefined);

export function useAnnounce(): (words: string) => void {
  return useContext(AnnounceContext);
}

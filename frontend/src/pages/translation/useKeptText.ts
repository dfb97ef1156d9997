import { useCallback, useState } from "react";

import { browserStorage, UNSENT_PREFIX } from "../../chat/unsent";

/** A text that outlives a reload in this browser, until it is emptied or the person signs out. */
export function useKeptText(name: string): [string, (text: string) => void] {
  const key = `${UNSENT_PREFIX}${name}`;
  const [text, setText] = useState(() => read(key));
  const keep = useCallback(
    (next: string) => {
      setText(next);
      try {
        if (next === "") {
          browserStorage()?.removeItem(key);
        } else {
          browserStorage()?.setItem(key, next);
        }
      } catch {
        // storage is full or switched off: it lasts as long as the page
      }
    },
    [key],
  );
  return [text, keep];
}

function read(key: string): string {
  try {
    return browserStorage()?.getItem(key) ?? "";
  } catch {
    return "";
  }
}

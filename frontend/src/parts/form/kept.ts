/**
 * What somebody has written into a form and not sent yet.
 *
 * It is kept in this browser under the person's id, so that it outlives a reload, a session that
 * ended and a server that is away. Signing out forgets it (`forgetUnsent`, whose prefix it bears).
 * Where storage is switched off it lasts as long as the page.
 */

import { useCallback, useState } from "react";

import { browserStorage, UNSENT_PREFIX } from "../../chat/unsent";
import { personOf, useSession } from "../../session/context";

export interface KeptForm<T> {
  value: T;
  /** Whether it was found in this browser, from before this page was loaded. */
  restored: boolean;
  change: (part: Partial<T>) => void;
  /** Forgets what is kept; the form is as it began. */
  clear: () => void;
}

/**
 * A form's value under a name. What was kept is laid over `initial`, so that a form that has got
 * more fields since still finds each; `initial` counts from the first rendering on.
 */
export function useKept<T extends object>(name: string, initial: T): KeptForm<T> {
  const { standing } = useSession();
  const key = `${UNSENT_PREFIX}${personOf(standing)?.id ?? ""}.form.${name}`;
  const [first] = useState(initial);
  const [kept] = useState(() => read<T>(key));
  const [value, setValue] = useState<T>({ ...first, ...kept });
  const [restored, setRestored] = useState(kept !== null);
  const change = useCallback(
    (part: Partial<T>) =>
      setValue((before) => {
        const after = { ...before, ...part };
        write(key, after);
        return after;
      }),
    [key],
  );
  const clear = useCallback(() => {
    write(key, null);
    setValue(first);
    setRestored(false);
  }, [key, first]);
  return { value, restored, change, clear };
}

function read<T>(key: string): Partial<T> | null {
  try {
    const found: unknown = JSON.parse(browserStorage()?.getItem(key) ?? "null");
    return typeof found === "object" && found !== null ? (found as Partial<T>) : null;
  } catch {
    return null;
  }
}

function write(key: string, value: object | null): void {
  try {
    if (value === null) {
      browserStorage()?.removeItem(key);
    } else {
      browserStorage()?.setItem(key, JSON.stringify(value));
    }
  } catch {
    // storage is full or switched off: it lasts as long as the page
  }
}

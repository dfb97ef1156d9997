import { useEffect, useState } from "react";

/** How long a page may be out of sight before it stops following streams. */
const GRACE_MS = 5_000;

/**
 * Whether the page is in sight, or was a moment ago. Browsers allow a server a handful of
 * connections over HTTP/1.1 for all windows together: a page that nobody sees holds none.
 */
export function usePresence(): boolean {
  const [present, setPresent] = useState(!document.hidden);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = () => {
      clearTimeout(timer);
      if (document.hidden) {
        timer = setTimeout(() => setPresent(false), GRACE_MS);
      } else {
        setPresent(true);
      }
    };
    document.addEventListener("visibilitychange", changed);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", changed);
    };
  }, []);
  return present;
}

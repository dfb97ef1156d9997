import { useEffect, useState } from "react";

/** A flag that turns false only once it was false for a while; true at once. */
export function useSettled(flag: boolean, afterMs: number): boolean {
  const [settled, setSettled] = useState(flag);
  useEffect(() => {
    if (flag) {
      setSettled(true);
      return;
    }
    const timer = setTimeout(() => setSettled(false), afterMs);
    return () => clearTimeout(timer);
  }, [flag, afterMs]);
  return settled;
}

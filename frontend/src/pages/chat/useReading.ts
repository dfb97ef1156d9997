import { useCallback, useEffect, useRef, useState } from "react";

/** How near to the end counts as being there. */
const NEAR_PX = 48;
const UPWARDS: ReadonlySet<string> = new Set(["ArrowUp", "PageUp", "Home"]);

/**
 * Where a person reads in a region that scrolls.
 *
 * 1. Who is at the end stays there while text is added.
 * 2. Who reads elsewhere is moved by nothing: neither by text that is added at the end nor when
 *    something above the region (a notice) takes room from it or gives it back; what they read
 *    keeps its place on the screen.
 *
 * `behind` says that there is more below; `stick` goes to the end and stays there.
 */
export function useReading() {
  const place = useRef<HTMLElement>(null);
  const atEnd = useRef(true);
  const [behind, setBehind] = useState(false);

  useEffect(() => {
    const region = place.current;
    const content = region?.firstElementChild;
    if (region === null || region === undefined || !content) {
      return;
    }
    let top = region.getBoundingClientRect().top + scrollY;
    let heights = "";
    const look = () => {
      const left = region.scrollHeight - region.clientHeight - region.scrollTop;
      setBehind(left > NEAR_PX);
      return left <= NEAR_PX;
    };
    const measured = () => `${region.scrollHeight} ${region.clientHeight}`;
    const settle = () => {
      const moved = region.getBoundingClientRect().top + scrollY - top;
      top += moved;
      heights = measured();
      if (atEnd.current) {
        region.scrollTop = region.scrollHeight;
      } else if (moved !== 0) {
        region.scrollTop += moved;
      }
      look();
    };
    // A scroll that comes with a change of size is the browser's, not the person's.
    const scrolled = () => {
      if (look()) {
        atEnd.current = true;
      } else if (heights === measured()) {
        atEnd.current = false;
      }
    };
    const leaving = (event: WheelEvent | TouchEvent | KeyboardEvent) => {
      const upwards =
        event instanceof WheelEvent
          ? event.deltaY < 0
          : !(event instanceof KeyboardEvent) || UPWARDS.has(event.key);
      if (upwards && region.scrollTop > 0) {
        atEnd.current = false;
      }
    };
    // Whoever unfolds something wants to read it, also at the end.
    const unfolding = ({ target }: Event) => {
      if (target instanceof Element && target.closest("summary") !== null) {
        atEnd.current = false;
      }
    };
    const sizes = new ResizeObserver(settle);
    sizes.observe(region);
    sizes.observe(content);
    region.addEventListener("click", unfolding);
    region.addEventListener("scroll", scrolled, { passive: true });
    region.addEventListener("wheel", leaving, { passive: true });
    region.addEventListener("touchmove", leaving, { passive: true });
    region.addEventListener("keydown", leaving);
    return () => {
      sizes.disconnect();
      region.removeEventListener("click", unfolding);
      region.removeEventListener("scroll", scrolled);
      region.removeEventListener("wheel", leaving);
      region.removeEventListener("touchmove", leaving);
      region.removeEventListener("keydown", leaving);
    };
  }, []);

  const stick = useCallback(() => {
    atEnd.current = true;
    if (place.current !== null) {
      place.current.scrollTop = place.current.scrollHeight;
    }
    setBehind(false);
  }, []);
  return { place, behind, stick };
}

import { useEffect, useRef, useState } from "react";

import { useSparing } from "../../sparing";

interface Properties {
  /** TeX. */
  text: string;
  display: boolean;
}

/** What a formula may define and how large it may grow. */
const LIMITS = { trust: false, maxExpand: 500, maxSize: [20, 20] as [number, number] };

/**
 * A formula as MathML, which browsers draw and screen readers speak. What cannot be read is shown
 * as it was written, and so is each where little is to be loaded. Temml makes elements, never HTML
 * from text, and comes when it is needed.
 */
export function Maths({ text, display }: Properties) {
  const place = useRef<HTMLSpanElement>(null);
  const [drawn, setDrawn] = useState(false);
  const spared = useSparing();
  useEffect(() => {
    if (spared) {
      return;
    }
    let gone = false;
    void import("temml").then(({ default: temml }) => {
      const target = place.current;
      if (gone || target === null) {
        return;
      }
      try {
        temml.render(text, target, { displayMode: display, throwOnError: true, ...LIMITS });
        setDrawn(true);
      } catch {
        target.replaceChildren();
        setDrawn(false);
      }
    });
    return () => {
      gone = true;
    };
  }, [text, display, spared]);
  return (
    <span className={display ? "maths scrolls" : "maths"} translate="no" dir="ltr">
      <span ref={place} />
      {!drawn && <code>{text}</code>}
    </span>
  );
}

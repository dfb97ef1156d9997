import { useEffect, useId, useRef, useState, type ReactNode } from "react";

import { useLanguage } from "../i18n/context";

/**
 * A button that shows the rarer deeds under it. Escape, a click elsewhere, leaving it and each deed
 * hide them again; after a deed and after Escape the button has the focus.
 */
export function More({ children }: { children: ReactNode }) {
  const { t } = useLanguage();
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) {
      return undefined;
    }
    const elsewhere = (event: Event) => {
      if (event.target instanceof Node && whole.current?.contains(event.target) === false) {
        setOpen(false);
      }
    };
    document.addEventListener("pointerdown", elsewhere);
    document.addEventListener("focusin", elsewhere);
    return () => {
      document.removeEventListener("pointerdown", elsewhere);
      document.removeEventListener("focusin", elsewhere);
    };
  }, [open]);
  const hide = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div
      ref={whole}
      className="more"
      onKeyDown={(event) => {
        if (open && event.key === "Escape") {
          event.stopPropagation();
          hide();
        }
      }}
    >
      <button
        ref={button}
        type="button"
        className="usa-button usa-button--unstyled quiet"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {t("more.button")}
      </button>
      {/* The focus is back before the deed: a dialogue that it opens returns it to the button. */}
      <div id={id} className="more-deeds" hidden={!open} onClickCapture={hide}>
        {children}
      </div>
    </div>
  );
}

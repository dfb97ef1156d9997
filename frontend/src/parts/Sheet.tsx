import { useEffect, useId, useRef, type ReactNode } from "react";

interface Properties {
  heading: string;
  /** Escape, or whatever else closes a dialogue in the browser. */
  onClose: () => void;
  /** What is under way is not left by Escape. */
  busy?: boolean;
  /** Whether its first field has the focus first, and not its heading. */
  toField?: boolean;
  children: ReactNode;
}

/**
 * A dialogue over the page, open as long as it is there. The browser keeps the focus in it; its
 * heading has it first, and what opened it has it again afterwards, where that is still there.
 */
export function Sheet({ heading, onClose, busy = false, toField = false, children }: Properties) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    const shown = dialog.current;
    shown?.showModal();
    const field = toField ? shown?.querySelector<HTMLElement>("input, textarea") : null;
    (field ?? title.current)?.focus();
    return () => {
      shown?.close();
      if (opener instanceof HTMLElement && document.activeElement === document.body) {
        opener.focus();
      }
    };
  }, [toField]);
  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!busy) {
          onClose();
        }
      }}
    >
      <h2 id={id} ref={title} tabIndex={-1}>
        {heading}
      </h2>
      {children}
    </dialog>
  );
}

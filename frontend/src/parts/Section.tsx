import { useId, type ReactNode } from "react";

/** A part of a page with a heading that names it. */
export function Section({ heading, children }: { heading: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="page-section">
      <h2 id={id}>{heading}</h2>
      {children}
    </section>
  );
}

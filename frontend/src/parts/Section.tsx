import { useId, type ReactNode } from "react";

interface Properties {
  heading: string;
  className?: string;
  children: ReactNode;
}

/** A part of a page with a heading that names it. */
export function Section({ heading, className = "", children }: Properties) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={`page-section ${className}`.trim()}>
      <h2 id={id}>{heading}</h2>
      {children}
    </section>
  );
}

import { Alert, AlertHeading } from "@trussworks/react-uswds";
import { useEffect, useId, useRef, type ReactNode } from "react";

import type { EnforcementTold } from "../../api/schema";
import { EnforcementView, type Clock } from "../../parts/EnforcementView";

interface Properties {
  heading: string;
  enforcement?: EnforcementTold | null;
  clock: Clock;
  children?: ReactNode;
}

/** What was done, and how it came into force. It takes the focus: what was pressed is gone. */
export function Outcome({ heading, enforcement = null, clock, children }: Properties) {
  const place = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    place.current?.focus();
  }, []);
  return (
    <div ref={place} tabIndex={-1} role="group" aria-labelledby={id} className="outcome">
      <Alert type="success">
        <AlertHeading level="h2" id={id}>
          {heading}
        </AlertHeading>
        {children}
        {enforcement !== null && (
          <EnforcementView
            told={enforcement}
            zone={clock.zone}
            demonstration={clock.demonstration}
          />
        )}
      </Alert>
    </div>
  );
}

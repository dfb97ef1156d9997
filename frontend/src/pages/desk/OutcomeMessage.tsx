import { Alert, AlertHeading, AlertText } from "@trussworks/react-uswds";
import { useEffect, useId, useRef } from "react";

import type { ErrorDetail } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import type { Key } from "../../i18n/translate";
import { EnforcementView, type Clock } from "../../parts/EnforcementView";
import { Link } from "../../parts/Link";
import { DESK_PATH, orderPath } from "../../route";
import { useSession } from "../../session/context";
import type { Problem } from "./problem";
import type { Outcome } from "./useActing";
import { Said } from "../../parts/Said";

interface Properties {
  outcome: Outcome;
  id: string;
  title: string;
  /** Null before the page knows whose clock instants are told by. */
  clock: Clock | null;
}

const DONE = { enter: "entered", confirm: "issued", withdraw: "withdrawn" } as const;

/**
 * What an act came to. It takes the focus when it comes, for its officer waits for it; where they
 * had to sign in again first, it takes the focus after that.
 */
export function OutcomeMessage({ outcome, id, title, clock }: Properties) {
  const { standing } = useSession();
  const expired = standing.phase === "in" && standing.expired;
  const place = useRef<HTMLDivElement>(null);
  const heading = useId();
  useEffect(() => {
    if (!expired) {
      place.current?.focus();
    }
  }, [outcome, expired]);
  return (
    <div ref={place} tabIndex={-1} role="group" aria-labelledby={heading} className="outcome">
      {outcome.kind === "done" ? (
        <Done outcome={outcome} id={id} title={title} clock={clock} heading={heading} />
      ) : (
        <Undone problem={outcome.problem} heading={heading} />
      )}
    </div>
  );
}

interface DoneProperties extends Omit<Properties, "outcome"> {
  outcome: Extract<Outcome, { kind: "done" }>;
  heading: string;
}

function Done({ outcome: { act, enforcement }, id, title, clock, heading }: DoneProperties) {
  const { t } = useLanguage();
  const done = DONE[act];
  return (
    <Alert type="success">
      <AlertHeading level="h2" id={heading}>
        {t(`done.${done}`)}
      </AlertHeading>
      <AlertText>{t(`done.${done}Means`)}</AlertText>
      {enforcement !== null && clock !== null && (
        <EnforcementView
          told={enforcement}
          zone={clock.zone}
          demonstration={clock.demonstration}
        />
      )}
      {act === "confirm" && (
        <AlertText>
          <Link href={orderPath(id)}>{t("prepared.toOrder", { title })}</Link>
        </AlertText>
      )}
      <AlertText>
        <Link href={DESK_PATH}>{t("prepared.all")}</Link>
      </AlertText>
    </Alert>
  );
}

function Undone({ problem, heading }: { problem: Problem; heading: string }) {
  const { t } = useLanguage();
  const status = problem.kind === "failed" ? { status: String(problem.status) } : {};
  const detail = "detail" in problem ? problem.detail : null;
  return (
    <Alert type={problem.kind === "overtaken" ? "warning" : "error"}>
      <AlertHeading level="h2" id={heading}>
        {t(headingOf(problem))}
      </AlertHeading>
      <AlertText>{t(`problem.${problem.kind}Means`, status)}</AlertText>
      {detail !== null && <ServerWords detail={detail} />}
    </Alert>
  );
}

function headingOf({ kind }: Problem): Key {
  return kind === "unsent" ? "problem.away" : `problem.${kind}`;
}

function ServerWords({ detail: { what, means, do: todo } }: { detail: ErrorDetail }) {
  return (
    <AlertText>
      <Said>{[what, means, todo].filter((words) => words !== "").join(" ")}</Said>
    </AlertText>
  );
}

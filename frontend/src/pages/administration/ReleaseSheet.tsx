import { Button } from "@trussworks/react-uswds";
import { useEffect, useState } from "react";

import { fetchMoved, release } from "../../api/administration";
import type { HeldLine, PreviewChange, RouteReleased } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Sheet } from "../../parts/Sheet";
import { WaitingReplicas } from "../../parts/WaitingReplicas";
import { personOf, useSession } from "../../session/context";
import { changeWords, grouped } from "../desk/changes";
import { TroubleAlert } from "./TroubleAlert";
import { useDeed } from "./useDeed";

interface Properties {
  held: HeldLine;
  zone: string;
  onClose: () => void;
  onReleased: (made: RouteReleased) => void;
}

type Looked =
  | { kind: "looking" }
  | { kind: "failed" }
  | { kind: "moves"; changes: readonly PreviewChange[] };

/** The last step before a release: it says what will move, and waits for every replica. */
export function ReleaseSheet({ held, zone, onClose, onReleased }: Properties) {
  const { language, t } = useLanguage();
  const { client, standing } = useSession();
  const { service, route } = held;
  const looked = useMoved(service, route);
  const deed = useDeed(() => release(client, { service, route }), onReleased);
  const named = held.service_name[language];
  const { pending } = deed;
  return (
    <Sheet
      heading={t("held.confirm", { model: held.model_name, service: named })}
      onClose={onClose}
      busy={pending}
    >
      <p>
        <code translate="no">{route}</code>
      </p>
      <div role="status">
        {looked.kind === "looking" && <p className="loading">{t("held.looking")}</p>}
        {looked.kind === "failed" && <p>{t("held.lookFailed")}</p>}
        {looked.kind === "moves" && looked.changes.length === 0 && (
          <p>{t("held.movesNothing", { service: named })}</p>
        )}
        {looked.kind === "moves" && looked.changes.length > 0 && (
          <>
            <p>{t("held.moves")}</p>
            <ul>
              {grouped(looked.changes).map((group) => (
                <li key={group.slots.join()}>{changeWords({ t, language, zone }, group)}</li>
              ))}
            </ul>
          </>
        )}
      </div>
      <p>{t("held.recorded", { name: personOf(standing)?.name ?? "" })}</p>
      <TroubleAlert trouble={deed.trouble} />
      <div className="actions">
        <Button
          type="button"
          disabled={looked.kind !== "moves"}
          aria-disabled={pending}
          onClick={() => deed.go()}
        >
          {t("held.yes")}
        </Button>
        <Button type="button" outline aria-disabled={pending} onClick={() => pending || onClose()}>
          {t("admin.cancel")}
        </Button>
      </div>
      <p role="status">{pending && t("held.releasing")}</p>
      {pending && <WaitingReplicas />}
    </Sheet>
  );
}

/** What the release would move, asked once. */
function useMoved(service: string, route: string): Looked {
  const { client } = useSession();
  const [looked, setLooked] = useState<Looked>({ kind: "looking" });
  useEffect(() => {
    const gone = new AbortController();
    fetchMoved(client, { service, route }, gone.signal).then(
      (changes) => setLooked({ kind: "moves", changes }),
      () => gone.signal.aborted || setLooked({ kind: "failed" }),
    );
    return () => gone.abort();
  }, [client, service, route]);
  return looked;
}

import { Button } from "@trussworks/react-uswds";

import { revokeKey } from "../../api/administration";
import type { KeyLine, KeyRevoked } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Sheet } from "../../parts/Sheet";
import { WaitingReplicas } from "../../parts/WaitingReplicas";
import { useSession } from "../../session/context";
import { TroubleAlert } from "./TroubleAlert";
import { useDeed } from "./useDeed";

interface Properties {
  prefix: string;
  /** The key as it stands; null where it is not listed any more. */
  line: KeyLine | null;
  onClose: () => void;
  onRevoked: (made: KeyRevoked) => void;
}

/** The last step before a key opens nothing any more. */
export function RevokeSheet({ prefix, line, onClose, onRevoked }: Properties) {
  const { t } = useLanguage();
  const { client } = useSession();
  const deed = useDeed(() => revokeKey(client, prefix), onRevoked);
  const { pending } = deed;
  return (
    <Sheet heading={t("keys.revokeHeading", { prefix })} onClose={onClose} busy={pending}>
      <p>{t("keys.revokeMeans", { service: line?.service ?? "" })}</p>
      <TroubleAlert trouble={deed.trouble} />
      <div className="actions">
        <Button type="button" aria-disabled={pending} onClick={() => deed.go()}>
          {t("keys.revokeYes")}
        </Button>
        <Button type="button" outline aria-disabled={pending} onClick={() => pending || onClose()}>
          {t("admin.cancel")}
        </Button>
      </div>
      <p role="status">{pending && t("keys.revoking")}</p>
      {pending && <WaitingReplicas />}
    </Sheet>
  );
}

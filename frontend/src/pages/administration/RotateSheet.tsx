import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import { rotateKey } from "../../api/administration";
import type { KeyIssued } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Choice } from "../../parts/Choice";
import { Sheet } from "../../parts/Sheet";
import { useSession } from "../../session/context";
import { TroubleAlert } from "./TroubleAlert";
import { useDeed } from "./useDeed";

const OVERLAPS = ["0", "1d", "7d", "30d"] as const;
type Overlap = (typeof OVERLAPS)[number];

interface Properties {
  prefix: string;
  onClose: () => void;
  onIssued: (made: KeyIssued) => void;
}

/** A new key in another's place: how long both work is chosen here. */
export function RotateSheet({ prefix, onClose, onIssued }: Properties) {
  const { t } = useLanguage();
  const { client } = useSession();
  const [overlap, setOverlap] = useState<Overlap>("7d");
  const deed = useDeed(() => rotateKey(client, prefix, overlap), onIssued);
  const { pending } = deed;
  return (
    <Sheet heading={t("keys.rotateHeading", { prefix })} onClose={onClose} busy={pending}>
      <p>{t("keys.rotateMeans")}</p>
      <Choice
        label={t("keys.overlap")}
        value={overlap}
        onChoose={(given) => setOverlap(OVERLAPS.find((one) => one === given) ?? "7d")}
        options={OVERLAPS.map((one) => ({ value: one, text: t(`keys.overlap.${one}`) }))}
      />
      <TroubleAlert trouble={deed.trouble} />
      <div className="actions">
        <Button type="button" aria-disabled={pending} onClick={() => deed.go()}>
          {t("keys.rotateYes")}
        </Button>
        <Button type="button" outline aria-disabled={pending} onClick={() => pending || onClose()}>
          {t("admin.cancel")}
        </Button>
      </div>
      <p role="status">{pending && t("keys.rotating")}</p>
    </Sheet>
  );
}

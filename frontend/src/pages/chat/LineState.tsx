import { Button } from "@trussworks/react-uswds";

import { useLanguage } from "../../i18n/context";
import { LoadingLess } from "./LoadLess";
import type { Fault } from "./useTurnActions";

interface Properties {
  /** Whether the server is heard from. */
  linked: boolean;
  /** Whether it is asked again and again, since no stream comes through. */
  polled: boolean;
  /** What a deed came to that was not done. */
  fault: Fault | null;
  onClose: () => void;
}

/** How the line is, and what was not done, above the field that one writes in. */
export function LineState({ linked, polled, fault, onClose }: Properties) {
  const { t } = useLanguage();
  return (
    <>
      <LoadingLess />
      {polled && linked && <p className="muted line-slow">{t("composer.polled")}</p>}
      {!linked && (
        <p className="line-lost">
          <strong>{t("composer.lost")}</strong> {t("composer.lostMeans")}
        </p>
      )}
      {fault !== null && (
        <p className="line-lost" role="alert">
          {t(`fault.${fault}`)}{" "}
          <Button type="button" unstyled onClick={onClose}>
            {t("fault.close")}
          </Button>
        </p>
      )}
    </>
  );
}

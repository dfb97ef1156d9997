import { Alert, AlertHeading, AlertText } from "@trussworks/react-uswds";

import { useLanguage } from "../../i18n/context";
import type { Trouble } from "./useDeed";
import { Said } from "../../parts/Said";

/** Why something was not done; the live region is always there. */
export function TroubleAlert({ trouble }: { trouble: Trouble | null }) {
  const { t } = useLanguage();
  return (
    <div role="alert">
      {trouble !== null && (
        <Alert type="error">
          <AlertHeading level="h3">{t(`deed.${trouble.kind}`)}</AlertHeading>
          <AlertText>{t(`deed.${trouble.kind}Means`)}</AlertText>
          {trouble.kind === "refused" && trouble.detail !== null && (
            <AlertText>
              <Said>
                {[trouble.detail.what, trouble.detail.means, trouble.detail.do]
                  .filter((words) => words !== "")
                  .join(" ")}
              </Said>
            </AlertText>
          )}
        </Alert>
      )}
    </div>
  );
}

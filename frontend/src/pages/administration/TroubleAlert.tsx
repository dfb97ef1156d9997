import { Alert, AlertHeading, AlertText } from "@trussworks/react-uswds";

import { useLanguage } from "../../i18n/context";
import type { Trouble } from "./useDeed";

/** Why something was not done; the server's own words are English. The live region is always there. */
export function TroubleAlert({ trouble }: { trouble: Trouble | null }) {
  const { t } = useLanguage();
  return (
    <div role="alert">
      {trouble !== null && (
        <Alert type="error">
          <AlertHeading level="h3">{t(`deed.${trouble.kind}`)}</AlertHeading>
          <AlertText>{t(`deed.${trouble.kind}Means`)}</AlertText>
          {trouble.kind === "refused" && trouble.detail !== null && (
            <AlertText lang="en">
              {[trouble.detail.what, trouble.detail.means, trouble.detail.do]
                .filter((words) => words !== "")
                .join(" ")}
            </AlertText>
          )}
        </Alert>
      )}
    </div>
  );
}

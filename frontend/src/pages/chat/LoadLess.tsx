import { Button } from "@trussworks/react-uswds";

import { useLanguage } from "../../i18n/context";
import { spare, useSparing } from "../../sparing";

/** Turns loading little on and off, in this browser. */
export function LoadLess() {
  const { t } = useLanguage();
  const spared = useSparing();
  return (
    <Button
      type="button"
      unstyled
      className="quiet"
      aria-pressed={spared}
      onClick={() => spare(!spared)}
    >
      {t("sparing.button")}
    </Button>
  );
}

/** Says what is different where little is loaded. */
export function LoadingLess() {
  const { t } = useLanguage();
  return useSparing() ? <p className="muted line-slow">{t("sparing.means")}</p> : null;
}

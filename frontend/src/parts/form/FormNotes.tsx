import { Button } from "@trussworks/react-uswds";

import { useLanguage } from "../../i18n/context";
import type { KeptForm } from "./kept";

/** Says that what stands in the form was left from before, and offers to begin anew. */
export function Restored<T>({ form }: { form: KeptForm<T> }) {
  const { t } = useLanguage();
  return form.restored ? (
    <p className="restored" role="status">
      {t("form.restored")}{" "}
      <Button type="button" unstyled onClick={form.clear}>
        {t("form.anew")}
      </Button>
    </p>
  ) : null;
}

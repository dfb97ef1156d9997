import type { Withheld } from "../../api/schema";
import { enumerate } from "../../format";
import { useLanguage } from "../../i18n/context";
import { OrderName } from "../../parts/OrderName";

/** What did not go to the model that answered, because of its data class, and which order says so. */
export function WithheldNotes({ withheld }: { withheld: readonly Withheld[] }) {
  const { language, t } = useLanguage();
  return withheld.map(({ data_class: name, order, passages, answers, collections }) => (
    <p key={name} className="note">
      {passages > 0 &&
        t("withheld.passages", {
          count: passages,
          names: enumerate(language, collections),
          class: name,
        })}{" "}
      {answers > 0 && t("withheld.answers", { count: answers, class: name })}{" "}
      {order !== null && (
        <>
          {t("withheld.order")} <OrderName order={order} />
        </>
      )}
    </p>
  ));
}

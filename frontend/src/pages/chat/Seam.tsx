import type { Seam as SeamOf } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { OrderName } from "../../parts/OrderName";

/** The mark where another model took over: a heading, and what went along. */
export function Seam({ seam }: { seam: SeamOf }) {
  const { language, t } = useLanguage();
  return (
    <div className="seam">
      <h3>
        {t("seam.heading", { model: seam.to_model, maker: seam.to_maker_name[language] })}
      </h3>
      <p>
        {t("seam.before", { model: seam.from_model, maker: seam.from_maker_name[language] })}{" "}
        {seam.carried[language]} {seam.not_carried[language]}
      </p>
      {seam.order !== null && (
        <p>
          {t("seam.because")} <OrderName order={seam.order} />
        </p>
      )}
    </div>
  );
}

import type { NamedOrder } from "../../api/desk";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { Section } from "../../parts/Section";
import { preparedPath } from "../../route";

/** The orders that are issued with it, before it, because it rests on them. */
export function Together({ orders }: { orders: readonly NamedOrder[] }) {
  const { language, t } = useLanguage();
  if (orders.length === 0) {
    return null;
  }
  return (
    <Section heading={t("prepared.together")}>
      <p>{t("prepared.togetherMeans", { count: orders.length })}</p>
      <ol className="ways">
        {orders.map(({ id, title, issuer_name }) => (
          <li key={id}>
            <Link href={preparedPath(id)}>{title[language]}</Link> ({issuer_name[language]})
          </li>
        ))}
      </ol>
    </Section>
  );
}

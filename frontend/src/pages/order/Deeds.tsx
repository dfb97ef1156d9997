import type { Deed, Names } from "../../api/orders";
import { enumerate, formatDeadline } from "../../format";
import { useLanguage } from "../../i18n/context";
import { isKey } from "../../i18n/translate";
import { Fact } from "../../parts/Fact";
import { OrderLink } from "../../parts/OrderLink";
import { Section } from "../../parts/Section";

interface Properties {
  deeds: readonly Deed[];
  names: Names;
  zone: string;
}

/** What the order does to others, act by act; nothing where it does nothing to any. */
export function Deeds({ deeds, names, zone }: Properties) {
  const { language, t } = useLanguage();
  if (deeds.length === 0) {
    return null;
  }
  const nameOf = (id: string) =>
    (names.parties[id] ?? names.services[id] ?? names.addressees[id])?.[language] ?? id;
  const labelOf = (field: string) => {
    const key = `deeds.field.${field}`;
    return isKey(key) ? t(key) : field;
  };
  return (
    <Section heading={t("deeds.heading")}>
      {deeds.map((deed, index) => (
        <dl key={index} className="facts">
          <Fact name={t(`deeds.${deed.act}` as "deeds.stay")}>
            <ul className="lines">
              {deed.orders.map((order) => (
                <li key={order.id}>
                  <OrderLink order={order} />
                </li>
              ))}
            </ul>
          </Fact>
          {deed.since !== null && (
            <Fact name={t("deeds.since")}>{formatDeadline(language, deed.since, zone)}</Fact>
          )}
          {deed.until !== null && (
            <Fact name={t("deeds.until")}>{formatDeadline(language, deed.until, zone)}</Fact>
          )}
          {deed.details.map(({ field, values }) => (
            <Fact key={field} name={labelOf(field)}>
              {values.length === 0
                ? t("deeds.yes")
                : enumerate(language, values.map((value) => valueWords(t, field, value, nameOf)))}
            </Fact>
          ))}
        </dl>
      ))}
    </Section>
  );
}

function valueWords(
  t: ReturnType<typeof useLanguage>["t"],
  field: string,
  value: string,
  nameOf: (id: string) => string,
): string {
  const key = `drafts.${field}.${value}`;
  return isKey(key) ? t(key) : nameOf(value);
}

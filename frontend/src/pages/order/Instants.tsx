import type { Instrument, Names } from "../../api/orders";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Fact } from "../../parts/Fact";
import { Section } from "../../parts/Section";
import { nameOf } from "./words";

/** What of an order its instants are shown from; one that is not on record has no `recorded`. */
interface Read {
  names: Names;
  zone: string;
  issued: { instrument: Instrument; recorded: string | null };
}

/** The instants of an instrument, which the record keeps apart. */
export function Instants({ order }: { order: Read }) {
  const { language, t } = useLanguage();
  const { instrument, recorded } = order.issued;
  const when = (instant: string) => formatInstant(language, instant, order.zone);
  const stated = (instant: string | null) =>
    instant === null ? <span className="muted">{t("instants.none")}</span> : when(instant);
  const served = Object.entries(instrument.served);
  return (
    <Section heading={t("instants.heading")}>
      <dl className="facts">
        <Fact name={t("instants.announced")}>{stated(instrument.announced)}</Fact>
        <Fact name={t("instants.signed")}>{stated(instrument.signed)}</Fact>
        <Fact name={t("instants.served")}>
          {served.length === 0 ? (
            stated(null)
          ) : (
            <ul className="lines">
              {served.map(([id, instant]) => {
                const addressee = nameOf(language, order.names.addressees, id);
                return <li key={id}>{t("instants.servedOn", { addressee, when: when(instant) })}</li>;
              })}
            </ul>
          )}
        </Fact>
        <Fact name={t("instants.published")}>{stated(instrument.published)}</Fact>
        <Fact name={t("instants.effective")}>
          {instrument.effective === null
            ? t(instrument.published === null ? "instants.never" : "instants.onPublication")
            : when(instrument.effective)}
        </Fact>
        <Fact name={t("instants.recorded")}>
          {recorded === null ? t("prepared.notRecorded") : when(recorded)}
        </Fact>
      </dl>
    </Section>
  );
}

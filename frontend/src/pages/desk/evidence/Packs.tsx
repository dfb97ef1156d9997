import type { EvidencePage, PackLine } from "../../../api/schema";
import { formatCount, formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { DataTable } from "../../../parts/DataTable";
import { Section } from "../../../parts/Section";

/** The packs of this server, with how far they have come, what they show, and their files. */
export function Packs({ page }: { page: EvidencePage }) {
  const { language, t } = useLanguage();
  return (
    <Section heading={t("evidence.packs")}>
      {page.packs.length === 0 ? (
        <p className="nothing">{t("evidence.none")}</p>
      ) : (
        <DataTable
          caption={t("evidence.caption", { count: page.packs.length })}
          columns={[t("evidence.asked"), t("evidence.by"), t("evidence.answer"), t("evidence.file")]}
          rows={page.packs.map((pack) => ({
            id: pack.id,
            cells: [
              <>
                {page.vendors[pack.vendor]?.[language] ?? pack.vendor}
                <small>{t("evidence.window", { since: pack.since, until: pack.until })}</small>
                <small>
                  {pack.party === null || pack.party === undefined
                    ? t("evidence.everybody")
                    : (page.parties[pack.party]?.[language] ?? pack.party)}
                </small>
              </>,
              <>
                {pack.by}
                <small>{formatInstant(language, pack.at, page.zone)}</small>
              </>,
              <Answer pack={pack} />,
              pack.state === "made" ? (
                <a href={`/api/desk/evidence/packs/${encodeURIComponent(pack.id)}`} download>
                  {t("evidence.download", {
                    size: formatCount(language, Math.ceil((pack.size ?? 0) / 1024)),
                  })}
                  <span className="usa-sr-only"> {pack.vendor}</span>
                </a>
              ) : (
                ""
              ),
            ],
          }))}
        />
      )}
      <p className="muted">{t("evidence.check")}</p>
    </Section>
  );
}

/** How far a pack has come, or its answer in words; the reasons are the verifier's own. */
function Answer({ pack }: { pack: PackLine }) {
  const { language, t } = useLanguage();
  switch (pack.state) {
    case "making": {
      const done = pack.done ?? 0;
      const of = pack.of ?? 0;
      return (
        <>
          <progress
            aria-label={t("evidence.making")}
            {...(of > 0 ? { value: done, max: of } : {})}
          />
          <small>
            {of > 0
              ? t("evidence.progress", {
                  done: formatCount(language, done),
                  of: formatCount(language, of),
                })
              : t("evidence.making")}
          </small>
        </>
      );
    }
    case "failed":
      return (
        <>
          <strong>{t("evidence.failed")}</strong>
          <small lang="en">{pack.problem}</small>
        </>
      );
    case "made":
      return (
        <>
          <strong>
            {pack.verdict === "none-recorded"
              ? t("evidence.noneRecorded")
              : pack.verdict === "these-calls"
                ? t("evidence.theseCalls", { count: pack.sent ?? 0 })
                : t("evidence.incomplete")}
          </strong>
          {(pack.reasons ?? []).length > 0 && (
            <ul lang="en">
              {(pack.reasons ?? []).map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          )}
        </>
      );
  }
}

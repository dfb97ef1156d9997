import { useEffect } from "react";

import type { Client } from "../../api/client";
import type { Inbox as Told, InboxItem } from "../../api/schema";
import { enumerate, formatDeadline, formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import type { Translate } from "../../i18n/translate";
import type { Language } from "../../i18n/language";
import { DataTable } from "../../parts/DataTable";
import { Link } from "../../parts/Link";
import { Section } from "../../parts/Section";
import { knownValue } from "../../polling";
import { areaPath, DESK_PATH, orderPath } from "../../route";
import { usePage } from "../administration/usePage";

const POLL_MS = 10_000;
const fetchInbox = (client: Client, signal: AbortSignal): Promise<Told> =>
  client.get<Told>("/api/desk/inbox", signal);

/** What stands in sections of its own on the same page. */
const ELSEWHERE = new Set(["entry", "own-entry", "prepared"]);

/** What needs an officer: one list, the most urgent first, each with where it is done. */
export function Inbox() {
  const { language, t } = useLanguage();
  const inbox = knownValue(usePage(fetchInbox, POLL_MS).polled);
  const waiting = inbox?.waiting ?? 0;
  useEffect(() => {
    const before = document.title;
    if (waiting > 0 && !before.startsWith("(")) {
      document.title = `(${waiting}) ${before}`;
    }
    return () => {
      document.title = document.title.replace(/^\(\d+\) /, "");
    };
  }, [waiting]);
  const items = (inbox?.items ?? []).filter(({ kind }) => !ELSEWHERE.has(kind));
  return (
    <Section heading={t("inbox.heading")}>
      <div role="status">
        {inbox !== null && (
          <p>{waiting === 0 ? t("inbox.nothing") : t("inbox.waiting", { count: waiting })}</p>
        )}
      </div>
      {inbox !== null && items.length > 0 && (
        <DataTable
          caption={t("inbox.caption", { count: items.length })}
          columns={[t("inbox.what"), t("inbox.about"), t("inbox.when"), t("inbox.who")]}
          rows={items.map((item) => ({
            id: `${item.kind} ${item.key}`,
            cells: [
              <Link href={whereOf(item)}>{t(`inbox.kind.${item.kind}`)}</Link>,
              <About item={item} />,
              whenOf(t, language, inbox, item),
              item.may.length === 0
                ? (item.by ?? "—")
                : enumerate(
                    language,
                    item.may.map((one) => one[language]),
                    "disjunction",
                  ),
            ],
          }))}
        />
      )}
    </Section>
  );
}

function About({ item }: { item: InboxItem }) {
  const { language, t } = useLanguage();
  const { order, service_name, route, words, date } = item;
  return (
    <>
      {order != null && <Link href={orderPath(order.id)}>{order.title[language]}</Link>}
      {service_name != null && (
        <>
          {order != null && <br />}
          {service_name[language]}
        </>
      )}
      {route != null && <small translate="no">{route}</small>}
      {date != null && <small>{t(`inbox.date.${date}` as "inbox.date.deadline")}</small>}
      {words !== "" && <small>{words.slice(0, 160)}</small>}
    </>
  );
}

function whereOf({ kind, key, order, act, draft, document }: InboxItem): string {
  switch (kind) {
    case "draft":
      return areaPath("drafts", draft ?? "");
    case "document":
      return areaPath("documents", document ?? "");
    case "terms":
      return areaPath("terms");
    case "directory":
    case "directory-draft":
      return areaPath("directory", "edits", key);
    case "undelivered":
      return areaPath("messages", key);
    case "hold":
      return areaPath("records");
    case "record-age":
      return areaPath("networks");
    case "held":
      return "/routes";
    case "deadline":
      return order == null ? DESK_PATH : orderPath(order.id);
    default:
      return order == null || act == null
        ? DESK_PATH
        : `${areaPath("drafts", "new")}?about=${encodeURIComponent(order.id)}`;
  }
}

function whenOf(t: Translate, language: Language, inbox: Told, item: InboxItem): string {
  const { until, since } = item;
  if (until != null) {
    const days = Math.ceil((Date.parse(until) - Date.parse(inbox.now)) / 86_400_000);
    const when = formatDeadline(language, until, inbox.zone);
    return days > 0 ? t("inbox.until", { when, days }) : when;
  }
  return since == null
    ? "—"
    : t("inbox.since", { when: formatInstant(language, since, inbox.zone) });
}

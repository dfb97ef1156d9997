import { Tag } from "@trussworks/react-uswds";
import type { ReactNode } from "react";

import type { Chat } from "../../api/schema";
import { useLanguage } from "../../i18n/context";

/** What stands in a conversation in which nothing was said yet: who will answer. */
export function Greeting({ chat, children }: { chat: Chat; children?: ReactNode }) {
  const { language, t } = useLanguage();
  const usual = chat.default_model;
  const service = chat.service_name[language];
  return (
    <div className="greeting">
      <h2>{t("greeting.heading", { service })}</h2>
      {usual.outcome === "refuse" ? (
        <p>{usual.explanation[language]}</p>
      ) : (
        <p>
          {t("greeting.answers", { model: usual.name, maker: usual.maker_name[language] })}{" "}
          {usual.stand_in && <Tag className="tag-stand-in">{t("stamp.standIn")}</Tag>}
        </p>
      )}
      <p className="muted">{t("greeting.keeps")}</p>
      {children}
    </div>
  );
}

import { Button, Tag } from "@trussworks/react-uswds";
import { useId, useState } from "react";

import type { Notice } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Fact } from "../../parts/Fact";
import { OrderName } from "../../parts/OrderName";

interface Properties {
  notice: Notice;
  /** How many more wait behind it. */
  more: number;
  onAcknowledge: (id: string) => Promise<void>;
  /** Has the next message go without earlier text; null where there is none. */
  onFresh: (() => void) | null;
}

/**
 * What an order changes for the reader: in full, at the top of the chat, where it takes neither
 * the focus nor the place of what is read or written.
 */
export function NoticeBox({ notice, more, onAcknowledge, onFresh }: Properties) {
  const { language, t } = useLanguage();
  const heading = useId();
  const [failed, setFailed] = useState(false);
  const acknowledge = () => {
    setFailed(false);
    onAcknowledge(notice.id).catch(() => setFailed(true));
  };
  return (
    <section className="notice" aria-labelledby={heading} tabIndex={0}>
      <h2 id={heading}>{notice.what[language]}</h2>
      <dl className="notice-facts">
        <Fact name={t("notice.when")}>
          {notice.when[language]}{" "}
          {notice.provisional && (
            <>
              <Tag className="tag-pending">{t("notice.provisional")}</Tag>{" "}
              {t("notice.provisionalMeans")}
            </>
          )}
        </Fact>
        <Fact name={t("notice.mustDo")}>{notice.must_do[language]}</Fact>
        {notice.no_longer_knows !== null && (
          <Fact name={t("notice.knows")}>{notice.no_longer_knows[language]}</Fact>
        )}
        {notice.message != null && (
          <Fact name={t("notice.message")}>{notice.message[language]}</Fact>
        )}
        <Fact name={t("notice.conversations")}>{notice.conversations[language]}</Fact>
        <Fact name={t("notice.earlier")}>{notice.earlier_text[language]}</Fact>
        <Fact name={t("notice.order")}>
          <OrderName order={notice.order} />
        </Fact>
        <Fact name={t("notice.ask")}>{notice.whom_to_ask[language]}</Fact>
      </dl>
      {failed && <p className="field-error">{t("notice.failed")}</p>}
      <div className="actions">
        <Button type="button" onClick={acknowledge}>
          {t("notice.acknowledge")}
        </Button>
        {onFresh !== null && (
          <Button type="button" outline onClick={onFresh}>
            {t("notice.fresh")}
          </Button>
        )}
        {more > 0 && <span className="muted">{t("notice.more", { count: more })}</span>}
      </div>
    </section>
  );
}

import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import type { Share } from "../../api/schema";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { conversationPath, sharedPath } from "../../route";

interface Properties {
  shares: readonly Share[];
  zone: string;
  onEnd: (share: Share) => void;
}

/** All that a person shares now, each with its address and a way to end it at once. */
export function ShareList({ shares, zone, onEnd }: Properties) {
  const { language, t } = useLanguage();
  const [copied, setCopied] = useState<string | null>(null);
  const copy = (share: Share) => {
    const address = new URL(sharedPath(share.id), location.href).href;
    void navigator.clipboard?.writeText(address).then(() => setCopied(share.id));
  };
  return (
    <>
      <h3>{t("share.list")}</h3>
      {shares.length === 0 && <p className="muted">{t("share.none")}</p>}
      <ul className="prompts shares">
        {shares.map((share) => {
          const title = share.title === "" ? t("conversations.untitled") : share.title;
          return (
            <li key={share.id}>
              <Link href={conversationPath(share.conversation)} dir="auto">
                {title}
              </Link>
              <p className="muted">
                {t("share.with", {
                  party: share.party_name[language],
                  when: formatInstant(language, share.until, zone),
                })}
              </p>
              <p>
                <Link href={sharedPath(share.id)}>{t("share.see")}</Link>{" "}
                <Button
                  type="button"
                  unstyled
                  className="quiet"
                  aria-label={t("share.copyNamed", { title })}
                  onClick={() => copy(share)}
                >
                  {t(copied === share.id ? "share.copied" : "share.copy")}
                </Button>{" "}
                <Button
                  type="button"
                  unstyled
                  className="quiet"
                  aria-label={t("share.endNamed", { title })}
                  onClick={() => onEnd(share)}
                >
                  {t("share.end")}
                </Button>
              </p>
            </li>
          );
        })}
      </ul>
    </>
  );
}

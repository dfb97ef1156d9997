import { useEffect } from "react";

import { useLanguage } from "../i18n/context";

/** The page's heading, which can take the focus, and the document's title after it. */
export function PageHeading({ text }: { text: string }) {
  const { t } = useLanguage();
  const title = t("app.title", { page: text });
  useEffect(() => {
    document.title = title;
  }, [title]);
  return <h1 tabIndex={-1}>{text}</h1>;
}

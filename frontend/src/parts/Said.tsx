import { useLanguage } from "../i18n/context";

/** Words of the server, in the page's language where they are known in it, else marked as English. */
export function Said({ children }: { children: string }) {
  const { language, said } = useLanguage();
  const words = language === "en" ? children : said(children);
  return words === null ? <span lang="en">{children}</span> : words;
}

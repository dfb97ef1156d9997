import { useEffect, useMemo, useState, type ReactNode } from "react";

import { LanguageContext } from "./context";
import { initialLanguage, keepLanguage, type Language } from "./language";
import { saying, type Saying } from "./said";
import { translate } from "./translate";

const ENGLISH: Saying = (text) => text;
const NOTHING: Saying = () => null;

/** Gives the page its language, keeps the person's choice and sets the document's `lang`. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setState] = useState(initialLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const [french, setFrench] = useState<Saying>(() => NOTHING);
  useEffect(() => {
    if (language === "fr") {
      void import("./said.fr.json").then(({ default: catalogue }) => {
        setFrench(() => saying(catalogue));
      });
    }
  }, [language]);
  const speaking = useMemo(
    () => ({
      language,
      setLanguage: (chosen: Language) => {
        keepLanguage(chosen);
        setState(chosen);
      },
      adoptLanguage: setState,
      t: (...of: [Parameters<typeof translate>[1], Parameters<typeof translate>[2]?]) =>
        translate(language, ...of),
      said: language === "fr" ? french : ENGLISH,
    }),
    [language, french],
  );
  return <LanguageContext value={speaking}>{children}</LanguageContext>;
}

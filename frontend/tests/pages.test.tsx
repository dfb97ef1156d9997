import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";

import { StatusError, type Status } from "../src/api";
import { LanguageContext } from "../src/i18n/context";
import type { Language } from "../src/i18n/language";
import { translate } from "../src/i18n/translate";
import { StatusPage } from "../src/pages/Status";
import { nextSteps } from "../src/pages/status/steps";
import type { Polled } from "../src/polling";
import { STATUS } from "./status";

/** The page's words, its markup removed. */
function page(polled: Polled<Status>, language: Language = "en"): string {
  const markup = renderToStaticMarkup(
    <LanguageContext
      value={{
        language,
        setLanguage: () => undefined,
        t: (key, values) => translate(language, key, values),
      }}
    >
      <StatusPage polled={polled} again={() => undefined} every={5} />
    </LanguageContext>,
  );
  return markup.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

const ready = (value: Status): Polled<Status> => ({ phase: "ready", value });

describe("the status page", () => {
  test("says that it is loading", () => {
    expect(page({ phase: "loading" })).toContain("Asking the server");
  });

  test("shows the demonstration's clock in its zone and that stand-ins answer", () => {
    const words = page(ready(STATUS));
    expect(words).toContain("The scenario clock stands at February 26, 2026 at 09:00 EST");
    expect(words).toContain("No vendor is called where a stand-in answers");
  });

  test("shows services, routes, instruments and the ledger", () => {
    const words = page(ready(STATUS));
    expect(words).toContain("Front desk desk bureau office");
    expect(words).toContain("chat maker-a/model then maker-b/model provisional");
    expect(words).toContain("maker-a/model@host-a maker-a host-a Stand-in");
    expect(words).toContain("maker-b/model@host-b maker-b host-b Nobody: no endpoint");
    expect(words).toContain("First order order-1 chief winding down March 1, 2026 at 00:00 EST");
    expect(words).toContain("Second order order-2 chief announced Announced only");
    expect(words).toContain("7 entries root 9f86d081");
  });

  test("speaks French throughout", () => {
    const words = page(ready(STATUS), "fr");
    expect(words).toContain("26 février 2026 à 09:00");
    expect(words).toContain("Accueil desk");
    expect(words).toContain("Premier ordre order-1 chief en retrait");
    expect(words).not.toMatch(/Stand-in|Services and|Announced/);
  });

  test("shows no banner in production, and says what fills what is empty", () => {
    const words = page(
      ready({
        ...STATUS,
        demonstration: false,
        ruleset: null,
        services: [],
        routes: [],
        instruments: [],
      }),
    );
    expect(words).toContain("None: no directory is recorded yet");
    expect(words).not.toContain("Demonstration");
    expect(words).toContain("There are no services yet.");
    expect(words).toContain("There are no routes yet.");
    expect(words).toContain("No instrument has been issued.");
  });

  test("shows a status that it has no word for as the server wrote it", () => {
    const instruments = [{ ...STATUS.instruments[0]!, status: "superseded" }];
    expect(page(ready({ ...STATUS, instruments }))).toContain("superseded");
  });

  test("says that the server is away, that it tries again, and keeps what was known", () => {
    const error = new StatusError({ kind: "away" });
    const nothing = page({ phase: "lost", error, known: null });
    expect(nothing).toContain("tries again by itself every 5 seconds");
    expect(nothing).not.toContain("Front desk");
    const stale = page({ phase: "lost", error, known: { value: STATUS, until: new Date() } });
    expect(stale).toContain("last confirmed at");
    expect(stale).toContain("Front desk");
  });
});

describe("what to try next", () => {
  const commands = (status: Status) => nextSteps(status).map((step) => step.command);

  test("speaks of the services and vendors that are there", () => {
    expect(commands(STATUS)).toEqual([
      "changeover scenario play --until 2026-03-03",
      "changeover decide --service desk --model maker-a/model",
      "changeover reach maker-a",
      "changeover keys create desk --by NAME",
      "changeover orders list",
      "changeover ledger verify",
    ]);
  });

  test("begins with a directory where there is none", () => {
    const bare = { ...STATUS, demonstration: false, services: [], routes: [], instruments: [] };
    expect(commands(bare)[0]).toBe("changeover apply DIR --dry-run");
  });
});

import { Button, GridContainer } from "@trussworks/react-uswds";
import { useCallback } from "react";

import { beginDraft, fetchChoices, type Act, type Choices } from "../../../api/drafts";
import { enumerate } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Choice } from "../../../parts/Choice";
import { Connection } from "../../../parts/Connection";
import { PageHeading } from "../../../parts/PageHeading";
import { Section } from "../../../parts/Section";
import { knownValue } from "../../../polling";
import { areaPath, go } from "../../../route";
import { useSession } from "../../../session/context";
import { usePolled } from "../../../usePolled";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { answeredBy } from "../answeredBy";

/** The acts as officers look for them. */
const GROUPS = {
  bar: ["order", "designation", "freeze", "confirm"],
  allow: ["authorisation", "memo", "agreement", "terms"],
  end: ["amend", "supersede", "rescind"],
  court: ["stay", "decline", "lift", "vacate"],
  waive: ["request", "waive", "renew", "delegate"],
  judge: ["find", "judge", "sign"],
} as const satisfies Record<string, readonly Act[]>;

type Group = keyof typeof GROUPS;
const POLL_MS = 60_000;

/** What to begin: an act, and the order that it is done to. */
export function ChooseAct({ about }: { about: string | null }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const load = useCallback(
    (signal: AbortSignal) => fetchChoices(client, about, signal),
    [client, about],
  );
  const { polled, again } = usePolled(load, POLL_MS);
  const choices = knownValue(polled);
  const beginning = useDeed(
    (act: Act) => beginDraft(client, act, needsOrder(choices, act) ? about : null),
    (draft) => go(areaPath("drafts", draft.id)),
  );
  const orders = choices?.orders ?? [];
  return (
    <GridContainer className="page">
      <PageHeading text={t("drafts.newHeading")} />
      <Connection
        polled={answeredBy(polled)}
        again={again}
        every={POLL_MS / 1000}
        loading="drafts.loading"
      />
      {choices !== null && (
        <>
          <Choice
            label={t("drafts.about")}
            value={about ?? ""}
            onChoose={(id) => chooseOrder(id)}
            options={[
              { value: "", text: t("drafts.aboutNone") },
              ...orders.map(({ id, title }) => ({ value: id, text: title[language] })),
            ]}
          />
          <p className="muted">{t("drafts.aboutHint")}</p>
          <TroubleAlert trouble={beginning.trouble} />
          {(Object.keys(GROUPS) as Group[]).map((group) => (
            <Section key={group} heading={t(`drafts.group.${group}`)}>
              <ul className="acts">
                {GROUPS[group].map((act) => (
                  <ActLine
                    key={act}
                    act={act}
                    choices={choices}
                    about={about}
                    onBegin={() => beginning.go(act)}
                  />
                ))}
              </ul>
            </Section>
          ))}
        </>
      )}
    </GridContainer>
  );
}

interface LineProperties {
  act: Act;
  choices: Choices;
  about: string | null;
  onBegin: () => void;
}

function ActLine({ act, choices, about, onBegin }: LineProperties) {
  const { language, t } = useLanguage();
  const found = choices.acts.find((one) => one.act === act);
  const missing = found?.about === true && about === null;
  const issuers = (found?.issuers ?? []).map(
    (id) => choices.issuers.find((one) => one.id === id)?.name[language] ?? id,
  );
  return (
    <li>
      <Button type="button" outline disabled={missing} onClick={onBegin}>
        {t(`drafts.act.${act}`)}
      </Button>
      <span>
        {t(`drafts.does.${act}`)}
        {missing && <small>{t("drafts.needsOrder")}</small>}
        {found?.about === true && about !== null && (
          <small>
            {issuers.length === 0
              ? t("drafts.byNobody")
              : t("drafts.by", { names: enumerate(language, issuers, "disjunction") })}
          </small>
        )}
      </span>
    </li>
  );
}

function needsOrder(choices: Choices | null, act: Act): boolean {
  return choices?.acts.some((one) => one.act === act && one.about) ?? false;
}

function chooseOrder(id: string): void {
  const query = id === "" ? "" : `?about=${encodeURIComponent(id)}`;
  history.replaceState(null, "", areaPath("drafts", "new") + query);
  dispatchEvent(new PopStateEvent("popstate"));
}

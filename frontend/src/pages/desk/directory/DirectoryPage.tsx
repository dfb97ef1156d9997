import { GridContainer } from "@trussworks/react-uswds";
import { useCallback } from "react";

import type { Client } from "../../../api/client";
import { KINDS, type DirectoryShown, type Kind } from "../../../api/directory";
import { fetchChoices, type Choices } from "../../../api/drafts";
import { useLanguage } from "../../../i18n/context";
import { Connection } from "../../../parts/Connection";
import { PageHeading } from "../../../parts/PageHeading";
import { knownValue } from "../../../polling";
import { NowherePage } from "../../Nowhere";
import { usePage } from "../../administration/usePage";
import type { AreaProperties } from "../areas";
import { SetPage } from "./SetPage";
import { ThingPage } from "./ThingPage";
import { Things } from "./Things";
import { Writing } from "./Writing";

const POLL_MS = 15_000;

export interface Known {
  directory: DirectoryShown;
  choices: Choices;
}

const fetchKnown = async (client: Client, signal: AbortSignal): Promise<Known> => {
  const [directory, choices] = await Promise.all([
    client.get<DirectoryShown>("/api/desk/directory", signal),
    fetchChoices(client, null, signal),
  ]);
  return { directory, choices };
};

/**
 * The directory: what stands in it, one thing, a new one, a set of edits, one edit of a set.
 * Below it are `things/KIND/ID`, `new/KIND`, `edits/SET` and `edits/SET/NUMBER`.
 */
export default function DirectoryPage({ rest }: AreaProperties) {
  const { t } = useLanguage();
  const load = useCallback(fetchKnown, []);
  const asked = usePage(load, POLL_MS);
  const known = knownValue(asked.polled);
  const [what, first, second] = rest;
  return (
    <GridContainer className="page">
      {(known === null || what === undefined) && <PageHeading text={t("directory.heading")} />}
      <Connection {...asked} loading="directory.loading" />
      {known !== null && (
        <Below
          key={rest.join("/")}
          what={what}
          first={first}
          second={second}
          known={known}
          again={asked.again}
        />
      )}
    </GridContainer>
  );
}

interface BelowProperties {
  what: string | undefined;
  first: string | undefined;
  second: string | undefined;
  known: Known;
  again: () => void;
}

function Below({ what, first, second, known, again }: BelowProperties) {
  if (what === undefined) {
    return <Things known={known} />;
  }
  if (what === "things" && isKind(first) && second !== undefined) {
    return <ThingPage kind={first} id={second} known={known} />;
  }
  if (what === "new" && isKind(first)) {
    return <Writing of={{ kind: first, thing: null }} known={known} />;
  }
  return what === "edits" && first !== undefined ? (
    <SetPage id={first} place={second ?? null} known={known} again={again} />
  ) : (
    <NowherePage />
  );
}

function isKind(text: string | undefined): text is Kind {
  return text !== undefined && KINDS.some((kind) => kind === text);
}

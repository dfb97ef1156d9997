import { Button } from "@trussworks/react-uswds";
import { useCallback, useState } from "react";

import type { Client } from "../../../api/client";
import type { CompliancePage as Told, Exported } from "../../../api/schema";
import { bytesOf, download } from "../../../download";
import { useLanguage } from "../../../i18n/context";
import { Choice } from "../../../parts/Choice";
import { TextField } from "../../../parts/form/fields";
import { Section } from "../../../parts/Section";
import { StatusTag } from "../../../parts/StatusTag";
import { useSession } from "../../../session/context";
import { Frame } from "../../administration/Frame";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { usePage } from "../../administration/usePage";
import type { AreaProperties } from "../areas";
import { Attestations } from "./Attestations";
import { BoardOfParties } from "./BoardOfParties";
import { Exits } from "./Exits";
import { Register } from "./Register";

const POLL_MS = 20_000;

/** Who keeps an order: the board, attestations, what is only stated, leaving vendors, reports. */
export default function CompliancePage(_: AreaProperties) {
  const { language, t } = useLanguage();
  const [order, setOrder] = useState(
    () => new URLSearchParams(location.search).get("order") ?? "",
  );
  const load = useCallback(
    (client: Client, signal: AbortSignal) => {
      const query = order === "" ? "" : `?order=${encodeURIComponent(order)}`;
      return client.get<Told>(`/api/desk/compliance${query}`, signal);
    },
    [order],
  );
  const asked = usePage(load, POLL_MS);
  return (
    <Frame heading="compliance.heading" loading="compliance.loading" asked={asked}>
      {(page) => (
        <>
          <p>{t("compliance.intro")}</p>
          {page.board === null ? (
            <p className="nothing">{t("compliance.noOrder")}</p>
          ) : (
            <>
              <Choice
                label={t("compliance.order")}
                value={page.board.order}
                onChoose={setOrder}
                options={page.orders.map(({ id, title }) => ({ value: id, text: title[language] }))}
              />
              <p>
                <StatusTag status={page.board.status} at={page.board.deadline} zone={page.zone} />
              </p>
              <BoardOfParties board={page.board} zone={page.zone} />
              <Attestations page={page} order={page.board.order} again={asked.again} />
            </>
          )}
          <Register page={page} again={asked.again} />
          <Exits page={page} again={asked.again} />
          <Reports order={page.board?.order ?? null} />
        </>
      )}
    </Frame>
  );
}

const OF_AN_ORDER = ["status", "disclosure"] as const;
const OF_ALL = ["inventory", "register"] as const;
const FORMS = ["csv", "html", "word"] as const;

function Reports({ order }: { order: string | null }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [discovered, setDiscovered] = useState("");
  const exporting = useDeed(
    (kind: string, form: string) => {
      const query = new URLSearchParams({
        kind,
        form,
        language,
        ...(order === null ? {} : { order }),
        ...(discovered === "" ? {} : { discovered }),
      });
      return client.get<Exported>(`/api/desk/compliance/export?${query}`);
    },
    ({ name, type, content }) => download(name, bytesOf(content), type),
  );
  const kinds = order === null ? OF_ALL : [...OF_AN_ORDER, ...OF_ALL];
  return (
    <Section heading={t("compliance.reports")}>
      <TroubleAlert trouble={exporting.trouble} />
      <div className="filters">
        <TextField
          label={t("compliance.discovered")}
          hint={t("compliance.discoveredHint")}
          type="datetime-local"
          value={discovered}
          onChange={setDiscovered}
        />
      </div>
      <ul className="lines">
        {kinds.map((kind) => (
          <li key={kind}>
            {t(`compliance.export.${kind}`)}
            <span className="buttons">
              {FORMS.map((form) => (
                <Button
                  key={form}
                  type="button"
                  unstyled
                  aria-label={`${t(`compliance.export.${kind}`)}, ${t(`compliance.form.${form}`)}`}
                  onClick={() => exporting.go(kind, form)}
                >
                  {t(`compliance.form.${form}`)}
                </Button>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

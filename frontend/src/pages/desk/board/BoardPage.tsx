import { Button } from "@trussworks/react-uswds";
import { useCallback, useMemo, useState } from "react";

import type { Client } from "../../../api/client";
import type { Board, BoardRow } from "../../../api/schema";
import { formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Choice } from "../../../parts/Choice";
import { TextField } from "../../../parts/form/fields";
import { usePage } from "../../administration/usePage";
import { Frame } from "../../administration/Frame";
import type { AreaProperties } from "../areas";
import { BoardTable } from "./BoardTable";
import { spanOf, ZOOMS, type Zoom } from "./timeline";
import { Timelines } from "./Timelines";

const POLL_MS = 15_000;

interface Filter {
  status: string;
  issuer: string;
  party: string;
  vendor: string;
  text: string;
}

const EVERYTHING: Filter = { status: "", issuer: "", party: "", vendor: "", text: "" };

/** Every order over time, as a picture or as a table, at any date and as known on any. */
export default function BoardPage(_: AreaProperties) {
  const { t } = useLanguage();
  const [at, setAt] = useState("");
  const [known, setKnown] = useState("");
  const load = useCallback(
    (client: Client, signal: AbortSignal) => {
      const query = new URLSearchParams({
        ...(at === "" ? {} : { at }),
        ...(known === "" ? {} : { known_at: known }),
      }).toString();
      return client.get<Board>(`/api/desk/board?${query}`, signal);
    },
    [at, known],
  );
  const asked = usePage(load, POLL_MS);
  return (
    <Frame heading="board.heading" loading="board.loading" asked={asked}>
      {(board) => (
        <>
          <p>{t("board.intro")}</p>
          <div className="filters">
            <TextField label={t("board.at")} type="date" value={at} onChange={setAt} />
            <TextField
              label={t("board.known")}
              hint={t("board.knownHint")}
              type="date"
              value={known}
              onChange={setKnown}
            />
          </div>
          {(at !== "" || known !== "") && <Then board={board} />}
          <Rows board={board} />
        </>
      )}
    </Frame>
  );
}

function Then({ board: { at, known_at, zone } }: { board: Board }) {
  const { language, t } = useLanguage();
  return (
    <p role="status">
      {t("board.then", { when: formatInstant(language, at, zone) })}{" "}
      {known_at != null && t("board.thenKnown", { when: formatInstant(language, known_at, zone) })}
    </p>
  );
}

function Rows({ board }: { board: Board }) {
  const { language, t } = useLanguage();
  const [filter, setFilter] = useState(EVERYTHING);
  const [zoom, setZoom] = useState<Zoom>("year");
  const [table, setTable] = useState(false);
  const rows = useMemo(
    () => board.rows.filter((row) => matches(filter, row)),
    [board.rows, filter],
  );
  const of = (names: Board["issuers"], used: (row: BoardRow) => readonly string[]) => [
    { value: "", text: t("board.all") },
    ...[...new Set(board.rows.flatMap(used))].map((id) => ({
      value: id,
      text: names[id]?.[language] ?? id,
    })),
  ];
  const statuses = [...new Set(board.rows.map(({ status }) => status))];
  const change = (part: Partial<Filter>) => setFilter({ ...filter, ...part });
  return (
    <>
      <div className="filters">
        <Choice
          label={t("board.status")}
          value={filter.status}
          onChoose={(status) => change({ status })}
          options={[
            { value: "", text: t("board.all") },
            ...statuses.map((one) => ({ value: one, text: t(`instruments.${one}`) })),
          ]}
        />
        <Choice
          label={t("board.issuer")}
          value={filter.issuer}
          onChoose={(issuer) => change({ issuer })}
          options={of(board.issuers, (row) => [row.issuer])}
        />
        <Choice
          label={t("board.party")}
          value={filter.party}
          onChoose={(party) => change({ party })}
          options={of(board.parties, (row) => row.parties)}
        />
        <Choice
          label={t("board.vendor")}
          value={filter.vendor}
          onChoose={(vendor) => change({ vendor })}
          options={of(board.vendors, (row) => row.vendors)}
        />
        <TextField
          label={t("board.text")}
          type="search"
          value={filter.text}
          onChange={(text) => change({ text })}
        />
        <Choice
          label={t("board.zoom")}
          value={zoom}
          onChoose={(given) => setZoom(ZOOMS.find((one) => one === given) ?? "year")}
          options={ZOOMS.map((one) => ({ value: one, text: t(`board.zoom.${one}`) }))}
        />
      </div>
      <p>
        <Button type="button" outline aria-pressed={table} onClick={() => setTable(!table)}>
          {t(table ? "board.asPicture" : "board.asTable")}
        </Button>
      </p>
      {rows.length === 0 && <p className="nothing">{t("board.none")}</p>}
      {rows.length > 0 &&
        (table ? (
          <BoardTable rows={rows} zone={board.zone} />
        ) : (
          <Timelines
            rows={rows}
            span={spanOf(zoom, board.at, rows)}
            at={board.at}
            zone={board.zone}
          />
        ))}
    </>
  );
}

function matches(filter: Filter, row: BoardRow): boolean {
  const text = filter.text.trim().toLowerCase();
  return (
    (filter.status === "" || row.status === filter.status) &&
    (filter.issuer === "" || row.issuer === filter.issuer) &&
    (filter.party === "" || row.parties.includes(filter.party)) &&
    (filter.vendor === "" || row.vendors.includes(filter.vendor)) &&
    (text === "" ||
      [row.id, row.title.en, row.title.fr].some((one) => one.toLowerCase().includes(text)))
  );
}

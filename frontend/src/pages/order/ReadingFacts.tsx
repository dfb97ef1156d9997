import type { ReactNode } from "react";

import type { Reading } from "../../api/orders";
import { Fact } from "../../parts/Fact";
import {
  fromWords,
  reachesDerived,
  ruleWords,
  scopeWords,
  untilWords,
  windDownWords,
  type Speaker,
} from "./words";

interface Properties {
  reading: Reading;
  speaker: Speaker;
  /** The reading that this one is compared with: only what differs from it is shown. */
  besides?: Reading;
  children?: ReactNode;
}

/** A reading in plain words; `children` are more facts about it. */
export function ReadingFacts({ reading, speaker, besides, children }: Properties) {
  const { t, language } = speaker;
  const known = besides === undefined ? [] : facts(speaker, besides).map(identity);
  return (
    <dl className="facts">
      <Fact name={t("reading.id")}>
        <code translate="no">{reading.id}</code>
      </Fact>
      {reading.note !== null && <Fact name={t("reading.note")}>{reading.note[language]}</Fact>}
      {facts(speaker, reading)
        .filter((fact) => !known.includes(identity(fact)))
        .map(({ name, lines, small }) => (
          <Fact key={name} name={name}>
            <Lines lines={lines} />
            {small !== undefined && <small>{small}</small>}
          </Fact>
        ))}
      {children}
    </dl>
  );
}

interface Told {
  name: string;
  lines: string[];
  small?: string;
}

function facts(speaker: Speaker, reading: Reading): Told[] {
  const { t } = speaker;
  const rule: Told = { name: t("reading.rule"), lines: ruleWords(speaker, reading) };
  const told: Told[] = [
    reachesDerived(reading) ? { ...rule, small: t("reading.derived") } : rule,
    { name: t("reading.scope"), lines: scopeWords(speaker, reading.scope) },
    { name: t("reading.from"), lines: [fromWords(speaker, reading)] },
    { name: t("reading.until"), lines: [untilWords(speaker, reading)] },
  ];
  if (reading.modality === "prohibit") {
    told.push(
      { name: t("reading.windDown"), lines: windDownWords(speaker, reading.wind_down) },
      { name: t("reading.inFlight"), lines: [t(`reading.${reading.in_flight}`)] },
    );
  }
  return told;
}

function identity(fact: Told): string {
  return JSON.stringify(fact);
}

function Lines({ lines }: { lines: string[] }) {
  if (lines.length === 1) {
    return lines[0];
  }
  return (
    <ul className="lines">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

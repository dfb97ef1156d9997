import type { EnforcementTold, ReplicaSettled } from "../api/schema";
import { formatCount, formatExact } from "../format";
import { useLanguage } from "../i18n/context";
import { Fact } from "./Fact";

/** Whose clock instants are told by. */
export interface Clock {
  zone: string;
  demonstration: boolean;
}

interface Properties extends Clock {
  told: EnforcementTold;
}

/** An act's two instants, and the way that each replica came to decide by it. */
export function EnforcementView({ told, zone, demonstration }: Properties) {
  const { language, t } = useLanguage();
  const when = (instant: string) => formatExact(language, instant, zone);
  const { legal, replicas } = told;
  return (
    <dl className="facts enforcement">
      <Fact name={t("enforced.legal")}>
        {demonstration ? t("enforced.legalDemo", { when: when(legal) }) : when(legal)}
      </Fact>
      <Fact name={t("enforced.settled")}>
        <Settled told={told} zone={zone} demonstration={demonstration} />
      </Fact>
      {replicas.length > 0 && (
        <Fact name={t("enforced.replicas")}>
          <ReplicaWays told={told} />
        </Fact>
      )}
    </dl>
  );
}

function Settled({ told, zone, demonstration }: Properties) {
  const { language, t } = useLanguage();
  const { legal, settled, committed, took_ms: took, replicas } = told;
  if (settled === null || took === null) {
    return t("enforced.open");
  }
  const ms = formatCount(language, took);
  // In a demonstration the two are on clocks that have nothing to do with one another.
  if (!demonstration && Date.parse(legal) > Date.parse(settled)) {
    return t("enforced.atLegal", { when: formatExact(language, legal, zone), ms });
  }
  return replicas.length === 0
    ? t("enforced.alone", { when: formatExact(language, committed, zone) })
    : t("enforced.after", { when: formatExact(language, settled, zone), ms });
}

/** Each replica with the way that it came to decide by an act, and how long that took. */
export function ReplicaWays({ told: { replicas, committed } }: { told: EnforcementTold }) {
  return (
    <ul className="lines ways-of-replicas">
      {replicas.map((replica) => (
        <li key={replica.start}>
          <ReplicaWay replica={replica} committed={committed} />
        </li>
      ))}
    </ul>
  );
}

function ReplicaWay({ replica, committed }: { replica: ReplicaSettled; committed: string }) {
  const { language, t } = useLanguage();
  const took = Math.max(0, Date.parse(replica.at) - Date.parse(committed));
  return (
    <>
      <span translate="no">{replica.address}</span>{" "}
      {t(`enforced.${replica.how}`, { ms: formatCount(language, took) })}{" "}
      <small>
        {t("enforced.pid", { host: replica.host, pid: String(replica.pid) })}
      </small>
    </>
  );
}

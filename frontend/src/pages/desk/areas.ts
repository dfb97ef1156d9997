import { lazy, type ComponentType } from "react";

/** `rest` are the segments of the address after the area's own. */
export interface AreaProperties {
  rest: string[];
}

/** The desk's pages beside the inbox, by the first segment of their address after `/desk`. */
export const AREAS = {
  board: lazy(() => import("./board/BoardPage")),
  drafts: lazy(() => import("./drafts/DraftsPage")),
  documents: lazy(() => import("./documents/DocumentsPage")),
  reach: lazy(() => import("./reach/ReachPage")),
  changeovers: lazy(() => import("./changeovers/ChangeoversPage")),
  messages: lazy(() => import("./messages/MessagesPage")),
  compliance: lazy(() => import("./compliance/CompliancePage")),
  evidence: lazy(() => import("./evidence/EvidencePage")),
  records: lazy(() => import("./records/RecordsPage")),
  costs: lazy(() => import("./costs/CostsPage")),
  directory: lazy(() => import("./directory/DirectoryPage")),
  networks: lazy(() => import("./networks/NetworksPage")),
  terms: lazy(() => import("./terms/TermsPage")),
} satisfies Record<string, ComponentType<AreaProperties>>;

export type Area = keyof typeof AREAS;

export const AREA_NAMES = Object.keys(AREAS) as Area[];

export function isArea(segment: string): segment is Area {
  return Object.hasOwn(AREAS, segment);
}

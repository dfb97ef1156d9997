import type { ReachPage } from "../../../api/schema";
import { useLanguage } from "../../../i18n/context";
import { columnsOf, type Node } from "./columns";

const COLUMN = 300;
const BOX = 250;
const ROW = 52;
const HIGH = 40;

/** Party, service, route and maker, joined; in a narrow window as a list, set in. */
export function Picture({ page }: { page: ReachPage }) {
  const { language, t } = useLanguage();
  const { nodes, edges } = columnsOf(page, language);
  const height = Math.max(...nodes.map(({ row }) => row + 1)) * ROW;
  return (
    <>
      <svg
        className="reach-picture"
        role="img"
        aria-label={t("reach.pictureLabel")}
        viewBox={`0 0 ${COLUMN * 3 + BOX} ${height}`}
      >
        {edges.map(({ from, to, outcome }) => (
          <line
            key={`${from.key} ${to.key}`}
            className={`edge edge-${outcome}`}
            x1={from.column * COLUMN + BOX}
            y1={middle(from)}
            x2={to.column * COLUMN}
            y2={middle(to)}
          />
        ))}
        {nodes.map((node) => (
          <g key={node.key}>
            <rect
              className={`node node-${node.outcome ?? "allow"}`}
              x={node.column * COLUMN}
              y={node.row * ROW}
              width={BOX}
              height={HIGH}
              rx={4}
            />
            <text x={node.column * COLUMN + 10} y={middle(node) + 5}>
              {cut(node.text)}
              <title>{node.text}</title>
            </text>
          </g>
        ))}
      </svg>
      <ul className="reach-list">
        {nodes
          .filter(({ column }) => column === 0)
          .map((party) => (
            <li key={party.key}>
              {party.text}
              <Below node={party} edges={edges} />
            </li>
          ))}
      </ul>
    </>
  );
}

interface BelowProperties {
  node: Node;
  edges: ReturnType<typeof columnsOf>["edges"];
}

function Below({ node, edges }: BelowProperties) {
  const { t } = useLanguage();
  const below = edges.filter(({ from }) => from.key === node.key);
  if (below.length === 0) {
    return null;
  }
  return (
    <ul>
      {below.map(({ to, outcome }) => (
        <li key={to.key}>
          {to.text}
          {to.column === 2 && ` (${t(`outcome.${outcome}`)})`}
          <Below node={to} edges={edges} />
        </li>
      ))}
    </ul>
  );
}

function middle({ row }: Node): number {
  return row * ROW + HIGH / 2;
}

function cut(text: string): string {
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}

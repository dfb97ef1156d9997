import { GridContainer } from "@trussworks/react-uswds";

import { NowherePage } from "../../Nowhere";
import type { AreaProperties } from "../areas";
import { List } from "./List";
import { One } from "./One";
import { Planning } from "./Planning";

/** Changeovers: all of them, planning one (`new?of=`), and one of them. */
export default function ChangeoversPage({ rest }: AreaProperties) {
  const [first, ...more] = rest;
  if (more.length > 0) {
    return <NowherePage />;
  }
  return (
    <GridContainer className="page">
      {first === undefined ? (
        <List />
      ) : first === "new" ? (
        <Planning />
      ) : (
        <One key={first} id={first} />
      )}
    </GridContainer>
  );
}

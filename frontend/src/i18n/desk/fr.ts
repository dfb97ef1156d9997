import { boardFr } from "./board.fr";
import { draftsFr } from "./drafts.fr";
import { documentsFr } from "./documents.fr";
import { reachFr } from "./reach.fr";
import { complianceFr } from "./compliance.fr";
import { recordsFr } from "./records.fr";
import { costsFr } from "./costs.fr";
import { limitsFr } from "./limits.fr";
import { evidenceFr } from "./evidence.fr";
import { changeoversFr } from "./changeovers.fr";
import { networksFr } from "./networks.fr";
import { messagesFr } from "./messages.fr";
import { directoryFr } from "./directory.fr";
import { termsFr } from "./terms.fr";

/** The texts of the desk's areas. */
export const deskAreasFr = {
  ...boardFr,
  ...draftsFr,
  ...documentsFr,
  ...reachFr,
  ...complianceFr,
  ...recordsFr,
  ...costsFr,
  ...limitsFr,
  ...evidenceFr,
  ...changeoversFr,
  ...networksFr,
  ...messagesFr,
  ...directoryFr,
  ...termsFr,
};

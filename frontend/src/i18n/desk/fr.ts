import { boardFr } from "./board.fr";
import { draftsFr } from "./drafts.fr";
import { documentsFr } from "./documents.fr";
import { directoryFr } from "./directory.fr";
import { reachFr } from "./reach.fr";
import { changeoversFr } from "./changeovers.fr";
import { complianceFr } from "./compliance.fr";
import { termsFr } from "./terms.fr";
import { networksFr } from "./networks.fr";

/** The texts of the desk's areas. */
export const deskAreasFr = {
  ...boardFr,
  ...draftsFr,
  ...documentsFr,
  ...directoryFr,
  ...reachFr,
  ...changeoversFr,
  ...complianceFr,
  ...termsFr,
  ...networksFr,
};

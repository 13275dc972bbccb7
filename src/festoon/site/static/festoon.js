// Festoon's components for any page: <festoon-checkin>, <festoon-draw> and their like.
//
//   <script type="module" src="https://festoon.example/m/festoon.js"></script>
//   <meta name="festoon-token" content="/my/festoon-token">   an address of your own that answers {"token": "…"}
//   <festoon-checkin campaign="new-year" mechanic="check-in"></festoon-checkin>
//
// or, from a module of your own: import { configure } from "…/festoon.js"; configure({ token: async () => "…" }).

import { CheckIn } from "./-/parts/checkin.js";
import { Countdown, Share, SignIn, Tile, Welcome } from "./-/parts/page-parts.js";
import { Draw } from "./-/parts/draw.js";
import { Held } from "./-/parts/held.js";
import { Code, Exchange, Place, Tickets } from "./-/parts/claims.js";
import { Invite, Invited, Level } from "./-/parts/invite.js";
import { Messages } from "./-/parts/messages.js";
import { Prizes } from "./-/parts/prizes.js";
import { RedPacket } from "./-/parts/redpacket.js";
import { Statement } from "./-/parts/statement.js";
import { Tasks } from "./-/parts/tasks.js";
import { Verify, Winners } from "./-/parts/verify.js";

export { configure, invited } from "./-/parts/session.js";

const ELEMENTS = {
  "festoon-checkin": CheckIn,
  "festoon-code": Code,
  "festoon-countdown": Countdown,
  "festoon-draw": Draw,
  "festoon-exchange": Exchange,
  "festoon-held": Held,
  "festoon-invite": Invite,
  "festoon-invited": Invited,
  "festoon-level": Level,
  "festoon-messages": Messages,
  "festoon-place": Place,
  "festoon-prizes": Prizes,
  "festoon-redpacket": RedPacket,
  "festoon-share": Share,
  "festoon-signin": SignIn,
  "festoon-statement": Statement,
  "festoon-tasks": Tasks,
  "festoon-tickets": Tickets,
  "festoon-tile": Tile,
  "festoon-verify": Verify,
  "festoon-welcome": Welcome,
  "festoon-winners": Winners,
};

for (const [name, element] of Object.entries(ELEMENTS)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

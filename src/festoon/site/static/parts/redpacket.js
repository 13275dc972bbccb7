// <festoon-redpacket campaign mechanic>: reach for a red packet.

import { MechanicElement, h } from "./element.js";

const CSS = `
.packet { width: min(100%, 300px); margin: 0 auto; border-radius: 22px; min-height: 330px; padding: 1.5rem 1.25rem; color: #fff3dc; text-align: center; display: flex; flex-direction: column; align-items: center; gap: .4rem;
  background: radial-gradient(120% 62% at 50% 0, #c93a2c 0 99%, transparent), #a3221b; box-shadow: 0 10px 26px rgb(80 30 10 / .25); }
.packet h3 { font-size: 1.2rem; } .packet p { color: #ffe2b5; }
.packet button { margin: auto 0; width: 108px; height: 108px; border-radius: 50%; background: var(--gold); color: #5a2a00; font-size: 1.1rem; line-height: 1.2; padding: .25rem; box-shadow: inset 0 0 0 4px #ffe6b0; }
.packet button:focus-visible { outline-color: #fff; }
.packet button[aria-disabled] { background: #e3c59c; color: #5a3a1c; }
.packet .big { color: #fff; }
`;

export class RedPacket extends MechanicElement {
  static css = CSS;

  shown(told, mine) {
    const act = this.campaign.act(this.mechanic, "red_packet.claimed");
    const tries = mine ? mine.shows.free_left + mine.chances : 0;
    return h("div", { class: "card centre" },
      h("div", { class: "packet" },
        h("h3", {}, told.title), h("p", {}, this.t("pool_of", { what: told.gives })),
        this.won ? h("p", { class: "big" }, this.won) : null,
        this.button(this.t(this.busy ? "opening" : "open"), "open", () => this.open(), "main", !act?.ok)),
      mine ? h("p", {}, this.t("tries_left", { count: tries })) : null,
      mine ? h("p", { class: "soft small" }, this.t("packets_had", { count: mine.shows.packets, most: mine.shows.per_member })) : null,
      act && !act.ok && act.text ? h("p", { class: "soft" }, this.worded(act.text)) : null);
  }

  async open() {
    this.won = "";
    const outcome = await this.perform("red_packet.claimed");
    if (!outcome) return;
    const refused = this.refusal(outcome);
    const given = this.campaign.given(outcome, this.mechanic);
    if (given.length) this.won = this.list(given);
    this.draw();
    if (refused) this.say(refused, "bad");
    else if (this.campaign.held(outcome)) this.say(this.t("won_held"), "good");
    else if (given.length) this.say(this.t("you_got", { what: this.won }), "good");
    else this.say(this.t("no_packet"));
  }
}

// <festoon-draw campaign mechanic look="wheel|grid">: a draw with its odds. Nothing is shown as won before the stored
// outcome has come back.

import { MechanicElement, h } from "./element.js";
import { underWay } from "./asking.js";
import { Grid, WHEEL_CSS, Wheel } from "./wheel.js";

const PLAY = "draw.played";

export class Draw extends MechanicElement {
  static css = `${WHEEL_CSS} .won { font-size: 1.25rem; font-weight: 700; } .stage { padding: 1.6rem 1rem 1.1rem; gap: 1rem; } .told { display: grid; gap: .2rem; }`;

  shown(told, mine) {
    return [h("div", { class: "card stage" }, this.plate(told.prizes), this.chances(mine), this.beside(mine)), this.odds(told, mine)];
  }

  plate(prizes) {
    const names = JSON.stringify(prizes.map((each) => [each.id, each.title]));
    if (this.names !== names) {
      this.names = names;
      const grid = this.getAttribute("look") === "grid" || prizes.length > 12;
      this.plated = grid ? new Grid(prizes.slice(0, 8)) : new Wheel(prizes);
    }
    const act = this.campaign.act(this.mechanic, PLAY);
    const hub = this.button(this.t(this.busy ? "drawing" : "draw"), "draw", () => this.play(), "main hub", !act?.ok);
    return this.plated.view(hub);
  }

  chances(mine) {
    if (!mine) return null;
    const count = (mine.shows.free_left ?? 0) + mine.chances;
    const act = this.campaign.act(this.mechanic, PLAY);
    const promise = mine.shows.guaranteed_after;
    return h("div", { class: "centre told" },
      h("p", {}, this.t("chances_left", { count })),
      act && !act.ok ? h("p", { class: "soft" }, this.worded(act.text)) : null,
      promise ? h("p", { class: "soft small" }, this.t("guaranteed_in", { count: Math.max(promise + 1 - mine.shows.misses, 1) })) : null);
  }

  beside(mine) {
    const act = this.campaign.act(this.mechanic, "draw.chance_bought");
    if (!mine || !act?.ok) return null;
    return this.button(this.t("buy_chance"), "buy", () => this.buy(), "plain");
  }

  async buy() {
    const outcome = await this.perform("draw.chance_bought", { count: 1 });
    if (outcome) this.say(this.refusal(outcome) || this.t("chance_bought"), this.refusal(outcome) ? "bad" : "good");
  }

  async play() {
    if (this.busy) return;
    this.plated.start();
    const outcome = await this.perform(PLAY);
    if (!outcome) return void this.plated.stop("");
    const refused = this.refusal(outcome);
    const made = outcome.mechanics.find((each) => each.mechanic === `${this.campaign.id}/${this.mechanic}`);
    this.say(this.t("under_way"));
    await this.plated.stop(refused ? "" : made?.note?.given ?? "");
    this.tell(outcome, refused);
  }

  tell(outcome, refused) {
    if (refused) return this.say(refused, "bad");
    const given = this.campaign.given(outcome, this.mechanic);
    if (this.campaign.held(outcome)) return this.say(this.t("won_held"), "good");
    return given.length ? this.say(this.t("you_won", { what: this.list(given) }), "good") : this.say(this.t("won_nothing"));
  }

  /** A draw that had no answer when the page was left: ask what became of it. */
  ready() {
    const member = this.campaign.mine?.member;
    if (member && !this.asked && underWay(`${member}/${this.campaign.id}/${PLAY}/${this.mechanic}`)) {
      this.asked = true;
      this.play();
    }
  }

  odds(told, mine) {
    const own = new Map((mine?.odds ?? []).map((row) => [row.prize, row]));
    const share = (part, whole) => (whole ? `${((part / whole) * 100).toLocaleString(this.language, { maximumSignificantDigits: 4 })}%` : "–");
    return h("details", { class: "card" }, h("summary", {}, this.t("odds")),
      h("table", {},
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, this.t("prize")), h("th", { scope: "col", class: "end" }, this.t("number")), h("th", { scope: "col", class: "end" }, this.t("odds")))),
        h("tbody", {}, told.prizes.map((prize) => {
          const row = own.get(prize.id) ?? prize;
          return h("tr", {}, h("td", {}, prize.title), h("td", { class: "end" }, prize.count ? prize.count.toLocaleString(this.language) : "–"), h("td", { class: "end" }, share(row.weight, row.total)));
        }))),
      h("p", { class: "soft small" }, this.t(own.size ? "odds_yours" : "odds_all")));
  }
}

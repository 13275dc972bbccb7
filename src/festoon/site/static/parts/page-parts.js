// What a campaign's page is made of beside the mechanics: countdown, tiles, sign-in, welcome, what is under review.

import { FestoonElement, MechanicElement, h } from "./element.js";
import { levelTitle } from "./invite.js";
import { invited, signIn } from "./session.js";
import { HearsInvitations, share } from "./share.js";

export class Countdown extends FestoonElement {
  static css = ":host { color: inherit; } .clock { display: inline-flex; gap: .5rem; justify-content: center; } .clock div { min-width: 4rem; padding: .5rem .4rem; border-radius: 12px; background: rgb(0 0 0 / .22); } .clock b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; } .clock span { font-size: .8rem; } .body { text-align: center; }";

  connectedCallback() {
    super.connectedCallback();
    this.tick = setInterval(() => this.draw(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.tick);
  }

  view() {
    const { phase, start, end } = this.campaign.told;
    const goal = phase === "running" ? end : ["approved", "warm_up"].includes(phase) ? start : "";
    const left = goal ? Math.floor((new Date(goal) - this.campaign.now()) / 1000) : 0;
    if (left <= 0) return h("p", {}, this.t(phase === "running" || !goal ? "phase_over" : "phase_running"));
    const parts = [["days", Math.floor(left / 86400)], ["hours", Math.floor(left / 3600) % 24], ["minutes", Math.floor(left / 60) % 60], ["seconds", left % 60]];
    return [h("p", {}, this.t(phase === "running" ? "ends_in" : "starts_in")),
      h("div", { role: "timer" }, h("div", { class: "clock" }, parts.map(([name, count]) => h("div", {}, h("b", {}, String(count).padStart(2, "0")), h("span", {}, this.t(name))))))];
  }
}

export class Share extends FestoonElement {
  static css = ":host { margin-top: 1rem; color: inherit; } .body { justify-items: center; } .plain { color: inherit; } .live { background: transparent; border: 0; color: inherit !important; margin: 0; }";

  view() {
    return this.button(this.t("share"), "share", () => this.share(), "plain");
  }

  async share() {
    const url = new URL(location.href);
    url.hash = "";
    url.searchParams.delete("by");
    const code = this.campaign.mine?.invite.code;
    if (code) url.searchParams.set("by", code);
    await share(this, url.href);
  }
}

export class SignIn extends HearsInvitations {
  view() {
    const saidAlready = invited().length && document.querySelector("festoon-invited:not([hidden])");
    if (!this.campaign.stranger || saidAlready) return null;
    const address = signIn();
    return h("div", { class: "card" }, h("div", { class: "row" }, h("p", {}, this.t(address ? "sign_in_why" : "sign_in_app")), address ? h("a", { class: "button main", href: address }, this.t("sign_in")) : null));
  }
}

export class Welcome extends MechanicElement {
  static css = ".card { background: linear-gradient(120deg, #fff6e6, #ffe9c9); border-color: #f0d6a8; } .brings { font-weight: 600; color: #7a1a14; }";

  shown(told, mine) {
    return h("div", { class: "card" },
      h("div", { class: "row" }, h("h3", {}, told.title), mine?.given ? h("span", { class: "chip good" }, this.t("yours")) : null),
      h("p", { class: "brings" }, told.gives),
      mine?.given ? h("a", { href: `/m/${this.campaign.id}/my/prizes`, class: "small" }, this.t("see_prizes")) : h("p", { class: "soft small" }, told.rules[0]));
  }
}

/** Kinds of which something stands beyond the campaign's days: tickets that are drawn later, a level. */
const STANDS = ["grand_draw", "level"];

const NEWS = {
  check_in: (tile, mine) => (mine.shows.today ? ["checked_in_today", "good"] : [tile.waits() ? "under_review" : "check_in_now", "hot"]),
  draw: (tile, mine) => [["chances_left", { count: mine.shows.free_left + mine.chances }], mine.shows.free_left + mine.chances ? "hot" : ""],
  red_packet: (tile, mine) => [["tries_left", { count: mine.shows.free_left + mine.chances }], mine.shows.free_left + mine.chances ? "hot" : ""],
  grand_draw: (tile, mine) => [["tickets_count", { count: mine.chances }], mine.chances ? "good" : ""],
  place: (tile, mine) => (mine.shows.status ? [`place_${mine.shows.status}`, "good"] : null),
  referral: (tile, mine) => [["friends_here", { count: mine.shows.friends }], mine.shows.friends ? "good" : ""],
  level: (tile, mine) => (mine.shows.level ? [["literally", { text: levelTitle(tile.campaign.told_of(tile.mechanic), mine.shows.level) }], "good"] : null),
};

export class Tile extends MechanicElement {
  static css = ":host, .body { height: 100%; } .live { display: none; } a { text-decoration: none; color: inherit; height: 100%; grid-template-rows: auto 1fr auto; transition: border-color .15s; } a:hover { border-color: var(--accent); } h3 { color: var(--accent); font-size: 1.05rem; } .foot { display: flex; gap: .5rem; justify-content: space-between; align-items: center; min-height: 1.8rem; } .go { color: var(--accent); font-weight: 700; }";

  shown(told, mine) {
    const [said, tone] = this.closed(told) ?? (mine && NEWS[told.kind]?.(this, mine)) ?? [null, ""];
    const href = (this.getAttribute("href") ?? "#") + (/[?&]lang=/.test(location.search) ? `?lang=${new URLSearchParams(location.search).get("lang")}` : "");
    return h("a", { class: "card", href },
      h("h3", {}, told.title), h("p", { class: "soft small" }, this.teaser(told)),
      h("span", { class: "foot" }, h("span", { class: said ? `chip ${tone}` : "" }, said ? (Array.isArray(said) ? this.t(...said) : this.t(said)) : ""), h("span", { class: "go", "aria-hidden": "true" }, "›")));
  }

  /** Whether what he checked in with today waits for a verdict. */
  waits() {
    return this.campaign.act(this.mechanic, "check_in.made")?.code === "proof.in_review";
  }

  /** Why nothing can be done here now, whatever the member has. */
  closed(told) {
    const { phase, start } = this.campaign.told;
    if (told.open === false) return ["tile_paused", ""];
    if (phase === "running" || STANDS.includes(told.kind)) return null;
    return [new Date(start) > this.campaign.now() ? "tile_ahead" : "tile_over", ""];
  }

  teaser(told) {
    if (told.prizes?.length) return this.list(told.prizes.filter((each) => each.id !== "nothing").slice(0, 4).map((each) => each.title));
    return told.gives || told.rules[0] || "";
  }
}

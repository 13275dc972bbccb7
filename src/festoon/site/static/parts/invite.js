// <festoon-invite> with link, code and QR; <festoon-level> with what the level brings.

import { FestoonElement, MechanicElement, h } from "./element.js";
import { link } from "./store.js";

export class Invite extends MechanicElement {
  static css = ".qr { width: 180px; height: 180px; border-radius: 12px; border: 1px solid var(--line); background: #fff; } .code { font-size: 1.4rem; font-weight: 700; letter-spacing: .08em; } .tiers { display: grid; gap: .4rem; } .friends { width: 100%; }";

  shown(told, mine) {
    const code = this.campaign.mine?.invite.code ?? "";
    if (!code) return h("div", { class: "card" }, h("p", { class: "soft" }, this.t(this.campaign.stranger ? "sign_in_to_invite" : "invite_soon")));
    const found = this.campaign.mine.invite.links.find((each) => each.mechanic === this.mechanic);
    const url = new URL(found?.url ?? `/m/${this.campaign.id}?by=${code}`, link("/")).href;
    const qr = link(`/m/${encodeURIComponent(this.campaign.id)}/qr.svg?mechanic=${encodeURIComponent(this.mechanic)}&code=${encodeURIComponent(code)}`);
    return [
      h("div", { class: "card centre" },
        h("img", { class: "qr", src: qr, alt: this.t("qr_alt"), width: 180, height: 180 }),
        h("p", { class: "soft small" }, this.t("your_code")), h("p", { class: "code" }, code),
        h("p", { class: "small" }, h("code", {}, url)),
        h("div", { class: "row" }, this.button(this.t("share_link"), "share", () => this.share(url, told.title)), this.button(this.t("copy_link"), "copy", () => this.copy(url), "plain"))),
      mine ? this.friends(mine.shows) : null,
    ];
  }

  friends(shows) {
    return h("div", { class: "card" },
      h("div", { class: "row" }, h("h3", {}, this.t("friends_here", { count: shows.friends })), h("p", { class: "soft" }, this.t("friends_rewarded", { count: shows.rewarded }))),
      shows.tiers?.length ? h("ul", { class: "tiers" }, shows.tiers.map((tier) => h("li", { class: "row" },
        h("span", {}, this.t("friends_tier", { count: tier.friends })),
        h("span", { class: tier.reached ? "chip good" : "chip" }, this.t(tier.reached ? "reached" : "not_reached"))))) : null);
  }

  async share(url, title) {
    try {
      if (navigator.share) await navigator.share({ title: this.campaign.told.title, text: title, url });
      else await this.copy(url);
    } catch {
      // the member closed the sheet
    }
  }

  async copy(url) {
    try {
      await navigator.clipboard.writeText(url);
      this.say(this.t("copied"), "good");
    } catch {
      this.say(url);
    }
  }
}

export class Level extends FestoonElement {
  view() {
    const mine = this.campaign.mine_of(this.mechanic);
    if (!mine) return null;
    const shows = mine.shows;
    const full = shows.to_next === null ? 1 : shows.growth / Math.max(shows.growth + shows.to_next, 1);
    return h("div", { class: "card" },
      h("div", { class: "row" }, h("p", { class: "big" }, shows.level ?? this.t("no_level")), shows.valid_until ? h("p", { class: "soft small" }, this.t("level_until", { day: this.day(shows.valid_until) })) : null),
      h("progress", { value: full, max: 1, "aria-label": this.t("to_next_level") }),
      h("p", { class: "soft" }, !shows.level && !shows.to_next ? "" : shows.next ? this.t("to_next", { count: shows.to_next, level: shows.next }) : this.t("top_level")),
      shows.to_keep ? h("p", { class: "soft small" }, this.t("to_keep", { count: shows.to_keep })) : null,
      shows.benefits.length ? [h("h3", {}, this.t("benefits")), h("ul", {}, shows.benefits.map((each) => h("li", {}, `• ${typeof each === "string" ? this.benefit(each) : each}`)))] : null);
  }

  benefit(name) {
    const said = this.t(`benefit_${name}`);
    return said === `benefit_${name}` ? name.replaceAll("-", " ") : said;
  }
}

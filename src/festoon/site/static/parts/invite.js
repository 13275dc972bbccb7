// <festoon-invite> with link, code and QR; <festoon-level> with what the level brings.

import { Problem, tell } from "./asking.js";
import { FestoonElement, MechanicElement, h } from "./element.js";
import { forgetCodes, invited, signIn } from "./session.js";
import { HearsInvitations, copy, share } from "./share.js";
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
        h("div", { class: "row" }, this.button(this.t("share_link"), "share", () => share(this, url, told.title)), this.button(this.t("copy_link"), "copy", () => copy(this, url), "plain"))),
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
}

/** <festoon-invited>: who followed a friend's link is told so; once he has signed in, it is accepted, and he is told what
    came of it. */
export class Invited extends HearsInvitations {
  static css = ".card { background: linear-gradient(120deg, #fff6e6, #ffe9c9); border-color: #f0d6a8; }";

  ready() {
    this.accept();
  }

  view() {
    if (this.said) return h("div", { class: "card" }, h("p", {}, this.said));
    if (!invited().length || !this.campaign.told.mechanics.some((each) => each.kind === "referral")) return null;
    const lost = this.lost ? h("p", { class: "small" }, this.t("unknown_yet_invited")) : null;
    return h("div", { class: "card" }, h("h3", {}, this.t("invited_title")),
      h("p", {}, this.t(this.campaign.stranger ? (signIn() ? "invited_sign_in" : "invited_register") : "invited_signed_in")), lost,
      h("div", { class: "row" },
        this.campaign.stranger && signIn() ? h("a", { class: "button main", href: signIn() }, this.t("sign_in")) : null,
        this.lost ? this.button(this.t("try_again"), "accept", () => this.accept(), "plain") : null,
        this.button(this.t("invited_forget"), "forget", () => forgetCodes(), "link")));
  }

  /** Once it is known whose it is. What is not answered is asked again; it counts once. */
  async accept() {
    const codes = invited();
    if (!codes.length || !this.campaign.mine?.member || this.busy) return;
    this.busy = true;
    try {
      const answer = await tell(`/v1/me/campaigns/${encodeURIComponent(this.campaign.id)}/invitation`, { codes }, this.language);
      this.said = answer.accepted ? this.t("invited_accepted") : answer.text;
      this.lost = false;
      forgetCodes();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.lost = problem.status === 0 || problem.status >= 500 || problem.status === 429;
      if (!this.lost && problem.status !== 401) forgetCodes();
    }
    this.busy = false;
    this.draw();
  }
}

/** What a level is called; one that the plan no longer has, by its name. */
export const levelTitle = (told, id) => told.levels?.find((each) => each.id === id)?.title ?? id;

export class Level extends MechanicElement {
  shown(told, mine) {
    if (!mine) return null;
    const shows = mine.shows;
    const full = shows.to_next === null ? 1 : shows.growth / Math.max(shows.growth + shows.to_next, 1);
    return h("div", { class: "card" },
      h("div", { class: "row" }, h("p", { class: "big" }, shows.level ? levelTitle(told, shows.level) : this.t("no_level")), shows.valid_until ? h("p", { class: "soft small" }, this.t("level_until", { day: this.day(shows.valid_until) })) : null),
      h("progress", { value: full, max: 1, "aria-label": this.t("to_next_level") }),
      h("p", { class: "soft" }, !shows.level && !shows.to_next ? "" : shows.next ? this.t("to_next", { amount: this.campaign.amount(told.asset, shows.to_next), level: levelTitle(told, shows.next) }) : this.t("top_level")),
      shows.to_keep ? h("p", { class: "soft small" }, this.t("to_keep", { amount: this.campaign.amount(told.asset, shows.to_keep) })) : null,
      shows.benefits.length ? [h("h3", {}, this.t("benefits")), h("ul", {}, shows.benefits.map((each) => h("li", {}, `• ${typeof each === "string" ? this.benefit(each) : each}`)))] : null);
  }

  benefit(name) {
    const said = this.t(`benefit_${name}`);
    return said === `benefit_${name}` ? name.replaceAll("-", " ") : said;
  }
}

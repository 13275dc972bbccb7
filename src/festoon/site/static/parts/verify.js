// <festoon-winners>: who won, masked. <festoon-verify>: the fingerprints of the seeds, and a check of one's own draws,
// made in the browser once the seed is revealed.

import { open, own } from "./asking.js";
import { FestoonElement, MechanicElement, h } from "./element.js";

/** What is said of no winners, by phase; of what is settled that nobody won. */
const NONE = { approved: "winners_none_yet", warm_up: "winners_none_yet", running: "winners_none", closing: "winners_none_closing" };

export class Winners extends FestoonElement {
  async ready() {
    const only = this.mechanic ? `?mechanic=${encodeURIComponent(this.mechanic)}` : "";
    try {
      this.winners = (await open(`/v1/public/campaigns/${encodeURIComponent(this.campaign.id)}/winners${only}`, this.language)).winners;
    } catch {
      this.winners = [];
    }
    this.draw();
  }

  view() {
    if (!this.winners) return null;
    const heading = h("h2", {}, this.t("winners"));
    if (!this.winners.length) return [heading, h("p", { class: "soft" }, this.t(NONE[this.campaign.told.phase] ?? "winners_none_over"))];
    return [heading, h("div", { class: "card" }, h("table", {},
      h("thead", { class: "hidden" }, h("tr", {}, h("th", { scope: "col" }, this.t("winner")), h("th", { scope: "col" }, this.t("prize")), h("th", { scope: "col" }, this.t("when")))),
      h("tbody", {}, this.winners.slice(0, 12).map((each) => h("tr", {}, h("td", {}, each.winner), h("td", {}, each.prize), h("td", { class: "end soft small" }, each.at ? this.day(each.at, { day: "numeric", month: "short" }) : ""))))))];
  }
}

const encoder = new TextEncoder();
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hexOf = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function hmac(key, text) {
  const made = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return crypto.subtle.sign("HMAC", made, encoder.encode(text));
}

/** The number that a play was rolled with, made again from the seed. See "Check a draw yourself" in the documentation. */
export async function rollAgain(seed, publicValue, draw, member, play, bound) {
  const key = await hmac(bytes(seed), publicValue);
  const space = 1n << 256n;
  const limit = space - (space % BigInt(bound));
  for (let attempt = 0; ; attempt += 1) {
    const number = BigInt(`0x${hexOf(await hmac(key, `${draw}\n${member}\n${play}\n\n${attempt}`))}`);
    if (number < limit) return Number(number % BigInt(bound));
  }
}

export class Verify extends MechanicElement {
  shown(told) {
    if (!told.epochs?.length) return null;
    return h("details", { class: "card" }, h("summary", {}, this.t("verify")),
      h("p", { class: "soft small" }, this.t("verify_how")),
      told.epochs.slice(0, 10).map((epoch) => h("dl", {},
        h("dt", { class: "small soft" }, this.t("fingerprint")), h("dd", {}, h("code", {}, epoch.commitment)),
        epoch.public_name ? [h("dt", { class: "small soft" }, this.t("public_value")), h("dd", { class: "small" }, `${epoch.public_name}${epoch.public_value ? `: ${epoch.public_value}` : ""}`)] : null,
        h("dt", { class: "small soft" }, this.t("seed")), h("dd", {}, epoch.seed ? h("code", {}, epoch.seed) : h("span", { class: "small" }, this.t("seed_later", { at: this.moment(epoch.closes) }))))),
      told.kind === "draw" && this.campaign.mine?.member ? this.button(this.t("verify_mine"), "verify", () => this.check(told), "plain") : null,
      this.checked ? h("ul", { class: "small" }, this.checked.map((line) => h("li", {}, line))) : null);
  }

  async check(told) {
    this.open = true;
    try {
      const mine = await own(`/v1/me/campaigns/${encodeURIComponent(this.campaign.id)}/plays/${encodeURIComponent(this.mechanic)}`, this.language);
      this.checked = mine.plays.length ? await Promise.all(mine.plays.map((play) => this.one(told, mine, play))) : [this.t("no_plays")];
    } catch (problem) {
      this.say(this.trouble(problem), "bad");
    }
    this.draw();
    this.shadowRoot.querySelector("details").open = true;
  }

  async one(told, mine, play) {
    const prize = told.prizes.find((each) => each.id === play.given)?.title ?? play.given;
    const said = `${this.t("play_number", { count: play.play })} · ${prize} · ${play.roll} / ${play.total}`;
    const epoch = told.epochs.find((each) => each.name === play.epoch);
    if (!epoch?.seed) return `${said} – ${this.t("seed_not_yet")}`;
    const again = await rollAgain(epoch.seed, epoch.public_value ?? "", mine.draw, mine.member, play.play, play.total);
    const print = hexOf(await crypto.subtle.digest("SHA-256", bytes(epoch.seed)));
    return `${said} – ${this.t(again === play.roll && print === epoch.commitment ? "verified" : "not_verified")}`;
  }
}

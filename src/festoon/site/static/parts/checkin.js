// <festoon-checkin campaign mechanic>: today's check-in, the days of the month, and what lies ahead.

import { LOCALES, MechanicElement, h } from "./element.js";
import { PROOF_CSS, ProofForm, rejected, waiting } from "./proof.js";

const CSS = `
.days { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: 4px; text-align: center; }
.days .head { font-size: .75rem; color: var(--soft); padding: .1rem 0; }
.days li { display: grid; place-items: center; aspect-ratio: 1; max-height: 52px; width: 100%; border-radius: 12px; font-size: .9375rem; position: relative; }
.days .checked_in, .days .repaired { background: var(--accent); color: var(--accent-ink); font-weight: 600; }
.days .in_review { background: #fbe7c2; color: #5c3f00; }
.days .open { outline: 2px solid var(--accent); outline-offset: -2px; font-weight: 700; }
.days .missed, .days .excused { color: var(--soft); background: var(--paper); }
.days .rejected { background: #fff; color: var(--accent); border: 1px dashed currentColor; }
.days button.repairable { min-height: 0; padding: 0; width: 100%; height: 100%; border-radius: 12px; border: 1px dashed var(--accent); color: var(--accent); background: none; font-weight: 400; }
.days .gift::after { content: ""; position: absolute; top: 4px; right: 4px; width: 8px; height: 8px; border-radius: 50%; background: var(--gold); box-shadow: 0 0 0 1px #9a6a00; }
.ahead li { display: flex; justify-content: space-between; gap: 1rem; padding: .4rem 0; border-bottom: 1px solid var(--line); }
.ahead li:last-child { border: 0; }
${PROOF_CSS}`;

export class CheckIn extends MechanicElement {
  static css = CSS;

  shown(told, mine) {
    const shows = mine?.shows ?? {};
    this.wants = told.wants;
    return [
      h("div", { class: "card" },
        h("div", { class: "row" },
          h("p", {}, h("span", { class: "big" }, String(shows.streak ?? 0)), " ", this.t("days_in_a_row")),
          h("p", { class: "soft" }, this.t("days_in_all", { count: shows.days ?? 0 }))),
        shows.month ? this.month(shows) : null,
        this.asking(told)),
      this.photos(shows),
      shows.ahead?.length ? this.ahead(shows.ahead) : null,
    ];
  }

  asking(told) {
    const act = this.campaign.act(this.mechanic, "check_in.made");
    if (!act) return null;
    if (told.wants && act.ok && !this.redo) return this.photo();
    if (act.code === "proof.in_review") return h("p", { class: "soft centre" }, this.t(told.wants === "photo" ? "photo_sent" : "proof_waits"));
    const text = act.ok ? this.t("check_in_now") : this.t(act.code === "check_in.already_that_day" ? "checked_in_today" : "check_in_now");
    return [
      told.wants && act.ok ? null : this.button(text, "check-in", () => this.checkIn({}), "main", !act.ok),
      act.ok || act.code === "check_in.already_that_day" ? null : h("p", { class: "soft centre" }, this.worded(act.text)),
    ];
  }

  photo() {
    if (this.form?.t !== this.t) this.form = new ProofForm(this, this.mechanic, { wants: this.wants, send: (said) => this.checkIn({ ...said, ...(this.redo ? { day: this.redo } : {}) }) });
    return this.form.view();
  }

  /** Check in, and say whether it was taken. */
  async checkIn(data) {
    const outcome = await this.perform("check_in.made", data);
    if (!outcome) return false;
    const refused = this.refusal(outcome);
    const given = this.campaign.given(outcome);
    if (refused) this.say(refused, "bad");
    else if (data.proof) this.say(this.t(this.wants === "photo" ? "photo_sent" : "proof_waits"), "good");
    else if (given.length) this.say(this.t("you_got", { what: this.list(given) }), "good");
    else this.say(this.t(this.campaign.held(outcome) ? "under_review" : "checked_in_today"), "good");
    if (!refused && data.proof) this.forDay(null);
    return !refused;
  }

  /** Another photo for a day whose photo was turned down. */
  forDay(day) {
    this.redo = day;
    this.draw();
    if (day) this.form?.focus();
  }

  month(shows) {
    const days = Object.entries(shows.month);
    const first = new Date(`${days[0][0]}T12:00:00Z`);
    const blank = (first.getUTCDay() + 6) % 7;
    const gifts = new Set((shows.ahead ?? []).map((each) => each.day));
    const names = new Intl.DateTimeFormat(LOCALES[this.language], { weekday: "narrow", timeZone: "UTC" });
    const heads = Array.from({ length: 7 }, (_, day) => names.format(Date.UTC(2024, 0, 1 + day)));
    return h("div", {},
      h("p", { class: "soft small" }, this.day(days[0][0], { month: "long", year: "numeric" })),
      h("ol", { class: "days" },
        heads.map((name) => h("li", { class: "head", "aria-hidden": "true" }, name)),
        Array.from({ length: blank }, () => h("li", { "aria-hidden": "true" })),
        days.map(([day, state]) => this.one(day, state, gifts.has(day)))));
  }

  one(day, state, gift) {
    const number = String(Number(day.slice(8)));
    const said = `${this.day(day)}: ${this.t(`day_${state}`)}${gift ? `, ${this.t("day_gift")}` : ""}`;
    if (state === "repairable") {
      return h("li", {}, h("button", { type: "button", class: "repairable", "data-focus": day, "aria-label": said, onclick: () => this.checkIn({ repair: day }) }, number));
    }
    return h("li", { class: `${state} ${gift ? "gift" : ""}` }, h("span", { "aria-hidden": "true" }, number), h("span", { class: "hidden" }, said));
  }

  ahead(days) {
    const given = (gift) => {
      if (gift.asset) return this.campaign.amount(gift.asset, Array.isArray(gift.amount) ? gift.amount[0] : gift.amount);
      const [kind] = Object.keys(gift);
      return this.campaign.title(kind, gift[kind]);
    };
    return h("div", { class: "card" }, h("h3", {}, this.t("keep_on")),
      h("ul", { class: "ahead" }, days.slice(0, 5).map((each) =>
        h("li", {}, h("span", { class: "soft" }, this.day(each.day, { day: "numeric", month: "short" })), h("span", {}, this.list(each.gives.map(given)))))));
  }

  photos(shows) {
    return [
      shows.in_review?.length ? h("div", { class: "card" }, h("h3", {}, this.t("photos_waiting")), waiting(this, shows.in_review)) : null,
      shows.rejected?.length ? h("div", { class: "card" }, h("h3", {}, this.t(this.wants === "photo" ? "photos_rejected" : "proofs_rejected")), rejected(this, shows.rejected, (each) => this.another(each, shows))) : null,
    ];
  }

  another(each, shows) {
    if (shows.in_review?.some((open) => open.day === each.day)) return null;
    if (this.redo === each.day) return h("div", { class: "beside" }, this.photo(), this.button(this.t("cancel"), "not-again", () => this.forDay(null), "link"));
    return this.button(this.t(this.wants === "photo" ? "photo_again" : "proof_again"), `again-${each.day}`, () => this.forDay(each.day), "plain");
  }
}

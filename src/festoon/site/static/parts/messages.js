// <festoon-messages campaign>: by which channels the member may be written to, a switch for each.

import { own } from "./asking.js";
import { FestoonElement, h } from "./element.js";

export class Messages extends FestoonElement {
  static css = `
.channel { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .25rem 1rem; align-items: center; min-height: 44px; font-size: 1rem; cursor: pointer; }
.channel input { appearance: none; width: 3.25rem; min-height: 0; height: 2rem; padding: 0; border: 2px solid var(--soft); border-radius: 999px; background: var(--paper); cursor: pointer; position: relative; transition: background .15s; }
.channel input::before { content: ""; position: absolute; inset: 3px auto 3px 3px; aspect-ratio: 1; border-radius: 50%; background: var(--soft); transition: translate .15s; }
.channel input:checked { background: var(--good); border-color: var(--good); } .channel input:checked::before { translate: 1.2rem 0; background: #fff; }
@media (forced-colors: active) { .channel input { appearance: auto; } .channel input::before { content: none; } }
`;

  async ready() {
    this.channels = null;
    this.stranger = false;
    await this.look();
  }

  /** Ask what he is asked about, and what he has said. */
  async look() {
    try {
      const found = await own(`/v1/me/consents?campaign=${encodeURIComponent(this.campaign.id)}`, this.language);
      this.stranger = found === null;
      this.channels = found?.consents ?? null;
    } catch (problem) {
      this.say(this.trouble(problem), "bad");
    }
    this.draw();
  }

  view() {
    if (this.stranger || this.campaign.stranger) return null;
    if (!this.channels) return h("p", { class: "soft" }, this.t("loading"));
    if (!this.channels.length) return h("p", { class: "card soft" }, this.t("messages_none"));
    return [h("p", { class: "soft" }, this.t("messages_why")), this.channels.map((each) => this.channel(each)), h("p", { class: "soft small" }, this.t("messages_service"))];
  }

  channel(each) {
    const id = `channel-${each.channel}`;
    const box = h("input", { type: "checkbox", role: "switch", id, "data-focus": each.channel, "aria-describedby": `${id}-said`, "aria-disabled": this.busy, onchange: () => this.answer(each, box) });
    box.checked = this.wanted?.[each.channel] ?? each.agreed === true;
    return h("div", { class: "card" },
      h("label", { class: "channel", for: id }, h("strong", {}, each.title), box),
      each.text ? h("p", {}, each.text) : null,
      h("p", { class: "soft small", id: `${id}-said` }, this.said(each)));
  }

  /** What he has said of a channel, and since when. */
  said(each) {
    if (each.agreed === null) return this.t("messages_open");
    const name = each.agreed ? "messages_yes" : "messages_no";
    return each.since ? this.t(name, { day: this.day(each.since) }) : this.t(`${name}_ever`);
  }

  async answer(each, box) {
    const agreed = box.checked;
    if (this.busy) {
      box.checked = !agreed;
      return;
    }
    this.wanted = { [each.channel]: agreed };
    const data = { channel: each.channel, agreed, where: "page" };
    if (each.wording) data.wording = each.wording;
    const outcome = await this.perform("consent.changed", data, `consent.changed/${each.channel}`);
    if (outcome?.refused) this.say(this.refusal(outcome), "bad");
    else if (outcome) this.say(this.t(agreed ? "messages_said_yes" : "messages_said_no", { channel: each.title }), "good");
    this.wanted = null;
    await this.look();
  }
}

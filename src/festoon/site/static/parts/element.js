// What every component is: a shadow tree that is drawn anew when its campaign changes, and a line that is read aloud.

import "./press.js";
import { Problem } from "./asking.js";
import { languageOf } from "./session.js";
import { campaignOf, textsOf } from "./store.js";
import { sheet } from "./style.js";

/** Make an element: h("button", {class: "…", onclick: …}, "text", …). */
export function h(name, props = {}, ...children) {
  const made = SVG.has(name) ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "disabled" || key === "hidden") made[key] = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}
const SVG = new Set(["svg", "path", "g", "circle", "text"]);

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A component. Subclasses have `view()`, which returns what is shown, and may style it with `static css`. */
export class FestoonElement extends HTMLElement {
  static observedAttributes = ["campaign", "mechanic", "lang"];
  static css = "";

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet(""), ...(this.constructor.css ? [sheet(this.constructor.css)] : [])];
    this.body = h("div", { class: "body" });
    this.live = h("p", { class: "live", role: "status", "aria-live": "polite" });
    root.append(this.body, this.live);
    this.busy = false;
    this.again = () => this.start();
    this.redraw = () => this.draw();
  }

  connectedCallback() {
    document.addEventListener("festoon:configured", this.again);
    this.start();
  }

  disconnectedCallback() {
    document.removeEventListener("festoon:configured", this.again);
    this.campaign?.removeEventListener("change", this.redraw);
  }

  attributeChangedCallback(_name, before, after) {
    if (this.isConnected && before !== after) this.start();
  }

  get mechanic() {
    return this.getAttribute("mechanic") ?? "";
  }

  async start() {
    const id = this.getAttribute("campaign");
    const turn = (this.turn = (this.turn ?? 0) + 1);
    await null; // several attributes set at once begin it once
    if (!id || turn !== this.turn) return;
    this.language = languageOf(this);
    this.campaign?.removeEventListener("change", this.redraw);
    this.campaign = campaignOf(id, this.language);
    this.campaign.addEventListener("change", this.redraw);
    this.setAttribute("aria-busy", "true");
    try {
      this.t = await textsOf(this.language);
    } catch {
      this.removeAttribute("aria-busy");
      return;
    }
    await this.campaign.load();
    if (turn !== this.turn) return;
    this.removeAttribute("aria-busy");
    this.draw();
    this.ready?.();
  }

  /** Show what there is now; whoever had the focus keeps it. */
  draw() {
    if (!this.t || !this.campaign) return;
    const focused = this.shadowRoot.activeElement?.dataset.focus;
    const { told, problem } = this.campaign;
    const shown = [told ? this.view() : this.unreachable(problem)].flat(3).filter(Boolean);
    this.body.replaceChildren(...shown);
    this.hidden = shown.length === 0;
    if (focused) this.shadowRoot.querySelector(`[data-focus="${focused}"]`)?.focus();
  }

  unreachable(problem) {
    if (!problem) return null;
    const text = problem.status === 404 ? this.t("no_campaign") : this.t("unreachable");
    return h("div", { class: "card" }, h("p", {}, text), this.button(this.t("try_again"), "retry", () => this.campaign.load(), "plain"));
  }

  button(text, focus, action, kind = "main", off = false) {
    return h("button", { type: "button", class: kind, "data-focus": focus, "aria-disabled": off || this.busy ? "true" : null,
      onclick: () => (off || this.busy ? null : action()) }, text);
  }

  say(text, tone = "") {
    this.live.textContent = text;
    this.live.dataset.tone = tone;
  }

  /** Do something for the member and say what came of it, never before it is known. Returns the outcome, or null. */
  async perform(type, data = {}, name = `${type}/${this.mechanic}`) {
    if (this.busy) return null;
    this.busy = true;
    this.say(this.t("under_way"));
    this.draw();
    let outcome = null;
    try {
      const named = this.mechanic ? { campaign: this.campaign.id, mechanic: this.mechanic } : {};
      outcome = await this.campaign.do(type, { ...named, ...data }, name, () => this.say(this.t("slow")));
    } catch (problem) {
      this.say(this.trouble(problem), "bad");
    }
    this.busy = false;
    if (outcome) await this.campaign.refresh();
    else this.draw();
    return outcome;
  }

  trouble(problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401) return this.t("signed_out");
    if (problem.status === 0 || problem.status >= 500) return this.t("unknown_yet");
    return problem.message;
  }

  /** Why this mechanic did not do what was asked, as the server says it; "" when it did. */
  refusal(outcome, mechanic = this.mechanic) {
    const key = `${this.campaign.id}/${mechanic}`;
    const own = outcome.mechanics.find((made) => made.mechanic === key && made.refused);
    const said = outcome.refused ?? own?.refused;
    if (said) return this.worded(said.text ?? said.code);
    const passed = Object.entries(outcome.passed_over ?? {}).find(([, keys]) => keys.includes(key));
    return passed ? this.t(`passed_${passed[0]}`) : "";
  }

  /** The date as people write it here. */
  day(text, options = { day: "numeric", month: "short", year: "numeric" }) {
    const date = text.length === 10 ? new Date(`${text}T12:00:00Z`) : new Date(text);
    return new Intl.DateTimeFormat(LOCALES[this.language], { ...options, timeZone: text.length === 10 ? "UTC" : this.campaign.told?.timezone }).format(date);
  }

  moment(text) {
    return this.day(text, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });
  }

  /** A text of the server with its moments as people write them here. */
  worded(text) {
    return (text ?? "").replace(/\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*(Z|[+-]\d\d:\d\d)/g, (at) => this.moment(at));
  }

  list(parts) {
    return parts.join(this.language === "en" ? ", " : "、");
  }
}

/** A component of one mechanic. Subclasses have `shown(told, mine)`: what everybody is told of it, and what is the member's
    own of it, or null. */
export class MechanicElement extends FestoonElement {
  view() {
    const told = this.campaign.told_of(this.mechanic);
    return told ? this.shown(told, this.campaign.mine_of(this.mechanic)) : null;
  }
}

export const LOCALES = { en: "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW" };

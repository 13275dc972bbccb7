// A proof that a member hands in: a form with a photo, words, or both; what waits for a verdict; what was rejected, and why.

import { Problem, handIn, ownPicture, tell } from "./asking.js";
import { h } from "./element.js";
import { upload } from "./session.js";

const LONGEST = 1600;
const KINDS = ["image/jpeg", "image/png", "image/webp"];
const OURS = "photo:";
const LABELS = { photo: "hand_in_photo", words: "hand_in_words", either: "hand_in" };
const FIRST = { photo: "photo_first", words: "words_first", either: "proof_first" };

export const PROOF_CSS = `
.pick { position: relative; display: grid; place-items: center; gap: .25rem; min-height: 7rem; padding: .75rem; border: 2px dashed #96816f; border-radius: 14px; background: var(--paper); text-align: center; cursor: pointer; overflow: hidden; }
.pick:focus-within { outline: 3px solid var(--accent); outline-offset: 2px; }
.pick input { position: absolute; inset: 0; width: 100%; height: 100%; opacity: 0; cursor: pointer; }
.pick img { max-width: 100%; max-height: 15rem; border-radius: 10px; }
form.proof { display: grid; gap: .75rem; } form.proof textarea { min-height: 5.5rem; resize: vertical; }
.wrong { color: var(--accent); font-weight: 600; } .wrong:empty { display: none; }
.proofs { display: grid; gap: .6rem; } .proofs li { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .2rem .8rem; align-items: center; }
.proofs img { width: 64px; height: 64px; object-fit: cover; border-radius: 10px; border: 1px solid var(--line); grid-row: span 2; } .proofs .beside { grid-column: 2; } .proofs li > button { grid-column: 2; justify-self: start; }
`;

/** The photo no larger than it need be and without what the camera wrote into it; null when it cannot be read here. */
async function shrunk(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(LONGEST / Math.max(bitmap.width, bitmap.height), 1);
    const canvas = h("canvas", { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  } catch {
    return null;
  }
}

/** A form that stays while everything around it is drawn anew, so that nothing chosen or typed is lost. `wants` is what
 * the plan wants: a photo, words, or either. `send` takes `{proof, photo}` and says whether it was taken. */
export class ProofForm {
  constructor(owner, mechanic, { wants, send }) {
    Object.assign(this, { owner, mechanic, wants, send, file: null, sending: false });
    this.t = owner.t;
    this.input = h("input", { type: "file", accept: "image/*", "aria-label": this.t("photo_choose"), onchange: () => this.choose() });
    this.seen = h("span", {}, this.t("photo_choose"));
    this.words = wants !== "photo" ? h("textarea", { maxlength: 1000, rows: 3, name: "words", oninput: () => this.wrong("") }) : null;
    this.alert = h("p", { class: "wrong", role: "alert" });
    this.bar = h("progress", { max: 100, value: 0, hidden: true, "aria-label": this.t("photo_sending") });
    this.button = h("button", { type: "submit", class: "main", "data-focus": `hand-in-${mechanic}` }, this.t(LABELS[wants]));
    this.node = h("form", { class: "proof", novalidate: true, onsubmit: (event) => this.submit(event) },
      wants !== "words" ? h("label", { class: "pick" }, this.seen, this.input) : null,
      this.words ? h("label", {}, this.t("proof_words"), this.words) : null,
      h("p", { class: "soft small" }, this.t(wants === "words" ? "words_private" : "photo_private")), this.bar, this.alert, this.button);
  }

  focus() {
    (this.wants === "words" ? this.words : this.input).focus();
  }

  view() {
    this.button.setAttribute("aria-disabled", this.sending || this.owner.busy ? "true" : "false");
    return this.node;
  }

  choose() {
    [this.file] = this.input.files;
    this.wrong("");
    this.forget();
    if (!this.file) return this.seen.replaceChildren(this.t("photo_choose"));
    this.url = URL.createObjectURL(this.file);
    const broken = () => (KINDS.includes(this.file?.type) ? null : this.wrong(this.t("photo_kind")));
    this.seen.replaceChildren(h("img", { src: this.url, alt: this.t("photo_preview"), onerror: broken }), h("br"), h("span", { class: "soft small" }, this.t("photo_other")));
    return null;
  }

  forget() {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = null;
  }

  clear() {
    this.input.value = "";
    if (this.words) this.words.value = "";
    this.choose();
  }

  wrong(text) {
    this.alert.textContent = text;
  }

  async submit(event) {
    event.preventDefault();
    if (this.sending || this.owner.busy) return;
    const words = this.words?.value.trim() ?? "";
    if (!this.file && !words) return this.wrong(this.t(FIRST[this.wants]));
    this.sending = true;
    this.wrong("");
    this.view();
    try {
      if (await this.send(await this.keep(words))) this.clear();
    } catch (problem) {
      this.wrong(this.reason(problem));
    }
    this.sending = false;
    this.bar.hidden = true;
    this.view();
  }

  /** Put it where it is kept: here, or where the platform says. Returns what the event says. */
  async keep(words) {
    const at = `/v1/me/campaigns/${encodeURIComponent(this.owner.campaign.id)}/proofs/${encodeURIComponent(this.mechanic)}`;
    const said = {};
    if (this.file) {
      said.photo = said.proof = upload() ? await upload()(this.file) : await this.photo(at);
    }
    if (words) said.proof = (await tell(`${at}/words`, { words, photo: said.photo ?? "" }, this.owner.language)).proof;
    return said;
  }

  async photo(at) {
    const small = await shrunk(this.file);
    if (!small && !KINDS.includes(this.file.type)) throw new Problem(400, { title: this.t("photo_kind") });
    this.bar.hidden = false;
    this.bar.value = 0;
    const along = (part) => (this.bar.value = Math.round(part * 100));
    return (await handIn(`${at}/photo`, small ?? this.file, this.owner.language, along)).proof;
  }

  reason(problem) {
    if (!(problem instanceof Problem)) return this.t("photo_failed");
    if (problem.status === 401) return this.t("signed_out");
    if (problem.status === 0 || problem.status >= 500) return this.t("photo_failed");
    return problem.message;
  }
}

const pictures = new Map();

/** A photo of his own, once it is there; nothing for what is kept elsewhere. */
function photo(name, alt) {
  if (!name.startsWith(OURS)) return null;
  const image = h("img", { alt, width: 64, height: 64 });
  if (!pictures.has(name)) pictures.set(name, ownPicture(`/v1/me/proofs/${encodeURIComponent(name)}?size=small`));
  pictures.get(name).then((url) => (url ? (image.src = url) : image.remove()), () => image.remove());
  return image;
}

/** What waits for a verdict. */
export function waiting(owner, proofs) {
  return h("ul", { class: "proofs" }, proofs.map((each) =>
    h("li", {}, photo(each.proof, owner.t("photo_yours")), h("span", { class: "small beside" }, owner.day(each.day)),
      h("span", { class: "beside" }, h("span", { class: "chip hot" }, owner.t("under_review"))))));
}

/** What was turned down, and why; `again` makes what is beside each of them. */
export function rejected(owner, proofs, again = () => null) {
  const ours = { unreviewed: () => owner.t("proof_unreviewed"), not_given: () => owner.t("proof_not_given") };
  const why = (reason) => (Object.hasOwn(ours, reason) ? ours[reason]() : reason);
  return h("ul", { class: "proofs" }, proofs.map((each) =>
    h("li", {}, photo(each.proof, owner.t("photo_yours")), h("span", { class: "small beside" }, `${owner.day(each.day)} · ${owner.t("proof_rejected")}`),
      h("span", { class: "beside" }, why(each.reason)), again(each))));
}

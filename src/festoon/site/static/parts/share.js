// Handing on an address: by the phone's own sheet where there is one, otherwise into the clipboard; and who looks out for an
// invitation that is accepted or forgotten anywhere on the page.

import { FestoonElement } from "./element.js";

/** Share an address. A sheet that is closed again is no mistake. */
export async function share(element, url, text) {
  if (!navigator.share) return copy(element, url);
  try {
    await navigator.share({ title: element.campaign.told.title, ...(text ? { text } : {}), url });
  } catch {
    // the member closed the sheet
  }
  return null;
}

/** Put an address into the clipboard, or say it where there is none. */
export async function copy(element, url) {
  try {
    await navigator.clipboard.writeText(url);
    element.say(element.t("copied"), "good");
  } catch {
    element.say(url);
  }
}

/** An element that is drawn anew when the codes of invitations change. */
export class HearsInvitations extends FestoonElement {
  connectedCallback() {
    super.connectedCallback();
    this.heard ??= () => this.draw();
    document.addEventListener("festoon:invited", this.heard);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener("festoon:invited", this.heard);
  }
}

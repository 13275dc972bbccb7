// Who is asking, and how: the server this script came from, the member's token, the language.

export const SERVER = new URL("../../../", import.meta.url).href.replace(/\/$/, "");
const TOKEN = "festoon/token";
const CODE = "festoon/invited-by"; // of this tab alone: an invitation is not followed around
const EARLY = 20; // seconds before its end in which a token is not used any more

const settings = { token: null, lang: "", upload: null, consent: null };
let held = "";
let asked = null;

/** Say where tokens come from (`token`, an async function), the language, how photos are kept (`upload`), by whose code
 * somebody was invited (`invitedBy`), and whether that may be kept in the browser (`consent`, an async function). */
export function configure({ invitedBy, ...given }) {
  Object.assign(settings, given);
  held = "";
  if (invitedBy) keepCode(invitedBy);
  document.dispatchEvent(new CustomEvent("festoon:configured"));
}

export function upload() {
  return settings.upload;
}

/** The language of an element: its own, the one that was configured, the page's. One of ours. */
export function languageOf(element) {
  const said = element.closest("[lang]")?.lang || settings.lang || document.documentElement.lang || navigator.language || "en";
  const asked = (settings.lang || said).toLowerCase();
  if (/^zh-(hant|tw|hk|mo)/.test(asked)) return "zh-Hant";
  return asked.startsWith("zh") ? "zh-Hans" : "en";
}

// The pages under /m are given a token behind the #, which never reaches a server.
function takeToken() {
  const given = /[#&]token=([^&]+)/.exec(location.hash);
  if (!given) return false;
  sessionStorage.setItem(TOKEN, given[1]);
  history.replaceState(null, "", location.pathname + location.search);
  return true;
}
takeToken();
// Who signs in anew may come back to the page that is still open.
addEventListener("hashchange", () => takeToken() && configure({}));

function claims(token) {
  try {
    const part = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (sign) => sign.charCodeAt(0))));
  } catch {
    return null;
  }
}

function good(token) {
  const said = token && claims(token);
  return Boolean(said) && said.exp - EARLY > Date.now() / 1000;
}

/** Whom the token speaks for. */
export function memberOf(token) {
  return claims(token)?.sub ?? "";
}

/** A token that is good now, or "" when nobody has signed in. Asked for once, however many want it. */
export async function token() {
  if (good(held)) return held;
  const kept = sessionStorage.getItem(TOKEN) ?? "";
  if (good(kept)) return (held = kept);
  asked ??= fresh().finally(() => (asked = null));
  return (held = await asked);
}

async function fresh() {
  if (settings.token) return (await settings.token()) || "";
  const address = document.querySelector('meta[name="festoon-token"]')?.content;
  if (!address) return "";
  const answer = await fetch(address, { credentials: "same-origin", headers: { accept: "application/json" } });
  return answer.ok ? (await answer.json()).token ?? "" : "";
}

/** Forget a token that was turned away. */
export function forget() {
  held = "";
  sessionStorage.removeItem(TOKEN);
}

/** Where to sign in, with this page to come back to and the invitation's code; "" when the platform has not said. */
export function signIn() {
  const address = document.querySelector('meta[name="festoon-sign-in"]')?.content ?? "";
  return address.replace("{page}", encodeURIComponent(location.href)).replace("{code}", encodeURIComponent(invited()[0] ?? ""));
}

const MOST_CODES = 5;
let codes = read();

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(CODE) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

/** The codes of the invitations that were followed here, the first one first. */
export function invited() {
  return codes;
}

/** Keep the code of an invitation that was followed, for as long as the tab is open, and tell the page around. */
export async function keepCode(code) {
  if (!/^[0-9A-Za-z-]{4,24}$/.test(code)) return;
  if (codes.at(-1) !== code) codes = [...codes.slice(0, 1), ...codes.slice(1).slice(2 - MOST_CODES), code];
  tellInvited();
  if (settings.consent && !(await settings.consent())) return;
  sessionStorage.setItem(CODE, JSON.stringify(codes));
}

/** The invitation was accepted or turned down, or its guest does not want it. */
export function forgetCodes() {
  codes = [];
  sessionStorage.removeItem(CODE);
  tellInvited();
}

/** The platform's own sign-up: it hears an event, and its marked links and forms carry the code. */
function tellInvited() {
  const code = codes[0] ?? "";
  for (const marked of document.querySelectorAll("[data-festoon-invite]")) carry(marked, marked.dataset.festoonInvite || "invite_code", code);
  document.dispatchEvent(new CustomEvent("festoon:invited", { detail: { code, codes: [...codes] } }));
}

function carry(marked, name, code) {
  if (marked instanceof HTMLAnchorElement) {
    const to = new URL(marked.href, location.href);
    if (code) to.searchParams.set(name, code);
    else to.searchParams.delete(name);
    marked.href = to.href;
  } else if (marked instanceof HTMLInputElement) marked.value = code;
}
if (codes.length) queueMicrotask(tellInvited);

// Asking the server, so that a slow or broken network neither loses anything nor does anything twice.

import { SERVER, forget, memberOf, token } from "./session.js";

const WAITS = [600, 1500, 3000, 6000];
const PATIENCE = 15000;
const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What the server said no to (`problem` is its problem details), or, with status 0, that it could not be reached. */
export class Problem extends Error {
  constructor(status, problem = {}) {
    super(problem.title ?? `status ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function once(path, options) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(SERVER + path, { ...options, signal: stop.signal, credentials: "omit" });
  } catch {
    return null;
  } finally {
    clearTimeout(late);
  }
}

/** Ask until there is an answer, a few times. `retrying` is told each time that it takes longer. */
async function ask(path, options, retrying = () => {}, attempt = once) {
  for (let turn = 0; ; turn += 1) {
    const answer = await attempt(path, options);
    if (answer && !AGAIN.has(answer.status)) return answer;
    if (turn >= WAITS.length) throw new Problem(answer?.status ?? 0, answer ? await problemOf(answer) : {});
    retrying(turn);
    const after = Number(answer?.headers.get("retry-after") ?? 0) * 1000;
    await pause(Math.min(Math.max(WAITS[turn], after), 10000));
  }
}

async function problemOf(answer) {
  try {
    return await answer.json();
  } catch {
    return {};
  }
}

async function read(answer) {
  if (!answer.ok) throw new Problem(answer.status, await problemOf(answer));
  return answer.json();
}

/** What everybody may see. */
export async function open(path, language) {
  return read(await ask(path, { headers: { "accept-language": language } }));
}

/** What the member may see; null when nobody has signed in. */
export async function own(path, language) {
  return withToken((bearer) => ask(path, { headers: { "accept-language": language, authorization: `Bearer ${bearer}` } }));
}

async function withToken(call, reading = read) {
  for (const last of [false, true]) {
    const bearer = await token();
    if (!bearer) return null;
    const answer = await call(bearer);
    if (answer.status !== 401) return reading(answer);
    forget();
    if (last) return null;
  }
  return null;
}

/** Tell something that may be told twice. */
export async function tell(path, body, language) {
  return signedIn((bearer) => ask(path, { method: "POST", headers: { "content-type": "application/json", "accept-language": language, authorization: `Bearer ${bearer}` }, body: JSON.stringify(body) }));
}

/** Send a photo; `along` hears how much of it is on its way, from 0 to 1. The same one twice is one. */
export async function handIn(path, photo, language, along) {
  const headers = (bearer) => ({ "content-type": photo.type || "image/jpeg", "accept-language": language, authorization: `Bearer ${bearer}` });
  return signedIn((bearer) => ask(path, { headers: headers(bearer), photo, along }, () => along(0), sent));
}

async function signedIn(call) {
  const answer = await withToken(call);
  if (answer === null) throw new Problem(401);
  return answer;
}

/** One try at sending a photo, as an answer of fetch would be: only XMLHttpRequest says how far it is. */
function sent(path, { headers, photo, along }) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", SERVER + path);
    request.timeout = 4 * PATIENCE;
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && along(event.loaded / event.total);
    request.onload = () => done(new Response(request.response, { status: request.status, headers: { "retry-after": request.getResponseHeader("retry-after") ?? "0" } }));
    request.onerror = request.ontimeout = request.onabort = () => done(null);
    request.send(photo);
  });
}

/** A picture of the member's own, as an address that this page alone can show; "" when it is gone. */
export async function ownPicture(path) {
  const shown = async (answer) => (answer.ok ? URL.createObjectURL(await answer.blob()) : "");
  return (await withToken((bearer) => ask(path, { headers: { authorization: `Bearer ${bearer}` } }), shown)) ?? "";
}

const KEPT = "festoon/under-way/";

/** An id that nobody else makes. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What was sent under this name and not answered yet. */
export function underWay(name) {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT + name));
  } catch {
    return null;
  }
}

/**
 * Send what the member does, and return its outcome. Until there is an answer it keeps its id, over a reload too: sent
 * again it gets the same outcome, so it never counts twice.
 */
export async function send(name, type, data, language, retrying) {
  const bearer = await token();
  if (!bearer) throw new Problem(401);
  const member = memberOf(bearer);
  const key = `${member}/${name}`;
  const before = underWay(key);
  const same = before && JSON.stringify(before.data) === JSON.stringify(data);
  const event = same ? before : { specversion: "1.0", id: newId(), source: "member", type, subject: member, data };
  sessionStorage.setItem(KEPT + key, JSON.stringify(event));
  let answer;
  try {
    answer = await withToken((good) =>
      ask("/v1/events", {
        method: "POST",
        headers: { "content-type": "application/cloudevents+json", "accept-language": language, authorization: `Bearer ${good}` },
        body: JSON.stringify(event),
      }, retrying),
    );
  } catch (problem) {
    if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) sessionStorage.removeItem(KEPT + key);
    throw problem;
  }
  if (answer === null) throw new Problem(401);
  sessionStorage.removeItem(KEPT + key);
  return { mechanics: [], ...answer.outcome };
}

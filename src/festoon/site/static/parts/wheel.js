// A wheel of prizes. It turns while the draw is under way and comes to rest on the prize that was really given; who
// wants less motion sees it at rest.

import { calm, h } from "./element.js";

export const WHEEL_CSS = `
.wheel { width: min(100%, 320px); margin: 0 auto; position: relative; aspect-ratio: 1; }
.wheel > svg { width: 100%; height: 100%; display: block; border-radius: 50%; box-shadow: 0 0 0 6px var(--gold), 0 10px 26px rgb(80 30 10 / .22); }
.wheel::before { content: ""; position: absolute; z-index: 1; top: -14px; left: 50%; transform: translateX(-50%); border: 14px solid transparent; border-top: 22px solid var(--accent); border-bottom: 0; filter: drop-shadow(0 1px 1px rgb(0 0 0 / .3)); }
.wheel text { font-size: 11px; font-weight: 600; }
.wheel .hub { position: absolute; inset: 34%; border-radius: 50%; min-height: 0; padding: 0; font-size: 1rem; line-height: 1.2; box-shadow: 0 0 0 5px #fff8ec, 0 2px 8px 5px rgb(0 0 0 / .2); }
.wheel .hub[aria-disabled] { background: #d8cabb; color: #55453a; }
.grid { display: grid; grid-template-columns: repeat(3, 1fr); gap: .5rem; max-width: 360px; margin: 0 auto; width: 100%; }
.grid .cell, .grid .hub { display: grid; place-items: center; text-align: center; aspect-ratio: 1; border-radius: 14px; background: color-mix(in srgb, var(--gold) 22%, #fff); border: 1px solid var(--line); color: #3a2413; padding: .4rem; font-size: .875rem; line-height: 1.3; width: 100%; }
.grid .hub { background: var(--accent); color: var(--accent-ink); border: 0; font-size: 1.05rem; padding: .25rem; }
.grid .hub[aria-disabled] { background: #d8cabb; color: #55453a; }
.grid .lit { background: var(--gold); border-color: var(--accent); font-weight: 700; }
`;

const COLOURS = [["#fff3e0", "#6b1d12"], ["#b3261e", "#fff8ec"], ["#f6c667", "#4d2600"], ["#8f1b16", "#fff8ec"]];
const TURN = 360;

function slice(from, to, radius = 100) {
  const at = (angle) => [radius * Math.sin((angle * Math.PI) / 180), -radius * Math.cos((angle * Math.PI) / 180)];
  const [x1, y1] = at(from);
  const [x2, y2] = at(to);
  return `M0 0L${x1.toFixed(2)} ${y1.toFixed(2)}A${radius} ${radius} 0 ${to - from > 180 ? 1 : 0} 1 ${x2.toFixed(2)} ${y2.toFixed(2)}Z`;
}

const short = (text, most) => ([...text].length > most ? `${[...text].slice(0, most - 1).join("")}…` : text);

const CHINESE = /[\u3400-\u9fff]/;

/** A label that runs across its slice, in up to three lines. */
function across(title, slices, fill) {
  const most = Math.max(Math.floor((slices < 3 ? 110 : 480 / slices) / (CHINESE.test(title) ? 12 : 6.4)), 3);
  const lines = [];
  for (const word of CHINESE.test(title) ? [...title] : title.split(" ")) {
    const gap = CHINESE.test(title) ? "" : " ";
    const joined = lines.length ? `${lines.at(-1)}${gap}${word}` : "";
    if (joined && [...joined].length <= most) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  const shown = lines.length > 3 ? [...lines.slice(0, 2), short(lines.slice(2).join(""), most)] : lines;
  return shown.map((line, row) => h("text", { x: 0, y: -76 + row * 14, "text-anchor": "middle", fill }, short(line, most + 2)));
}

/** A label that runs from the rim towards the middle. */
function along(title, fill) {
  return h("text", { transform: "translate(0 -94) rotate(90)", "dominant-baseline": "central", fill }, short(title, CHINESE.test(title) ? 5 : 9));
}

export class Wheel {
  constructor(prizes) {
    this.prizes = prizes;
    this.rest = 0;
    const each = TURN / prizes.length;
    const wide = prizes.length <= 7;
    this.disc = h("g", {}, prizes.map((prize, index) => {
      const last = prizes.length > 1 && prizes.length % 4 === 1 && index === prizes.length - 1;
      const [back, ink] = COLOURS[last ? 2 : index % 4];
      return h("g", { transform: `rotate(${(index * each).toFixed(3)})` },
        h("path", { d: prizes.length === 1 ? "M0 -100A100 100 0 1 1 -.01 -100Z" : slice(-each / 2, each / 2), fill: back }),
        wide ? across(prize.title, prizes.length, ink) : along(prize.title, ink));
    }));
    this.svg = h("svg", { viewBox: "-100 -100 200 200", "aria-hidden": "true" }, this.disc);
    this.turning = null;
  }

  view(hub) {
    return h("div", { class: "wheel" }, this.svg, hub);
  }

  /** Turn until it is known what was won. */
  start() {
    if (calm()) return;
    this.turning = this.disc.animate([{ transform: `rotate(${this.rest}deg)` }, { transform: `rotate(${this.rest + TURN}deg)` }], { duration: 900, iterations: Infinity });
  }

  /** Come to rest on a prize; resolves when it stands still. */
  async stop(prize) {
    const index = this.prizes.findIndex((each) => each.id === prize);
    const goal = index < 0 ? this.rest : -index * (TURN / this.prizes.length);
    this.turning?.cancel();
    this.turning = null;
    if (index >= 0 && !calm()) {
      const frames = [{ transform: `rotate(${this.rest}deg)` }, { transform: `rotate(${goal + 4 * TURN}deg)` }];
      await this.disc.animate(frames, { duration: 2200, easing: "cubic-bezier(.12,.7,.18,1)" }).finished.catch(() => null);
    }
    this.rest = goal;
    this.disc.setAttribute("transform", `rotate(${goal})`);
  }
}

const ROUND = [0, 1, 2, 5, 8, 7, 6, 3];

/** The same as nine squares around a button (九宫格), for up to eight prizes. */
export class Grid {
  constructor(prizes) {
    this.prizes = prizes;
    this.cells = ROUND.map((_, place) => h("div", { class: "cell" }, prizes[place % prizes.length].title));
    this.lit = -1;
  }

  view(hub) {
    const squares = Array(9);
    ROUND.forEach((square, place) => (squares[square] = this.cells[place]));
    squares[4] = hub;
    return h("div", { class: "grid" }, squares);
  }

  light(place) {
    this.cells[this.lit]?.classList.remove("lit");
    this.lit = place;
    this.cells[place]?.classList.add("lit");
  }

  start() {
    if (calm()) return;
    this.timer = setInterval(() => this.light((this.lit + 1) % 8), 90);
  }

  async stop(prize) {
    clearInterval(this.timer);
    const index = this.prizes.findIndex((each) => each.id === prize);
    if (index < 0) return this.light(-1);
    for (let step = 0; !calm() && (step < 10 || this.lit % this.prizes.length !== index); step += 1) {
      this.light((this.lit + 1) % 8);
      await new Promise((done) => setTimeout(done, 70 + step * 14));
    }
    return this.light(index);
  }
}

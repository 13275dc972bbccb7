// A double tap is one press. The answer to its first half may come before its second, which then falls on whatever stands
// under the finger by now: the same button, ready for another draw, or a link that has moved up.

const PRESSED = "a, button, summary, label, input";
let began = false; // the first click of this row was on a component

document.addEventListener("click", (event) => {
  const path = event.composedPath().filter((each) => each instanceof Element);
  if (event.detail <= 1) began = path.some((each) => each.localName.startsWith("festoon-")); // 0: by keyboard
  else if (began && path.some((each) => each.matches(PRESSED))) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

/**
 * The page's script, as it runs in the browser: plain JavaScript on the drawing that is already
 * there. It reads the JSON in `#story`; text from it is only ever set as text.
 */

export const script = `
"use strict";
(() => {
  const story = JSON.parse(document.getElementById("story").textContent);
  const drawing = document.getElementById("drawing");
  const names = document.getElementById("names");
  const details = document.getElementById("details");
  const byId = new Map(story.operations.map((operation) => [String(operation.id), operation]));
  const shapes = Array.from(drawing.querySelectorAll("[data-op]"));
  const { whole, start } = story.views;
  let view = { ...start };
  let current = null;

  function show(next) {
    const width = Math.min(Math.max(next.width, 120), whole.width * 1.5);
    const height = width * (start.height / start.width);
    const keep = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));
    view = {
      x: keep(next.x, -whole.width * 0.1, whole.width - width * 0.5),
      y: keep(next.y, -40, whole.height - height * 0.5),
      width,
      height,
    };
    drawing.setAttribute("viewBox", [view.x, view.y, view.width, view.height].join(" "));
    const scale = view.width / start.width;
    names.setAttribute("transform", "translate(" + view.x + " 0) scale(" + Math.min(1, scale) + " 1)");
  }

  function zoom(factor, atX = 0.5, atY = 0.5) {
    const width = Math.min(Math.max(view.width * factor, 120), whole.width * 1.5);
    const ratio = width / view.width;
    show({
      x: view.x + view.width * atX * (1 - ratio),
      y: view.y + view.height * atY * (1 - ratio),
      width,
    });
  }

  function pan(x, y) {
    show({ x: view.x + x * view.width, y: view.y + y * view.height, width: view.width });
  }

  function fit() {
    show({ x: 0, y: 0, width: whole.width });
  }

  function home() {
    show(start);
  }

  function describe(shape) {
    if (shape === null) return;
    const operation = byId.get(shape.getAttribute("data-op"));
    if (operation === undefined) return;
    if (current !== null) current.classList.remove("current");
    current = shape;
    shape.classList.add("current");
    const title = document.createElement("h2");
    title.textContent = operation.title;
    const lines = operation.lines.map((text) => {
      const line = document.createElement("p");
      line.textContent = text;
      if (text.startsWith("IMPOSSIBLE")) line.className = "blocked";
      return line;
    });
    details.replaceChildren(title, ...lines);
  }

  function step(by) {
    const at = shapes.indexOf(current);
    const next = shapes[(at + by + shapes.length) % shapes.length];
    if (next === undefined) return;
    next.focus();
    describe(next);
    const rect = next.querySelector("rect");
    const x = Number(rect.getAttribute("x"));
    if (x < view.x || x > view.x + view.width * 0.9) {
      show({ x: x - view.width / 2, y: view.y, width: view.width });
    }
  }

  function choose(order) {
    for (const group of document.querySelectorAll("[data-order]")) {
      group.classList.toggle("hidden", group.getAttribute("data-order") !== String(order));
    }
  }

  const shapeAt = (target) => target.closest("[data-op]");
  drawing.addEventListener("pointerover", (event) => describe(shapeAt(event.target)));
  drawing.addEventListener("focusin", (event) => describe(shapeAt(event.target)));
  drawing.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = drawing.getBoundingClientRect();
    if (event.shiftKey) pan(event.deltaY / 1000, 0);
    else {
      const at = (place, from, size) => (size > 0 ? (place - from) / size : 0.5);
      zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, at(event.clientX, box.left, box.width), at(event.clientY, box.top, box.height));
    }
  }, { passive: false });

  let drag = null;
  drawing.addEventListener("pointerdown", (event) => {
    drag = { x: event.clientX, y: event.clientY, view: { ...view } };
    drawing.setPointerCapture(event.pointerId);
  });
  drawing.addEventListener("pointermove", (event) => {
    if (drag === null) return;
    const box = drawing.getBoundingClientRect();
    const scale = box.width > 0 ? drag.view.width / box.width : 1;
    show({
      x: drag.view.x - (event.clientX - drag.x) * scale,
      y: drag.view.y - (event.clientY - drag.y) * scale,
      width: drag.view.width,
    });
  });
  for (const end of ["pointerup", "pointercancel"]) {
    drawing.addEventListener(end, () => { drag = null; });
  }

  const keys = {
    ArrowLeft: () => pan(-0.15, 0),
    ArrowRight: () => pan(0.15, 0),
    ArrowUp: () => pan(0, -0.15),
    ArrowDown: () => pan(0, 0.15),
    "+": () => zoom(1 / 1.3),
    "=": () => zoom(1 / 1.3),
    "-": () => zoom(1.3),
    "0": fit,
    Home: home,
    n: () => step(1),
    p: () => step(-1),
  };
  drawing.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  const buttons = { "zoom-in": keys["+"], "zoom-out": keys["-"], fit, home, previous: keys.p, next: keys.n };
  for (const [id, act] of Object.entries(buttons)) {
    document.getElementById(id).addEventListener("click", act);
  }
  const orders = document.getElementById("orders");
  if (orders !== null) orders.addEventListener("change", () => choose(orders.value));
  describe(shapes.find((shape) => shape.classList.contains("impossible")) ?? null);
})();
`;

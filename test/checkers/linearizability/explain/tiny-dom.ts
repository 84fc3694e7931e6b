/**
 * As much of a browser as the page's script needs: a strict reader of the page's own HTML (every
 * element closed, in order), elements that can be found, changed and sent events, and a document.
 */

const TOKEN =
  /<!DOCTYPE html>|<(?<end>\/)?(?<name>[a-zA-Z0-9]+)(?<attributes>(?: [\w:-]+="[^"<>]*")*)>/y;
const ATTRIBUTE = / (?<name>[\w:-]+)="(?<value>[^"]*)"/g;
const RAW = new Set(["script", "style"]);
const VOID = new Set(["meta"]);

type Listener = (event: Record<string, unknown>) => void;

export class TinyElement {
  readonly children: TinyElement[] = [];
  readonly attributes = new Map<string, string>();
  readonly listeners = new Map<string, Listener[]>();
  parent: TinyElement | undefined;
  text = "";

  constructor(readonly name: string) {}

  get textContent(): string {
    return this.text + this.children.map(({ textContent }) => textContent).join("");
  }

  set textContent(text: string) {
    this.children.length = 0;
    this.text = text;
  }

  set className(classes: string) {
    this.attributes.set("class", classes);
  }

  get value(): string | undefined {
    return this.attributes.get("value");
  }

  get classList() {
    const classes = new Set((this.attributes.get("class") ?? "").split(" "));
    const keep = () => this.attributes.set("class", [...classes].join(" "));
    return {
      contains: (one: string) => classes.has(one),
      add: (one: string) => [classes.add(one), keep()],
      remove: (one: string) => [classes.delete(one), keep()],
      toggle: (one: string, on: boolean) => [on ? classes.add(one) : classes.delete(one), keep()],
    };
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, String(value));
  }

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  /** Events reach the element itself and what contains it. */
  send(type: string, event: Record<string, unknown> = {}): void {
    const full = { preventDefault: () => {}, target: this, ...event };
    for (let at: TinyElement | undefined = this; at !== undefined; at = at.parent) {
      for (const listener of at.listeners.get(type) ?? []) listener(full);
    }
  }

  all(): TinyElement[] {
    return [this, ...this.children.flatMap((child) => child.all())];
  }

  /** A tag's name, or `[attribute]`. */
  querySelectorAll(selector: string): TinyElement[] {
    const attribute = /^\[(.+)\]$/.exec(selector)?.[1];
    const found = this.all().filter(({ name, attributes }) =>
      attribute === undefined ? name === selector : attributes.has(attribute),
    );
    return found.filter((element) => element !== this);
  }

  querySelector(selector: string): TinyElement | null {
    return this.querySelectorAll(selector)[0] ?? null;
  }

  closest(selector: string): TinyElement | null {
    const attribute = selector.slice(1, -1);
    for (let at: TinyElement | undefined = this; at !== undefined; at = at.parent) {
      if (at.attributes.has(attribute)) return at;
    }
    return null;
  }

  replaceChildren(...children: TinyElement[]): void {
    this.text = "";
    this.children.splice(0, this.children.length, ...children);
  }

  getBoundingClientRect() {
    return { left: 0, top: 0, width: 1000, height: 500 };
  }

  setPointerCapture(): void {}

  focus(): void {
    this.send("focusin");
  }
}

/** @throws Error where the HTML is not well formed. */
export function parseHtml(html: string): TinyElement {
  const root = new TinyElement("document");
  let open = root;
  for (let at = 0; at < html.length; ) {
    if (html[at] !== "<") {
      const end = html.indexOf("<", at);
      const text = html.slice(at, end === -1 ? html.length : end);
      if (/>/.test(text)) throw new Error(`a stray > in ${text.slice(0, 80)}`);
      open.text += unescaped(text);
      at += text.length;
      continue;
    }
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(html)?.groups;
    if (token === undefined) throw new Error(`no tag: ${html.slice(at, at + 80)}`);
    at = TOKEN.lastIndex;
    const { name, end, attributes } = token;
    if (name === undefined) continue;
    if (end !== undefined) {
      if (open.name !== name) throw new Error(`</${name}> closes <${open.name}>`);
      open = open.parent!;
      continue;
    }
    const element = new TinyElement(name);
    for (const match of attributes!.matchAll(ATTRIBUTE)) {
      element.setAttribute(match.groups!["name"]!, unescaped(match.groups!["value"]!));
    }
    element.parent = open;
    open.children.push(element);
    if (VOID.has(name)) continue;
    open = element;
    if (!RAW.has(name)) continue;
    const close = html.indexOf(`</${name}`, at);
    element.text = html.slice(at, close);
    at = close;
  }
  if (open !== root) throw new Error(`<${open.name}> is never closed`);
  return root;
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

/** The `document` of a page. */
export function documentOf(root: TinyElement) {
  return {
    getElementById: (id: string) =>
      root.all().find((element) => element.getAttribute("id") === id) ?? null,
    querySelectorAll: (selector: string) => root.querySelectorAll(selector),
    createElement: (name: string) => new TinyElement(name),
  };
}

// A list of options steered from an input: shared by the palette and the pickers.
import { all } from './dom.js';

export class Listbox {
  constructor(input, list) {
    this.input = input;
    this.list = list;
    list.addEventListener('pointermove', event => {
      const option = event.target.closest('[role=option]');
      if (option && option !== this.current) this.select(option, false);
    });
  }

  get options() { return all('[role=option]:not([aria-disabled=true])', this.list); }
  get current() { return this.list.querySelector('[aria-selected=true]'); }

  show(html) {
    this.list.innerHTML = html;
    this.options.forEach((option, index) => { option.id ||= `${this.list.id}-${index}`; option.tabIndex = -1; option.setAttribute('aria-selected', 'false'); });
    // What would make something new is chosen by hand.
    this.select(this.options.find(option => !option.dataset.quick));
    this.input.setAttribute('aria-expanded', String(this.options.length > 0));
  }

  clear() { this.list.replaceChildren(); this.input.removeAttribute('aria-activedescendant'); this.input.setAttribute('aria-expanded', 'false'); }

  select(option, scroll = true) {
    this.current?.setAttribute('aria-selected', 'false');
    if (!option) return;
    option.setAttribute('aria-selected', 'true');
    this.input.setAttribute('aria-activedescendant', option.id);
    if (scroll) option.scrollIntoView({ block: 'nearest' });
  }

  /** Moves with the arrow keys; true if the key was one of them. */
  steer(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], { options } = this;
    if (!step || !options.length) return false;
    event.preventDefault();
    this.select(options[(options.indexOf(this.current) + step + options.length) % options.length]);
    return true;
  }
}

/** Calls `load(text, signal)` a moment after the last key; an older answer never overwrites a newer one. */
export function typeAhead(load, wait = 120) {
  let timer, request;
  return text => {
    clearTimeout(timer);
    timer = setTimeout(() => { request?.abort(); request = new AbortController(); load(text, request.signal).catch(() => {}); }, wait);
  };
}

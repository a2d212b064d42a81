// The few things every behaviour needs.

/** The text of the page's language. */
export const t = (chinese, english) => (document.documentElement.lang.startsWith('zh') ? chinese : english);

export const find = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Listens for an event from anything that matches, now or later: on('click', '[data-x]', (event, element) => …). */
export function on(type, selector, handler, options) {
  document.addEventListener(type, event => {
    const element = event.target.closest?.(selector);
    if (element) handler(event, element);
  }, options);
}

/** Runs for each matching element now, and for those htmx or a fragment brings later. */
export function each(selector, setUp) {
  const run = root => [...(root.matches?.(selector) ? [root] : []), ...all(selector, root)].forEach(element => {
    const done = element.zhike ??= new Set();
    if (!done.has(setUp)) { done.add(setUp); setUp(element); }
  });
  run(document);
  new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(node => node.nodeType === 1 && run(node))))
    .observe(document.documentElement, { childList: true, subtree: true });
}

/** What every request says: who asks (the CSRF token in body[hx-headers]) and that a fragment is enough. */
const headers = () => ({ 'HX-Request': 'true', ...JSON.parse(document.body.getAttribute('hx-headers') || '{}') });

export async function fragment(url, signal) {
  const answer = await fetch(url, { headers: headers(), signal, credentials: 'same-origin' });
  if (!answer.ok) throw new Error(answer.status);
  return answer.text();
}

export const send = (url, values) => fetch(url, { method: 'POST', headers: headers(), body: new URLSearchParams(values), credentials: 'same-origin' });

export async function post(url, values = {}) {
  const answer = await send(url, values);
  announce(answer.headers.get('HX-Trigger'));
  if (answer.headers.get('HX-Redirect')) location.href = answer.headers.get('HX-Redirect');
  return answer;
}

function announce(triggers) {
  if (!triggers?.startsWith('{')) return;
  for (const [name, detail] of Object.entries(JSON.parse(triggers))) document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}

export const toast = (text, kind = 'ok', undo) => document.body.dispatchEvent(new CustomEvent('toast', { detail: { text, kind, undo }, bubbles: true }));
export const isTyping = target => target.closest?.('input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]') != null;
export const icon = name => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  const sprite = find('svg.i use')?.getAttribute('href')?.split('#')[0] ?? '/assets/vendor/icons.svg';
  svg.setAttribute('class', 'i i-sm'); svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `${sprite}#${name}`); svg.append(use);
  return svg;
};
/** h('li', {class: 't'}, 'text', child) → element */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== false && value != null) element.setAttribute(name, value === true ? '' : value);
  element.append(...children.filter(child => child != null));
  return element;
}

// Native popovers, placed under the button that opened them; arrows walk through the items.
import { on, all, fragment, t } from './dom.js';

let opener = {};
on('click', '[popovertarget]', (_, button) => { opener = { button, id: button.getAttribute('popovertarget') }; }, true);

/** Opens a menu under something that is no button of its own: a chip, which is a link. */
export function openUnder(menu, button) {
  opener = { button, id: menu.id };
  if (menu.matches(':popover-open')) settle(menu); else menu.showPopover();
}

// data-src: what a menu holds is fetched when somebody is about to open it.
const load = menu => {
  if (!menu?.dataset.src) return;
  const address = menu.dataset.src;
  menu.removeAttribute('data-src');
  menu.setAttribute('aria-busy', 'true');
  fragment(address).then(html => { if (!menu.dataset.step) menu.innerHTML = html; }, () => {
    menu.dataset.src = address;
    menu.textContent = t('没能载入，请再打开一次', 'Could not load; please open it again');
  }).finally(() => { menu.removeAttribute('aria-busy'); if (menu.matches(':popover-open')) settle(menu); });
};
const about = (_, button) => load(document.getElementById(button.getAttribute('popovertarget')));
on('pointerover', '[popovertarget]', about);
on('focusin', '[popovertarget]', about);

document.addEventListener('toggle', event => {
  const menu = event.target;
  if (!menu.matches?.('.menu[popover]') || event.newState !== 'open') return;
  load(menu);
  settle(menu);
}, true);

/** Under its button, with the focus inside. */
export function settle(menu) {
  const button = opener.id === menu.id ? opener.button : document.querySelector(`[popovertarget="${menu.id}"]`);
  if (!button) return;
  const edge = 8, place = button.getBoundingClientRect(), { offsetWidth: width, offsetHeight: height } = menu;
  const below = place.bottom + 4, fits = below + height <= innerHeight - edge;
  menu.style.left = `${Math.max(edge, Math.min(place.left, innerWidth - width - edge))}px`;
  menu.style.top = `${fits ? below : Math.max(edge, place.top - height - 4)}px`;
  button.setAttribute('aria-expanded', 'true');
  (menu.querySelector('[autofocus]') ?? menu.querySelector('input:not([type=hidden], [type=checkbox])') ?? items(menu)[0])?.focus({ preventScroll: true });
}

document.addEventListener('beforetoggle', event => {
  if (event.target.matches?.('.menu[popover]') && event.newState === 'closed') {
    document.querySelectorAll(`[popovertarget="${event.target.id}"], [aria-expanded=true][data-filter-step]`).forEach(button => button.setAttribute('aria-expanded', 'false'));
  }
}, true);

const items = menu => all('a[href], button:not(:disabled), .mi', menu).filter(item => item.offsetParent);

on('keydown', '.menu[popover]', (event, menu) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.altKey || event.target.matches('textarea, select, [type=radio], [type=date], [role=combobox]')) return;
  event.preventDefault();
  const list = items(menu), now = list.indexOf(document.activeElement.closest('a, button, .mi'));
  const next = list[(now + step + list.length) % list.length];
  (next?.matches('.mi') ? next.querySelector('input') ?? next : next)?.focus();
});

// A choice closes its menu.
on('click', '.menu[popover] > :is(a, button), .menu[popover] > form > button', (_, item) => item.closest('[popover]').hidePopover?.());

// The filter panel: the fields, then the form of one; a chip opens its own. Without this file each is a page.
import { all, each, find, fragment, on, t, toast } from './dom.js';
import { openUnder, settle } from './menu.js';

each('#addfilter[data-src]', menu => { menu.dataset.home ??= menu.dataset.src; });

async function show(menu, address) {
  menu.dataset.step = address;
  menu.removeAttribute('data-src');
  menu.setAttribute('aria-busy', 'true');
  try {
    const html = await fragment(address);
    if (menu.dataset.step === address) menu.innerHTML = html;
  } catch { toast(t('没有打开，请重试', 'Could not open; please try again'), 'bad'); }
  menu.removeAttribute('aria-busy');
  if (menu.matches(':popover-open')) settle(menu);
}

on('click', 'a[data-filter-step]', (event, link) => {
  const menu = find('#addfilter');
  if (!menu || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const isInside = menu.contains(link);
  show(menu, link.href);
  if (!isInside) openUnder(menu, link);
});

// The panel begins with the fields each time it opens.
document.addEventListener('toggle', event => {
  const menu = event.target;
  if (menu.id !== 'addfilter' || event.newState !== 'closed' || !menu.dataset.step) return;
  delete menu.dataset.step;
  menu.replaceChildren();
  menu.dataset.src = menu.dataset.home;
}, true);

// What is wrong is said in the panel; what is right is a page of its own.
on('submit', 'form[data-filter-apply]', async (event, form) => {
  const menu = form.closest('.menu');
  if (!menu) return;
  event.preventDefault();
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  try {
    const answer = await fetch(address, { headers: { 'HX-Request': 'true' }, redirect: 'manual', credentials: 'same-origin' });
    if (answer.status !== 400) return location.assign(address);
      menu.dataset.step = address;
    menu.innerHTML = await answer.text();
    settle(menu);
  } catch { location.assign(address); }
});

// Looking for a field: links one step away are looked through as well, and Enter takes the first.
on('input', '[data-filter-find]', (_, input) => all('.ff-group', find('.ff-fields')).forEach(group => { if (group.matches('details')) group.open = input.value.trim() !== ''; }));
on('keydown', '[data-filter-find]', (event, input) => {
  if (event.key !== 'Enter' || event.isComposing) return;
  event.preventDefault();
  if (input.value.trim()) all('.ff-fields a').find(link => !link.hidden)?.click();
});

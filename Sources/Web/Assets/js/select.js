// Rows: tick one, shift-click a range, tick the page, or take all that match. CSS shows the bulk bar; j, k, x and Enter walk.
import { all, each, find, isTyping, on } from './dom.js';

const boxes = form => all('tbody .ck[name=id]', form);
let last;

function refresh(form) {
  const list = boxes(form), ticked = list.filter(box => box.checked), page = find('[data-select-page]', form);
  list.forEach(box => box.closest('tr').setAttribute('aria-selected', String(box.checked)));
  if (page) { page.checked = ticked.length > 0 && ticked.length === list.length; page.indeterminate = ticked.length > 0 && ticked.length < list.length; }
  const everything = find('[data-select-all]', form), field = find('[data-select-all-field]', form);
  if (ticked.length < list.length && field) field.value = '';
  const count = field?.value ? Number(everything.dataset.selectAll) : ticked.length;
  all('[data-selected-count]', form).forEach(element => { element.textContent = count.toLocaleString(document.documentElement.lang); });
  if (everything) everything.hidden = !(ticked.length === list.length && ticked.length > 0 && Number(everything.dataset.selectAll) > list.length) || Boolean(field?.value);
}

on('click', '[data-select] tbody .ck', (event, box) => {
  const form = box.closest('[data-select]'), list = boxes(form);
  if (event.shiftKey && last && list.includes(last)) {
    const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
    list.slice(from, to + 1).forEach(each => { each.checked = box.checked; });
  }
  last = box;
  refresh(form);
});
on('change', '[data-select-page]', (_, page) => { const form = page.closest('[data-select]'); boxes(form).forEach(box => { box.checked = page.checked; }); refresh(form); });
on('click', '[data-select-none]', (_, button) => { const form = button.closest('[data-select]'); boxes(form).forEach(box => { box.checked = false; }); refresh(form); });
on('click', '[data-select-all]', (_, button) => { const form = button.closest('[data-select]'); find('[data-select-all-field]', form).value = '1'; refresh(form); });
each('[data-select]', refresh);
document.addEventListener('htmx:afterSwap', () => all('[data-select]').forEach(refresh));

// Walking with the keyboard.
addEventListener('keydown', event => {
  const form = find('[data-select]');
  if (!form || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || find('dialog[open]') || isTyping(event.target)) return;
  const rows = all('tbody tr[data-id]', form), now = rows.findIndex(row => 'at' in row.dataset);
  const step = { j: 1, k: -1 }[event.key];
  if (step) {
    rows[now]?.removeAttribute('data-at');
    const row = rows[Math.max(0, Math.min(rows.length - 1, now + step))];
    row?.setAttribute('data-at', '');
    (find('.name', row) ?? find('.ck', row))?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  } else if (event.key === 'x' && now >= 0) {
    event.preventDefault();
    find('.ck', rows[now])?.click();
  }
});

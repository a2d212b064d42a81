// Columns: drag the edge of a head, or press Shift+←→ on it, to make it wider; Shift+click sorts by it as well; drag (or Alt+↑↓) in the panel to reorder.
// Widths stay in this browser, and go along when the view is saved.
import { all, each, find, h, on } from './dom.js';

const key = table => `columns:${table.dataset.table}${table.dataset.widths ? `#${table.dataset.widths}` : ''}`;
const read = table => { try { return JSON.parse(localStorage.getItem(key(table))) ?? {}; } catch { return {}; } };
const setWidth = (head, width) => { head.style.width = head.style.minWidth = head.style.maxWidth = `${width}px`; };

function keep(head, width) {
  const table = head.closest('table'), widths = read(table);
  if (width) widths[head.dataset.col] = Math.round(width); else delete widths[head.dataset.col];
  try { localStorage.setItem(key(table), JSON.stringify(widths)); } catch { /* storage may be off */ }
  tell(table);
}
/** The forms that save a view take the widths along. */
function tell(table) {
  const widths = all('th[data-col]', table).filter(head => head.style.width).map(head => `${head.dataset.col}.${parseInt(head.style.width, 10)}`).join(',');
  all('[data-view-state]').forEach(field => {
    const state = new URLSearchParams(field.value);
    widths ? state.set('widths', widths) : state.delete('widths');
    field.value = state.toString();
  });
}

each('table[data-table]', table => {
  const widths = read(table);
  all('th[data-col]', table).forEach(head => {
    const width = widths[head.dataset.col] ?? Number(head.dataset.width);
    if (width) setWidth(head, width);
    head.append(h('span', { class: 'grip', 'aria-hidden': 'true' }));
  });
  if (Object.keys(widths).length) tell(table);
});
on('pointerdown', '.tbl .grip', (event, grip) => {
  event.preventDefault();
  const head = grip.closest('th'), from = event.clientX, width = head.offsetWidth;
  grip.setPointerCapture(event.pointerId);
  grip.classList.add('on');
  grip.onpointermove = move => setWidth(head, Math.max(64, width + move.clientX - from));
  grip.onpointerup = () => {
    grip.onpointermove = grip.onpointerup = null;
    grip.classList.remove('on');
    keep(head, head.offsetWidth);
  };
});
on('dblclick', '.tbl .grip', (_, grip) => { const head = grip.closest('th'); head.removeAttribute('style'); keep(head, 0); });
on('keydown', 'th[data-col] a', (event, link) => {
  const step = event.shiftKey && { ArrowRight: 16, ArrowLeft: -16 }[event.key];
  if (!step) return;
  event.preventDefault();
  const head = link.closest('th');
  setWidth(head, Math.max(64, head.offsetWidth + step));
  keep(head, head.offsetWidth);
});

// Shift-click: one more field to sort by, or the other way round.
on('click', 'th a[data-sort]', (event, link) => {
  if (!event.shiftKey) return;
  event.preventDefault();
  const url = new URL(link.href), field = link.dataset.sort, terms = (new URL(location.href).searchParams.get('sort') ?? '').split(',').filter(Boolean);
  const place = terms.findIndex(term => term.replace('-', '') === field);
  if (place < 0) terms.push(field); else terms[place] = terms[place].startsWith('-') ? field : `-${field}`;
  url.searchParams.set('sort', terms.slice(-4).join(','));
  location.href = url;
});

// A group's rows, folded and unfolded.
on('click', '[data-fold]', (_, button) => {
  const isOpen = button.getAttribute('aria-expanded') === 'true';
  button.setAttribute('aria-expanded', String(!isOpen));
  for (let row = button.closest('tr').nextElementSibling; row && !row.matches('.grp'); row = row.nextElementSibling) row.hidden = isOpen;
});

// Order: in the column panel and in any [data-sortable] list; the order of the fields is what is sent.
const lists = '[data-columns], [data-sortable]';
let dragged;
on('dragstart', `:is(${lists}) [draggable=true]`, (event, item) => { dragged = item; item.classList.add('drag'); event.dataTransfer.effectAllowed = 'move'; });
on('dragover', `:is(${lists}) [draggable=true]`, (event, item) => {
  if (!dragged || dragged === item || dragged.parentNode !== item.parentNode) return;
  event.preventDefault();
  const { top, height } = item.getBoundingClientRect();
  event.clientY < top + height / 2 ? item.before(dragged) : item.after(dragged);
});
on('dragend', lists, (_, list) => { dragged?.classList.remove('drag'); dragged = null; find('input', list)?.dispatchEvent(new Event('input', { bubbles: true })); });
on('keydown', `:is(${lists}) [draggable=true]`, (event, item) => {
  if (!event.altKey || !/^Arrow(Up|Down)$/.test(event.key)) return;
  event.preventDefault();
  event.key === 'ArrowUp' ? item.previousElementSibling?.before(item) : item.nextElementSibling?.after(item);
  event.target.focus();
});

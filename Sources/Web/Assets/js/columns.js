// Columns: drag the edge of a head to make it wider, drag (or Alt+↑↓) in the panel to reorder. Widths stay in this browser.
import { all, each, find, h, on } from './dom.js';

const key = table => `columns:${table.dataset.table}`;
const read = table => { try { return JSON.parse(localStorage.getItem(key(table))) ?? {}; } catch { return {}; } };
const setWidth = (head, width) => { head.style.width = head.style.minWidth = head.style.maxWidth = `${width}px`; };

each('table[data-table]', table => {
  const widths = read(table);
  all('th[data-col]', table).forEach(head => {
    if (widths[head.dataset.col]) setWidth(head, widths[head.dataset.col]);
    head.append(h('span', { class: 'grip', 'aria-hidden': 'true' }));
  });
});
on('pointerdown', '.tbl .grip', (event, grip) => {
  event.preventDefault();
  const head = grip.closest('th'), table = head.closest('table'), from = event.clientX, width = head.offsetWidth;
  grip.setPointerCapture(event.pointerId);
  grip.classList.add('on');
  grip.onpointermove = move => setWidth(head, Math.max(64, width + move.clientX - from));
  grip.onpointerup = () => {
    grip.onpointermove = grip.onpointerup = null;
    grip.classList.remove('on');
    try { localStorage.setItem(key(table), JSON.stringify({ ...read(table), [head.dataset.col]: head.offsetWidth })); } catch { /* storage may be off */ }
  };
});
on('dblclick', '.tbl .grip', (_, grip) => {
  const head = grip.closest('th'), table = head.closest('table'), widths = read(table);
  head.removeAttribute('style');
  delete widths[head.dataset.col];
  try { localStorage.setItem(key(table), JSON.stringify(widths)); } catch { /* as above */ }
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

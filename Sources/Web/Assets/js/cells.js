// Values edited where they stand: a list's cell (double-click, Enter, e) or a fact of the record's page (click). Enter saves, Esc takes back, Tab goes on.
import { all, find, fragment, h, isTyping, on, send, t, toast } from './dom.js';

const told = form => new URLSearchParams(new FormData(form)).toString();
const controls = 'select, textarea, input:not([type=hidden])';

/** The words a form would save, shown until the server has answered. */
function words(form) {
  const field = find(controls, form);
  if (!field) return '…';
  if (field.type === 'checkbox') return all('input:checked', form).map(box => box.closest('label')?.textContent.trim()).join('、') || '—';
  return (field.matches('select') ? field.selectedOptions[0]?.textContent : field.value) || '—';
}

function place(box, html) {
  // Parsed apart: inside the list's own form a second one would be dropped.
  const parsed = h('template');
  parsed.innerHTML = html;
  box.replaceChildren(parsed.content);
  const form = find('form[data-cell]', box);
  if (!form) return;
  form.began = told(form);
  offerAll(box, form);
  const field = find('[aria-invalid=true]', form) ?? find(controls, form);
  field?.focus();
  if (field?.type === 'text') field.select();
}

async function edit(box, url) {
  if (!url || find('form[data-cell]', box)) return;
  const before = [...box.childNodes];
  box.classList.add('editing');
  try {
    place(box, await fragment(url));
    box.before0 = before;
  } catch { leave(box, before); toast(t('这里不能修改', 'This cannot be changed here'), 'bad'); }
}

function leave(box, nodes = box.before0) {
  box.classList.remove('editing', 'saving');
  box.replaceChildren(...nodes ?? []);
  box.before0 = null;
}

async function save(form, then) {
  const box = form.parentNode, values = new FormData(form), before = box.before0;
  if (told(form) === form.began && !find('.cell-conflict', form)) { leave(box); return then?.(); }
  const text = words(form);
  box.classList.add('saving');
  box.replaceChildren(text);
  const answer = await send(form.getAttribute('action'), values).catch(() => null);
  const html = await answer?.text().catch(() => null);
  box.classList.remove('saving');
  if (answer?.ok) {
    box.classList.remove('editing');
    box.innerHTML = html;
    toast(t('已保存', 'Saved'), 'ok', answer.headers.get('X-Undo'));
    return then?.();
  }
  // Refused: what was typed comes back with what is wrong, or with the other's value beside it.
  if (answer && (answer.status === 422 || answer.status === 409)) { place(box, html); box.before0 = before; return; }
  box.before0 = before;
  leave(box);
  toast(t('没有保存成功，已恢复原值', 'Not saved; the old value is back'), 'bad');
}

// Cells of a list.
const head = cell => cell.closest('table')?.tHead?.rows[0]?.cells[cell.cellIndex];
const row = cell => cell.closest('tr[data-id]');
const canEdit = cell => row(cell) && head(cell)?.hasAttribute('data-edits');
const cellURL = cell => `/${cell.closest('table').dataset.table}/${row(cell).dataset.id}/fields/${head(cell).dataset.col}?in=list`;
const go = cell => { if (cell) { cell.tabIndex = -1; cell.focus(); cell.scrollIntoView({ block: 'nearest', inline: 'nearest' }); } };
const beside = (cell, step, wanted = () => true) => { do { cell = step > 0 ? cell.nextElementSibling : cell.previousElementSibling; } while (cell && !wanted(cell)); return cell; };

on('dblclick', 'table[data-table] tbody td', (event, cell) => { if (canEdit(cell) && !event.target.closest('form[data-cell]')) { getSelection()?.removeAllRanges(); edit(cell, cellURL(cell)); } });
on('keydown', 'table[data-table] tbody td', (event, cell) => {
  if (event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || find('form[data-cell]', cell) || isTyping(event.target)) return;
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], line = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
  if (step) { event.preventDefault(); return go(beside(cell, step)); }
  if (line) { event.preventDefault(); let next = row(cell)?.[line]; while (next && !next.dataset.id) next = next[line]; return go(next?.cells[cell.cellIndex]); }
  if ((event.key === 'Enter' && event.target === cell) || event.key === 'e' || event.key === 'F2') {
    if (!canEdit(cell)) return;
    event.preventDefault();
    edit(cell, cellURL(cell));
  }
});

// Facts of a record.
on('click', '[data-cell-at]', (event, link) => { event.preventDefault(); edit(link.parentNode, link.getAttribute('href')); });
on('click', 'dd:has(> [data-cell-at])', (event, box) => { if (!event.target.closest('a, button, form') && !getSelection()?.toString()) edit(box, find('[data-cell-at]', box).getAttribute('href')); });

// A browser stops the event of a form inside a form on its way up.
on('submit', 'form[data-cell]', (event, form) => { if (!form.classList.contains('col')) { event.preventDefault(); const box = form.parentNode; save(form, () => { if (box.matches('td')) go(box); }); } }, true);
on('click', '[data-cell-cancel]', (event, link) => { const box = link.closest('form').parentNode; if (box.before0) { event.preventDefault(); leave(box); } });
on('keydown', 'form[data-cell]', (event, form) => {
  const box = form.parentNode;
  if (event.isComposing || event.defaultPrevented || !box.before0) return;
  if (event.key === 'Escape') { event.preventDefault(); leave(box); if (box.matches('td')) go(box); return; }
  if (event.key === 'Enter' && !event.target.matches('a, button') && (!event.target.matches('textarea') || event.ctrlKey || event.metaKey)) { event.preventDefault(); event.stopPropagation(); save(form, () => { if (box.matches('td')) go(box); }); return; }
  if (event.key === 'Tab' && box.matches('td')) {
    event.preventDefault();
    const next = beside(box, event.shiftKey ? -1 : 1, canEdit);
    save(form, () => { if (next) edit(next, cellURL(next)); else go(box); });
  }
});
// Looking elsewhere keeps what was typed; a refused value stays until it is decided.
on('focusout', 'form[data-cell]', (_, form) => setTimeout(() => {
  if (!form.isConnected || !form.parentNode.before0 || form.contains(document.activeElement) || document.activeElement === document.body || !document.hasFocus() || find('.err, .cell-conflict', form)) return;
  save(form);
}, 150));

// With several rows ticked, the value may go to all of them.
function offerAll(box, form) {
  const list = box.closest('[data-select]'), mine = box.matches('td') && find('.ck[name=id]', row(box));
  const count = list && mine?.checked ? Number(find('[data-select-all-field]', list)?.value ? find('[data-select-all]', list).dataset.selectAll : all('tbody .ck[name=id]:checked', list).length) : 0;
  if (count < 2) return;
  const button = h('button', { type: 'button', class: 'btn btn-sm' }, t(`应用到 ${count} 条`, `Apply to ${count}`));
  button.addEventListener('click', () => {
    const name = form.dataset.cell, bulk = h('form', { method: 'post', action: `/${box.closest('table').dataset.table}/bulk`, hidden: true });
    const pairs = [...new FormData(list), ['what', 'edit'], ['set', name]].filter(([key]) => !['_version', '_was'].includes(key) && key !== name && key !== `${name}_text`);
    for (const [key, value] of [...pairs, ...[...new FormData(form)].filter(([key]) => key === name || key === `${name}_text`)]) bulk.append(h('input', { type: 'hidden', name: key, value }));
    document.body.append(bulk);
    bulk.submit();
  });
  find('.cell-acts', form).prepend(button);
}

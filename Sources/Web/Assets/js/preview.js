// A record beside its list: Alt+click, Space or the sign in the row opens it, j and k go on through the list, Esc closes.
import { all, each, find, fragment, h, icon, isTyping, on, t, toast } from './dom.js';

const list = () => find('form.list[data-select]');
const table = () => find('table[data-table]', list());
const panel = () => find('#preview');
let shown, asked;

function remember(id) {
  const url = new URL(location.href);
  id ? url.searchParams.set('open', id) : url.searchParams.delete('open');
  history.replaceState(history.state, '', url);
}

async function show(row) {
  if (!row || row.dataset.id === shown && panel()) return;
  shown = row.dataset.id;
  asked?.abort();
  asked = new AbortController();
  const box = panel() ?? h('aside', { id: 'preview', class: 'preview', 'aria-label': t('预览', 'Preview') });
  if (!box.isConnected) list().after(box);
  all('tr[data-previewed]', table()).forEach(each => each.removeAttribute('data-previewed'));
  row.setAttribute('data-previewed', '');
  try {
    box.innerHTML = await fragment(`/${table().dataset.table}/${shown}/preview`, asked.signal);
    remember(shown);
  } catch (error) { if (error.name !== 'AbortError') { close(); toast(t('没能打开预览', 'Could not open the preview'), 'bad'); } }
}

function close() {
  panel()?.remove();
  all('tr[data-previewed]').forEach(row => { row.removeAttribute('data-previewed'); find('.name', row)?.focus(); });
  shown = null;
  remember(null);
}

on('click', 'form.list[data-select] a.name', (event, link) => { if (event.altKey) { event.preventDefault(); show(link.closest('tr')); } });
on('click', '[data-preview]', (_, button) => show(button.closest('tr')));
on('click', '[data-preview-close]', close);

// One sign for all rows: it goes where the pointer is.
const sign = h('button', { type: 'button', class: 'peek', tabindex: '-1', 'data-preview': true, 'aria-label': t('预览', 'Preview') }, icon('panel-left'));
on('pointerover', 'form.list[data-select] tbody tr[data-id]', (event, row) => { if (event.pointerType === 'mouse' && sign.parentNode?.parentNode !== row) find('.c-name', row)?.append(sign); });

addEventListener('keydown', event => {
  if (!list() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || find('dialog[open]') || isTyping(event.target)) return;
  const row = event.target.closest?.('tr[data-id]') ?? find('tr[data-at]', table());
  if (event.key === ' ' && row && !event.target.matches('input, button, summary')) { event.preventDefault(); panel() && shown === row.dataset.id ? close() : show(row); }
  else if (event.key === 'Escape' && panel() && !find('[popover]:popover-open')) { event.preventDefault(); close(); }
  else if (/^[jk]$/.test(event.key) && panel()) setTimeout(() => show(find('tr[data-at]', table())));
});

each('form.list[data-select]', () => {
  const open = new URL(location.href).searchParams.get('open');
  if (/^\d+$/.test(open ?? '')) show(find(`tr[data-id="${open}"]`, table()) ?? h('tr', { 'data-id': open }));
});

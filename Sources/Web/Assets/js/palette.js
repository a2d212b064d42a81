// Ctrl-K: search and commands. The server answers /palette?q= with the options.
import { on, find, fragment, post } from './dom.js';
import { Listbox, typeAhead } from './listbox.js';

const dialog = find('#palette');
if (dialog) {
  const input = find('input', dialog), list = find('[role=listbox]', dialog), box = new Listbox(input, list);
  const search = typeAhead(async (text, signal) => {
    const url = new URL(dialog.dataset.src || '/palette', location.href);
    url.searchParams.set('q', text);
    url.searchParams.set('at', location.pathname);
    box.show(await fragment(url, signal));
  });

  const toggle = () => {
    if (dialog.open) return dialog.close();
    dialog.showModal();
    input.select();
    search(input.value);
  };
  on('click', '[data-palette]', event => { event.preventDefault(); toggle(); });
  addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && !event.shiftKey && !event.altKey) { event.preventDefault(); toggle(); }
    // `/` searches the list on this page if it has a search box; otherwise everything.
    if (event.key === '/' && !event.isComposing && !event.target.closest('input, textarea, select, [contenteditable]') && !find('[data-key="/"]') && !find('dialog[open]')) { event.preventDefault(); toggle(); }
  });

  input.addEventListener('input', event => { if (!event.isComposing) search(input.value.trim()); });
  input.addEventListener('compositionend', () => search(input.value.trim()));
  input.addEventListener('keydown', event => {
    if (event.isComposing || box.steer(event) || event.key !== 'Enter') return;
    event.preventDefault();
    if (box.current) run(box.current, event.ctrlKey || event.metaKey);
  });
  list.addEventListener('click', event => {
    const option = event.target.closest('[role=option]');
    if (option?.dataset.post || option?.dataset.dialog) { event.preventDefault(); event.stopPropagation(); run(option); }
  });
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });

  async function run(option, inNewTab = false) {
    if (option.dataset.post) { dialog.close(); await post(option.dataset.post).catch(() => null); return location.reload(); }
    // A dialog of this page; where it has none, the action's own page.
    const local = option.dataset.dialog && document.getElementById(option.dataset.dialog);
    if (local && !inNewTab) { dialog.close(); local.showModal(); find('.dlg-b :is(input:not([type=hidden]), select, textarea), .btn-p', local)?.focus(); return; }
    inNewTab ? open(option.href, '_blank', 'noopener') : (location.href = option.href);
  }
}

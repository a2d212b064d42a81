// A relation: type, choose, and the id goes into the hidden field. Without this file the typed text is sent instead.
import { each, find, fragment, h, icon, on, send, t, toast } from './dom.js';
import { openDialog } from './dialog.js';
import { Listbox, typeAhead } from './listbox.js';

/** One more of several: shown as a tag, sent as a hidden field. */
export function addTag(picker, value, text) {
  const input = find('input:not([type=hidden])', picker);
  input.before(h('span', { class: 'tag' }, text, h('button', { type: 'button', 'data-drop-tag': true, 'aria-label': t(`移除 ${text}`, `Remove ${text}`) }, icon('x')), h('input', { type: 'hidden', name: picker.dataset.multiple, value })));
}

let count = 0;
each('[data-picker]', picker => {
  const input = find('input:not([type=hidden])', picker), many = picker.dataset.multiple;
  const id = `picker-${++count}`, list = h('div', { id, class: 'picklist', role: 'listbox', 'aria-label': input.getAttribute('aria-label') ?? t('选项', 'Options') });
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': id, 'aria-expanded': 'false' })) input.setAttribute(name, value);
  picker.append(list);
  const box = new Listbox(input, list), hidden = many ? null : find('input[type=hidden]', picker);
  let chosen = input.value;
  hidden?.addEventListener('change', () => { chosen = input.value; });

  const search = typeAhead(async (text, signal) => {
    const url = new URL(picker.dataset.picker, location.href);
    url.searchParams.set('q', text);
    box.show(await fragment(url, signal) || `<p class="none">${t('没有匹配的记录', 'No match')}</p>`);
    list.scrollIntoView({ block: 'nearest' });
  });
  const changed = () => (hidden ?? input).dispatchEvent(new Event('change', { bubbles: true }));

  function choose(option) {
    if (option.dataset.quick) { box.clear(); return make(option.dataset.quick); }
    const { id: value, text = option.textContent.trim() } = option.dataset;
    if (many) {
      if (!find(`input[type=hidden][value="${CSS.escape(value)}"]`, picker)) addTag(picker, value, text);
      input.value = '';
    } else { input.value = chosen = text; hidden.value = value; }
    box.clear();
    changed();
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }

  // A record that is not there yet is made in a dialog and chosen; what was typed into the form behind it stays.
  async function make(url) {
    const dialog = h('dialog', { class: 'dlg', 'data-keep': true }), failed = () => toast(t('没有保存，请重试', 'Not saved; please try again'), 'bad');
    dialog.addEventListener('close', () => { dialog.remove(); input.focus(); });
    dialog.addEventListener('submit', async event => {
      event.preventDefault();
      try {
        const answer = await send(event.target.action, new FormData(event.target)), text = await answer.text();
        if (answer.status !== 422 && !answer.ok) return failed();
        dialog.innerHTML = text;
        const made = find('[data-id]', dialog);
        if (answer.ok && made) { choose(made); dialog.close(); } else find('[aria-invalid=true]', dialog)?.focus();
      } catch { failed(); }
    });
    try {
      dialog.innerHTML = await fragment(url);
      document.body.append(dialog);
      openDialog(dialog);
    } catch { toast(t('没有打开，请重试', 'Could not open; please try again'), 'bad'); }
  }

  input.addEventListener('focus', () => { if (!many && input.value) input.select(); });
  input.addEventListener('click', () => search(''));
  input.addEventListener('input', event => { if (event.isTrusted && !event.isComposing) search(input.value.trim()); });
  input.addEventListener('compositionend', () => search(input.value.trim()));
  input.addEventListener('keydown', event => {
    if (event.isComposing) return;
    if (!box.options.length && event.key === 'ArrowDown') { event.preventDefault(); return search(input.value.trim()); }
    if (box.steer(event)) return;
    // While matches are shown Enter is about them, not about the form.
    if (event.key === 'Enter' && list.childElementCount) { event.preventDefault(); if (box.current) choose(box.current); }
    if (event.key === 'Escape' && box.options.length) { event.stopPropagation(); box.clear(); }
    if (event.key === 'Backspace' && many && !input.value) { find('.tag:last-of-type', picker)?.remove(); changed(); }
  });
  list.addEventListener('pointerdown', event => event.preventDefault());
  list.addEventListener('click', event => { const option = event.target.closest('[role=option]'); if (option) choose(option); });
  input.addEventListener('blur', () => {
    box.clear();
    if (hidden && !input.value.trim() && hidden.value) { hidden.value = ''; chosen = ''; changed(); } else if (hidden && input.value !== chosen) { input.value = chosen; }
  });
});
on('click', '[data-drop-tag]', (_, button) => { const picker = button.closest('[data-picker]'); button.closest('.tag').remove(); find('input', picker)?.focus(); picker?.dispatchEvent(new Event('change', { bubbles: true })); });

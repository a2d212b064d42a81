// @ in a text offers colleagues; the chosen name is written out, and whoever is named is told when the text is saved.
import { each, find, fragment, h, on, t } from './dom.js';
import { Listbox, typeAhead } from './listbox.js';

each('textarea[data-mention]', area => {
  const list = h('div', { id: `mention-${Math.random().toString(36).slice(2)}`, class: 'picklist mentions', role: 'listbox', 'aria-label': t('提到谁', 'Whom to mention') });
  area.after(list);
  const box = new Listbox(area, list), began = () => area.value.slice(0, area.selectionStart).match(/@([\p{L}\p{N}·]{0,20})$/u);
  const close = () => { list.replaceChildren(); area.removeAttribute('aria-activedescendant'); area.removeAttribute('aria-expanded'); };
  const search = typeAhead(async (text, signal) => {
    const url = new URL(area.dataset.mention, location.href);
    url.searchParams.set('q', text);
    const html = await fragment(url, signal);
    if (!began()) return close();
    box.show(html);
    [...list.children].filter(option => !option.dataset.id).forEach(option => option.remove());
    area.removeAttribute('aria-expanded');
  });
  const choose = option => {
    const found = began();
    if (!found || !option?.dataset.text) return close();
    const start = area.selectionStart - found[0].length;
    area.setRangeText(`@${option.dataset.text} `, start, area.selectionStart, 'end');
    close();
    area.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const look = event => { if (event.isComposing) return; const found = began(); found ? search(found[1]) : list.children.length && close(); };
  area.addEventListener('input', look);
  area.addEventListener('compositionend', look);
  area.addEventListener('keydown', event => {
    if (event.isComposing || !box.options.length || box.steer(event)) return;
    if ((event.key === 'Enter' || event.key === 'Tab') && box.current) { event.preventDefault(); choose(box.current); }
    if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); close(); }
  });
  list.addEventListener('pointerdown', event => event.preventDefault());
  list.addEventListener('click', event => choose(event.target.closest('[role=option]')));
  area.addEventListener('blur', close);
});

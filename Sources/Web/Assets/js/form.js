// Forms: the first mistake gets the focus, Ctrl-Enter saves, leaving with unsaved changes asks, a second click does nothing.
import { all, each, find, on } from './dom.js';

const changed = new Set();
const isDirty = form => form.isConnected && changed.has(form);

each('[aria-invalid=true]', field => { if (find('[aria-invalid=true]', field.closest('form[data-form]') ?? field) === field) field.focus(); });

// Where nothing is typed yet, typing begins in the first field; a phone's keyboard waits until it is asked for.
each('form.form[data-form]', form => {
  if (!matchMedia('(pointer: fine)').matches || find('.alert-bad', form) || document.activeElement !== document.body) return;
  [...form.elements].find(field => /^(text|tel|email|date|number|select-one|textarea)$/.test(field.type) && field.offsetParent && !field.disabled)?.focus({ preventScroll: true });
});

on('input', 'form[data-form]', (_, form) => { changed.add(form); showBar(); });
on('reset', 'form[data-form]', (_, form) => { changed.delete(form); showBar(); });
on('submit', 'form[data-form]', (event, form) => {
  if (form.dataset.sent) return event.preventDefault();
  setTimeout(() => {
    if (event.defaultPrevented && !form.matches('[hx-post], [hx-put], [hx-patch]')) return;
    changed.delete(form);
    form.dataset.sent = '1';
    setTimeout(() => delete form.dataset.sent, 4000);
  });
});
document.addEventListener('htmx:afterRequest', event => { const form = event.target.closest?.('form'); if (form) { delete form.dataset.sent; if (!event.detail.successful) changed.add(form); } });
addEventListener('beforeunload', event => { if ([...changed].some(isDirty)) event.preventDefault(); });

const showBar = () => all('[data-savebar]').forEach(bar => { bar.hidden = ![...changed].some(isDirty); });

addEventListener('keydown', event => {
  const saves = (event.ctrlKey || event.metaKey) && (event.key === 'Enter' || event.key.toLowerCase() === 's');
  const form = saves && !event.isComposing && (event.target.closest?.('form[data-form], form[data-composer]') ?? find('dialog[open] form[data-form]') ?? find('form[data-form]'));
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(find(event.altKey ? '[name=then]' : '.btn-p:not([type=button])', form) ?? undefined);
});

// While a Chinese word is being composed, its letters are not yet text: nothing is searched until it is done.
document.addEventListener('input', event => { if (event.isComposing && event.target.closest('[hx-get], form[hx-get]')) event.stopImmediatePropagation(); }, true);
document.addEventListener('compositionend', event => { if (event.target.closest('[hx-get], form[hx-get]')) event.target.dispatchEvent(new Event('input', { bubbles: true })); });

// A field of several records is changed once something is typed in it.
on('input', '[data-set] .field', (_, field) => { const box = find('[name=set]', field.closest('[data-set]')); if (box) box.checked = true; });

// A coloured cell in a matrix follows what it says.
on('change', 'select[data-scope]', (_, select) => { select.dataset.scope = select.value; });

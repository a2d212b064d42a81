// What is typed stays in this browser until it is saved: an expired session, a lost connection, a closed tab or Back lose nothing.
// A form says under which name: data-draft="/leads/new". Saved by the server's word (its message), thrown away on logging out.
import { all, each, find, h, on, t } from './dom.js';
import { addTag } from './picker.js';

const days = 14, most = 40, prefix = 'draft:';
const keyOf = form => `${prefix}${document.body.dataset.user}:${form.dataset.draft}`;
const store = (action, ...given) => { try { return localStorage[action](...given); } catch { return null; } };
const keys = () => { try { return Object.keys(localStorage).filter(key => key.startsWith(prefix)); } catch { return []; } };
const read = key => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

// Passwords and what is sealed are not kept; of hidden fields only what a picker chose and which version was read.
const isKept = field => field.name && !/^(password|file|submit|button|reset)$/.test(field.type) && !field.closest('[data-private]')
  && (field.type !== 'hidden' || field.name === '_version' || field.closest('[data-picker]:not([data-multiple])'));
const isBox = field => /^(radio|checkbox)$/.test(field.type);
const fieldsOf = form => [...form.elements].filter(isKept);
const many = form => all('[data-picker][data-multiple]', form).filter(picker => !picker.closest('[data-private]'));

const values = form => fieldsOf(form).filter(field => !field.closest('[data-multiple]')).map(field => (isBox(field) ? [field.name, field.value, field.checked] : [field.name, field.value]));
const tags = form => many(form).map(picker => [picker.dataset.multiple, all('.tag', picker).map(tag => [find('input', tag).value, tag.firstChild.textContent.trim()])]);
const snapshot = form => ({ values: values(form), tags: tags(form) });

const before = new WeakMap(), waiting = new Map();
let isLeaving = false;
function keep(form) {
  waiting.delete(form);
  if (isLeaving || !form.isConnected) return;
  const now = snapshot(form), key = keyOf(form);
  if (JSON.stringify(now) === before.get(form)) return store('removeItem', key);
  store('setItem', key, JSON.stringify({ at: Date.now(), ...now }));
}
const flush = () => { for (const [form, timer] of waiting) { clearTimeout(timer); keep(form); } };
const later = form => { clearTimeout(waiting.get(form)); waiting.set(form, setTimeout(() => keep(form), 250)); };
on('input', 'form[data-draft]', (_, form) => later(form));
on('change', 'form[data-draft]', (_, form) => later(form));
addEventListener('pagehide', flush);
document.addEventListener('visibilitychange', flush);

/** Puts back what was typed; says whether that changed anything. */
function putBack(form, draft) {
  // As many rows as there were.
  for (const [name] of draft.values) {
    const [, lines, row] = name.match(/^(\w+)\.(\d+)\./) ?? [];
    const add = lines && [...all('[data-lines]', form)].find(box => find('template', box)?.content.querySelector(`[name^="${lines}._."]`));
    for (let count = 0; add && count < 500 && all('tbody > tr', add).length <= +row; count++) find('[data-add-line]', add).click();
  }
  const places = new Map(), changed = [];
  for (const [name, value, checked] of draft.values) {
    const alike = fieldsOf(form).filter(field => field.name === name && (checked === undefined || field.value === value));
    const place = checked === undefined ? places.get(name) ?? 0 : 0, field = alike[place];
    places.set(name, place + 1);
    if (!field) continue;
    if (checked === undefined ? field.value !== value : field.checked !== checked) {
      if (checked === undefined) field.value = value; else field.checked = checked;
      if (name !== '_version') changed.push(field);
    }
  }
  for (const [name, chosen] of draft.tags ?? []) {
    const picker = many(form).find(one => one.dataset.multiple === name), there = picker && tags(form).find(([other]) => other === name)[1];
    if (!picker || JSON.stringify(there) === JSON.stringify(chosen)) continue;
    all('.tag', picker).forEach(tag => tag.remove());
    chosen.forEach(([value, text]) => addTag(picker, value, text));
    changed.push(find('input:not([type=hidden])', picker));
  }
  changed.forEach(field => { field.dispatchEvent(new Event('change', { bubbles: true })); field.dispatchEvent(new Event('input', { bubbles: true })); });
  return changed.length > 0;
}

function note(form, draft) {
  const at = new Date(draft.at), clock = at.toLocaleString(document.documentElement.lang, { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' });
  const drop = h('button', { type: 'button', class: 'btn btn-sm' }, t('丢弃', 'Discard'));
  drop.addEventListener('click', () => { isLeaving = true; store('removeItem', keyOf(form)); form.reset(); location.reload(); });
  const box = h('p', { class: 'notice draft-note', role: 'status' }, h('span', { class: 'grow' }, t(`已恢复 ${clock} 没有保存的内容`, `What was not saved at ${clock} is back`)), drop);
  (find('.dlg-b', form) ?? form).prepend(box);
}

// What was sent and saved is told by the page that follows, with a message of its own; before anything is put back.
try {
  const sent = sessionStorage.getItem('sent');
  if (sent && find('#toasts [data-toast]:not([data-kind=bad])')) store('removeItem', sent);
  sessionStorage.removeItem('sent');
} catch { /* as above */ }

each('form[data-draft]', form => {
  before.set(form, JSON.stringify(snapshot(form)));
  // A refused form shows what was typed by itself.
  if (find('.alert-bad, [aria-invalid=true]', form)) { before.delete(form); return later(form); }
  const draft = read(keyOf(form));
  if (draft && putBack(form, draft)) note(form, draft);
  clearTimeout(waiting.get(form));
  waiting.delete(form);
});

// Sent is not saved yet.
on('submit', 'form[data-draft]', (event, form) => { flush(); keep(form); try { sessionStorage.setItem('sent', keyOf(form)); } catch { /* storage may be off */ } });
on('submit', 'form[action="/logout"]', () => { isLeaving = true; keys().forEach(key => store('removeItem', key)); });

// The oldest make room, and what is old is forgotten.
const known = keys().map(key => [key, read(key)?.at ?? 0]).sort((a, b) => b[1] - a[1]);
known.filter(([, at], index) => index >= most || Date.now() - at > days * 86_400_000).forEach(([key]) => store('removeItem', key));

// A refused form stands at the address it was sent to: reloading it, or coming Back to it, asks for the form itself.
const refused = find('form[data-draft][data-at]:has(.alert-bad)');
if (refused && location.pathname + location.search !== refused.dataset.at) history.replaceState(history.state, '', refused.dataset.at);

// The lines of a quote, an order: what a chosen product brings, what each line and the whole come to, while they are typed.
import { all, find, h, on, send } from './dom.js';

const waiting = new WeakMap();
function later(form) {
  clearTimeout(waiting.get(form)?.timer);
  waiting.set(form, { timer: setTimeout(() => weigh(form), 350), round: (waiting.get(form)?.round ?? 0) + 1 });
}
on('input', 'form [data-lines]', (_, box) => later(box.closest('form')));
on('change', 'form [data-lines]', (_, box) => later(box.closest('form')));
on('click', '[data-drop-line]', (_, button) => later(button.closest('form')));

async function weigh(form) {
  const { round } = waiting.get(form), box = find('[data-lines][data-weigh]', form);
  if (!box) return;
  const answer = await send(box.dataset.weigh, new FormData(form)).then(reply => (reply.ok ? reply.json() : {})).catch(() => ({}));
  // An older answer says nothing about what has been typed since.
  if (waiting.get(form).round !== round) return;
  all('[data-out]', form).forEach(out => { out.textContent = ''; });
  all('[data-lines] input[data-was]', form).forEach(field => { field.placeholder = field.dataset.was; });
  for (const { row, given, shown } of answer.rows ?? []) {
    for (const [name, text] of Object.entries(given)) {
      const field = form.elements[`${row}.${name}`];
      if (field?.placeholder === undefined || field.value) continue;
      field.dataset.was ??= field.placeholder;
      field.placeholder = text;
    }
    for (const [name, text] of Object.entries(shown)) { const out = find(`[data-out="${row}.${name}"]`, form); if (out) out.textContent = text; }
  }
  // Why nothing is worked out yet is said where the sums would stand.
  find('[data-sums]', box)?.replaceChildren(...(answer.note ? [answer.note] : []), ...(answer.sums ?? []).map(({ label, text }) => h('span', {}, `${label} `, h('b', { class: 'num' }, text))));
}

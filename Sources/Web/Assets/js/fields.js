// Fields that depend on one another, conditions that suit a field, and values to copy.
import { all, each, find, h, icon, on, t, toast } from './dom.js';

// data-only-field="type" data-only-codes="call visit": shown while the other field has one of these values.
const valuesOf = (form, name) => [...form.elements].filter(field => field.name === name && !(/^(radio|checkbox)$/.test(field.type) && !field.checked)).map(field => field.value);
function applyOnly(form) {
  all('[data-only-field]', form).forEach(box => {
    const codes = (box.dataset.onlyCodes ?? '').split(' ');
    // A field that stands alone was asked for.
    box.hidden = box.dataset.onlyField in form.elements && !valuesOf(form, box.dataset.onlyField).some(value => codes.includes(value));
  });
}
each('form:has([data-only-field])', applyOnly);
on('change', 'form:has([data-only-field])', (_, form) => applyOnly(form));

// data-when="q1" data-when-op="lte" data-when-values="6": a question that follows from another's answer.
const holds = {
  in: (given, wanted) => given.some(value => wanted.includes(value)), not_in: (given, wanted) => given.length > 0 && !given.some(value => wanted.includes(value)),
  lt: ([given], [bound]) => +given < +bound, lte: ([given], [bound]) => +given <= +bound, gt: ([given], [bound]) => +given > +bound, gte: ([given], [bound]) => +given >= +bound,
};
function applyWhen(form) {
  all('[data-when]', form).forEach(box => {
    const given = valuesOf(form, box.dataset.when).filter(value => value !== '');
    box.hidden = !given.length || !holds[box.dataset.whenOp](given, box.dataset.whenValues.split(','));
  });
}
each('form:has([data-when])', applyWhen);
on('change', 'form:has([data-when])', (_, form) => applyWhen(form));

// The filter panel: each field's option says in data-ops which conditions make sense for it.
function applyOperators(select) {
  const allowed = select.selectedOptions[0]?.dataset.ops?.split(' '), operators = find('[name=fo]', select.form);
  if (!allowed || !operators) return;
  [...operators.options].forEach(option => { option.hidden = option.disabled = !allowed.includes(option.value); });
  if (operators.selectedOptions[0]?.disabled) operators.value = allowed[0];
}
each('[data-filter-field]', applyOperators);
on('change', '[data-filter-field]', (_, select) => applyOperators(select));

// data-ahead: a day to come, one click away.
const ahead = [[t('今天', 'Today'), 0], [t('明天', 'Tomorrow'), 1], [t('+3 天', '+3 days'), 3], [t('下周', 'Next week'), 7]];
each('input[data-ahead]', field => {
  const set = days => {
    const day = new Date(), pad = number => String(number).padStart(2, '0');
    day.setDate(day.getDate() + days);
    const date = `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}`;
    // A time that was chosen stays; today it is the next full hour, later ten o'clock.
    const hour = days === 0 ? Math.min(day.getHours() + 1, 23) : 10;
    field.value = field.type === 'date' ? date : `${date}T${field.value.slice(11, 16) || `${pad(hour)}:00`}`;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  };
  field.after(h('span', { class: 'ahead' }, ...ahead.map(([label, days]) => {
    const button = h('button', { type: 'button', class: 'btn btn-g btn-sm' }, label);
    button.addEventListener('click', () => set(days));
    return button;
  })));
});

// The rows of a record's lines: data-add-line adds one made of the template, data-drop-line takes one away.
on('click', '[data-add-line]', (_, button) => {
  const box = button.closest('[data-lines]'), index = all('tbody > tr', box).length;
  const row = find('template', box).content.cloneNode(true).firstElementChild;
  all('[name]', row).forEach(field => { field.name = field.name.replace('._.', `.${index}.`); });
  all('[data-out]', row).forEach(out => { out.dataset.out = out.dataset.out.replace('._.', `.${index}.`); });
  all('[aria-label]', row).forEach(field => field.setAttribute('aria-label', field.getAttribute('aria-label').replace(/ \d+$/, ` ${index + 1}`)));
  find('tbody', box).append(row);
  find('input:not([type=hidden]), select', row)?.focus();
});
on('click', '[data-drop-line]', (_, button) => {
  const row = button.closest('tr'), form = button.form;
  // Later rows keep their numbers, so an emptied row stays in its place.
  all('input, select', row).forEach(field => { field.value = ''; });
  row.hidden = true;
  form?.dispatchEvent(new Event('input', { bubbles: true }));
});

// data-copy="text" on a button copies; on a field it gets a button of its own.
each('input[data-copy]', field => field.after(h('button', { type: 'button', class: 'btn btn-sm', 'data-copy': field.value }, icon('copy'), t('复制', 'Copy'))));
on('click', 'button[data-copy]', async (_, button) => {
  try { await navigator.clipboard.writeText(button.dataset.copy); toast(t('已复制', 'Copied')); } catch { toast(t('没能复制，请手工选中', 'Could not copy; please select it'), 'bad'); }
});
on('focusin', 'input[data-copy]', (_, field) => field.select());

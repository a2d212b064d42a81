// The timeline: a composer that grows, a filter by type, and long entries folded.
import { all, each, find, h, on, t } from './dom.js';

const grow = area => { area.style.height = 'auto'; area.style.height = `${area.scrollHeight}px`; };
on('input', '[data-composer] textarea', (_, area) => grow(area));
on('reset', '[data-composer]', (_, form) => setTimeout(() => grow(find('textarea', form))));

// The type decides the hint, and which extra fields show: <div data-for-type="visit">.
function applyType(form) {
  const type = find('[name=type]:checked', form), area = find('textarea', form);
  if (type?.dataset.placeholder) area.placeholder = type.dataset.placeholder;
  all('[data-for-type]', form).forEach(box => { box.hidden = !box.dataset.forType.split(' ').includes(type?.value); });
}
on('change', '[data-composer] [name=type]', (_, input) => { applyType(input.form); find('textarea', input.form)?.focus(); });
each('[data-composer]', applyType);

on('change', '[data-tl-filter]', (_, select) => {
  all('#timeline .ev').forEach(entry => { entry.hidden = select.value !== '' && entry.dataset.type !== select.value; });
  all('#timeline .day').forEach(day => {
    let next = day.nextElementSibling;
    while (next?.matches('.ev[hidden]')) next = next.nextElementSibling;
    day.hidden = !next?.matches('.ev');
  });
});

each('.ev .clamp', text => {
  if (text.scrollHeight <= text.clientHeight + 4) return text.classList.remove('clamp');
  const more = h('button', { type: 'button', class: 'lnk small', 'aria-expanded': 'false' }, t('展开', 'More'));
  more.addEventListener('click', () => {
    const folded = text.classList.toggle('clamp');
    more.textContent = folded ? t('展开', 'More') : t('收起', 'Less');
    more.setAttribute('aria-expanded', String(!folded));
  });
  text.after(more);
});
on('change', '.composer .next input', (_, input) => input.closest('.next').classList.toggle('set', input.value !== ''));

// A calendar: entries move to another day by dragging or with Alt+arrows. The server decides; a refused entry goes back.
import { all, each, find, on, post, t, toast } from './dom.js';

const dayOf = element => element.closest('[data-day]')?.dataset.day;

async function moved(entry, day, back) {
  const answer = await post(entry.dataset.move, { to: day, _version: entry.dataset.version }).catch(() => null);
  if (answer?.status === 200) {
    entry.dataset.version = await answer.text();
    const live = find('#live');
    if (live) live.textContent = t(`已改到 ${day}`, `Moved to ${day}`);
    return;
  }
  back();
  if (!answer?.headers.get('HX-Trigger')) toast(t('没有改成，已放回原处', 'Could not move it'), 'bad');
}

each('[data-calendar]', calendar => {
  all('[data-day] .cal-l', calendar).forEach(list => {
    let next;
    window.Sortable?.create(list, {
      group: 'calendar', draggable: '.can', animation: 120, sort: false, ghostClass: 'ghost', dragClass: 'drag', forceFallback: true, fallbackOnBody: true, fallbackTolerance: 4, delay: 120, delayOnTouchOnly: true,
      onStart: event => { next = event.item.nextElementSibling; },
      onEnd: event => {
        // The click that ends a drag does not open the record.
        const stop = click => click.preventDefault();
        event.item.addEventListener('click', stop, true);
        setTimeout(() => event.item.removeEventListener('click', stop, true), 50);
        if (dayOf(event.to) !== dayOf(event.from)) moved(event.item, dayOf(event.to), () => event.from.insertBefore(event.item, next?.parentNode === event.from ? next : null));
        else event.from.insertBefore(event.item, next?.parentNode === event.from ? next : null);
      },
    });
  });
});

on('keydown', '.cev.can', (event, entry) => {
  const step = event.altKey && { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
  if (!step || event.isComposing) return;
  event.preventDefault();
  const day = new Date(`${dayOf(entry)}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + step);
  const iso = day.toISOString().slice(0, 10), home = entry.parentNode, next = entry.nextElementSibling;
  const row = entry.closest('.cal-h tr'), to = row ? [...row.cells].find(cell => cell.dataset.day === iso) : find(`.cal-m [data-day="${iso}"]`);
  if (to) { find('.cal-l', to).append(entry); entry.focus(); }
  moved(entry, iso, () => home.insertBefore(entry, next));
});

// The board: cards move by mouse, touch or Alt+arrows. The server decides; a refused card goes back.
import { all, each, find, on, post, t, toast } from './dom.js';

async function moved(card, from, next) {
  const board = card.closest('[data-board]'), column = card.closest('[data-stage]');
  const values = { id: card.dataset.id, stage: column.dataset.stage, before: card.nextElementSibling?.dataset.id ?? '' };
  const answer = await post(board.dataset.board, values).catch(() => null);
  if (answer?.ok) {
    const live = find('#live');
    if (live) live.textContent = t(`已移动到 ${column.getAttribute('aria-label')}`, `Moved to ${column.getAttribute('aria-label')}`);
    if (answer.headers.get('HX-Refresh')) location.reload();
    return;
  }
  from.insertBefore(card, next?.parentNode === from ? next : null);
  if (!answer?.headers.get('HX-Trigger')) toast((await answer?.text().catch(() => '')) || t('没有移动成功，已放回原处', 'Could not move it'), 'bad');
}

each('[data-board]', board => {
  if (!window.Sortable) return;
  all('.klist', board).forEach(list => {
    let next;
    window.Sortable.create(list, {
      group: 'board', draggable: '.kcard', animation: 140, ghostClass: 'ghost', dragClass: 'drag', forceFallback: true, fallbackOnBody: true, fallbackTolerance: 4,
      delay: 120, delayOnTouchOnly: true, scrollSensitivity: 60,
      onStart: event => { next = event.item.nextElementSibling; },
      onEnd: event => { if (event.from !== event.to || event.oldIndex !== event.newIndex) moved(event.item, event.from, next); },
    });
  });
});

on('keydown', '.kcard', (event, card) => {
  if (event.target !== card || event.isComposing) return;
  if (event.key === 'Enter' && card.dataset.href) { location.href = card.dataset.href; return; }
  const step = event.altKey && { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const lists = all('.klist', card.closest('[data-board]')), from = card.parentNode, next = card.nextElementSibling, to = lists[lists.indexOf(from) + step];
  if (!to) return;
  event.preventDefault();
  to.prepend(card);
  card.focus();
  moved(card, from, next);
});

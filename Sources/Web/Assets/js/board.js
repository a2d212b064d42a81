// The board: cards move by mouse, touch or Alt+arrows. The server decides; a refused card goes back, and what a step must know is asked for first.
import { all, each, find, h, on, post, t, toast } from './dom.js';

const columnOf = element => element.closest('[data-stage]');
const say = text => { const live = find('#live'); if (live) live.textContent = text; };

/** The card and the columns' heads as the server has them now. */
function settle(html, card) {
  const piece = h('template');
  piece.innerHTML = html;
  const fresh = find('.kcard', piece.content), had = document.activeElement === card;
  for (const head of all('[data-head]', piece.content)) all('[data-head]').find(old => old.dataset.head === head.dataset.head)?.replaceWith(head);
  if (fresh) {
    // It may stand elsewhere than where it was put: what needs an approval stays.
    const column = all('[data-stage]').find(each => each.dataset.stage === fresh.dataset.at);
    if (column && column !== columnOf(card)) find('.klist', column).prepend(card);
    card.replaceWith(fresh);
    window.htmx?.process(fresh.closest('.kan'));
    if (had) fresh.focus();
  }
  all('.kcol.folded [data-fold-column]').forEach(button => button.setAttribute('aria-expanded', 'false'));
}

async function move(card, url, values, home) {
  const back = () => { home.list.insertBefore(card, home.next?.parentNode === home.list ? home.next : null); say(t('已放回原处', 'Put back')); };
  const answer = await post(url, values).catch(() => null), html = await answer?.text().catch(() => '') ?? '';
  if (answer?.ok && answer.status !== 202) {
    find('#dialog')?.remove();
    settle(html, card);
    return say(t(`已移动到 ${home.name}`, `Moved to ${home.name}`));
  }
  // The step has a question, or an answer to it was wrong.
  if (answer && [202, 422].includes(answer.status) && html.includes('data-move')) return ask(card, html, home, back);
  find('#dialog')?.remove();
  back();
  if (!answer?.headers.get('HX-Trigger')) toast(t('没有移动成功，已放回原处', 'Could not move it'), 'bad');
}

function ask(card, html, home, back) {
  find('#dialog')?.remove();
  const dialog = h('dialog', { id: 'dialog', class: 'dlg' });
  dialog.innerHTML = html;
  let sent = false;
  find('form', dialog).addEventListener('submit', event => {
    event.preventDefault();
    event.stopPropagation();
    sent = true;
    move(card, event.target.action, new FormData(event.target), home);
  });
  dialog.addEventListener('close', () => { if (!sent) back(); });
  document.body.append(dialog);
  dialog.showModal();
  find('[aria-invalid=true], .dlg-b :is(input:not([type=hidden]), select, textarea)', dialog)?.focus();
}

function start(card, home) {
  const board = card.closest('[data-board]'), column = columnOf(card);
  const url = new URL(board.dataset.board, location).pathname.replace('/board/move', `/${card.dataset.id}/move`) + new URL(board.dataset.board, location).search;
  move(card, url, { to: column.dataset.stage, _version: card.dataset.version }, { ...home, name: column.getAttribute('aria-label') });
}

each('[data-board]', board => {
  keepFolds(board);
  all('.klist', board).forEach(list => {
    let next;
    window.Sortable?.create(list, {
      group: 'board', draggable: '.kcard', filter: '.fixed', preventOnFilter: false, animation: 140, ghostClass: 'ghost', dragClass: 'drag', forceFallback: true, fallbackOnBody: true, fallbackTolerance: 4,
      delay: 120, delayOnTouchOnly: true, scrollSensitivity: 60, sort: false,
      onStart: event => { next = event.item.nextElementSibling; board.classList.add('dragging'); },
      onEnd: event => { board.classList.remove('dragging'); if (event.from !== event.to) start(event.item, { list: event.from, next }); },
    });
  });
});

/** Which columns are folded is remembered for this board, unless the address says it. */
function keepFolds(board) {
  const kept = localStorage.getItem(board.dataset.foldKey);
  if (kept !== null && !board.dataset.kept) for (const column of all('[data-stage]', board)) fold(column, kept.split(',').includes(column.dataset.stage));
}

function fold(column, isFolded) {
  column.classList.toggle('folded', isFolded);
  find('[data-fold-column]', column)?.setAttribute('aria-expanded', String(!isFolded));
}

on('click', '[data-fold-column]', (_, button) => {
  const column = columnOf(button), board = column.closest('[data-board]');
  fold(column, !column.classList.contains('folded'));
  const folded = all('.kcol.folded', board).map(each => each.dataset.stage).join(','), url = new URL(location);
  localStorage.setItem(board.dataset.foldKey, folded);
  url.searchParams.set('fold', folded);
  history.replaceState(history.state, '', url);
});

on('click', '[data-drop-form]', (_, button) => button.closest('form').remove());

// 移动到…: the dialog's buttons do what dragging does.
on('submit', 'form[data-move]', (event, form) => {
  const card = all('.kcard').find(each => each.dataset.id === form.dataset.move), to = event.submitter?.value;
  const column = all('[data-stage]').find(each => each.dataset.stage === to);
  if (!card || !column) return;
  event.preventDefault();
  form.closest('dialog')?.close();
  carry(card, find('.klist', column));
});

on('keydown', '.kcard', (event, card) => {
  if (event.target !== card || event.isComposing) return;
  if (event.key === 'Enter' && card.dataset.href) { location.href = card.dataset.href; return; }
  const step = event.altKey && { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || card.matches('.fixed')) return;
  const lists = all('.klist', card.closest('[data-board]')), to = lists[lists.indexOf(card.parentNode) + step];
  event.preventDefault();
  if (to) carry(card, to);
});

function carry(card, to) {
  const home = { list: card.parentNode, next: card.nextElementSibling };
  to.prepend(card);
  card.focus();
  start(card, home);
}

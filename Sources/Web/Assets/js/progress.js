// A job's state: the element fetches its own replacement until that says it is done. Slower when the tab is hidden or it fails.
import { each, fragment } from './dom.js';

each('[data-poll]', async job => {
  let wait = Number(job.dataset.every) || 1000;
  while (job.isConnected) {
    await new Promise(done => setTimeout(done, document.hidden ? wait * 4 : wait));
    if (!job.isConnected) return;
    try {
      const box = document.createElement('template');
      box.innerHTML = (await fragment(job.dataset.poll)).trim();
      const next = box.content.firstElementChild;
      // The same element goes on, so that a screen reader and the focus stay where they are.
      if (next?.dataset.poll) { job.replaceChildren(...next.childNodes); continue; }
      job.replaceWith(...box.content.childNodes);
      if (next) window.htmx?.process(next);
      return;
    } catch { wait = Math.min(wait * 2, 30_000); }
  }
});

// News from the server: one connection for all tabs of this browser, handed on to the others.
import { all, t, toast } from './dom.js';

const source = document.body.dataset.events;
if (source && 'EventSource' in window) {
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel('zhike-events') : null;

  // { badges: { notifications: 7 }, toast: { text, kind } }
  function receive(news) {
    for (const [name, count] of Object.entries(news.badges ?? {})) {
      all(`[data-badge="${CSS.escape(name)}"]`).forEach(badge => {
        badge.dataset.count = count;
        if (badge.matches('.n')) badge.textContent = count || '';
        if (badge.hasAttribute('aria-label')) badge.setAttribute('aria-label', badge.getAttribute('aria-label').replace(/[，,].*|$/, count ? t(`，${count} 条未读`, `, ${count} unread`) : ''));
      });
    }
    if (news.toast && !document.hidden) toast(news.toast.text, news.toast.kind);
    if (news.event) document.body.dispatchEvent(new CustomEvent(news.event, { detail: news.detail, bubbles: true }));
  }

  const connect = () => new Promise(() => {
    const events = new EventSource(source);
    events.onmessage = message => { 
      const news = JSON.parse(message.data);
      receive(news);
      if (news.event) document.body.dispatchEvent(new CustomEvent(`${news.event}-here`, { detail: news.detail }));
      channel?.postMessage(news);
    };
  });
  channel?.addEventListener('message', event => receive(event.data));
  // Whoever holds the lock is connected; when that tab closes, another takes over.
  navigator.locks && channel ? navigator.locks.request('zhike-events', connect) : connect();
}

// The steps of a record where not all fit: the present one stands in the middle, and an edge that hides more fades.
import { each, find } from './dom.js';

each('.path', path => {
  const now = find('[aria-current=step]', path), left = element => element.getBoundingClientRect().left;
  if (now) path.scrollLeft += left(now) - left(path) - (path.clientWidth - now.clientWidth) / 2;
  const mark = () => {
    path.toggleAttribute('data-before', path.scrollLeft > 1);
    path.toggleAttribute('data-after', path.scrollLeft + path.clientWidth < path.scrollWidth - 1);
  };
  path.addEventListener('scroll', mark, { passive: true });
  new ResizeObserver(mark).observe(path);
});

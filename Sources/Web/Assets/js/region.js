// 省 / 市 / 区: three lists in place of one text field, which keeps the code (or, with data-store="name", the names).
import { all, each, find, h, t } from './dom.js';

let table;
const load = url => (table ??= fetch(url, { credentials: 'same-origin' }).then(answer => answer.json()).then(({ rows }) => {
  const byCode = new Map(), children = new Map();
  for (const [code, parent, name] of rows) {
    byCode.set(code, { code, parent, name });
    children.set(parent, [...(children.get(parent) ?? []), code]);
  }
  return { byCode, children };
}));

each('div[data-region]', async box => {
  const field = find('input', box), { byCode, children } = await load(box.dataset.region || '/assets/vendor/divisions.json').catch(() => ({}));
  if (!byCode) return; // the text field still works
  const storesNames = box.dataset.store === 'name', labels = [t('省份', 'Province'), t('城市', 'City'), t('区县', 'District')];
  const lists = labels.map((label, level) => h('select', { class: field.className, 'aria-label': label, disabled: field.disabled, id: level === 0 ? field.id : null }));

  const path = code => { const codes = []; for (let at = byCode.get(code); at; at = byCode.get(at.parent)) codes.unshift(at.code); return codes; };
  const named = text => text.split(/[\s/·]+/).filter(Boolean).reduce((codes, name) => {
    const next = (children.get(codes.at(-1) ?? '') ?? []).find(code => byCode.get(code).name === name);
    return next ? [...codes, next] : codes;
  }, []);

  function show(codes) {
    lists.forEach((list, level) => {
      const options = level === 0 ? children.get('') : codes[level - 1] ? children.get(codes[level - 1]) ?? [] : [];
      list.replaceChildren(h('option', { value: '' }, labels[level]), ...options.map(code => h('option', { value: code, selected: codes[level] === code }, byCode.get(code).name)));
      list.hidden = level > 0 && options.length === 0;
    });
  }
  lists.forEach((list, level) => list.addEventListener('change', () => {
    const codes = [...lists.slice(0, level).map(each => each.value), list.value].filter(Boolean);
    show(codes);
    field.value = storesNames ? codes.map(code => byCode.get(code).name).join(' ') : codes.at(-1) ?? '';
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }));

  show(/^\d{6}$/.test(field.value) ? path(field.value) : named(field.value));
  field.type = 'hidden';
  field.removeAttribute('id');
  box.append(...lists);
});

// Province, city and district in fields of their own: each becomes a list of what lies below the one above. A name the table does not know stays.
each('form:has([data-region-level]):not([data-cell])', async form => {
  const fields = all('[data-region-level]', form).sort((a, b) => a.dataset.regionLevel - b.dataset.regionLevel);
  const { byCode, children } = await load(fields[0].dataset.region).catch(() => ({}));
  if (!byCode) return;
  const lists = fields.map(field => {
    const list = h('select', { class: field.className });
    for (const { name, value } of field.attributes) if (['id', 'name', 'aria-describedby', 'aria-invalid', 'required'].includes(name)) list.setAttribute(name, value);
    list.value0 = field.value;
    field.replaceWith(list);
    return list;
  });
  // A province whose districts hang directly on it is its own city.
  const below = (parent, at) => {
    const all = children.get(parent) ?? [], cities = all.filter(code => code.endsWith('00'));
    return at !== 1 ? all.filter(code => at === 0 || !code.endsWith('00')) : cities.length < all.length ? [...cities, parent] : cities;
  };
  function fill(from) {
    lists.slice(from).forEach((list, offset) => {
      const at = from + offset, parent = at === 0 ? '' : lists[at - 1].selectedOptions[0]?.dataset.code, wanted = offset === 0 || at === 0 || from === 0 ? list.value0 : '';
      const codes = parent === undefined ? [] : below(parent, at), names = codes.map(code => byCode.get(code).name);
      list.replaceChildren(h('option', { value: '' }, '—'), ...codes.map(code => h('option', { value: byCode.get(code).name, 'data-code': code }, byCode.get(code).name)));
      if (wanted && !names.includes(wanted)) list.append(h('option', { value: wanted }, wanted));
      list.value = wanted;
    });
  }
  fill(0);
  lists.forEach((list, at) => list.addEventListener('change', () => { lists.slice(at + 1).forEach(below => { below.value0 = ''; }); if (at + 1 < lists.length) fill(at + 1); }));
});

// Blocking and tiny: the theme this browser last chose is set before the first paint.
{
  let chosen;
  try { chosen = localStorage.getItem('theme'); } catch { /* storage may be off */ }
  if (chosen) document.documentElement.dataset.theme = chosen;
  document.documentElement.classList.add('js');
  try { const rail = localStorage.getItem('rail'); if (rail) document.documentElement.dataset.rail = rail; } catch { /* as above */ }
}

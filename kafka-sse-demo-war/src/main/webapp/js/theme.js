// Loaded before the page is drawn, hence no module: a page must not flash in the wrong colours.
(() => {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = () => localStorage.getItem('theme') ?? (system.matches ? 'dark' : 'light');

  function apply() {
    const theme = chosen();
    document.documentElement.dataset.theme = theme;
    document.getElementById('theme')?.setAttribute('aria-pressed', String(theme === 'dark'));
    dispatchEvent(new Event('themechange'));
  }

  apply();
  system.addEventListener('change', apply);
  addEventListener('DOMContentLoaded', () => {
    apply();
    document.getElementById('theme').addEventListener('click', () => {
      localStorage.setItem('theme', chosen() === 'dark' ? 'light' : 'dark');
      apply();
    });
  });
})();

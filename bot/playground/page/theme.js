// Light or dark, settled before the first paint: what was chosen here, else what the system asks for.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  let chosen = null;
  try { chosen = localStorage.getItem("huashu-theme"); } catch { /* storage may be forbidden */ }
  const settle = () => { root.dataset.theme = chosen || (dark.matches ? "dark" : "light"); };
  dark.addEventListener("change", settle);
  settle();
  window.flipTheme = () => {
    chosen = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("huashu-theme", chosen); } catch { /* then it lasts until the page is closed */ }
    settle();
    return chosen;
  };
})();

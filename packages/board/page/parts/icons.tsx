const icon = (path: string) => () => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
    <path
      d={path}
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);

export const ExpandIcon = icon("M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9");
export const ShrinkIcon = icon("M13 7H9V3M9 7l4.5-4.5M3 9h4v4M7 9l-4.5 4.5");
export const ResetIcon = icon("M2.5 8a5.5 5.5 0 1 0 2-4.2M2.5 2.5v3h3");
export const LogIcon = icon("M2.5 2v11.5H14M5 11c5 0 4-7.5 8-7.5");
export const SunIcon = icon(
  "M8 5.200a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.600M8 1.500v1M8 13.500v1M1.5 8h1M13.5 8h1M3.4 3.400l.7.7M11.9 11.900l.7.7M12.6 3.400l-.7.7M4.1 11.900l-.7.7",
);
export const MoonIcon = icon("M13.5 9.500A6 6 0 0 1 6.5 2.500a6 6 0 1 0 7 7");
export const SystemIcon = icon("M2 3h12v8H2zM6 14h4M8 11v3");
export const PlusIcon = icon("M8 3v10M3 8h10");
export const MinusIcon = icon("M3 8h10");
export const FitIcon = icon("M2.5 6v-3.500h3.500M10 2.500h3.500v3.500M13.5 10v3.500h-3.500M6 13.500h-3.500v-3.5");

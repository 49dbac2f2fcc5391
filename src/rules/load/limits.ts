// How large rules files may be, and what they may become when lists and macros are replaced: beyond that a mistake is told
// instead of memory used up.

export const MOST = {
  /** bytes of a file */
  fileBytes: 8 << 20,
  /** files of a directory */
  files: 1000,
  /** characters of a condition, with all that was appended to it */
  condition: 1 << 20,
  rules: 10_000,
  /** checks of one condition whose macros are replaced, and of all together */
  checks: 100_000,
  allChecks: 2_000_000,
  /** items of one list whose lists are replaced, and items in all conditions together */
  items: 100_000,
  allItems: 4_000_000,
  /** errors and warnings of a file that are told one by one */
  reported: 200,
  /** wrong checks after which nothing more is looked at, and names of macros for which similar ones are looked for */
  faults: 2000,
  hints: 100,
} as const

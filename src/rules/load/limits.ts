// Limits for rules files and for the size of conditions after lists and macros are replaced: exceeding one is an error, so that memory is
// not exhausted.

export const MOST = {
  /** bytes of a file */
  fileBytes: 8 << 20,
  /** files of a directory */
  files: 1000,
  /** characters of a condition, with everything appended to it */
  condition: 1 << 20,
  rules: 10_000,
  /** checks of one condition after its macros are replaced, and of all conditions */
  checks: 100_000,
  allChecks: 2_000_000,
  /** items of one list after its lists are replaced, and items in all conditions */
  items: 100_000,
  allItems: 4_000_000,
  /** errors of a file that are reported one by one; the same for warnings */
  reported: 200,
  /** invalid checks after which checking stops, and unknown macros for which similar names are searched */
  faults: 2000,
  hints: 100,
} as const

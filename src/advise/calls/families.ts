// Calls that other versions of a C library and kernel make in place of recorded ones. When a newer one fails with ENOSYS, C libraries
// make an older one.
import { REPLACEMENTS } from '../../schema/siblings.js'

/** Calls that every new version of a C library makes when a program or thread starts. */
const AT_START: readonly string[] = ['rseq', 'set_robust_list', 'set_tid_address', 'rt_sigreturn', 'restart_syscall']

/** The other calls of the families of these calls, and those of any start; sorted, without the calls themselves. */
export function relatedTo(names: Iterable<string>): string[] {
  const given = new Set(names)
  const related = new Set(AT_START)
  for (const family of REPLACEMENTS)
    if (family.some((name) => given.has(name))) for (const name of family) related.add(name)
  return [...related].filter((name) => !given.has(name)).sort()
}

/** The call itself if it is among `existing`; else those that do the same, such as faccessat for access on arm64. */
export function counterparts(name: string, existing: ReadonlySet<string>): string[] {
  if (existing.has(name)) return [name]
  return REPLACEMENTS.filter((family) => family.includes(name)).flatMap((family) =>
    family.filter((n) => existing.has(n)),
  )
}

/** Whether two calls do the same. */
export function areRelated(a: string, b: string): boolean {
  return a !== b && REPLACEMENTS.some((family) => family.includes(a) && family.includes(b))
}

// Names of files and objects from the names of workloads, which are untrusted text.

const MOST = 100

/** Letters, digits, dots and dashes only, as DNS names have them. Different names may give the same. */
export function safeName(name: string): string {
  const safe = name
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .slice(0, MOST)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
  return safe === '' ? 'profile' : safe
}

/** A safe name for each name, all different: those that would be equal get a number, in the order of the list. */
export function safeNames(names: readonly string[]): string[] {
  const used = new Set<string>()
  return names.map((name) => {
    const base = safeName(name)
    let candidate = base
    for (let n = 2; used.has(candidate); n++) candidate = `${base}-${n}`
    used.add(candidate)
    return candidate
  })
}

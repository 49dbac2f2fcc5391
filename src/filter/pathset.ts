// pmatch: whether one of a set of paths is a prefix of a path, component by component.
import { globTest, isGlob } from './glob.js'

function components(path: string): string[] {
  return path.split('/').filter((c) => c !== '')
}

/** Returns the test of a set of path prefixes, whose components may be patterns. Empty components are ignored. */
export function pathSetTest(prefixes: readonly string[]): (path: string) => boolean {
  const plain = new Set<string>()
  const patterns: ((component: string) => boolean)[][] = []
  for (const prefix of prefixes) {
    const parts = components(prefix)
    if (isGlob(prefix)) patterns.push(parts.map((p) => globTest(p)))
    else plain.add(`/${parts.join('/')}`)
  }
  const everything = plain.has('/')
  return (path) => {
    if (everything) return true
    if (plain.size > 0) {
      const p = path.startsWith('/') && !path.includes('//') ? path : `/${components(path).join('/')}`
      for (let i = p.indexOf('/', 1); i > 0; i = p.indexOf('/', i + 1)) if (plain.has(p.slice(0, i))) return true
      if (plain.has(p)) return true
    }
    return patterns.length > 0 && matchPatterns(patterns, components(path))
  }
}

function matchPatterns(patterns: readonly ((component: string) => boolean)[][], parts: readonly string[]): boolean {
  for (const p of patterns) {
    let i = 0
    while (i < p.length && i < parts.length && (p[i] as (c: string) => boolean)(parts[i] as string)) i++
    if (i === p.length) return true
  }
  return false
}

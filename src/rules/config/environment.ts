// Variables of the environment in a configuration: ${NAME} is its value, nothing where there is none, and $${NAME} is ${NAME}.
import type { YamlEntry, YamlNode } from '../yaml/node.js'

const VARIABLE = /(\$?)\$\{([^}]*)\}/g

/** The same tree with the values of variables in its scalars. */
export function withEnvironment(node: YamlNode, env: Readonly<Record<string, string | undefined>>): YamlNode {
  const known = new Map<YamlNode, YamlNode>()
  const replaced = (n: YamlNode): YamlNode => {
    const before = known.get(n)
    if (before !== undefined) return before
    const made = changed(n)
    known.set(n, made)
    return made
  }
  const changed = (n: YamlNode): YamlNode => {
    if (n.kind === 'seq') return { ...n, items: n.items.map(replaced) }
    if (n.kind === 'map') {
      const entries = new Map<string, YamlEntry>()
      for (const [key, e] of n.entries) entries.set(key, { ...e, value: replaced(e.value) })
      return { ...n, entries }
    }
    const value = n.value.replace(VARIABLE, (_, escaped: string, name: string) =>
      escaped === '' ? (env[name] ?? '') : `\${${name}}`,
    )
    return { ...n, value }
  }
  return replaced(node)
}

// The rules of a redaction, ready for use: which of them are about a value, and what they do to it.
import { Editor, type Step } from './editor.js'
import { Hasher } from './hash.js'
import { Pattern } from './pattern.js'
import type { Redaction } from './redaction.js'
import { type Scope, scopeOf, TARGET } from './targets.js'

export class Rules {
  private readonly steps: readonly (Scope & Step)[]
  private readonly hasher: Hasher
  private readonly editors = new Map<string, Editor>()

  constructor({ rules, key }: Pick<Redaction, 'rules' | 'key'>) {
    this.hasher = new Hasher(key)
    this.steps = rules.map(({ fields, action, pattern }) => ({
      ...scopeOf(fields),
      action,
      pattern: pattern === undefined ? undefined : new Pattern(pattern),
    }))
  }

  /**
   * What is done to values of these kinds (TARGET bits), of an argument also by its name; undefined: nothing. The same rules have
   * the same editor.
   */
  editor(targets: number, argument?: string): Editor | undefined {
    const kinds = argument === undefined ? targets : targets | TARGET.ARGUMENT
    const about = this.steps.filter(
      (s) => (s.targets & kinds) !== 0 || (argument !== undefined && s.names.has(argument)),
    )
    if (about.length === 0) return undefined
    const key = about.map((s) => this.steps.indexOf(s)).join()
    const known = this.editors.get(key)
    if (known !== undefined) return known
    const made = new Editor(about, this.hasher)
    this.editors.set(key, made)
    return made
  }
}

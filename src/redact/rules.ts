// The compiled rules of a redaction: which of them apply to a value, and their editor.
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
   * The editor for values of these kinds (TARGET bits); for an event argument, rules may also name the argument. undefined: no rule
   * applies. Equal sets of rules share one editor.
   */
  editor(targets: number, argument?: string): Editor | undefined {
    const kinds = argument === undefined ? targets : targets | TARGET.ARGUMENT
    const matching = this.steps.filter(
      (s) => (s.targets & kinds) !== 0 || (argument !== undefined && s.names.has(argument)),
    )
    if (matching.length === 0) return undefined
    const key = matching.map((s) => this.steps.indexOf(s)).join()
    const known = this.editors.get(key)
    if (known !== undefined) return known
    const editor = new Editor(matching, this.hasher)
    this.editors.set(key, editor)
    return editor
  }
}

/** A function that redacts cgroup paths for messages, which come from the system instead of the capture; its result is undefined if dropped. */
export function cgroupEditor(redaction: Redaction | undefined): (path: string) => string | undefined {
  const editor = redaction && new Rules(redaction).editor(TARGET.CGROUP, 'cgroup')
  return editor === undefined ? (path) => path : (path) => editor.cgroupPath(path)
}

/** This machine's redacted host name, for messages and alerts; '' if dropped. */
export function redactedHost(hostname: string, redaction: Redaction | undefined): string {
  const editor = redaction && new Rules(redaction).editor(TARGET.HOST)
  return editor === undefined ? hostname : (editor.text(hostname) ?? '')
}

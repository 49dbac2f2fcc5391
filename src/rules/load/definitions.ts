// Lists, macros and rules as the files define them one after the other: a later definition replaces an earlier one of its name
// and keeps its place in the order. Nothing is resolved yet.
import type { Priority } from '../rule.js'
import type { YamlScalar } from '../yaml/node.js'
import type { ExceptionDef } from './exceptions.js'
import type { Item, Report } from './report.js'
import type { WrittenText } from './written-text.js'

export interface ListDef {
  readonly name: string
  readonly items: readonly YamlScalar[]
  readonly item: Item
}

export interface MacroDef {
  readonly name: string
  readonly condition: WrittenText
  readonly item: Item
  /** when it was defined first, and when it was changed last: a macro sees those that were defined before that */
  readonly defined: number
  readonly changed: number
}

export interface RuleDef {
  readonly name: string
  readonly item: Item
  readonly source: string
  condition: WrittenText
  output: WrittenText
  desc: string
  priority: Priority
  tags: ReadonlySet<string>
  enabled: boolean
  /** warn when it looks at events of all types */
  warnsOfTypes: boolean
  /** leave it out where a field or a type of events is unknown, instead of telling a mistake */
  skipsUnknown: boolean
  capture: boolean
  /** ms */
  captureDuration: number | undefined
  exceptions: readonly ExceptionDef[]
}

interface Named {
  readonly name: string
  readonly item: Item
}

export class Definitions {
  readonly lists = new Map<string, ListDef>()
  readonly macros = new Map<string, MacroDef>()
  readonly rules = new Map<string, RuleDef>()
  /** macros whose definition is wrong: what names them is not told once more */
  readonly brokenMacros = new Set<string>()
  private changes = 0

  constructor(private readonly report: Report) {}

  setList(def: ListDef): void {
    this.warnIfRedefined('list', this.lists.get(def.name), def)
    this.lists.set(def.name, def)
  }

  setMacro(def: Omit<MacroDef, 'defined' | 'changed'>): void {
    const before = this.macros.get(def.name)
    this.warnIfRedefined('macro', before, def)
    this.changeMacro(def, before)
  }

  /** A macro of that name with another condition, which may name what was defined up to now. */
  changeMacro(def: Omit<MacroDef, 'defined' | 'changed'>, before: MacroDef | undefined): void {
    const changed = ++this.changes
    this.macros.set(def.name, { ...def, defined: before?.defined ?? changed, changed })
  }

  setRule(def: RuleDef): void {
    this.warnIfRedefined('rule', this.rules.get(def.name), def)
    this.rules.set(def.name, def)
  }

  /** Another file may replace what one defines; in the same one that is most likely a slip. */
  private warnIfRedefined(type: string, before: Named | undefined, now: Named): void {
    if (before === undefined || before.item.file !== now.item.file) return
    const { line } = before.item.file.placeAt(before.item.at)
    this.report.warn('LOAD_WARNING_EXTENSION', `it replaces the ${type} of the same name in line ${line}`, {
      items: [now.item],
    })
  }
}

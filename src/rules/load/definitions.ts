// Lists, macros and rules as defined by the files in order: a later definition replaces an earlier one of the same name at its position.
// Names are not resolved yet.
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
  /** sequence numbers of the first definition and of the last change: a macro can use those defined before its last change */
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
  /** warn if it matches events of all types */
  warnsOfTypes: boolean
  /** ignore the rule if a field or event type is unknown, instead of reporting an error */
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
  /** macros with an invalid definition: conditions that use them are not reported again */
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

  /** Sets another condition for the macro of that name; it may use everything defined so far. */
  changeMacro(def: Omit<MacroDef, 'defined' | 'changed'>, before: MacroDef | undefined): void {
    const changed = ++this.changes
    this.macros.set(def.name, { ...def, defined: before?.defined ?? changed, changed })
  }

  setRule(def: RuleDef): void {
    this.warnIfRedefined('rule', this.rules.get(def.name), def)
    this.rules.set(def.name, def)
  }

  /** A file may replace definitions of earlier files; a repeated definition in one file is most likely a mistake. */
  private warnIfRedefined(type: string, before: Named | undefined, now: Named): void {
    if (before === undefined || before.item.file !== now.item.file) return
    const { line } = before.item.file.placeAt(before.item.at)
    this.report.warn('LOAD_WARNING_EXTENSION', `this replaces the ${type} of the same name in line ${line}`, {
      items: [now.item],
    })
  }
}

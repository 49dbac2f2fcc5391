// Prepares rules for a run: checks them, compiles the formats of their alerts, and determines what they require from a capture. Rules that
// pass can be run; re-read rules are validated this way.

import { registry } from '../../fields/index.js'
import { needsOf, onDemand, planFilter, rowsPassing } from '../../filter/index.js'
import { alertMaker } from '../../rules/alerts/maker.js'
import { type CheckedRules, captureFilter, checkRules } from '../../rules/engine/checked.js'
import { rulesByCode } from '../../rules/engine/types-of.js'
import type { Rule } from '../../rules/rule.js'
import { plannedFilter } from '../../run/planned-filter.js'
import { hostArch } from '../../schema/arch.js'
import { capabilitiesOf } from '../../source/capabilities.js'
import type { CapturePlan } from '../../source/plan.js'
import { planCovers } from '../../source/plan.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { RulesSettings } from '../options/rules.js'
import type { Settings } from '../options/settings.js'
import { planOptions } from '../query/capture-plan.js'
import { checkingContext, orUsage, type Query } from '../query/query.js'
import { aboutRedacted } from '../query/redacted-fields.js'
import { type AlertStyle, alertStyle } from './alert-options.js'
import { rulesQuery } from './rules-query.js'
import { shadowsAmong, shadowText } from './shadows.js'
import { uncaptured } from './uncaptured.js'

/** maximum number of rules named in a message */
const FEW = 3

/** The properties of a run that do not depend on its rules. */
export interface Circumstances {
  /** settings of the capture */
  readonly s: Settings
  /** all alerts go to a terminal */
  readonly onTerminal: boolean
}

export interface Prepared {
  readonly settings: RulesSettings
  readonly checked: CheckedRules
  readonly style: AlertStyle
  readonly query: Query
  /** Determines the events of a live capture for these rules, when they are compared; undefined when reading files. */
  readonly captures: (() => Captured) | undefined
  /** messages about rules that never fire, and about files that are not written */
  readonly warnings: readonly string[]
}

interface Captured {
  readonly plan: CapturePlan
  /** by event code, 1 if events reach the rules; undefined: all do */
  readonly types: Uint8Array | undefined
  /** container names are resolved */
  readonly names: boolean
}

/** Prepares the enabled rules. Throws CliError (usage) if there are none, or if they cannot be run. */
export function prepare(settings: RulesSettings, rules: readonly Rule[], { s, onTerminal }: Circumstances): Prepared {
  const { active, foreign } = activeRules(rules)
  const style = alertStyle(settings, onTerminal)
  const checked = checkRules(active, registry)
  const printed = orUsage(() => alertMaker(checked.rules, checkingContext(s), style.options).fieldsUsed)
  const live = s.read.length === 0
  const writesFiles = live && active.some((rule) => writesFile(rule, settings))
  const query = writesFiles
    ? captureAll(checked, printed, s, settings)
    : rulesQuery(checked, printed, s, settings.nameWait)
  let captured: Captured | undefined
  const captures = live ? () => (captured ??= capturedBy(query, s)) : undefined
  const warnings = [
    ...foreign,
    ...redactedWarnings(checked, s),
    ...neverFireWarnings(checked, settings, live),
    ...fileWarnings(active, settings, live),
  ]
  return { settings, checked, style, query, captures, warnings }
}

/** Whether the calls around alerts of a rule are written to a file. */
export function writesFile({ capture }: Rule, { alertFiles }: RulesSettings): boolean {
  return alertFiles !== undefined && (capture || alertFiles.ofAllRules)
}

/** Whether a live capture for the current rules has all events that the new rules need. */
export function isCovered(current: Prepared, next: Prepared): boolean {
  if (current === next) return true
  const [a, b] = [current.captures?.(), next.captures?.()]
  if (a === undefined || b === undefined) return true
  if (b.names && !a.names) return false
  const { types } = a
  const reach = types === undefined || (b.types?.every((passes, code) => passes === 0 || types[code] === 1) ?? false)
  return reach && planCovers(a.plan, b.plan)
}

/** The rules to evaluate, and messages about rules of unsupported sources. Throws CliError (usage) if there are none. */
export function activeRules(rules: readonly Rule[]): { active: Rule[]; foreign: string[] } {
  const enabled = rules.filter((r) => r.enabled)
  const active = enabled.filter((r) => r.source === 'syscall')
  const sources = new Set(enabled.filter((r) => r.source !== 'syscall').map((r) => r.source))
  const foreign =
    sources.size > 0 ? [`rules of the source ${[...sources].join(', ')} never fire: ksys does not support it`] : []
  if (active.length === 0) throw new CliError(EXIT.usage, rules.length === 0 ? 'no rules to run' : 'no rule is enabled')
  return { active, foreign }
}

/** The query that captures all calls with all of their data, for files with the calls around an alert. */
function captureAll(
  checked: CheckedRules,
  printed: readonly string[],
  s: Settings,
  { nameWait }: RulesSettings,
): Query {
  const filter = captureFilter(checked)
  const query = rulesQuery(checked, [...printed, ...filter.fieldsUsed], s, nameWait)
  return {
    ...query,
    filter: query.bound?.passing,
    kept: true,
    demands: onDemand(filter),
  }
}

function capturedBy(query: Query, s: Settings): Captured {
  const { filter, printed, kept } = query
  const fields = [...(filter?.fieldsUsed ?? []), ...printed]
  return {
    plan: planFilter(plannedFilter(query.filter, s.redaction), registry, planOptions(s, query)),
    types: filter && rowsPassing(filter, capabilitiesOf('ksys')).types,
    names: kept === true || needsOf(registry, fields).has('container'),
  }
}

/** Rules that test redacted data may never fire. */
function redactedWarnings(checked: CheckedRules, { redaction }: Settings): string[] {
  const redacted = redaction && aboutRedacted(captureFilter(checked).fieldsUsed, redaction)
  return redacted === undefined ? [] : [`rules test ${redacted}`]
}

function neverFireWarnings(checked: CheckedRules, settings: RulesSettings, live: boolean): string[] {
  const by = rulesByCode(checked)
  const shadows = shadowsAmong(checked, by, settings).map(shadowText)
  const arch = hostArch()
  if (!live || arch === undefined) return shadows
  return [...uncaptured(checked, by, onDemand(captureFilter(checked)), arch), ...shadows]
}

/** Messages about files that rules request but that are not written. */
function fileWarnings(active: readonly Rule[], { alertFiles, config }: RulesSettings, live: boolean): string[] {
  if (alertFiles !== undefined)
    return live || !config.capture.enabled
      ? []
      : ['capture.enabled in falco.yaml has no effect on capture files: they contain the calls around alerts']
  const names = active.filter((rule) => rule.capture).map(({ name }) => `'${name}'`)
  if (names.length === 0 || !live) return []
  const more = names.length > FEW ? ` and ${names.length - FEW} more` : ''
  return [
    `${names.slice(0, FEW).join(', ')}${more}: capture: true has no effect, calls around alerts are not written: use --capture PREFIX, or capture.enabled in falco.yaml`,
  ]
}

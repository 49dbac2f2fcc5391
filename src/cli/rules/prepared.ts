// Rules with all that is made of them before an event comes: checked, with the formats of their alerts and what they ask of captures.
// What passes here can be run, so that rules which are read again are tried by it.

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
import type { Settings } from '../options/parse.js'
import type { RulesSettings } from '../options/rules.js'
import { planOptions } from '../query/capture-plan.js'
import { checkingContext, orUsage, type Query } from '../query/query.js'
import { aboutRedacted } from '../query/redacted-fields.js'
import { type AlertStyle, alertStyle } from './alert-options.js'
import { rulesQuery } from './rules-query.js'
import { shadowsAmong, shadowText } from './shadows.js'
import { uncaptured } from './uncaptured.js'

/** rules that are named in a sentence */
const FEW = 3

/** How a run stands to the rules, whichever they are. */
export interface Circumstances {
  /** of the capture */
  readonly s: Settings
  /** all alerts go to a terminal */
  readonly onTerminal: boolean
}

export interface Prepared {
  readonly settings: RulesSettings
  readonly checked: CheckedRules
  readonly style: AlertStyle
  readonly query: Query
  /** Finds out what a live capture brings for them, which only those who compare it ask for; undefined where files are read. */
  readonly brings: (() => Brings) | undefined
  /** sentences: rules that never fire, and what is not done for some */
  readonly doubts: readonly string[]
}

interface Brings {
  readonly plan: CapturePlan
  /** by event code, 1 where events reach the rules; undefined: all do */
  readonly types: Uint8Array | undefined
  /** containers are named */
  readonly names: boolean
}

/** Prepares the enabled rules. Throws CliError (usage) where there are none, or something cannot be run. */
export function prepare(settings: RulesSettings, rules: readonly Rule[], { s, onTerminal }: Circumstances): Prepared {
  const { active, foreign } = activeRules(rules)
  const style = alertStyle(settings, onTerminal)
  const checked = checkRules(active, registry)
  const printed = orUsage(() => alertMaker(checked.rules, checkingContext(s), style.options).fieldsUsed)
  const live = s.read.length === 0
  const kept = live && active.some((rule) => writesFile(rule, settings))
  const query = kept ? keepingAll(checked, printed, s, settings) : rulesQuery(checked, printed, s, settings.nameWait)
  let brought: Brings | undefined
  const brings = live ? () => (brought ??= bringsOf(query, s)) : undefined
  const doubts = [
    ...foreign,
    ...ofRedaction(checked, s),
    ...doubtsOf(checked, settings, live),
    ...aboutFiles(active, settings, live),
  ]
  return { settings, checked, style, query, brings, doubts }
}

/** Whether the calls around alerts of a rule are written to a file. */
export function writesFile({ capture }: Rule, { alertFiles }: RulesSettings): boolean {
  return alertFiles !== undefined && (capture || alertFiles.ofAllRules)
}

/** Whether a live capture for the one brings all that the other asks for. */
export function brought(present: Prepared, wanted: Prepared): boolean {
  if (present === wanted) return true
  const [a, b] = [present.brings?.(), wanted.brings?.()]
  if (a === undefined || b === undefined) return true
  if (b.names && !a.names) return false
  const { types } = a
  const reach = types === undefined || (b.types?.every((passes, code) => passes === 0 || types[code] === 1) ?? false)
  return reach && planCovers(a.plan, b.plan)
}

/** The rules that are asked, and sentences about those for which there is nothing to ask. Throws CliError (usage) where there are none. */
export function activeRules(rules: readonly Rule[]): { active: Rule[]; foreign: string[] } {
  const enabled = rules.filter((r) => r.enabled)
  const active = enabled.filter((r) => r.source === 'syscall')
  const sources = new Set(enabled.filter((r) => r.source !== 'syscall').map((r) => r.source))
  const foreign =
    sources.size > 0 ? [`rules about events of ${[...sources].join(', ')} never fire: ksys has none of these`] : []
  if (active.length === 0)
    throw new CliError(EXIT.usage, rules.length === 0 ? 'there are no rules to run' : 'no rule is enabled')
  return { active, foreign }
}

/** Every call is captured for files of the calls around an alert, with all that is known of it. */
function keepingAll(
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

function bringsOf(query: Query, s: Settings): Brings {
  const { filter, printed, kept } = query
  const fields = [...(filter?.fieldsUsed ?? []), ...printed]
  return {
    plan: planFilter(plannedFilter(query.filter, s.redaction), registry, planOptions(s, query)),
    types: filter && rowsPassing(filter, capabilitiesOf('ksys')).types,
    names: kept === true || needsOf(registry, fields).has('container'),
  }
}

/** Rules that look at what is redacted may never fire. */
function ofRedaction(checked: CheckedRules, { redaction }: Settings): string[] {
  const lookAt = redaction && aboutRedacted(captureFilter(checked).fieldsUsed, redaction)
  return lookAt === undefined ? [] : [`rules look at ${lookAt}`]
}

function doubtsOf(checked: CheckedRules, settings: RulesSettings, live: boolean): string[] {
  const by = rulesByCode(checked)
  const shadows = shadowsAmong(checked, by, settings).map(shadowText)
  const arch = hostArch()
  if (!live || arch === undefined) return shadows
  return [...uncaptured(checked, by, onDemand(captureFilter(checked)), arch), ...shadows]
}

/** What is to be said of files that rules want, and do not get. */
function aboutFiles(active: readonly Rule[], { alertFiles }: RulesSettings, live: boolean): string[] {
  if (alertFiles !== undefined)
    return live ? [] : ['files of the calls around alerts are written live only: what is read here has these calls']
  const names = active.filter((rule) => rule.capture).map(({ name }) => `'${name}'`)
  if (names.length === 0 || !live) return []
  const more = names.length > FEW ? ` and ${names.length - FEW} more` : ''
  return [
    `the calls around alerts of ${names.slice(0, FEW).join(', ')}${more} are not written, which capture: true asks for: --capture PREFIX, or capture.enabled of falco.yaml, says where to`,
  ]
}

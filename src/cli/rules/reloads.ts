// Messages about re-read rules: how they differ from the previous ones, which settings take effect at the next start, and errors.
import { isDeepStrictEqual } from 'node:util'
import { printExpr } from '../../filter/ast.js'
import { resultText } from '../../rules/load/result-text.js'
import type { Rule } from '../../rules/rule.js'
import type { CliError } from '../errors/exit.js'
import type { RulesSettings } from '../options/rules.js'
import { say } from '../output/stderr.js'
import { WrongRules } from './loading.js'

/** Settings that are fixed at the start, by their names in falco.yaml. */
const AT_START: Readonly<Record<string, (s: RulesSettings) => unknown>> = {
  'outputs and their queues': ({ outputs, config: c }) => [...[outputs, c.outputs_queue]],
  json_output: ({ json }) => json,
  webserver: ({ config }) => config.webserver,
  metrics: ({ config }) => config.metrics,
  capture: ({ alertFiles }) => alertFiles,
  'falco_libs.snaplen': ({ snaplen }) => snaplen,
}

/** Names of changed settings that take effect at the next start only. */
export function changedAtStart(before: RulesSettings, now: RulesSettings): string[] {
  return Object.entries(AT_START).flatMap(([name, get]) => (isDeepStrictEqual(get(before), get(now)) ? [] : [name]))
}

/** How two sets of rules differ: `93 rules, 2 added, 1 changed`. */
export function difference(before: readonly Rule[], now: readonly Rule[]): string {
  const old = new Map(before.map((rule) => [rule.name, rule]))
  const names = new Set(now.map(({ name }) => name))
  const parts = [
    [now.filter(({ name }) => !old.has(name)).length, 'added'],
    [before.filter(({ name }) => !names.has(name)).length, 'removed'],
    [now.filter((rule) => isChanged(old.get(rule.name), rule)).length, 'changed'],
  ] as const
  const changes = parts.flatMap(([n, what]) => (n > 0 ? [`${n} ${what}`] : []))
  return [
    `${now.length} ${now.length === 1 ? 'rule' : 'rules'}`,
    ...(changes.length > 0 ? changes : ['none changed']),
  ].join(', ')
}

/** Prints errors on standard error, as --check does. Returns them as one message. */
export function reportErrors(e: CliError): string {
  if (!(e instanceof WrongRules)) return e.message.split('\n')[0] ?? ''
  say(resultText(e.files))
  const wrong = e.files.filter((f) => f.errors.length > 0)
  const [first] = wrong.flatMap((f) => f.errors)
  const names = wrong.map((f) => f.name).join(', ')
  return first === undefined ? e.message : `${names}: ${first.code}: ${first.message}`
}

function isChanged(a: Rule | undefined, b: Rule): boolean {
  if (a === undefined) return false
  const same = (['output', 'priority', 'tags', 'capture', 'captureDuration'] as const).every((key) =>
    isDeepStrictEqual(a[key], b[key]),
  )
  return !same || printExpr(a.condition.root) !== printExpr(b.condition.root)
}

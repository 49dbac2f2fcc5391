// What is told when rules are read again: how they differ from those before, which settings stay until the next start, and what is
// wrong with them.
import { isDeepStrictEqual } from 'node:util'
import { printExpr } from '../../filter/ast.js'
import { resultText } from '../../rules/load/result-text.js'
import type { Rule } from '../../rules/rule.js'
import type { CliError } from '../errors/exit.js'
import type { RulesSettings } from '../options/rules.js'
import { say } from '../output/stderr.js'
import { WrongRules } from './loading.js'

/** Settings that were decided when the run began, as falco.yaml calls them. */
const AT_START: Readonly<Record<string, (s: RulesSettings) => unknown>> = {
  'outputs and their queues': ({ outputs, config: c }) => [...[outputs, c.outputs_queue]],
  json_output: ({ json }) => json,
  webserver: ({ config }) => config.webserver,
  metrics: ({ config }) => config.metrics,
  capture: ({ alertFiles }) => alertFiles,
  'falco_libs.snaplen': ({ snaplen }) => snaplen,
}

/** Names of settings that differ and count at the next start only. */
export function later(before: RulesSettings, now: RulesSettings): string[] {
  return Object.entries(AT_START).flatMap(([name, of]) => (isDeepStrictEqual(of(before), of(now)) ? [] : [name]))
}

/** How two sets of rules that are asked differ: `93 rules, 2 more, 1 changed`. */
export function difference(before: readonly Rule[], now: readonly Rule[]): string {
  const old = new Map(before.map((rule) => [rule.name, rule]))
  const names = new Set(now.map(({ name }) => name))
  const parts = [
    [now.filter(({ name }) => !old.has(name)).length, 'more'],
    [before.filter(({ name }) => !names.has(name)).length, 'gone'],
    [now.filter((rule) => isChanged(old.get(rule.name), rule)).length, 'changed'],
  ] as const
  const said = parts.flatMap(([n, what]) => (n > 0 ? [`${n} ${what}`] : []))
  return [`${now.length} ${now.length === 1 ? 'rule' : 'rules'}`, ...(said.length > 0 ? said : ['none changed'])].join(
    ', ',
  )
}

/** Tells on standard error what is wrong, as --check tells it. Returns the same in a sentence. */
export function tellWrong(e: CliError): string {
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

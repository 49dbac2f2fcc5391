// `ksys rules`: opens outputs and folders, and runs rules over this machine or over files.
import { hostname } from 'node:os'
import { redactedHost } from '../../redact/rules.js'
import { alertJson, alertLine } from '../../rules/alerts/lines.js'
import { Outputs } from '../../rules/outputs/outputs.js'
import { OutputError, type OutputSpec } from '../../rules/outputs/spec.js'
import type { Rule } from '../../rules/rule.js'
import { hurry } from '../../source/pace.js'
import { CliError, EXIT } from '../errors/exit.js'
import { toCliError } from '../errors/to-cli-error.js'
import type { RulesSettings } from '../options/rules.js'
import type { Settings } from '../options/settings.js'
import { Output } from '../output/stdout.js'
import { printMessage } from '../run/report.js'
import { VERSION } from '../version.js'
import type { AlertStyle } from './alert-options.js'
import { AlertFolder } from './capture-files/alert-folder.js'
import { activeRules, prepare } from './prepared.js'
import type { RulesFiles } from './rules-files.js'
import { RulesRun } from './rules-run.js'

/** Runs the enabled rules until the input ends or a signal arrives; returns the exit code. files: re-read by live runs. */
export async function runRules(o: RulesSettings, rules: readonly Rule[], files: RulesFiles): Promise<number> {
  const out = new Output()
  const s: Settings = { ...o.capture, snaplen: o.snaplen }
  const live = s.read.length === 0
  const specs = queued(o)
  const onTerminal = process.stdout.isTTY === true && specs.every(({ kind }) => kind === 'stdout')
  const circumstances = { s, onTerminal }
  const first = prepare(o, rules, circumstances)
  if (live) hurry(true)
  const style = { now: first.style }
  const outputs = await openOutputs(specs, style, out, redactedHost(hostname(), s.redaction))
  const folder = live && o.alertFiles !== undefined ? await openFolder(o, s) : undefined
  return new RulesRun({ first, circumstances, outputs, style, files: live ? files : undefined, folder }).all(out)
}

/** The rules to evaluate; prints notes about other rules. Throws CliError (usage) if there are none. */
export function rulesToRun(rules: readonly Rule[], quiet: boolean): Rule[] {
  const { active, foreign } = activeRules(rules)
  if (!quiet) for (const sentence of foreign) printMessage(`ksys: ${sentence}`)
  return active
}

/** The outputs, with the queue capacity of falco.yaml. */
function queued({ outputs, config }: RulesSettings): OutputSpec[] {
  const { capacity } = config.outputs_queue
  // 0: the default
  return outputs.map((spec) => (capacity > 0 ? { capacity, ...spec } : spec))
}

async function openFolder({ alertFiles }: RulesSettings, { belonging }: Settings): Promise<AlertFolder | undefined> {
  try {
    return (
      alertFiles && (await AlertFolder.open(alertFiles, belonging, (sentence) => printMessage(`ksys: ${sentence}`)))
    )
  } catch (e) {
    throw toCliError(e)
  }
}

/** style: read for each line, except whether lines are JSON, which is fixed at the start. */
function openOutputs(
  specs: readonly OutputSpec[],
  style: { now: AlertStyle },
  out: Output,
  host: string,
): Promise<Outputs> {
  return Outputs.open(specs, {
    json: style.now.json !== undefined,
    write: (bytes) => out.write(bytes),
    reportProblem: (sentence) => printMessage(`ksys: ${sentence}`),
    version: VERSION,
    hostname: host,
    format: (alert) => {
      const { json, options } = style.now
      return json === undefined ? alertLine(alert, options.isoTime) : alertJson(alert, json, options.isoTime)
    },
  }).catch((e: unknown) => {
    throw e instanceof OutputError ? new CliError(EXIT.usage, e.message) : e
  })
}

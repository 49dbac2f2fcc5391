// `ksys rules`: evaluates Falco rules, or only checks, lists, describes, explains or tests them.
import { jsonLine } from '../../format/outputs/json.js'
import type { Note } from '../../rules/config/kinds.js'
import { resultJson } from '../../rules/load/result-json.js'
import { resultText } from '../../rules/load/result-text.js'
import type { Rule } from '../../rules/rule.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/help.js'
import type { OptionsOf } from '../options/option-types.js'
import type { RulesOptions, RulesSettings } from '../options/rules.js'
import { RULES } from '../options/rules.js'
import type { Settings } from '../options/settings.js'
import { parseSubcommand } from '../options/subcommand.js'
import { writtenAs } from '../options/words.js'
import { say } from '../output/stderr.js'
import type { Output } from '../output/stdout.js'
import { visible } from '../output/visible.js'
import { describe } from './describe.js'
import { type RulesRead, readRules, selected, type WhichRules } from './loading.js'
import { RulesFiles } from './rules-files.js'
import { rulesSettings } from './settings.js'
import { withShadows } from './shadows.js'
import { parseRulesCommand, type RulesCommand } from './words.js'

/** Runs the command; returns the exit code. */
export async function rules(argv: readonly string[], out: Output): Promise<number> {
  const { options, words } = parseSubcommand(RULES, argv)
  const { help, diff, update, least, ...o } = options
  if (help) return printHelp(RULES, out)
  const { command, files: ruleFiles } = parseRulesCommand(words, diff === true)
  const parsed = rulesSettings(o, ruleFiles, command.what === 'test' ? command.folder : undefined)
  const { settings: s, notes } = parsed
  refuseUnused({ least, update }, command, s)
  refuseForAlerts(o, command, s)
  printNotes(notes, s)
  if (command.what === 'compare') return compare(command, s, out)
  const running = command.what === 'run' && !s.check && !s.list && s.describe === undefined
  // digests the files before they are read, to detect later changes
  const files = running ? new RulesFiles(o, ruleFiles, parsed) : undefined
  const read = readRules(s, running || command.what === 'suggest')
  if (s.check) return check(read, s, out)
  const selectedRules = validRules(read, s)
  if (command.what === 'explain') {
    const { explainRule } = await import('./explain.js')
    return explainRule(command.rule, selectedRules, captureOf(s), out)
  }
  if (command.what === 'test' || command.what === 'suggest') {
    const { rulesToRun } = await import('./run.js')
    const set = { rules: rulesToRun(selectedRules, s.quiet), matching: s.matching }
    if (command.what === 'suggest') {
      const { suggestExceptions } = await import('./suggest.js')
      return suggestExceptions(set, captureOf(s), { least: least ?? REPEATED, quiet: s.quiet }, out)
    }
    const { testRules } = await import('./test.js')
    return testRules(command.folder, set, captureOf(s), { update: update === true }, out)
  }
  if (files === undefined) {
    await out.text(describe(s, selectedRules))
    return EXIT.ok
  }
  const { runRules } = await import('./run.js')
  return runRules(s, selectedRules, files)
}

/** default of --least */
const REPEATED = 2

type OfOneCommand = Pick<OptionsOf<typeof RULES.options>, 'least' | 'update'>

/** Throws CliError (usage) for options that belong to another command. */
function refuseUnused({ least, update }: OfOneCommand, { what }: RulesCommand, s: RulesSettings): void {
  if (least !== undefined && what !== 'suggest')
    throw new CliError(EXIT.usage, '--least requires suggest: ksys rules suggest -f FILE -r CAPTURE --least N')
  if (update && what !== 'test')
    throw new CliError(EXIT.usage, '--update requires test: ksys rules test FOLDER -f FILE --update')
  const only = withoutRun(s)
  if (only !== undefined && s.capture.redaction !== undefined)
    throw new CliError(EXIT.usage, `privacy options cannot be used with ${only}, which reads no capture`)
}

/** The option with which rules are only read. */
function withoutRun({ check, list, describe }: RulesSettings): string | undefined {
  return check ? '--check' : list ? '-L' : describe !== undefined ? '-l' : undefined
}

/** The options that say how alerts are printed, grouped and captured. */
const FOR_ALERTS = [
  ...(['json', 'timeIso8601', 'output', 'groupBy', 'window', 'nameWait'] as const),
  ...(['capture', 'last', 'after', 'maxFiles', 'maxBytesADay'] as const),
]

/** Throws CliError (usage) for options of alerts with a command that emits none. */
function refuseForAlerts(o: RulesOptions, { what }: RulesCommand, s: RulesSettings): void {
  const only = withoutRun(s)
  const given =
    what === 'run' && only === undefined
      ? undefined
      : // -j prints what --check, -L and -l print, too
        FOR_ALERTS.find((name) => o[name] !== undefined && !(name === 'json' && only !== undefined))
  if (given === undefined) return
  if (only !== undefined)
    throw new CliError(EXIT.usage, `${writtenAs(given)} cannot be used with ${only}, which emits no alerts`)
  const word = what === 'compare' ? 'test' : what
  throw new CliError(EXIT.usage, `${writtenAs(given)} applies to alerts, and ksys rules ${word} emits none`)
}

/** Prints the errors and warnings of files; returns the exit code. */
async function check(read: RulesRead, s: RulesSettings, out: Output): Promise<number> {
  const files = read.ok ? withShadows(read, selected(read, s), s) : read.files
  await out.text(s.json ? jsonLine(resultJson(files)) : resultText(files))
  return read.ok ? EXIT.ok : EXIT.usage
}

/** The rules of valid files; prints errors, and with --verbose warnings. */
function validRules(read: RulesRead, s: WhichRules & Pick<RulesSettings, 'verbose'>): Rule[] {
  const problems = read.files.filter((f) => f.errors.length > 0 || (s.verbose && f.warnings.length > 0))
  if (problems.length > 0) say(resultText(problems))
  return selected(read, s)
}

/** The settings of a run over captures. */
function captureOf({ capture, snaplen }: RulesSettings): Settings {
  return { ...capture, snaplen }
}

async function compare(
  { before, after }: Extract<RulesCommand, { what: 'compare' }>,
  s: RulesSettings,
  out: Output,
): Promise<number> {
  if (s.read.length === 0) throw new CliError(EXIT.usage, 'missing -r: ksys rules test --diff OLD NEW -r CAPTURE')
  const [{ compareRules }, { rulesToRun }] = await Promise.all([import('./compare.js'), import('./run.js')])
  const setOf = (file: string) => {
    const which = { ...s, files: [file] }
    return { rules: rulesToRun(validRules(readRules(which, false), which), s.quiet), matching: s.matching }
  }
  return compareRules(setOf(before), setOf(after), captureOf(s), out)
}

/** Reports unused keys of a configuration: each with its reason with --check or --verbose, otherwise in one message. */
function printNotes(notes: readonly Note[], { configFile, check, verbose, quiet }: RulesSettings): void {
  if (notes.length === 0 || quiet) return
  const print = (message: string) => say(`${visible(`ksys: ${configFile}: ${message}`)}\n`)
  if (check || verbose) for (const { sentence } of notes) print(sentence)
  else {
    const keys = [...new Set(notes.map(({ about }) => about))].join(', ')
    print(`not used here: ${keys}; ksys rules --check -c ${configFile} shows why`)
  }
}

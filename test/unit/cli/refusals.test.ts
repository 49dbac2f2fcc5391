// Options of a run: each subcommand accepts them, or refuses them with the reason and a replacement.
import { expect, test } from 'vitest'
import { CliError } from '../../../src/cli/errors/exit.js'
import { parseSubcommand, type Subcommand } from '../../../src/cli/options/subcommand.js'
import { SUBCOMMANDS } from '../../../src/cli/options/subcommands.js'
import { RUN_OPTIONS } from '../../../src/cli/options/table.js'
import { UI } from '../../../src/cli/options/ui.js'
import { ksys } from '../../helpers/ksys.js'

const RUN = RUN_OPTIONS.map((o) => o.long)
const defOf = (long: string) => RUN_OPTIONS.find((o) => o.long === long)

function refusal(command: Subcommand, word: string): string {
  try {
    parseSubcommand(command, [word])
  } catch (e) {
    if (e instanceof CliError) return e.message
    throw e
  }
  return ''
}

test.each(SUBCOMMANDS.map((command) => [command.word, command] as const))(
  'ksys %s either accepts each option of a run or has a reason to refuse it',
  (_, command) => {
    const taken = (long: string) => command.options.some((o) => o.long === long)
    expect(RUN.filter((long) => taken(long) === long in command.refuses)).toEqual([])
    expect(Object.keys(command.refuses).filter((long) => !RUN.includes(long))).toEqual([])
  },
)

test.each(SUBCOMMANDS.map((command) => [command.word, command] as const))(
  'ksys %s gives the reason for the long option and for the letter',
  (_, command) => {
    const own = new Set(command.options.map((o) => o.short))
    for (const [long, reason] of Object.entries(command.refuses)) {
      const sentence = `ksys ${command.word} has no --${long}: ${reason}\n'ksys ${command.word} --help' lists the options`
      expect(refusal(command, `--${long}`)).toBe(sentence)
      const short = defOf(long)?.short
      if (short !== undefined && !own.has(short)) expect(refusal(command, `-${short}`)).toBe(sentence)
    }
  },
)

test('a word that is not an option of any command is reported as unknown', () => {
  expect(ksys(['diff', '--nonsense'])).toMatchObject({
    code: 2,
    stderr: "ksys: unknown option '--nonsense'\n'ksys diff --help' lists the options\n",
  })
})

test('the UI, which also has options of sysdig, reports it too', () => {
  expect(ksys(['ui', '--plain', '--max-memory', '300M'])).toMatchObject({
    code: 2,
    stderr: `ksys: ksys ui has no --max-memory: ${UI.refuses['max-memory']}\n'ksys ui --help' lists the options\n`,
  })
})

test.each([
  ['info -v file', '-v requires --host: ksys info --host -v'],
  ['info --host --deep', '--deep cannot be used with --host, which reads no file'],
  ['info --host --no-env', 'privacy options cannot be used with --host, which reads no file'],
  ['dump --status --after 5s', '--after applies to a dump, and --status writes none: use one of them'],
  ['rules explain RULE -f file -j', '--json applies to alerts, and ksys rules explain emits none'],
  ['rules suggest -f file --group-by proc.name', '--group-by applies to alerts, and ksys rules suggest emits none'],
  ['rules test --diff a b -r file --output stdout', '--output applies to alerts, and ksys rules test emits none'],
])('ksys %s is an error: an option would have no effect', (line, sentence) => {
  expect(ksys(line.split(' '))).toMatchObject({ code: 2, stderr: `ksys: ${sentence}\n` })
})

// The examples in ksys --help all are valid shell commands, and ksys parses them as intended.
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { parseArgs } from '../../../src/cli/options/parse.js'
import { checkQuery } from '../../../src/cli/query/query.js'
import { ksys } from '../../helpers/ksys.js'

const help = ksys(['--help', 'all']).stdout
const section = help.slice(help.indexOf('\nExamples:\n'), help.indexOf('\nExit codes:'))
const examples = [...section.matchAll(/^ {2}(ksys .*)$/gm)].map(([, line]) => line as string)

/** The words that a shell passes to ksys. */
function wordsOf(line: string): string[] {
  const script = `ksys() { printf '%s\\0' "$@"; }; ${line}`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    .split('\0')
    .slice(0, -1)
}

test('the help has examples', () => {
  expect(examples.length).toBeGreaterThan(5)
})

test.each(examples)('%s', (line) => {
  expect(() => checkQuery(parseArgs(wordsOf(line)))).not.toThrow()
})

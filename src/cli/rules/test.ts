// `ksys rules test DIR`: compares the alerts for the captures in a folder with the expected ones in a file beside each.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Rule } from '../../rules/rule.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/settings.js'
import type { Output } from '../output/stdout.js'
import { visible } from '../output/visible.js'
import { type Counts, expectedFile, printExpected, readExpected, unexpected, writeExpected } from './expected.js'
import { firedIn, type RuleSet } from './fired-in.js'

const CAPTURE = /\.(ksys|scap|scap\.gz|scap\.zst)$/

interface TestOptions {
  /** save the results beside the captures as the expected ones */
  readonly update: boolean
}

/** Compares the alerts for the captures in a folder with the expected ones. Returns the exit code. */
export async function testRules(
  folder: string,
  set: RuleSet,
  s: Settings,
  { update }: TestOptions,
  out: Output,
): Promise<number> {
  let worst: number = EXIT.ok
  for (const [i, capture] of capturesIn(folder).entries()) {
    const counts = new Map<string, number>()
    const count = ({ name }: Rule) => counts.set(name, (counts.get(name) ?? 0) + 1)
    // warnings about options are printed once
    const settings = { ...s, read: [capture], unneeded: i === 0 ? s.unneeded : [] }
    const code = await firedIn([set], settings, { fired: ([rules = []]) => rules.forEach(count) })
    if (code > 128) return code
    if (code !== EXIT.ok) worst = code
    if (update) {
      await writeExpected(capture, sorted(counts))
      await out.text(visible(`${expectedFile(capture)}: written\n`))
      continue
    }
    const { text, same } = verdict(capture, counts)
    await out.text(visible(text))
    if (!same && worst === EXIT.ok) worst = EXIT.different
  }
  return worst
}

function sorted(counts: Counts): Counts {
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function verdict(capture: string, found: Counts): { text: string; same: boolean } {
  const expected = readExpected(capture)
  if (expected === undefined) {
    const lines = printExpected(sorted(found)).replace(/^(?=.)/gm, '   ')
    const text = `${capture}: no expected alerts: --update writes ${expectedFile(capture)} with the rules that fired:\n${lines}`
    return { text, same: false }
  }
  const different = unexpected(expected, found)
  const lines = different.map(({ name, wanted, found }) => `   ${name}: ${found} instead of ${wanted}\n`)
  return {
    text: `${capture}: ${different.length === 0 ? 'as expected' : 'different'}\n${lines.join('')}`,
    same: different.length === 0,
  }
}

function capturesIn(folder: string): string[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (e) {
    throw new CliError(EXIT.input, `cannot read the folder ${folder}: ${(e as Error).message}`)
  }
  const captures = names.filter((name) => CAPTURE.test(name)).sort()
  if (captures.length === 0)
    throw new CliError(EXIT.input, `no capture in ${folder}: it must contain .ksys or .scap files`)
  return captures.map((name) => join(folder, name))
}

// `ksys help TOPIC`: the pages of docs/, which every package contains, as text for a terminal.
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { didYouMean } from '../../filter/suggest.js'
import { CliError, EXIT } from '../errors/exit.js'
import { SUBCOMMANDS } from '../options/subcommands.js'
import { wantsColor } from '../output/format.js'
import type { Output } from '../output/stdout.js'
import { ROOT } from '../version.js'

const FOLDER = `${ROOT}docs`
const WIDEST = 100

/** The names of all pages; none if the folder cannot be read, since help works without them. */
export function topics(): string[] {
  try {
    return readdirSync(FOLDER)
      .filter((file) => file.endsWith('.md'))
      .map((file) => basename(file, '.md'))
      .sort()
  } catch {
    return []
  }
}

/** The topic that a word names: a whole name, or the start of only one. */
function topicOf(word: string, all: readonly string[]): string | undefined {
  if (all.includes(word)) return word
  const started = all.filter((topic) => topic.startsWith(word))
  return started.length === 1 ? started[0] : undefined
}

/** Prints a page; returns the exit code. Throws CliError for an unknown topic, and if there are no pages. */
export async function printTopic(word: string, out: Output): Promise<number> {
  const all = topics()
  if (all.length === 0)
    throw new CliError(EXIT.failure, `the pages of ksys help are missing: there are none in ${FOLDER}`)
  const topic = topicOf(word, all)
  if (topic === undefined) {
    const near = didYouMean(word, [...all, ...SUBCOMMANDS.map((c) => c.word)])
    throw new CliError(EXIT.usage, `there is no help topic or command '${word}'${near}; ksys help lists all`)
  }
  const { pageText } = await import('./page.js')
  const columns = Math.min(process.stdout.columns ?? WIDEST, WIDEST)
  const color = wantsColor('auto', process.stdout.isTTY === true, process.env)
  await out.text(pageText(readFileSync(`${FOLDER}/${topic}.md`, 'utf8'), { columns, color }))
  return EXIT.ok
}

// `ksys chisel new NAME`: writes an example chisel where -c finds it; never overwrites a file.
import { closeSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { findChisel, userFolders } from '../../chisel/places.js'
import { openNew, unwritable } from '../../source/files.js'
import { makeFolders } from '../../source/output-folders.js'
import { systemCode } from '../../source/reason.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/help.js'
import { CHISEL } from '../options/chisel.js'
import { allRead } from '../options/option-types.js'
import { parseSubcommand } from '../options/subcommand.js'
import type { Output } from '../output/stdout.js'
import { exampleChisel } from './example.js'

const ENDING = /\.(m?[jt]s)$/
const NAME = /^\w[\w-]{0,63}$/

/** Writes the example and prints its path; returns the exit code. */
export async function chisel(argv: readonly string[], out: Output): Promise<number> {
  const { options, words } = parseSubcommand(CHISEL, argv)
  const { help, ...others } = options
  allRead(others)
  if (help) return printHelp(CHISEL, out)
  const [what, name, ...rest] = words
  if (what !== 'new' || name === undefined || rest.length > 0)
    throw new CliError(EXIT.usage, 'missing name of the new chisel, as in: ksys chisel new slowcalls')
  const file = placeOf(name)
  const run = name.includes('/') ? name.replace(/^(?=[^./])/, './').replace(ENDING, '') + endingOf(name) : bare(name)
  await write(file, exampleChisel(run))
  await out.text(`${file}\nRun it with: ksys -c ${run}\n`)
  return EXIT.ok
}

/** The path of the file: a name with a slash is a path; others go to the user's chisel folder, where -c looks. */
function placeOf(name: string): string {
  if (!NAME.test(bare(name.slice(name.lastIndexOf('/') + 1))))
    throw new CliError(EXIT.usage, `'${name}' is not a valid name for a chisel: use letters, digits, _ and -`)
  if (name.includes('/')) return resolve(name.replace(ENDING, '') + endingOf(name))
  const found = findChisel(name)
  if (found?.builtIn)
    throw new CliError(EXIT.usage, `${bare(name)} is a built-in chisel, which takes precedence: choose another name`)
  if (found !== undefined) throw new CliError(EXIT.usage, `a chisel ${bare(name)} exists already: ${found.file}`)
  const [folder] = userFolders()
  if (folder === undefined) throw new CliError(EXIT.usage, `HOME is not set: use a path with a slash, as in ./${name}`)
  return join(folder, bare(name) + endingOf(name))
}

function bare(name: string): string {
  return name.replace(ENDING, '')
}

/** The extension of the name; by default TypeScript if this Node.js runs it. */
function endingOf(name: string): string {
  return ENDING.exec(name)?.[0] ?? ((process.features as { typescript?: unknown }).typescript ? '.ts' : '.mjs')
}

async function write(file: string, text: string): Promise<void> {
  try {
    await makeFolders(dirname(file), 0o755)
    // other users must not be able to change code that is run, regardless of the umask
    const fd = await openNew(file, { mode: 0o644 })
    try {
      writeFileSync(fd, text)
    } finally {
      closeSync(fd)
    }
  } catch (e) {
    if (systemCode(e) === 'EEXIST') throw new CliError(EXIT.usage, `${file} already exists and was not changed`)
    throw new CliError(EXIT.output, unwritable(file, e))
  }
}

// The inputs of -r as Parquet files: Parquet files, folders of them, or captures, which are converted to temporary files.
import { readdirSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Redaction } from '../../redact/redaction.js'
import { CliError, EXIT } from '../errors/exit.js'
import { settingsOf } from '../options/settings-of.js'
import type { Output } from '../output/stdout.js'
import { capture } from '../run/capture.js'

const MAGIC = 'PAR1'
const ENDING = '.parquet'

/** Parquet files that were named together. */
interface Source {
  readonly files: readonly string[]
  /** subfolders have names such as host=NAME, which become columns */
  readonly partitioned: boolean
}

interface Sources {
  readonly sources: readonly Source[]
  /** exit code: not 0 if captures were damaged or a signal arrived */
  readonly code: number
}

/** How captures are converted. */
export interface Conversion {
  readonly redaction: Redaction | undefined
  /** show the progress of reading */
  readonly progress: true | undefined
}

/** Finds the files, or writes them to the folder `scratch`. Throws CliError. */
export async function sourcesOf(
  read: readonly string[],
  scratch: string,
  { redaction, progress }: Conversion,
  out: Output,
): Promise<Sources> {
  const sources: Source[] = []
  let code: number = EXIT.ok
  for (const [i, path] of read.entries()) {
    const known = (await isParquet(path)) ? { files: [path], partitioned: false } : folderOf(path)
    if (known !== undefined && redaction !== undefined)
      throw new CliError(EXIT.usage, `privacy options apply to captures only, and ${path} is Parquet`)
    if (known !== undefined) sources.push(known)
    else {
      const file = join(scratch, `${i}${ENDING}`)
      const settings = settingsOf({ read: [path], write: file, progress }, [])
      const ended = await capture({ ...settings, redaction }, out)
      if (ended !== EXIT.ok && ended !== EXIT.damaged) return { sources, code: ended }
      code = Math.max(code, ended)
      sources.push({ files: [file], partitioned: false })
    }
  }
  return { sources, code }
}

/** A table of all files, as SQL. */
export function tableOf(sources: readonly Source[]): string {
  return sources
    .map(({ files, partitioned }) => {
      const list = files.map((file) => sqlText(asGlob(file))).join(', ')
      const columns = partitioned ? ', hive_partitioning = true, hive_types_autocast = false' : ''
      return `select * from read_parquet([${list}], union_by_name = true${columns})`
    })
    .join(' union all by name ')
}

async function isParquet(path: string): Promise<boolean> {
  if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false
  try {
    const file = await open(path)
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0)
      return buffer.toString('latin1', 0, bytesRead) === MAGIC
    } finally {
      await file.close()
    }
  } catch {
    // reading it as a capture reports the error
    return false
  }
}

/** The Parquet files in a folder and its subfolders; undefined if it is not a folder, or has none. */
function folderOf(path: string): Source | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined
  try {
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ENDING))
    if (names.length === 0) return undefined
    const partitioned = names.every((name) => name.includes('=') && name.includes('/'))
    return { files: names.sort().map((name) => join(path, name)), partitioned }
  } catch (e) {
    throw new CliError(EXIT.input, `${path} cannot be read: ${(e as Error).message}`)
  }
}

/** Escapes a path for use as a glob pattern. */
function asGlob(path: string): string {
  return path.replace(/[*?[]/g, '[$&]')
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

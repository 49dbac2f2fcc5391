// Makes the module of the kernel's constants, .build/js/src/schema/constants/tables.js, of src/schema/constants/*.txt. A table
// is one string there, which the program parses when it needs the table.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const FROM = 'src/schema/constants'
const TO = '.build/js/src/schema/constants/tables.js'

const HEADING = /^\[(\w+)\]$/
const CONSTANT = /^\w+=-?(?:0x[0-9a-f]+|\d+)$/

/** The constants of each table, by its name. */
type Tables = Map<string, string[]>

/** Starts the table of a heading. */
function started(tables: Tables, name: string): string[] {
  if (tables.has(name)) throw new Error(`there already is a table named ${name}`)
  const constants: string[] = []
  tables.set(name, constants)
  return constants
}

/** Adds the tables of a file. */
function addTables(tables: Tables, file: string): void {
  let constants: string[] | undefined
  for (const [i, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    const text = line.replace(/#.*/, '').trim()
    const name = HEADING.exec(text)?.[1]
    try {
      if (name !== undefined) constants = started(tables, name)
      else if (CONSTANT.test(text) && constants !== undefined) constants.push(text)
      else if (text !== '') throw new Error('expected NAME=value below a [table]; from-headers.mjs inserts values')
    } catch (e) {
      throw new Error(`${file}:${i + 1}: ${(e as Error).message}`)
    }
  }
}

const tables: Tables = new Map()
try {
  for (const file of readdirSync(FROM).sort()) if (file.endsWith('.txt')) addTables(tables, join(FROM, file))
  const members = [...tables].map(([name, constants]) => `  ${name}: '${constants.join(' ')}',\n`)
  mkdirSync(dirname(TO), { recursive: true })
  writeFileSync(TO, `// made by src/setup/constants.ts\nexport const TABLES = {\n${members.join('')}}\n`)
} catch (e) {
  console.error((e as Error).message)
  process.exitCode = 1
}

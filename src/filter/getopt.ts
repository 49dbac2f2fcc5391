// Short options at the start of an argument list, as getopt(3) parses them.

interface Option {
  /** its letter; `?` for an undeclared one */
  readonly name: string
  /** '' if the list ends before the value; undefined for an option without one */
  readonly value: string | undefined
}

/**
 * The short options of an argument list, each followed by its value; or, if `wanted` is given, the value of the last
 * such option, empty if it takes none. Parsing stops at the first argument that is not an option.
 */
export function getopt(
  args: readonly string[],
  spec: string,
  wanted: string | undefined,
): string | readonly string[] | undefined {
  const found = parseOptions(args, spec.replace(/^[+:-]+/, ''))
  if (wanted !== undefined) {
    const last = found.findLast(({ name }) => name === wanted)
    return last && (last.value ?? '')
  }
  if (found.length === 0) return undefined
  return found.flatMap(({ name, value }) => (value === undefined ? [name] : [name, value]))
}

function parseOptions(args: readonly string[], declared: string): Option[] {
  const found: Option[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string
    if (arg === '--' || arg.length < 2 || !arg.startsWith('-')) break
    for (let j = 1; j < arg.length; j++) {
      const { name, takes } = declaration(arg[j] as string, declared)
      if (takes === 'nothing') {
        found.push({ name, value: undefined })
        continue
      }
      const rest = arg.slice(j + 1)
      if (rest !== '') found.push({ name, value: rest })
      else found.push({ name, value: takes === 'value' ? (args[++i] ?? '') : undefined })
      break
    }
  }
  return found
}

/** The declaration of a letter: `a` takes no value, `a:` takes one, `a::` takes one only in the same argument. */
function declaration(letter: string, declared: string): { name: string; takes: 'nothing' | 'value' | 'optional' } {
  const at = letter === ':' ? -1 : declared.indexOf(letter)
  if (at < 0) return { name: '?', takes: 'nothing' }
  if (declared[at + 1] !== ':') return { name: letter, takes: 'nothing' }
  return { name: letter, takes: declared[at + 2] === ':' ? 'optional' : 'value' }
}

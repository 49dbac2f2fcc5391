// Short options at the beginning of an argument list, as getopt(3) reads them.

interface Option {
  /** its letter; `?` for one that is not declared */
  readonly name: string
  /** '' where the list ends before it; undefined for an option that has none */
  readonly value: string | undefined
}

/**
 * Short options of an argument list, each with the value behind it that it takes, or the value of the last `wanted`, empty
 * where it has none. The first word that is no option ends them.
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

/** What is declared of a letter: `a` takes nothing, `a:` a value, `a::` one only if it follows in the same word. */
function declaration(letter: string, declared: string): { name: string; takes: 'nothing' | 'value' | 'optional' } {
  const at = letter === ':' ? -1 : declared.indexOf(letter)
  if (at < 0) return { name: '?', takes: 'nothing' }
  if (declared[at + 1] !== ':') return { name: letter, takes: 'nothing' }
  return { name: letter, takes: declared[at + 2] === ':' ? 'optional' : 'value' }
}

// Command lines of programs beside containers.

/** The value of an option in any of its spellings, as the word after it or behind a =; '' without it. */
export function option(args: readonly string[], ...names: readonly string[]): string {
  for (const [i, word] of args.entries())
    for (const name of names) {
      if (word === name) return args[i + 1] ?? ''
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1)
    }
  return ''
}
